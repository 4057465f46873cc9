//! Nghi trùng: two records of one person are joined, or kept apart, without a network.

use domain::doubles::links_of;
use domain::replica::Change;
use domain::{DocId, Kind};
use leptos::prelude::*;

use super::super::runtime::random_id;
use super::{AppState, NotSaved, Undo};

impl AppState {
    /// They are one person. Each record keeps its author and its day.
    pub async fn join_doubles(&self, area: DocId, residents: [DocId; 2]) -> Result<Undo, NotSaved> {
        let change = self.scribe(area).pair(Kind::Link, residents);
        self.write_undoable(area, vec![change]).await
    }

    /// They are two people: what joined them is taken back, and nobody is asked again.
    pub async fn part_doubles(&self, area: DocId, residents: [DocId; 2]) -> Result<Undo, NotSaved> {
        let scribe = self.scribe(area);
        let view = self.view(area).get_untracked();
        let canonical = |id: DocId| view.residents.get(&id).map(|person| person.canonical);
        let is_one = canonical(residents[0]).is_some() && canonical(residents[0]) == canonical(residents[1]);
        let links = if is_one { links_of(&view, residents[0]) } else { Vec::new() };
        let mut changes = vec![scribe.pair(Kind::Apart, residents)];
        let mut undo = Undo::of(area, &changes);
        for link in links {
            changes.push(self.taking_back(area, link.id)?.0);
            // Also a colleague's: whoever takes back the parting says so in their own name.
            let fields = domain::visit::Link::fields_of(&link.residents, self.me_now());
            undo.again.push(Change::Record { id: random_id(), kind: Kind::Link, scope: area, fields });
        }
        self.write(changes).await?;
        Ok(undo)
    }
}
