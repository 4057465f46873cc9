//! A list as documents: the same list gives the same ids and the same values, whenever and by whomever it is imported.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{List, ListedHousehold};
use crate::service::Origin;
use crate::visit::Outcome;
use crate::{Day, DocId, Document, Kind, Stamp, Value};

/// Households and residents for `area`. What the list leaves blank is not set, so that importing again never empties a
/// field that somebody filled in at the door.
pub fn documents(list: &List, area: DocId, stamp: Stamp) -> Vec<Document> {
    let mut documents = Vec::new();
    for (order, household) in (1_i64..).zip(&list.households) {
        let id = DocId::household(area, &household.list_key);
        documents.push(Document::description(id, Kind::Household).with(stamp, household_fields(household, order)));
        for (resident_id, resident) in resident_ids(id, household).into_iter().zip(&household.residents) {
            let mut fields = Fields::default();
            fields.set("household", Some(id));
            fields.set("name", Some(resident.name.as_str()));
            fields.set("birth_year", resident.birth_year);
            fields.set("relation", Some(resident.relation.as_str()).filter(|relation| !relation.is_empty()));
            fields.set("phone", resident.phone.as_deref());
            fields.set("id_tail", resident.id_tail.as_deref());
            fields.set("gone", resident.gone.map(crate::people::Gone::name));
            documents.push(Document::description(resident_id, Kind::Resident).with(stamp, fields.0));
        }
    }
    documents
}

/// What the list says residents have had from before: for each, the id and the fields of an outcome.
///
/// The id depends on resident and step only: an outcome that is stored already must be left as it is.
pub fn already_outcomes(list: &List, area: DocId, member: DocId, day: Day) -> Vec<(DocId, BTreeMap<String, Value>)> {
    let mut outcomes = Vec::new();
    for household in &list.households {
        let id = DocId::household(area, &household.list_key);
        for (resident_id, resident) in resident_ids(id, household).into_iter().zip(&household.residents) {
            // Who has died or moved away counts for nobody.
            for &step in resident.already.iter().filter(|_| resident.gone.is_none()) {
                let outcome = crate::holders::outcome_id(resident_id, step);
                let mut fields = Outcome::fields(resident_id, member, day, step, Origin::PreExisting);
                fields.insert("source".to_owned(), "list".into());
                outcomes.push((outcome, fields));
            }
        }
    }
    outcomes
}

/// Ids in the order of the residents. The second of the same name and year has a number in its id.
fn resident_ids(household_id: DocId, household: &ListedHousehold) -> Vec<DocId> {
    let mut taken = HashSet::new();
    let mut last: HashMap<DocId, usize> = HashMap::new();
    let id = |resident: &super::ListedResident| {
        let mut id = DocId::resident(household_id, &resident.name, resident.birth_year);
        let ordinal = last.entry(id).or_insert(1);
        while !taken.insert(id) {
            *ordinal += 1;
            id = DocId::resident(household_id, &format!("{} {ordinal}", resident.name), resident.birth_year);
        }
        id
    };
    household.residents.iter().map(id).collect()
}

#[derive(Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn set(&mut self, name: &'static str, value: Option<impl Into<Value>>) {
        self.0.extend(value.map(|value| (name, value.into())));
    }
}

fn household_fields(household: &ListedHousehold, order: i64) -> Vec<(&'static str, Value)> {
    let priorities: Value = household.priorities.iter().map(|priority| priority.name()).collect();
    let mut fields = Fields::default();
    fields.set("head", Some(household.head.as_str()));
    fields.set("house_no", Some(household.house_no.as_str()).filter(|house_no| !house_no.is_empty()));
    fields.set("phone", household.phone.as_deref());
    fields.set("order", Some(order));
    fields.set("priorities", Some(priorities).filter(|_| !household.priorities.is_empty()));
    fields.0
}
