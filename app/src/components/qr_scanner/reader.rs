//! The page's side of the worker that reads codes (`app/scanner`): a picture at a time.

use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

/// The worker's script, kept by the service worker with the rest of the app.
const SCRIPT: &str = "/scanner.js";

/// What the worker says.
pub enum Read {
    /// The texts of the last picture, often none; at the start, none. It waits for the next picture.
    Texts(Vec<String>),
    /// It is gone: it could not be loaded, or a picture was too much for it.
    Died,
}

/// A worker, ended when dropped.
pub struct Reader {
    worker: Worker,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _died: Closure<dyn FnMut(JsValue)>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Reader {
    pub fn start(on_read: impl Fn(Read) + Clone + 'static) -> Result<Self, JsValue> {
        let worker = Worker::new(SCRIPT)?;
        let tell = on_read.clone();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let texts = js_sys::Array::from(&event.data());
            tell(Read::Texts(texts.iter().filter_map(|text| text.as_string()).collect()));
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let died = Closure::<dyn FnMut(JsValue)>::new(move |_| on_read(Read::Died));
        worker.set_onerror(Some(died.as_ref().unchecked_ref()));
        Ok(Self { worker, _heard: heard, _died: died })
    }

    /// Hands a picture over: the page keeps no copy.
    pub fn read(&self, (width, pixels): (u32, js_sys::ArrayBuffer)) {
        let message = js_sys::Array::of2(&width.into(), &pixels);
        // Fails for a worker that is gone, which its error has told.
        let _ = self.worker.post_message_with_transfer(&message, &js_sys::Array::of1(&pixels));
    }
}
