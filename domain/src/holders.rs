//! Đối chiếu: a provider's list of holders against the residents of a commune.
//!
//! What is certain gives "đã có từ trước"; what is doubtful is for a person to decide, once: decisions are remembered
//! under ids that hold no name. The same list every week gives nothing new.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::{AreaView, ResidentView};
use crate::import::ListedHolder;
use crate::matching::{Candidate, Found, Index, Reason, Traits};
use crate::service::Step;
use crate::text::fold;
use crate::visit::Outcome;
use crate::{Day, DocId, Document, Kind, Value, moving};

/// Somebody of the commune who may be a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    pub area: DocId,
    pub traits: Traits,
    /// By `Service::index`.
    steps: [Option<Step>; 3],
    /// Services that a helper is at work on with this person.
    helped: [bool; 3],
}

impl Somebody {
    pub fn has(&self, step: Step) -> bool {
        self.steps[step.service().index()].is_some_and(|reached| reached.includes(step))
    }

    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        self.steps.iter().flatten().copied()
    }
}

/// The residents of a commune, to be found again. One entry a person: doubles that were joined are one.
#[derive(Debug, Default)]
pub struct Residents {
    index: Index<DocId>,
    people: BTreeMap<DocId, Somebody>,
    /// Every record, also those that somebody has taken back; by the id that it had before any move.
    records: BTreeSet<DocId>,
    /// Of who came from another area, the first document.
    roots: BTreeMap<DocId, DocId>,
}

/// What is compared of a resident.
pub fn traits_of(view: &AreaView, area_name: &str, person: &ResidentView) -> Traits {
    let resident = &person.resident;
    let home = view.household_of(resident.id).map(|door| &door.household);
    let address = match home {
        // The kind of unit goes first, so that "Nà Pò" is read as the name of one, as "Tổ 5" is.
        Some(home) => format!("{}, thôn {area_name}", home.house_no),
        None => resident.address.clone(),
    };
    let phone = resident.phone.as_ref().or_else(|| home?.phone.as_ref());
    Traits {
        name: resident.name.clone(),
        birth_year: resident.birth_year,
        phone: phone.filter(|phone| !phone.is_empty()).cloned(),
        address,
        id_tail: None,
    }
}

impl Residents {
    /// Takes in an area. Who has died or moved away holds nothing any more.
    pub fn add_area<'a>(
        &mut self,
        area: DocId,
        area_name: &str,
        view: &AreaView,
        documents: impl IntoIterator<Item = &'a Document>,
    ) {
        for person in view.residents.values().filter(|person| person.is_present()) {
            let traits = traits_of(view, area_name, person);
            self.index.insert(person.canonical, &traits);
            let steps = [0, 1, 2].map(|service| person.services[service].as_ref().map(|state| state.step));
            let helped = [0, 1, 2].map(|service: usize| {
                person.outcomes.iter().any(|outcome| {
                    outcome.step.service().index() == service
                        && outcome.origin.is_assisted()
                        && outcome.step != Step::NotInsured
                })
            });
            let somebody = Somebody { area, traits, steps, helped };
            // Of several records of one person the one that stands for it is shown.
            if person.canonical == person.resident.id || !self.people.contains_key(&person.canonical) {
                self.people.insert(person.canonical, somebody);
            }
        }
        for doc in documents {
            let root = doc.link(moving::ROOT);
            match (&doc.kind, root) {
                (Kind::Outcome, root) => drop(self.records.insert(root.unwrap_or(doc.id))),
                (Kind::Resident, Some(root)) => drop(self.roots.insert(doc.id, root)),
                _ => {}
            }
        }
    }

    /// Who this is in whatever area: what was recorded and decided of somebody stays so when they move.
    pub fn root(&self, resident: DocId) -> DocId {
        self.roots.get(&resident).copied().unwrap_or(resident)
    }

    pub fn get(&self, resident: DocId) -> Option<&Somebody> {
        self.people.get(&resident)
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}

/// A row and the resident whom it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Position in the list that was handed in.
    pub holder: usize,
    pub resident: DocId,
    pub reasons: Vec<Reason>,
}

/// A row and those whom it may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub holder: usize,
    /// The most alike first.
    pub candidates: Vec<Candidate<DocId>>,
}

