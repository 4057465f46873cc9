//! Which settings there are: a misspelt one must not pass for an empty one.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::campaign::{
    AgeRule, Amount, Campaign, Comparator, Counted, Denominator, Measure, PopulationGroup, ReportSlot, ServiceGoal,
    SlotDay, Target, Unit,
};
use domain::place::AreaKind;
use domain::service::{Service, Step};
use domain::{Day, Value};
use toml::de::{DeTable, DeValue};

/// The keys of a table, and of the tables in it.
#[derive(Debug, Default)]
pub struct Keys(BTreeMap<String, Keys>);

/// A key that means nothing where it stands.
pub struct Stray {
    pub key: String,
    pub span: Range<usize>,
    /// What could stand there.
    pub known: Vec<String>,
}

impl Keys {
    /// Read off a plan in which nothing is empty, so that they cannot differ from what is really stored.
    pub fn of_a_plan() -> Self {
        let mut keys = Self::default();
        for plan in full_plans() {
            keys.take_in(&Value::from_serialize(&plan).unwrap_or(Value::Null));
        }
        keys
    }

    fn take_in(&mut self, value: &Value) {
        match value {
            Value::Map(fields) => {
                for (name, value) in fields {
                    self.0.entry(name.clone()).or_default().take_in(value);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.take_in(item)),
            _ => {}
        }
    }

    /// The first stray key in the order of the file.
    pub fn stray(&self, table: &DeTable<'_>) -> Option<Stray> {
        let strays = table.iter().filter_map(|(key, value)| match self.0.get(key.get_ref().as_ref()) {
            Some(keys) => keys.stray_in(value.get_ref()),
            None => Some(Stray {
                key: key.get_ref().clone().into_owned(),
                span: key.span(),
                known: self.0.keys().cloned().collect(),
            }),
        });
        strays.min_by_key(|stray| stray.span.start)
    }

    fn stray_in(&self, value: &DeValue<'_>) -> Option<Stray> {
        match value {
            DeValue::Table(table) if !self.0.is_empty() => self.stray(table),
            DeValue::Array(items) => items.iter().find_map(|item| self.stray_in(item.get_ref())),
            _ => None,
        }
    }
}

/// Between them they have every setting, each with a value.
fn full_plans() -> [Campaign; 3] {
    let word = || "x".to_owned();
    let day = Some(Day::at_ms(0));
    let age = AgeRule { years: 1, inclusive: true };
    let denominator = || Some(Denominator { people: 1, as_of: day, source: word(), already: Some(1) });
    let plan = |when, amount| Campaign {
        name: word(),
        issued_on: day,
        starts_on: day,
        ends_on: day,
        serves: age,
        counts: age,
        services: vec![ServiceGoal { service: Service::PublicSignature, done: Step::Used, label: word() }],
        quota: Some(1),
        targets: vec![Target {
            label: word(),
            measure: Measure::Step(Step::Used),
            group: Some(word()),
            counted: Counted::Stock,
            comparator: Comparator::AtLeast,
            amount,
            deadline: day,
        }],
        report_slots: vec![ReportSlot {
            when,
            before_hour: Some(1),
            from: word(),
            to: word(),
            channel: word(),
            link: word(),
        }],
        denominator: denominator(),
        groups: vec![PopulationGroup { key: word(), label: word(), denominator: denominator() }],
        channels: Vec::new(),
        providers: Vec::new(),
        unit_kind: Some(AreaKind::Thon),
        data_controller: word(),
        retention_days: Some(1),
        units: vec![Unit { name: word(), kind: word(), adults: 1, recommended: 1 }],
    };
    [
        plan(SlotDay::Weekdays(Vec::new()), Amount::BasisPoints(1)),
        plan(SlotDay::DayOfMonth(1), Amount::Number(1)),
        plan(SlotDay::Once(Day::at_ms(0)), Amount::Number(1)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_a_plan_is_known() {
        let keys = Keys::of_a_plan();
        let of = |path: &[&str]| {
            let inner = path.iter().try_fold(&keys, |keys, key| keys.0.get(*key)).expect("a table");
            inner.0.keys().cloned().collect::<Vec<_>>()
        };
        // `to_fields` names the empty settings too: none may be missing here.
        let fields: Vec<String> = Campaign::asking_nothing().to_fields().into_iter().map(|(name, _)| name).collect();
        assert_eq!(of(&[]), fields);
        assert_eq!(of(&["targets", "amount"]), ["basis_points", "number"]);
        assert_eq!(of(&["groups", "denominator"]), ["already", "as_of", "people", "source"]);
        let slot = ["before_hour", "channel", "day_of_month", "from", "link", "once", "to", "weekdays"];
        assert_eq!(of(&["report_slots"]), slot);
    }
}
