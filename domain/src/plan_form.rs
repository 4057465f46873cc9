//! A plan as a coordinator types it: text that may still be wrong. [`PlanForm::read`] makes a [`Campaign`] of it, or says
//! of every field what is wrong; nothing that is typed is corrected silently.

mod people;
mod read;
mod slots;
mod targets;
mod typed;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use people::{CountForm, GroupForm};
pub use slots::{MONTHLY, ONCE, SlotForm, WEEKLY};
pub use targets::{AT_LEAST, GONE, MORE_THAN, NEW, NUMBER, PERCENT, STOCK, TargetForm};
pub use typed::whole as whole_number;

use crate::Day;
use crate::campaign::{AgeRule, Campaign, Channel, Unit};
use crate::number::grouped;
use crate::service::{Service, Step};

/// The rows of a list by a number that stays with a row while others come and go, in order.
pub type Rows<T> = BTreeMap<u32, T>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    pub basics: Basics,
    /// In the order of [`Service::ALL`].
    pub services: [ServiceForm; 3],
    pub denominator: CountForm,
    pub groups: Rows<GroupForm>,
    pub targets: Rows<TargetForm>,
    pub slots: Rows<SlotForm>,
    pub providers: Rows<String>,
    pub channels: Vec<Channel>,
    /// Not edited, passed on.
    pub units: Vec<Unit>,
}

/// What there is one of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Basics {
    pub name: String,
    pub issued_on: String,
    pub starts_on: String,
    pub ends_on: String,
    pub serves_years: String,
    /// "trên", not "từ đủ".
    pub serves_over: bool,
    pub counts_years: String,
    pub counts_over: bool,
    pub quota: String,
    pub unit_kind: String,
    pub data_controller: String,
    pub retention_days: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    pub asked: bool,
    /// Name of the step from which it counts.
    pub done: String,
    pub label: String,
}

/// Where something is wrong. Rows are named by their number in [`Rows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Name,
    IssuedOn,
    StartsOn,
    EndsOn,
    Serves,
    Counts,
    ServiceLabel(Service),
    Quota,
    Controller,
    Retention,
    /// The number that shares are taken of: of a group's row, or of the whole.
    Count(Option<u32>, CountPart),
    /// A group's name.
    Group(u32),
    Target(u32, TargetPart),
    Slot(u32, SlotPart),
    Provider(u32),
    /// No field alone.
    Whole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountPart {
    People,
    AsOf,
    Source,
    Already,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetPart {
    Label,
    Measure,
    Group,
    Amount,
    Deadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotPart {
    Weekdays,
    DayOfMonth,
    Once,
    BeforeHour,
    From,
    To,
    Channel,
    Link,
}

/// What is wrong with a field, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub at: At,
    pub sentence: &'static str,
}

impl PlanForm {
    /// Nothing typed yet.
    pub fn empty() -> Self {
        Self::of(&Campaign::asking_nothing())
    }

    pub fn of(plan: &Campaign) -> Self {
        let groups = &plan.groups;
        Self {
            basics: Basics::of(plan),
            services: Service::ALL.map(|service| ServiceForm::of(plan, service)),
            denominator: CountForm::of(plan.denominator.as_ref()),
            groups: rows(groups.iter().map(GroupForm::of)),
            targets: rows(plan.targets.iter().map(|target| TargetForm::of(target, groups))),
            slots: rows(plan.report_slots.iter().map(SlotForm::of)),
            providers: rows(plan.providers.iter().cloned()),
            channels: plan.channels.clone(),
            units: plan.units.clone(),
        }
    }
}

impl Basics {
    fn of(plan: &Campaign) -> Self {
        let day = |day: Option<Day>| day.as_ref().map(Day::to_string).unwrap_or_default();
        let age = |rule: AgeRule| match (rule.years, rule.inclusive) {
            // Everyone: the plan names no age.
            (0, true) => (String::new(), false),
            (years, inclusive) => (years.to_string(), !inclusive),
        };
        let ((serves_years, serves_over), (counts_years, counts_over)) = (age(plan.serves), age(plan.counts));
        Self {
            name: plan.name.clone(),
            issued_on: day(plan.issued_on),
            starts_on: day(plan.starts_on),
            ends_on: day(plan.ends_on),
            serves_years,
            serves_over,
            counts_years,
            counts_over,
            quota: plan.quota.map(|quota| grouped(quota.into())).unwrap_or_default(),
            unit_kind: plan.unit_kind.map(|kind| kind.name().to_owned()).unwrap_or_default(),
            data_controller: plan.data_controller.clone(),
            retention_days: plan.retention_days.map(|days| grouped(days.into())).unwrap_or_default(),
        }
    }
}

impl ServiceForm {
    fn of(plan: &Campaign, service: Service) -> Self {
        let goal = plan.services.iter().find(|goal| goal.service == service);
        Self {
            asked: goal.is_some(),
            done: goal.map_or(usual_step(service), |goal| goal.done).name().to_owned(),
            label: goal.map(|goal| goal.label.clone()).unwrap_or_default(),
        }
    }
}

/// What plans mean when they do not say: the step that is of use to the resident.
fn usual_step(service: Service) -> Step {
    match service {
        Service::EidLevel2 => Step::Activated,
        Service::HealthRecord => Step::CardIntegrated,
        Service::PublicSignature => Step::SignatureActivated,
    }
}

fn rows<T>(items: impl Iterator<Item = T>) -> Rows<T> {
    (0..).zip(items).collect()
}

#[cfg(test)]
mod tests;
