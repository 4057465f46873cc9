//! A coordinator's verbs: the plan and its presets, and who is to help how many.

use std::collections::BTreeMap;

use domain::campaign::Campaign;
use domain::document::Kind;
use domain::plan_form::PlanForm;
use domain::protocol::Preset;
use domain::replica::Change;
use domain::{DocId, Value};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::runtime::random_id;
use super::{AppState, NotSaved, Undo};
use crate::sync::{self, AskError};

/// The plan that a commune follows, as its document has it. As fields, whose reader the app has anyway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPlan {
    id: DocId,
    fields: Fields,
}

impl StoredPlan {
    pub fn plan(&self) -> Campaign {
        Campaign::of_fields(&self.fields).unwrap_or_else(Campaign::asking_nothing)
    }
}

/// Whose quota is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaOf {
    Area(DocId),
    Member(DocId),
}

impl AppState {
    /// `None` before the commune has a plan. Not reactive.
    pub fn stored_plan(&self) -> Option<StoredPlan> {
        let commune = self.own_commune()?;
        let plans = self.read(|replica| {
            let plans = replica.shown(commune).filter_map(|shown| Some((shown.doc.id, Campaign::read(shown.doc)?)));
            Campaign::current_of(plans)
        });
        plans.flatten().map(|(id, plan)| StoredPlan { id, fields: fields_of(&plan) })
    }

    /// Stores what the coordinator has changed of the plan that was opened, or a commune's first plan. `None` when there
    /// was nothing to store.
    pub async fn save_plan(&self, plan: &Campaign, opened: Option<&StoredPlan>) -> Result<Option<Undo>, NotSaved> {
        let scope = self.own_commune().ok_or(NotSaved::NotReady)?;
        let fields = changed_fields(plan, opened.map(|opened| &opened.fields));
        if fields.is_empty() {
            return Ok(None);
        }
        // Somebody else's first plan may have arrived while this one was typed: a commune follows one.
        let id = opened.map(|opened| opened.id).or_else(|| self.stored_plan().map(|stored| stored.id));
        let id = id.unwrap_or_else(random_id);
        let again = opened.map(|opened| Change::Describe {
            id,
            kind: Kind::Campaign,
            scope,
            fields: values_before(&opened.fields, &fields),
        });
        self.write(vec![Change::Describe { id, kind: Kind::Campaign, scope, fields }]).await?;
        Ok(Some(Undo::by_writing(scope, again.into_iter().collect())))
    }

    /// The plans that come with the program. The error says what to do.
    pub async fn presets(&self) -> Result<Vec<Preset>, String> {
        sync::get("/api/plans").await.map_err(|error| match error {
            AskError::NoNetwork => {
                "Chưa nối được tới máy chủ. Bật mạng rồi thử lại, hoặc tự điền biểu mẫu: điền và lưu không cần mạng."
                    .to_owned()
            }
            AskError::Ours(error) => error.message,
        })
    }

    /// The quota of areas and members; `None` is "as the plan".
    pub async fn set_quotas(&self, quotas: &[(QuotaOf, Option<u32>)]) -> Result<(), NotSaved> {
        let scope = self.own_commune().ok_or(NotSaved::NotReady)?;
        let (areas, members) = (self.areas().get_untracked(), self.members().get_untracked());
        let known = |of: QuotaOf| match of {
            QuotaOf::Area(id) => areas.iter().find(|area| area.id == id).and_then(|area| area.quota),
            QuotaOf::Member(id) => members.get(&id).and_then(|member| member.quota),
        };
        let others = quotas.iter().filter(|(of, quota)| known(*of) != *quota);
        let changes: Vec<Change> = others.map(|(of, quota)| quota_change(scope, *of, *quota)).collect();
        if changes.is_empty() { Ok(()) } else { self.write(changes).await }
    }

    pub(super) fn own_commune(&self) -> Option<DocId> {
        self.sources.enrolment.with_untracked(|own| own.as_ref().map(|own| own.commune))
    }
}

type Fields = BTreeMap<String, Value>;

/// What differs from the plan as the form showed it: a field that was left alone stays a colleague's.
fn changed_fields(plan: &Campaign, opened: Option<&Fields>) -> Fields {
    let mut fields = fields_of(plan);
    if let Some(opened) = opened {
        let shown = Campaign::of_fields(opened).and_then(|opened| PlanForm::of(&opened).read().ok());
        let shown = shown.as_ref().map(fields_of);
        let shown = shown.as_ref().unwrap_or(opened);
        fields.retain(|name, value| shown.get(name) != Some(value));
    }
    fields
}

fn fields_of(plan: &Campaign) -> Fields {
    plan.to_fields().into_iter().collect()
}

fn values_before(opened: &Fields, changed: &Fields) -> Fields {
    changed.keys().map(|name| (name.clone(), opened.get(name).cloned().unwrap_or(Value::Null))).collect()
}

fn quota_change(scope: DocId, of: QuotaOf, quota: Option<u32>) -> Change {
    let (kind, id) = match of {
        QuotaOf::Area(id) => (Kind::Area, id),
        QuotaOf::Member(id) => (Kind::Member, id),
    };
    let quota = quota.map_or(Value::Null, |quota| i64::from(quota).into());
    Change::Describe { id, kind, scope, fields: Fields::from([("quota".to_owned(), quota)]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Campaign {
        // As a file may have it: the form would write the name without the second space.
        Campaign { name: "Đợt  cao điểm".to_owned(), quota: Some(15), ..Campaign::asking_nothing() }
    }

    #[test]
    fn what_the_coordinator_left_alone_is_not_written() {
        let typed = PlanForm::of(&plan()).read().expect("a plan");
        let opened = fields_of(&plan());
        assert_eq!(changed_fields(&typed, Some(&opened)), Fields::new());
        let edited = Campaign { quota: None, ..typed };
        let changed = changed_fields(&edited, Some(&opened));
        assert_eq!(changed, Fields::from([("quota".to_owned(), Value::Null)]));
        assert_eq!(values_before(&opened, &changed), Fields::from([("quota".to_owned(), Value::Int(15))]));
    }

    #[test]
    fn a_first_plan_is_written_whole() {
        assert_eq!(changed_fields(&plan(), None).len(), plan().to_fields().len());
    }
}
