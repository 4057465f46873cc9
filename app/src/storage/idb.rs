//! IndexedDB with futures: just what `Storage` needs. Its own code rather than a crate, because the cause of an aborted
//! transaction must come through: "full" is told to the person, "lost" is tried again.

use std::fmt;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransaction};

const NAME: &str = "tung-nha";
const VERSION: u32 = 1;

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

    /// The browser has closed the database under us.
    pub fn is_dead_handle(&self) -> bool {
        matches!(self.name.as_str(), "InvalidStateError" | "UnknownError") || self.message.contains("onnection")
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
pub struct Database(IdbDatabase);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

/// Opens the database, made on the first time. Another window with an older version is asked to close by the browser.
pub async fn open(stores: &'static [&'static str]) -> Result<Database, IdbError> {
    open_named(NAME, stores).await
}

/// The same for a database beside the app's main one.
pub async fn open_named(name: &str, stores: &'static [&'static str]) -> Result<Database, IdbError> {
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
    let opened = result_of(&request, Some("blocked")).await?;
    let database: IdbDatabase = opened.dyn_into().map_err(|_| IdbError::new("TypeError"))?;
    // A newer version in another window, or a deletion, must not wait for this one.
    let own = database.clone();
    let make_way = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| own.close());
    database.set_onversionchange(Some(make_way.as_ref().unchecked_ref()));
    make_way.forget();
    Ok(Database(database))
}

/// Asks the browser to delete the database; it does so when the last window lets go.
pub fn delete() {
    let _ = factory().and_then(|factory| factory.delete_database(NAME).map_err(IdbError::from));
}

fn factory() -> Result<IdbFactory, IdbError> {
    let window = web_sys::window().ok_or_else(|| IdbError::new("no window"))?;
    window.indexed_db()?.ok_or_else(|| IdbError::new("no IndexedDB"))
}

impl Database {
    pub fn close(&self) {
        self.0.close();
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
            Reflect::get(&self.0, &"transaction".into())?.dyn_into().map_err(|_| IdbError::new("TypeError"))?;
        let transaction = start.call3(&self.0, &names, &mode.into(), &options)?;
        Ok(Transaction(transaction.dyn_into().map_err(|_| IdbError::new("TypeError"))?))
    }
}

/// Ends by itself when nothing is asked of it any more: await nothing else while one is open.
pub struct Transaction(IdbTransaction);

impl Transaction {
    pub async fn get(&self, store: &str, key: &str) -> Result<Option<String>, IdbError> {
        let request = self.0.object_store(store)?.get(&key.into())?;
        Ok(result_of(&request, None).await?.as_string())
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
                let cause = own.error().map_or(JsValue::NULL, JsValue::from);
                let _ = reject.call1(&JsValue::UNDEFINED, &cause);
            });
            transaction.set_onabort(Some(aborted.unchecked_ref()));
        });
        JsFuture::from(done).await?;
        Ok(())
    }
}

async fn texts(request: Result<IdbRequest, JsValue>) -> Result<Vec<String>, IdbError> {
    let list: Array = result_of(&request?, None).await?.dyn_into().map_err(|_| IdbError::new("TypeError"))?;
    // A value that is not text keeps its place, so that keys and values stay side by side.
    Ok(list.iter().map(|value| value.as_string().unwrap_or_default()).collect())
}

/// The result of a request. `fail_on` is one more event that ends the wait.
async fn result_of(request: &IdbRequest, fail_on: Option<&str>) -> Result<JsValue, IdbError> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        if let Some(event) = fail_on {
            let _ = request.add_event_listener_with_callback(event, &reject);
        }
    });
    if JsFuture::from(done).await.is_err() {
        return Err(match request.error() {
            Ok(Some(error)) => JsValue::from(error).into(),
            // A request that is not over yet has no error: it is blocked by another window.
            _ => IdbError::new("BlockedError"),
        });
    }
    Ok(request.result()?)
}
