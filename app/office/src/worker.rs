//! The program as a worker: reads files and sends lists, so that the page never stands still.

mod post;
mod read;
mod send;

use std::cell::RefCell;
use std::rc::Rc;

use domain::import::List;
use sheet::Workbook;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::messages::{Ask, Told};

/// What the worker holds between questions.
#[derive(Default)]
struct Desk {
    name: String,
    book: Workbook,
    list: Option<List>,
}

/// Takes questions from now on.
pub fn serve() {
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let desk = Rc::new(RefCell::new(Desk::default()));
    let heard = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        let message = js_sys::Array::from(&event.data());
        let Some(ask) = message.get(0).as_string().and_then(|text| serde_json::from_str::<Ask>(&text).ok()) else {
            return;
        };
        let bytes = message.get(1).dyn_into::<js_sys::ArrayBuffer>().ok();
        let desk = Rc::clone(&desk);
        spawn_local(async move { answer(&desk, ask, bytes).await });
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    tell(&Told::Ready);
}

async fn answer(desk: &RefCell<Desk>, ask: Ask, bytes: Option<js_sys::ArrayBuffer>) {
    let told = match ask {
        Ask::Open { name } => {
            let bytes = bytes.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec()).unwrap_or_default();
            match read::open(&name, &bytes) {
                Ok((book, opened)) => {
                    *desk.borrow_mut() = Desk { name, book, list: None };
                    Told::Opened(opened)
                }
                Err(sentence) => Told::Failed(sentence),
            }
        }
        Ask::Read { sheet, options } => {
            let (told, list) = read::household_list(&desk.borrow().book, sheet, &options);
            desk.borrow_mut().list = list;
            Told::Read(Box::new(told))
        }
        Ask::Holders => read::holders(&desk.borrow().book),
        Ask::Send { batch, is_preview, parts } => {
            let (name, list) = {
                let desk = desk.borrow();
                (desk.name.clone(), desk.list.clone().unwrap_or_default())
            };
            match send::all(&list, &name, batch, is_preview, parts).await {
                Ok(sent) => Told::Sent(Box::new(sent)),
                Err(sentence) => Told::Failed(sentence),
            }
        }
    };
    tell(&told);
}

fn tell(told: &Told) {
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    if let Ok(text) = serde_json::to_string(told) {
        // Fails when the page is gone.
        let _ = scope.post_message(&text.into());
    }
}
