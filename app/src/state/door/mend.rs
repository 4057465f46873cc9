//! Records that say more than one tap does: several at once, or one in place of an earlier one.

use domain::document::Kind;
use domain::people::Role;
use domain::replica::Change;
use domain::service::{Origin, Step};
use domain::visit::{Difficulty, Visit, VisitResult};
use domain::{Body, DocId};
use leptos::prelude::*;

use super::super::people::note as note_text;
use super::super::runtime::random_id;
use super::{AppState, NotSaved, Undo};

impl AppState {
    /// Records several steps of a resident in one write; `replaces` is a record that no longer holds.
    pub async fn record_outcomes(
        &self,
        area: DocId,
        household: DocId,
        resident: DocId,
        outcomes: Vec<(Step, Origin)>,
        provider: Option<String>,
        replaces: Option<DocId>,
    ) -> Result<Undo, NotSaved> {
        let scribe = self.scribe(area);
        let record = |(step, origin)| with_provider(scribe.outcome(resident, step, origin), provider.as_deref());
        let mut changes: Vec<Change> = outcomes.into_iter().map(record).collect();
        // Told anew, it still happened on the day on which it happened.
        let day =
            replaces.and_then(|fact| self.read(|replica| replica.document(fact)?.value("day").cloned()).flatten());
        if let Some(day) = day {
            for change in &mut changes {
                if let Change::Record { fields, .. } = change {
                    fields.insert("day".to_owned(), day.clone());
                }
            }
        }
        match replaces {
            None => self.write_at_meeting(area, household, changes).await,
            Some(_) => self.write_in_place_of(area, replaces, changes).await,
        }
    }

    /// Writes a knock anew with what was learnt at it, or a knock of now when there is none.
    pub async fn tell_difficulties(
        &self,
        area: DocId,
        household: DocId,
        knock: Option<Visit>,
        difficulties: Vec<Difficulty>,
        note: String,
    ) -> Result<Undo, NotSaved> {
        let note = note_text(&note)?;
        let result = knock.as_ref().map_or(VisitResult::Met, |visit| visit.result);
        let come_back_at = knock.as_ref().and_then(|visit| visit.come_back_at);
        let change = self.scribe(area).visit(household, result, come_back_at, &difficulties, &note);
        self.write_in_place_of(area, knock.map(|visit| visit.id), vec![change]).await
    }

    async fn write_in_place_of(
        &self,
        area: DocId,
        replaces: Option<DocId>,
        mut changes: Vec<Change>,
    ) -> Result<Undo, NotSaved> {
        let mut undo = Undo::of(area, &changes);
        if let Some(fact) = replaces {
            let (correction, again) = self.taking_back(area, fact)?;
            changes.push(correction);
            undo.again = again;
        }
        self.write(changes).await?;
        Ok(undo)
    }

    /// The correction of a fact, and what records it anew: one's own, or as a lead anyone's.
    pub(super) fn taking_back(&self, area: DocId, fact: DocId) -> Result<(Change, Vec<Change>), NotSaved> {
        let found = self.read(|replica| replica.document(fact).cloned()).flatten();
        let Some(document) = found else { return Err(NotSaved::NotReady) };
        let is_mine = document.link("member") == Some(self.me_now());
        if !is_mine && self.role().get_untracked() < Role::Lead {
            return Err(NotSaved::NotYours);
        }
        let again = match document.body {
            Body::Fact { fields, .. } if is_mine => {
                vec![Change::Record { id: random_id(), kind: document.kind, scope: area, fields }]
            }
            _ => Vec::new(),
        };
        Ok((self.scribe(area).correction(fact, !is_mine), again))
    }
}

fn with_provider(change: Change, provider: Option<&str>) -> Change {
    match (change, provider) {
        (Change::Record { id, kind: Kind::Outcome, scope, mut fields }, Some(provider)) => {
            fields.insert("provider".to_owned(), provider.into());
            Change::Record { id, kind: Kind::Outcome, scope, fields }
        }
        (change, _) => change,
    }
}
