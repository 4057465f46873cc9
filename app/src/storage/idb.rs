//! IndexedDB with futures: just what `Storage` needs. Its own code rather than a crate, because the cause of an aborted
//! transaction must come through: "full" is told to the person, "lost" is tried again.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::set_timeout_with_handle;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransaction};

const NAME: &str = "tung-nha";
const VERSION: u32 = 1;
/// An opening that takes longer waits for something, such as a window that is asleep.
const OPENING: Duration = Duration::from_secs(5);

const ABORTED: &str = "AbortError";
const MISSING: &str = "MissingError";

/// A failure by its DOM name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdbError {
    name: String,
    message: String,
}

impl IdbError {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), message: String::new() }
    }

    pub fn is_full(&self) -> bool {
        self.name == "QuotaExceededError"
    }

    /// The browser has closed the database under us. Safari says `UnknownError: Connection to Indexed Database server
    /// lost` to what was under way and `InvalidStateError` to what comes after; Chrome aborts without naming a cause.
    pub fn is_dead_handle(&self) -> bool {
        matches!(self.name.as_str(), "InvalidStateError" | "UnknownError" | ABORTED)
            || self.message.contains("onnection")
    }

    /// A newer app has made this database.
    pub fn is_newer(&self) -> bool {
        self.name == "VersionError"
    }

    /// This window has no database at all, as in some private windows.
    pub fn is_missing(&self) -> bool {
        self.name == MISSING || self.name == "SecurityError"
    }
}

impl fmt::Display for IdbError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.name, self.message)
    }
}

impl From<JsValue> for IdbError {
    fn from(value: JsValue) -> Self {
        match value.dyn_ref::<DomException>() {
            Some(error) => Self { name: error.name(), message: error.message() },
            None => Self { name: "Error".to_owned(), message: format!("{value:?}") },
        }
    }
}

#[derive(Clone)]
pub struct Database {
    handle: IdbDatabase,
    is_closed: Rc<Cell<bool>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

/// Opens the database, made on the first time. Another window with an older version is asked to close by the browser;
/// `on_wait` is called when this one has to wait for that, and the opening goes on.
pub async fn open(stores: &'static [&'static str], on_wait: impl Fn() + 'static) -> Result<Database, IdbError> {
    open_named(NAME, stores, on_wait).await
}

/// The same for a database beside the app's main one.
pub async fn open_named(
    name: &str,
    stores: &'static [&'static str],
    on_wait: impl Fn() + 'static,
) -> Result<Database, IdbError> {
    let request: IdbOpenDbRequest = factory()?.open_with_u32(name, VERSION)?;
    let upgrading = request.clone();
    let upgrade = Closure::once(move |_: web_sys::Event| {
        let database: Result<IdbDatabase, _> = upgrading.result().and_then(JsCast::dyn_into);
        let Ok(database) = database else { return };
        for store in stores {
            // Additive: a store that is there already stays.
            let _ = database.create_object_store(store);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let on_wait = Rc::new(on_wait);
    let tell = Rc::clone(&on_wait);
    let blocked = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| tell());
    request.set_onblocked(Some(blocked.as_ref().unchecked_ref()));
    // A deletion that waits for a sleeping window holds up an opening without any event.
    let late = set_timeout_with_handle(move || on_wait(), OPENING);
    let opened = result_of(&request).await;
    if let Ok(late) = late {
        late.clear();
    }
    Database::of(opened?)
}

/// Asks the browser to delete the database; it does so when the last window lets go.
pub fn delete() {
    let _ = factory().and_then(|factory| factory.delete_database(NAME).map_err(IdbError::from));
}

fn factory() -> Result<IdbFactory, IdbError> {
    let window = web_sys::window().ok_or_else(|| IdbError::new(MISSING))?;
    window.indexed_db()?.ok_or_else(|| IdbError::new(MISSING))
}

impl Database {
    fn of(opened: JsValue) -> Result<Self, IdbError> {
        let handle: IdbDatabase = opened.dyn_into().map_err(|_| IdbError::new("TypeError"))?;
        let database = Self { handle, is_closed: Rc::default() };
        // A newer version in another window, or a deletion, must not wait for this one.
        let own = database.clone();
        let make_way = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| own.close());
        database.handle.set_onversionchange(Some(make_way.as_ref().unchecked_ref()));
        make_way.forget();
        let own = Rc::clone(&database.is_closed);
        let closed = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| own.set(true));
        database.handle.set_onclose(Some(closed.as_ref().unchecked_ref()));
        closed.forget();
        Ok(database)
    }

    pub fn close(&self) {
        self.is_closed.set(true);
        self.handle.close();
    }

    pub fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Writing transactions are on the disk, not merely with the system, when they have finished.
    pub fn transaction(&self, stores: &[&str], mode: Mode) -> Result<Transaction, IdbError> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let options = js_sys::Object::new();
        let mode = match mode {
            Mode::Read => "readonly",
            Mode::Write => {
                Reflect::set(&options, &"durability".into(), &"strict".into())?;
                "readwrite"
            }
        };
        // The binding with options is not in stable web-sys.
        let start: Function =
            Reflect::get(&self.handle, &"transaction".into())?.dyn_into().map_err(|_| IdbError::new("TypeError"))?;
        let transaction = start.call3(&self.handle, &names, &mode.into(), &options)?;
        Ok(Transaction(transaction.dyn_into().map_err(|_| IdbError::new("TypeError"))?))
    }
}

