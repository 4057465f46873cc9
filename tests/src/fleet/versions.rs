//! Versions side by side: what a phone of 2030 writes and says, which every older phone and the server must pass on.

use std::collections::BTreeMap;

use domain::document::Body;
use domain::protocol::SCHEMA;
use domain::replica::Change;
use domain::service::{Origin, Step};
use domain::visit::{Outcome, Visit, VisitResult};
use domain::{DocId, Document, Kind, Value};

use super::acts::Desk;
use super::world::World;

/// Stands in the name of every field and kind, and in every value, that this version does not know.
const YEAR: &str = "2030";

/// A request or a reply of a later schema, with members that this version does not know.
pub fn from_2030(json: &str) -> String {
    let schema = |version: u32| format!(r#""schema":{version},"#);
    json.replacen(&schema(SCHEMA), &schema(SCHEMA + 1), 1).replacen('{', r#"{"x_from_2030":{"a":[1,null]},"#, 1)
}

/// Whether there is anything in it that this version does not know.
pub fn is_unknown(doc: &Document) -> bool {
    let is_new =
        |name: &str, value: &Value| name.contains(YEAR) || value.as_text().is_some_and(|text| text.contains(YEAR));
    doc.kind.name().contains(YEAR)
        || match &doc.body {
            Body::Description(registers) => registers.iter().any(|(name, register)| is_new(name, &register.value)),
            Body::Fact { fields, .. } => fields.iter().any(|(name, value)| is_new(name, value)),
        }
}

/// Whether a field of this name is one of those.
pub fn is_unknown_field(name: &str) -> bool {
    name.contains(YEAR)
}

impl World {
    /// What a screen of 2030 writes: fields, kinds and values that nobody here has heard of.
    pub fn write_as_a_newer_version(&mut self, desk: &Desk) -> Vec<Change> {
        self.score.unknown += 1;
        let text = self.text(desk.area);
        let describe = |id: DocId, kind: Kind, name: &str, value: Value| {
            vec![Change::Describe { id, kind, scope: desk.area, fields: BTreeMap::from([(name.to_owned(), value)]) }]
        };
        match self.rng.below(6) {
            0 => {
                let Some(&id) = self.rng.pick(&desk.residents) else { return Vec::new() };
                describe(id, Kind::Resident, "x_from_2030", text)
            }
            1 => {
                let Some(&id) = self.rng.pick(&desk.households) else { return Vec::new() };
                let map = Value::Map(BTreeMap::from([("a".to_owned(), text), ("b".to_owned(), Value::Null)]));
                describe(id, Kind::Household, "x_map_2030", Value::List(vec![map, Value::Int(-1), Value::Bool(true)]))
            }
            // A fact and a description of kinds to come.
            2 => {
                let member = ("member".to_owned(), desk.member.into());
                let fields = BTreeMap::from([member, ("x_text".to_owned(), text), ("b".to_owned(), Value::Null)]);
                vec![self.fact(desk, Kind::Other("blood_group_2030".to_owned()), fields)]
            }
            3 => {
                let id = DocId::derived(desk.area, &["survey 2030"]);
                describe(id, Kind::Other("survey_2030".to_owned()), "answer", text)
            }
            // Known kinds with values to come, and with a field more.
            4 => {
                let Some(&household) = self.rng.pick(&desk.households) else { return Vec::new() };
                let met = VisitResult::Met;
                let mut fields = Visit::fields(household, desk.member, desk.today, met, None, &[], "");
                fields.insert("result".to_owned(), Value::text("met_by_robot_2030"));
                fields.insert("x_from_2030".to_owned(), text);
                vec![self.fact(desk, Kind::Visit, fields)]
            }
            _ => {
                let Some(&resident) = self.rng.pick(&desk.residents) else { return Vec::new() };
                let mut fields =
                    Outcome::fields(resident, desk.member, desk.today, Step::Registered, Origin::NewlyInstalled);
                let name = if self.rng.chance(500) { "step" } else { "origin" };
                fields.insert(name.to_owned(), Value::text("iris_2030"));
                vec![self.fact(desk, Kind::Outcome, fields)]
            }
        }
    }
}
