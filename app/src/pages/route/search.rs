//! A person found by a few letters: name with or without marks, initials, house number, the last digits of a phone.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::DocId;
use domain::coverage::AreaView;
use domain::text::{Entry, Index, fold};
use leptos::prelude::*;

/// More households than anyone scrolls through.
const PEOPLE_MAX: usize = 400;

/// Who is meant: a household by its head, or one of its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    household: DocId,
    resident: Option<DocId>,
}

/// Households in the order of what was found in them, and whom the letters meant where it is not the head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    pub ids: Vec<DocId>,
    pub names: Arc<BTreeMap<DocId, String>>,
}

/// Made anew when the area changes or another letter is typed; the index only once something is looked for.
pub fn results(view: Signal<Arc<AreaView>>, text: RwSignal<String>) -> Memo<Results> {
    let index = Memo::new_with_compare(move |_| view.with(|view| Arc::new(index(view))), |_, _| true);
    Memo::new(move |_| {
        if text.with(|text| text.trim().is_empty()) {
            return Results::default();
        }
        let index = index.get();
        view.with(|view| text.with(|text| find(&index, view, text)))
    })
}

pub fn index(view: &AreaView) -> Index<Who> {
    let mut index = Index::new();
    for (id, door) in &view.households {
        let household = &door.household;
        index.put(Entry {
            id: Who { household: *id, resident: None },
            name: &household.head,
            house_no: &household.house_no,
            household_head: "",
            phone: household.phone.as_deref(),
            birth_year: None,
        });
        let people = door.residents.iter().filter_map(|id| view.residents.get(id)).filter(|person| person.is_present());
        for person in people {
            let resident = &person.resident;
            index.put(Entry {
                id: Who { household: *id, resident: Some(resident.id) },
                name: &resident.name,
                house_no: &household.house_no,
                household_head: &household.head,
                phone: resident.phone.as_deref(),
                birth_year: resident.birth_year.and_then(|year| u16::try_from(year).ok()),
            });
        }
    }
    index
}

pub fn find(index: &Index<Who>, view: &AreaView, text: &str) -> Results {
    let mut ids = Vec::new();
    let mut names = BTreeMap::new();
    for hit in index.find(text, PEOPLE_MAX) {
        let Who { household, resident } = hit.id;
        if names.contains_key(&household) {
            continue;
        }
        ids.push(household);
        let name = resident.and_then(|id| view.residents.get(&id)).map(|person| person.resident.name.clone());
        let head = view.households.get(&household).map(|door| door.household.head.as_str()).unwrap_or_default();
        // Households without a name to show are in the map, too: the first hit of each decides.
        names.insert(household, name.filter(|name| fold(name) != fold(head)).unwrap_or_default());
    }
    names.retain(|_, name| !name.is_empty());
    Results { ids, names: Arc::new(names) }
}
