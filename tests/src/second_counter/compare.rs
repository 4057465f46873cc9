//! The two counts side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::attainment::Attainment;
use domain::campaign::Campaign;
use domain::daily::Daily;
use domain::summary::Summary;
use serde_json::Value;

use super::Figures;
use super::paper::{Moment, read_day};

/// A figure that the two counts have different numbers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub name: String,
    pub summary: u64,
    pub second: u64,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}, counted again {}", self.name, self.summary, self.second)
    }
}

/// What the second counter leaves alone.
const NOT_COUNTED: [&str; 5] = ["routes.", "certificates.", "expiries.", "difficulties.", "solved."];

pub fn compare(figures: &Figures, summary: &Summary) -> Vec<Difference> {
    let mut told = BTreeMap::new();
    flatten("", &serde_json::to_value(summary).unwrap_or_default(), &mut told);
    told.retain(|name, _| !NOT_COUNTED.iter().any(|left| name.starts_with(left)));
    differences("", &told, &figures.sums)
}

/// What had come about by each beginning of a stretch: "lũy kế", and with it every "trong kỳ".
pub fn compare_days(figures: &Figures, daily: &Daily) -> Vec<Difference> {
    let told: BTreeMap<Moment, BTreeMap<String, u64>> = serde_json::to_value(daily)
        .ok()
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(text, flow)| {
            let mut sums = BTreeMap::new();
            flatten("", flow, &mut sums);
            Some((read_moment(text)?, sums))
        })
        .collect();
    let days = figures.moments.keys().map(|(day, _)| (*day, 0));
    let end = ((i64::MAX, 0, 0), 0);
    let cuts: BTreeSet<Moment> = told.keys().copied().chain(days).chain([end]).collect();
    let mut found = Vec::new();
    for cut in cuts {
        let (told, own) = (before(&told, cut), before(&figures.moments, cut));
        found.extend(differences(&format!("before {cut:?} "), &told, &own));
    }
    found
}

pub fn compare_targets(figures: &Figures, plan: &Campaign, summary: &Summary) -> Vec<Difference> {
    let values = plan.targets.iter().map(|target| Attainment::of(target, plan, summary).value);
    let pairs = values.zip(&figures.targets).enumerate();
    pairs
        .filter(|(_, (value, own))| value != *own)
        .map(|(at, (value, own))| Difference {
            name: format!("target {at} {}", plan.targets[at].label),
            summary: value,
            second: *own,
        })
        .collect()
}

fn differences(where_from: &str, told: &BTreeMap<String, u64>, own: &BTreeMap<String, u64>) -> Vec<Difference> {
    let names: BTreeSet<&String> = told.keys().chain(own.keys()).collect();
    let of = |counts: &BTreeMap<String, u64>, name: &str| counts.get(name).copied().unwrap_or(0);
    names
        .into_iter()
        .map(|name| Difference { name: format!("{where_from}{name}"), summary: of(told, name), second: of(own, name) })
        .filter(|difference| difference.summary != difference.second)
        .collect()
}

fn before(moments: &BTreeMap<Moment, BTreeMap<String, u64>>, cut: Moment) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for (name, number) in moments.range(..cut).flat_map(|(_, counts)| counts) {
        *sums.entry(name.clone()).or_default() += number;
    }
    sums
}

fn flatten(prefix: &str, value: &Value, out: &mut BTreeMap<String, u64>) {
    match value {
        Value::Object(fields) => {
            // Told as what it has beside the new.
            if fields.contains_key("new") || fields.contains_key("added_beside_new") {
                let of = |name: &str| fields.get(name).and_then(Value::as_i64).unwrap_or(0);
                if let Ok(added @ 1..) = u64::try_from(of("new") + of("added_beside_new")) {
                    out.insert(format!("{prefix}.added"), added);
                }
            }
            for (name, value) in fields.iter().filter(|(name, _)| *name != "added_beside_new") {
                let dot = if prefix.is_empty() { "" } else { "." };
                flatten(&format!("{prefix}{dot}{name}"), value, out);
            }
        }
        value => {
            if let Some(number) = value.as_u64().filter(|number| *number > 0) {
                out.insert(prefix.to_owned(), number);
            }
        }
    }
}

fn read_moment(text: &str) -> Option<Moment> {
    let (day, hour) = text.split_once('T').unwrap_or((text, "0"));
    Some((read_day(day)?, hour.parse().ok()?))
}
