//! How this phone is: what the page "Tình trạng máy" asks.

use leptos::prelude::*;

use super::{AppState, Download, NotSaved};
use crate::storage::Trouble;

/// How much of what this phone is to hold is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lists {
    Complete,
    /// Names of the areas that are still coming.
    Missing(Vec<String>),
    /// Nobody has given this member an area yet.
    NoArea,
}

impl AppState {
    /// What keeps the database from answering now.
    pub fn trouble(&self) -> Signal<Option<Trouble>> {
        self.storage().trouble().into()
    }

    /// How often in a row the server was found to hold something else, where that is worst. 0 is agreement.
    pub fn divergence(&self) -> u32 {
        self.sources.scopes.with(|scopes| scopes.values().map(|scope| scope.divergences).max().unwrap_or(0))
    }

    /// Reactive.
    pub fn lists(&self) -> Lists {
        let mine = self.my_areas().get();
        let areas = self.areas().get();
        let name = |id| areas.iter().find(|area| area.id == id).map(|area| area.name.clone()).unwrap_or_default();
        let missing = mine.iter().filter(|area| self.download(**area).get() != Download::Complete);
        let missing: Vec<String> = missing.map(|area| name(*area)).collect();
        match (mine.is_empty(), missing.is_empty()) {
            (true, _) => Lists::NoArea,
            (_, true) => Lists::Complete,
            _ => Lists::Missing(missing),
        }
    }

    /// Writes to the database as a record is written, reads it back, and leaves no trace.
    pub async fn test_storage(&self) -> Result<(), NotSaved> {
        Ok(self.storage().test().await?)
    }
}
