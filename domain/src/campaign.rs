//! A campaign (kế hoạch, đợt cao điểm): everything in which the plans differ. No parameter of a plan is a constant in code.

mod check;
mod settings;
mod slot;
mod target;

use serde::{Deserialize, Serialize};

pub use check::Misfit;
pub use settings::{AgeRule, Channel, Denominator, PopulationGroup, ServiceGoal, Unit};
pub use slot::{ReportSlot, SlotDay, Weekday};
pub use target::{Amount, Comparator, Counted, Measure, Target};

use crate::document::{Body, Document, Kind};
use crate::place::AreaKind;
use crate::service::{Service, Step};
use crate::{Day, Value};

/// The parameters of a plan. An absent setting is absent, not zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    pub name: String,
    /// Ngày ban hành, T0: what is newer than this is "cài mới" (X15: plans leave the day blank; then it is asked for).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Day>,
    /// Who is served.
    #[serde(default = "AgeRule::unstated", skip_serializing_if = "AgeRule::is_unstated")]
    pub serves: AgeRule,
    /// Who is counted in the share; not the same age in every plan (X12). See [`Campaign::counted_age`].
    #[serde(default = "AgeRule::unstated", skip_serializing_if = "AgeRule::is_unstated")]
    pub counts: AgeRule,
    #[serde(default)]
    pub services: Vec<ServiceGoal>,
    /// Chỉ tiêu per helper (CD25:37: 15); an area or a member may have another. No upper cap (X24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<u32>,
    #[serde(default)]
    pub targets: Vec<Target>,
    #[serde(default)]
    pub report_slots: Vec<ReportSlot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Denominator>,
    /// Groups that the plan counts apart: pupils, officials, workers.
    #[serde(default)]
    pub groups: Vec<PopulationGroup>,
    /// Where residents are helped, besides their homes.
    #[serde(default)]
    pub channels: Vec<Channel>,
    #[serde(default)]
    pub providers: Vec<String>,
    /// What the commune is divided into, for areas that are added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_kind: Option<AreaKind>,
    /// Đơn vị phụ trách dữ liệu.
    #[serde(default)]
    pub data_controller: String,
    /// Days after the end of the plan for which names are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// The communes of a province's plan with their numbers (TN25, appendix).
    #[serde(default)]
    pub units: Vec<Unit>,
}

impl Campaign {
    /// A plan that asks for nothing, so that nothing looks done or missing: before one has arrived, and to build on.
    pub fn asking_nothing() -> Self {
        Self {
            name: String::new(),
            issued_on: None,
            starts_on: None,
            ends_on: None,
            serves: AgeRule::UNSTATED,
            counts: AgeRule::UNSTATED,
            services: Vec::new(),
            quota: None,
            targets: Vec::new(),
            report_slots: Vec::new(),
            denominator: None,
            groups: Vec::new(),
            channels: Vec::new(),
            providers: Vec::new(),
            unit_kind: None,
            data_controller: String::new(),
            retention_days: None,
            units: Vec::new(),
        }
    }

    /// The plan that figures follow: a commune has one at a time; should there be more, the newest counts.
    pub fn current(plans: impl IntoIterator<Item = Self>) -> Option<Self> {
        Self::current_of(plans.into_iter().map(|plan| ((), plan))).map(|((), plan)| plan)
    }

    /// The same among plans with their ids, or whatever goes with each.
    pub fn current_of<T>(plans: impl IntoIterator<Item = (T, Self)>) -> Option<(T, Self)> {
        plans
            .into_iter()
            .max_by(|(_, a), (_, b)| (a.issued_on, a.starts_on, &a.name).cmp(&(b.issued_on, b.starts_on, &b.name)))
    }

    /// Reads the fields that this version knows; `None` when a required one is missing or of another shape.
    pub fn read(document: &Document) -> Option<Self> {
        let (Kind::Campaign, Body::Description(registers)) = (&document.kind, &document.body) else {
            return None;
        };
        Self::of_fields(registers.iter().map(|(name, register)| (name, &register.value)))
    }

    /// From the fields of a document. An empty setting is stored as null: a description's field can be emptied, never
    /// removed.
    pub fn of_fields<'a>(fields: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Option<Self> {
        let fields = fields.into_iter().filter(|(_, value)| **value != Value::Null);
        Value::Map(fields.map(|(name, value)| (name.clone(), value.clone())).collect()).parse()
    }

    /// The campaign as fields of a document, for a preset or an edit. Settings that are empty are among them.
    pub fn to_fields(&self) -> Vec<(String, Value)> {
        const MAY_BE_EMPTY: [&str; 9] = [
            "issued_on",
            "starts_on",
            "ends_on",
            "serves",
            "counts",
            "quota",
            "denominator",
            "unit_kind",
            "retention_days",
        ];
        let Some(Value::Map(mut fields)) = Value::from_serialize(self) else { return Vec::new() };
        for name in MAY_BE_EMPTY {
            fields.entry(name.to_owned()).or_insert(Value::Null);
        }
        fields.into_iter().collect()
    }

    /// Whom the team's own figures count as adults: a plan that names no age for its shares counts whom it serves.
    pub fn counted_age(&self) -> AgeRule {
        if self.counts.is_unstated() { self.serves } else { self.counts }
    }

    /// The step from which `service` counts as done, if the campaign asks for it.
    pub fn done_step(&self, service: Service) -> Option<Step> {
        self.services.iter().find(|goal| goal.service == service).map(|goal| goal.done)
    }

    /// What this plan calls a service: "chứng thư số công cộng" or "chữ ký số công cộng" (X17).
    pub fn service_label(&self, service: Service) -> &str {
        let own = self.services.iter().find(|goal| goal.service == service).map(|goal| goal.label.as_str());
        own.filter(|label| !label.is_empty()).unwrap_or(service.label())
    }

    /// Calendar days from the first to the last, both included: computed, because plans miscount them (X1, X2).
    pub fn days(&self) -> Option<i32> {
        Some(self.ends_on?.since(self.starts_on?) + 1).filter(|days| *days > 0)
    }

    /// The day after which names have no more purpose (Law 91/2025, article 14).
    pub fn names_kept_until(&self) -> Option<Day> {
        Some(self.ends_on?.plus(i32::try_from(self.retention_days?).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DocId, InstallId, Stamp};

    fn stored(plan: &Campaign) -> Document {
        let stamp = Stamp { ms: 1, counter: 0, install: InstallId(1) };
        Document::description(DocId::from_u128(1), Kind::Campaign).with(stamp, plan.to_fields())
    }

    #[test]
    fn an_age_that_the_plan_does_not_name_is_stored_as_empty_and_not_as_zero() {
        let serves = AgeRule { years: 14, inclusive: true };
        let plan = Campaign { name: "Kế hoạch".to_owned(), serves, ..Campaign::asking_nothing() };
        let document = stored(&plan);
        assert_eq!(document.value("counts"), Some(&Value::Null));
        let read = Campaign::read(&document).expect("a plan");
        assert_eq!(read, plan);
        assert_eq!(read.counts.label(), "trưởng thành");
        assert_eq!(read.counted_age(), serves);
    }

    #[test]
    fn the_age_of_shares_is_the_plans_own_where_it_names_one() {
        let rule = |years| AgeRule { years, inclusive: true };
        let plan = Campaign { serves: rule(14), counts: rule(18), ..Campaign::asking_nothing() };
        assert_eq!(plan.counted_age(), rule(18));
    }
}
