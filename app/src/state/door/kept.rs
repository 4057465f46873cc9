//! A lead's answer to a name that a member has changed: the older value comes back, or the new one stands.

use domain::document::Kind;
use domain::renamed::Renamed;
use domain::replica::Change;
use domain::{DocId, Value};
use leptos::prelude::*;

use super::{AppState, Undo};
use crate::state::NotSaved;
use crate::state::people::Fields;

impl AppState {
    /// Writes the older value like any other edit. `now` is what stands there, for the way back.
    pub async fn put_back(&self, area: DocId, kept: &Renamed, now: Value) -> Result<Undo, NotSaved> {
        let is_household = self.view(area).get_untracked().households.contains_key(&kept.of);
        let kind = if is_household { Kind::Household } else { Kind::Resident };
        let change = |value: Value| Change::Describe {
            id: kept.of,
            kind: kind.clone(),
            scope: area,
            fields: Fields::from([(kept.field.clone(), value)]),
        };
        self.write(vec![change(kept.before.clone())]).await?;
        Ok(Undo::by_writing(area, vec![change(now)]))
    }

    /// The new value is right, and nobody is asked again until it changes once more.
    pub async fn let_stand(&self, area: DocId, kept: DocId) -> Result<Undo, NotSaved> {
        self.write(vec![self.scribe(area).correction(kept, true)]).await?;
        Ok(Undo::by_writing(area, Vec::new()))
    }
}