/// What became of each row: every row is in exactly one of these, by its position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// To be recorded as "đã có từ trước".
    pub certain: Vec<Match>,
    pub doubtful: Vec<Doubt>,
    /// It is recorded already, for everyone who may be meant.
    pub already_known: Vec<usize>,
    /// The same person as a row above.
    pub repeated: Vec<usize>,
    /// A helper is at work on this service with this person and has not recorded the step yet. Left to them: "từ trước"
    /// would be wrong, and would take the credit for it.
    pub being_helped: Vec<Match>,
    /// A list said so before, and somebody who was there took it back.
    pub taken_back: Vec<Match>,
    pub unmatched: Vec<usize>,
}

/// Under which id it is remembered whether `holder` is `resident` (`Residents::root`). Derived from what identifies the holder, so that next
/// week's list gives the same one, and from which nobody can be read.
pub fn decision_id(holder: &ListedHolder, resident: DocId) -> DocId {
    let year = holder.birth_year.map_or_else(String::new, |year| year.to_string());
    let (phone, address) = (holder.phone.as_deref().unwrap_or_default(), fold(&address_of(holder)));
    DocId::derived(resident, &["holder", &fold(&holder.name), &year, phone, &address])
}

fn address_of(holder: &ListedHolder) -> String {
    match &holder.cell {
        Some(cell) => format!("{}, thôn {cell}", holder.address),
        None => holder.address.clone(),
    }
}

fn traits_of_holder(holder: &ListedHolder) -> Traits {
    Traits {
        name: holder.name.clone(),
        birth_year: holder.birth_year,
        phone: holder.phone.clone(),
        address: address_of(holder),
        id_tail: None,
    }
}

/// Compares the list with the residents. `decided` says what a person decided before, by `decision_id`.
pub fn reconcile(
    holders: &[ListedHolder],
    step: Step,
    residents: &Residents,
    decided: impl Fn(DocId) -> Option<bool>,
) -> Reconciled {
    let mut reconciled = Reconciled::default();
    let mut taken = BTreeSet::new();
    let has = |resident: DocId| residents.get(resident).is_some_and(|somebody| somebody.has(step));
    for (position, holder) in holders.iter().enumerate() {
        let decided = |resident: DocId| decided(decision_id(holder, residents.root(resident)));
        let may_be = |resident: DocId| decided(resident) != Some(false);
        let mut found = residents.index.find_among(&traits_of_holder(holder), may_be);
        if let Found::Doubtful(candidates) = &found
            && let Some(confirmed) = candidates.iter().find(|candidate| decided(candidate.key) == Some(true))
        {
            found = Found::Certain(confirmed.clone());
        }
        match found {
            Found::Nobody => reconciled.unmatched.push(position),
            Found::Doubtful(candidates) if candidates.iter().all(|candidate| has(candidate.key)) => {
                reconciled.already_known.push(position);
            }
            Found::Doubtful(candidates) => reconciled.doubtful.push(Doubt { holder: position, candidates }),
            Found::Certain(found) => {
                let this = Match { holder: position, resident: found.key, reasons: found.reasons };
                if has(this.resident) {
                    reconciled.already_known.push(position);
                } else if !taken.insert(this.resident) {
                    reconciled.repeated.push(position);
                } else if residents.records.contains(&outcome_id(residents.root(this.resident), step)) {
                    reconciled.taken_back.push(this);
                } else if residents.get(this.resident).is_some_and(|known| known.helped[step.service().index()]) {
                    reconciled.being_helped.push(this);
                } else {
                    reconciled.certain.push(this);
                }
            }
        }
    }
    reconciled
}

/// The record that a list makes: one for a resident (`Residents::root`) and a step, however often the list comes. The same id as that of a
/// ward's list (`import::changes`).
pub fn outcome_id(resident: DocId, step: Step) -> DocId {
    DocId::derived(resident, &["already", step.name()])
}

/// Its fields. `provider` is what the coordinator chose for a list that has no such column.
pub fn outcome_fields(
    holder: &ListedHolder,
    resident: DocId,
    member: DocId,
    day: Day,
    step: Step,
    provider: Option<&str>,
) -> BTreeMap<String, Value> {
    let mut fields = Outcome::fields_of_list(resident, member, day, step);
    let provider = holder.provider.as_deref().or(provider).map(str::trim).filter(|name| !name.is_empty());
    if let Some(provider) = provider {
        fields.insert("provider".to_owned(), provider.into());
    }
    if let Some(day) = holder.expires_on {
        fields.insert("expires_on".to_owned(), Value::text(day.to_string()));
    }
    fields
}

#[cfg(test)]
mod tests;
