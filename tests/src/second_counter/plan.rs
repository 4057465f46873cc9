//! What of a plan decides figures, from its document's fields.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Figures;
use super::paper::{Day, read_day};
use super::people::Record;

/// "đủ từ 15 tuổi" or "trên 15 tuổi" (X11); a plan that names no age takes everyone (TN25:53).
#[derive(Clone, Copy, Debug)]
pub struct Age {
    years: i64,
    inclusive: bool,
}

impl Age {
    fn read(value: &Value) -> Option<Self> {
        Some(Self { years: value["years"].as_i64()?, inclusive: value["inclusive"].as_bool()? })
    }

    pub fn admits(self, age: i64) -> bool {
        age > self.years || (self.inclusive && age == self.years)
    }
}

/// How many there were, and had one already, on the day of which the plan tells it (BK26:149).
#[derive(Clone, Copy, Debug, Default)]
pub struct Start {
    pub as_of: Option<Day>,
    already: Option<u64>,
}

impl Start {
    fn read(value: &Value) -> Self {
        Self { as_of: value["as_of"].as_str().and_then(read_day), already: value["already"].as_u64() }
    }
}

pub struct Target {
    measure: String,
    group: Option<String>,
    is_stock: bool,
}

impl Target {
    /// The people or households that count towards it.
    pub fn value(&self, figures: &Figures, plan: &Plan) -> u64 {
        let own = match self.measure.as_str() {
            "complete_people" => return figures.get("complete"),
            "reached_households" => return figures.get("doors.reached"),
            "proficient_households" => return figures.get("proficient_households"),
            other => match other.strip_prefix("helped_at_") {
                Some(place) => return figures.get(&format!("channels.{place}.helped")),
                None => other,
            },
        };
        let prefix = self.group.as_ref().map(|key| format!("groups.{key}.")).unwrap_or_default();
        let of = |what: &str| figures.get(&format!("{prefix}steps.{own}.{what}"));
        let start = self.group.as_ref().map_or(Some(&plan.everyone), |key| plan.groups.get(key));
        // The plans count signatures (BK26:149), not accounts or their use.
        let already =
            start.and_then(|start| start.already).filter(|_| ["registered", "signature_activated"].contains(&own));
        match (self.is_stock, already) {
            (false, _) => of("new"),
            (true, Some(already)) => already + of("added"),
            (true, None) => of("stock"),
        }
    }
}

pub struct Plan {
    issued_on: Option<Day>,
    pub serves: Age,
    /// Of whom shares are taken; as served where the plan names no other (X12).
    pub counts: Age,
    /// Each service with the step at which it is done.
    pub services: Vec<(String, String)>,
    pub everyone: Start,
    pub groups: BTreeMap<String, Start>,
    pub targets: Vec<Target>,
}

impl Plan {
    pub fn read(plan: &Value) -> Self {
        let list = |name: &str| plan[name].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let serves = Age::read(&plan["serves"]).unwrap_or(Age { years: 0, inclusive: true });
        let target = |target: &Value| Target {
            measure: text(&target["measure"]),
            group: target["group"].as_str().map(str::to_owned),
            is_stock: target["counted"] == "stock",
        };
        Self {
            issued_on: plan["issued_on"].as_str().and_then(read_day),
            serves,
            counts: Age::read(&plan["counts"]).unwrap_or(serves),
            services: list("services").iter().map(|goal| (text(&goal["service"]), text(&goal["done"]))).collect(),
            everyone: Start::read(&plan["denominator"]),
            groups: list("groups").iter().map(|g| (text(&g["key"]), Start::read(&g["denominator"]))).collect(),
            targets: list("targets").iter().map(target).collect(),
        }
    }

    /// Cài mới: with a helper, since the day of the plan (BK26:57); of a plan without a day (X15) everything is.
    pub fn is_new(&self, record: &Record) -> bool {
        record.origin == "newly_installed" && self.issued_on.is_none_or(|issued| record.day >= issued)
    }

    /// Whether this is not yet in what the plan started from: that tells of a day's evening, or else of what was there
    /// before the plan.
    pub fn is_since(&self, record: &Record, counted_on: Option<Day>) -> bool {
        counted_on.map_or(self.issued_on.is_none_or(|issued| record.day >= issued), |counted| record.day > counted)
    }
}
