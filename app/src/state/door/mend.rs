//! Records that say more than one tap does: several at once, or one in place of an earlier one.

use std::collections::BTreeMap;

use domain::people::Role;
use domain::replica::Change;
use domain::service::{Origin, Step};
use domain::visit::Visit;
use domain::{Body, Day, DocId, Value};
use leptos::prelude::*;

use super::super::runtime::random_id;
use super::{AppState, Meeting, NotSaved, Undo};

/// What is told of a resident in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub steps: Vec<(Step, Origin)>,
    /// Nhà cung cấp of a signature; empty where the person does not remember.
    pub provider: String,
    /// The last day of the certificate, where it is known.
    pub expires_on: Option<Day>,
    /// A record that no longer holds.
    pub replaces: Option<DocId>,
}

impl Told {
    pub fn steps(steps: Vec<(Step, Origin)>) -> Self {
        Self { steps, ..Self::default() }
    }

    fn add_certificate(&self, fields: &mut BTreeMap<String, Value>) {
        if !self.provider.is_empty() {
            fields.insert("provider".to_owned(), self.provider.as_str().into());
        }
        if let Some(day) = self.expires_on {
            fields.insert("expires_on".to_owned(), Value::text(day.to_string()));
        }
    }
}

impl AppState {
    /// Records several steps of a resident in one write.
    pub async fn record_outcomes(
        &self,
        area: DocId,
        meeting: Meeting,
        resident: DocId,
        told: Told,
    ) -> Result<Undo, NotSaved> {
        let scribe = self.scribe(area);
        let mut changes: Vec<Change> = told
            .steps
            .iter()
            .map(|(step, origin)| scribe.outcome(meeting.channel(), resident, *step, *origin))
            .collect();
        for change in &mut changes {
            if let Change::Record { fields, .. } = change {
                told.add_certificate(fields);
            }
        }
        let Some(replaced) = told.replaces else { return self.write_at_meeting(area, meeting, changes).await };
        // Told anew, it still happened on the day and in the place where it happened.
        for name in ["day", "channel"] {
            let before = self.read(|replica| replica.document(replaced)?.value(name).cloned()).flatten();
            for change in &mut changes {
                if let (Change::Record { fields, .. }, Some(before)) = (change, &before) {
                    fields.insert(name.to_owned(), before.clone());
                }
            }
        }
        self.write_in_place_of(area, Some(replaced), changes).await
    }

    pub(super) async fn write_in_place_of(
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
        let knock = Visit::read(&document);
        let mut again = match document.body {
            Body::Fact { fields, .. } if is_mine => {
                vec![Change::Record { id: random_id(), kind: document.kind, scope: area, fields }]
            }
            _ => Vec::new(),
        };
        if let (false, Some(knock)) = (again.is_empty(), knock) {
            // The knock comes back as a newer one, which must not open what was settled since.
            again.extend(self.settled_anew(area, knock.household, &knock.difficulties));
        }
        Ok((self.scribe(area).correction(fact, !is_mine), again))
    }
}