/// Ends by itself when nothing is asked of it any more: await nothing else while one is open.
pub struct Transaction(IdbTransaction);

impl Transaction {
    pub async fn get(&self, store: &str, key: &str) -> Result<Option<String>, IdbError> {
        let request = self.0.object_store(store)?.get(&key.into())?;
        Ok(result_of(&request).await?.as_string())
    }

    pub fn all_keys(&self, store: &str) -> impl Future<Output = Result<Vec<String>, IdbError>> + use<> {
        texts(self.0.object_store(store).and_then(|store| store.get_all_keys()))
    }

    pub fn all_values(&self, store: &str) -> impl Future<Output = Result<Vec<String>, IdbError>> + use<> {
        texts(self.0.object_store(store).and_then(|store| store.get_all()))
    }

    /// Failures of writes come out in `finish`.
    pub fn put(&self, store: &str, key: &str, value: &str) -> Result<(), IdbError> {
        self.0.object_store(store)?.put_with_key(&value.into(), &key.into())?;
        Ok(())
    }

    pub fn delete(&self, store: &str, key: &str) -> Result<(), IdbError> {
        self.0.object_store(store)?.delete(&key.into())?;
        Ok(())
    }

    pub fn clear(&self, store: &str) -> Result<(), IdbError> {
        self.0.object_store(store)?.clear()?;
        Ok(())
    }

    pub fn abort(self) {
        // Fails only when it has ended already.
        let _ = self.0.abort();
    }

    /// Resolves when everything is stored, or tells why nothing is.
    pub async fn finish(self) -> Result<(), IdbError> {
        let transaction = self.0;
        let done = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            let own = transaction.clone();
            let aborted = Closure::once_into_js(move |_: web_sys::Event| {
                // Without a cause nobody asked for it: the connection is gone.
                let lost = || DomException::new_with_message_and_name("", ABORTED).map_or(JsValue::NULL, JsValue::from);
                let cause = own.error().map_or_else(lost, JsValue::from);
                let _ = reject.call1(&JsValue::UNDEFINED, &cause);
            });
            transaction.set_onabort(Some(aborted.unchecked_ref()));
        });
        JsFuture::from(done).await?;
        Ok(())
    }
}

async fn texts(request: Result<IdbRequest, JsValue>) -> Result<Vec<String>, IdbError> {
    let list: Array = result_of(&request?).await?.dyn_into().map_err(|_| IdbError::new("TypeError"))?;
    // A value that is not text keeps its place, so that keys and values stay side by side.
    Ok(list.iter().map(|value| value.as_string().unwrap_or_default()).collect())
}

async fn result_of(request: &IdbRequest) -> Result<JsValue, IdbError> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    if JsFuture::from(done).await.is_err() {
        let error = request.error().ok().flatten();
        return Err(error.map_or_else(|| IdbError::new(ABORTED), |error| JsValue::from(error).into()));
    }
    Ok(request.result()?)
}

#[cfg(test)]
mod tests {
    use super::IdbError;

    fn error(name: &str, message: &str) -> IdbError {
        IdbError { name: name.to_owned(), message: message.to_owned() }
    }

    #[test]
    fn a_connection_that_the_system_has_cut_is_known_by_its_words() {
        assert!(error("UnknownError", "Connection to Indexed Database server lost. Refresh the page").is_dead_handle());
        assert!(error("InvalidStateError", "The database connection is closing.").is_dead_handle());
        assert!(error("AbortError", "").is_dead_handle());
    }

    #[test]
    fn a_full_phone_and_a_newer_database_are_not_tried_again() {
        for name in ["QuotaExceededError", "VersionError", "SecurityError", "DataError"] {
            assert!(!error(name, "").is_dead_handle(), "{name}");
        }
    }
}
