//! What can stand between the app and its database, and how often the browser has closed it.

use domain::replica::StoreError;
use gloo_storage::{LocalStorage as Preferences, Storage as _};

use super::idb::IdbError;

const REOPENED_KEY: &str = "tung-nha.reopened";

/// Passes by itself, or does not: the app goes on trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another window keeps it from opening.
    Blocked,
    /// The browser has closed it and does not open it again.
    Lost,
}

/// Why nothing could be opened. Nothing was deleted for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// A newer app has stored here; it was taken back since.
    Newer,
    /// This window has no database, as in some private windows.
    Missing,
    Full,
    Failed(String),
}

impl From<IdbError> for Unopened {
    fn from(error: IdbError) -> Self {
        match error {
            _ if error.is_full() => Self::Full,
            _ if error.is_newer() => Self::Newer,
            _ if error.is_missing() => Self::Missing,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<StoreError> for Unopened {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Failed(cause) => Self::Failed(cause),
            StoreError::Outdated(_) => Self::Failed("outdated".to_owned()),
        }
    }
}

impl From<Unopened> for StoreError {
    fn from(error: Unopened) -> Self {
        match error {
            Unopened::Full => Self::Full,
            Unopened::Failed(cause) => Self::Failed(cause),
            Unopened::Newer => Self::Failed("newer".to_owned()),
            Unopened::Missing => Self::Failed("missing".to_owned()),
        }
    }
}

/// How often the browser has closed the database under the app, since this phone joined.
pub fn times_reopened() -> u32 {
    Preferences::get(REOPENED_KEY).unwrap_or(0)
}

pub(super) fn note_reopened() {
    // A browser that keeps no preferences only forgets the number.
    let _ = Preferences::set(REOPENED_KEY, times_reopened().saturating_add(1));
}
