//! The page's side of the worker that reads files: a question at a time, and how far it has come.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::messages::{Ask, Told};

/// Asked when the worker died: out of memory, or a defect.
const DIED: &str =
    "Không đọc được tệp này. Mở bằng Excel, lưu lại thành .xlsx rồi thử lại; nếu vẫn không được, báo người phụ trách.";

/// A worker of this page. Dropped with it.
#[derive(Clone)]
pub struct Reader {
    inner: Rc<Inner>,
}

struct Inner {
    worker: Option<web_sys::Worker>,
    is_ready: RefCell<bool>,
    waiting: RefCell<VecDeque<(Ask, Option<js_sys::ArrayBuffer>)>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            worker.terminate();
        }
    }
}

impl Reader {
    /// Starts the worker; `on_told` hears everything that it says.
    pub fn start(on_told: impl Fn(Told) + 'static) -> Self {
        let worker = start_worker();
        let inner = Rc::new(Inner {
            worker: worker.clone().ok(),
            is_ready: RefCell::new(false),
            waiting: RefCell::new(VecDeque::new()),
        });
        let on_told = Rc::new(on_told);
        if let Ok(worker) = worker {
            let (weak, tell) = (Rc::downgrade(&inner), Rc::clone(&on_told));
            let heard = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
                let told = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
                match told {
                    Some(Told::Ready) => {
                        if let Some(inner) = weak.upgrade() {
                            inner.is_ready.replace(true);
                            inner.send_waiting();
                        }
                    }
                    Some(told) => tell(told),
                    None => tell(Told::Failed(DIED.to_owned())),
                }
            });
            worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            heard.forget();
            let tell = Rc::clone(&on_told);
            let died = Closure::<dyn FnMut(JsValue)>::new(move |_| tell(Told::Failed(DIED.to_owned())));
            worker.set_onerror(Some(died.as_ref().unchecked_ref()));
            died.forget();
        } else {
            on_told(Told::Failed(DIED.to_owned()));
        }
        Self { inner }
    }

    pub fn ask(&self, ask: Ask) {
        self.put(ask, None);
    }

    /// Hands the bytes over: the page keeps no copy.
    pub fn open(&self, name: String, bytes: js_sys::ArrayBuffer) {
        self.put(Ask::Open { name }, Some(bytes));
    }

    fn put(&self, ask: Ask, bytes: Option<js_sys::ArrayBuffer>) {
        self.inner.waiting.borrow_mut().push_back((ask, bytes));
        self.inner.send_waiting();
    }
}

impl Inner {
    fn send_waiting(&self) {
        if !*self.is_ready.borrow() {
            return;
        }
        while let Some((ask, bytes)) = self.waiting.borrow_mut().pop_front() {
            let (Some(worker), Ok(text)) = (&self.worker, serde_json::to_string(&ask)) else { continue };
            let message = js_sys::Array::of2(&text.into(), &bytes.clone().map_or(JsValue::NULL, JsValue::from));
            let handed = bytes.map(|bytes| js_sys::Array::of1(&bytes)).unwrap_or_default();
            // Fails for a worker that is gone, which its error has told.
            let _ = worker.post_message_with_transfer(&message, &handed);
        }
    }
}

/// The worker is this very program, started by the same script.
fn start_worker() -> Result<web_sys::Worker, JsValue> {
    let script = document().query_selector("script[type=module][src]")?.ok_or(JsValue::NULL)?;
    let address = script.get_attribute("src").ok_or(JsValue::NULL)?;
    let options = web_sys::WorkerOptions::new();
    options.set_type(web_sys::WorkerType::Module);
    web_sys::Worker::new_with_options(&address, &options)
}
