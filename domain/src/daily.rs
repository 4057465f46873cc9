//! What came about when: the figures of an area by day, and where a report is due at an hour, by the part of the day.
//! Sums of these are what reports call "trong kỳ" and "lũy kế", and the line of a chart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::coverage::AreaView;
use crate::document::{Document, Kind};
use crate::service::Step;
use crate::summary::{StepCount, firsts, is_zero, renewals};
use crate::{DocId, Moment, Value};

/// What came about in a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Flow {
    /// Households met for the first time.
    #[serde(skip_serializing_if = "is_zero")]
    pub reached: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub visits: u64,
    /// Households that have got their first person who can do it alone.
    #[serde(skip_serializing_if = "is_zero")]
    pub proficient: u64,
    /// People who have got the last service that the plan asks for.
    #[serde(skip_serializing_if = "is_zero")]
    pub complete: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub steps: BTreeMap<Step, StepCount>,
}

impl Flow {
    pub fn step(&self, step: Step) -> StepCount {
        self.steps.get(&step).copied().unwrap_or_default()
    }

    pub fn add(&mut self, other: &Self) {
        self.reached += other.reached;
        self.visits += other.visits;
        self.proficient += other.proficient;
        self.complete += other.complete;
        for (step, count) in &other.steps {
            self.steps.entry(*step).or_default().add(count);
        }
    }
}

/// Flows by the moment at which their stretch begins: a day, or the hour of a day after which a report is due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Daily(pub BTreeMap<Moment, Flow>);

impl Daily {
    /// Counts the same people and households as [`crate::summary::Summary::of`].
    pub fn of(view: &AreaView, campaign: &Campaign) -> Self {
        let mut daily = Self::default();
        let mut at = |when: Moment, count: &dyn Fn(&mut Flow)| {
            count(daily.0.entry(stretch(campaign, when)).or_default());
        };
        for household in view.households.values() {
            if let Some(when) = household.reached_since() {
                at(when, &|flow| flow.reached += 1);
            }
            if let Some(when) = household.proficient_since {
                at(when, &|flow| flow.proficient += 1);
            }
            for visit in &household.visits {
                at(visit.when(), &|flow| flow.visits += 1);
            }
        }
        for person in view.people().filter(|person| person.resident.gone.is_none()) {
            if person.adult == Some(false) {
                continue;
            }
            if let Some(when) = person.complete_since {
                at(when, &|flow| flow.complete += 1);
            }
            for (step, first) in firsts(person) {
                at(first.when, &|flow| {
                    flow.steps.entry(step).or_default().count(first, campaign, campaign.denominator.as_ref());
                });
            }
            for (&step, &when) in renewals(person) {
                at(when, &|flow| flow.steps.entry(step).or_default().renewed += 1);
            }
        }
        daily
    }

    /// Everything before a moment.
    pub fn before(&self, cut: Moment) -> Flow {
        sum(self.0.range(..cut))
    }

    /// Everything from one moment up to, and without, another.
    pub fn between(&self, from: Moment, to: Moment) -> Flow {
        if from >= to { Flow::default() } else { sum(self.0.range(from..to)) }
    }

    pub fn total(&self) -> Flow {
        sum(self.0.iter())
    }

    pub fn add(&mut self, other: &Self) {
        for (moment, flow) in &other.0 {
            self.0.entry(*moment).or_default().add(flow);
        }
    }

    /// Month by month ("2026-11"), as it is stored: what changes every day stays small.
    pub fn months(&self) -> BTreeMap<String, Daily> {
        let mut months: BTreeMap<String, Daily> = BTreeMap::new();
        for (moment, flow) in &self.0 {
            let (year, month, _) = moment.day.ymd();
            let month = months.entry(format!("{year:04}-{month:02}")).or_default();
            month.0.insert(*moment, flow.clone());
        }
        months
    }

    /// As the value of a document's field `figures`.
    pub fn to_value(&self) -> Value {
        Value::from_serialize(self).unwrap_or(Value::Null)
    }

    /// The area and what a document of one of its months holds.
    pub fn read(document: &Document) -> Option<(DocId, Self)> {
        if document.kind != Kind::Daily {
            return None;
        }
        Some((document.link("area")?, document.value("figures")?.parse()?))
    }
}

fn sum<'a>(flows: impl Iterator<Item = (&'a Moment, &'a Flow)>) -> Flow {
    let mut sum = Flow::default();
    flows.for_each(|(_, flow)| sum.add(flow));
    sum
}

/// The beginning of the stretch that a moment is in: the last hour of its day at which a report was due, or midnight.
fn stretch(campaign: &Campaign, when: Moment) -> Moment {
    let hours = campaign.report_slots.iter().filter(|slot| slot.when.falls_on(when.day));
    let hours = hours.filter_map(|slot| slot.before_hour).filter(|hour| *hour <= when.hour);
    Moment { day: when.day, hour: hours.max().unwrap_or(0) }
}
