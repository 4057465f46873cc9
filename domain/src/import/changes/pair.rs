//! Who of the list is who of the area.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Stored;
use crate::DocId;
use crate::import::{List, ListedHousehold, ListedResident};
use crate::matching::{Judgement, Reason, Traits, judge};
use crate::people::Resident;
use crate::text::fold;

/// The ids that a list's households and people have, or will have.
pub(super) struct Pairs {
    /// By list key.
    households: HashMap<String, DocId>,
    /// By row.
    residents: HashMap<usize, DocId>,
}

impl Pairs {
    pub fn find(list: &List, stored: &Stored<'_>, area: DocId) -> Self {
        let homes = Homes::of(stored);
        let households = pair_households(list, stored, &homes, area);
        let mut residents = HashMap::new();
        let mut taken = BTreeSet::new();
        for household in &list.households {
            let Some(people) = households.get(&household.list_key).and_then(|id| homes.people.get(id)) else {
                continue;
            };
            pair_at_home(household, people, &mut residents, &mut taken);
        }
        pair_those_who_moved(list, stored, &mut residents, &mut taken);
        let mut pairs = Self { households, residents };
        pairs.name_the_new(list, stored, &mut taken);
        pairs
    }

    /// Every household and every row of the list has one; nil cannot be.
    pub fn household(&self, listed: &ListedHousehold) -> DocId {
        self.households.get(&listed.list_key).copied().unwrap_or(DocId::from_u128(0))
    }

    pub fn resident(&self, listed: &ListedResident) -> DocId {
        self.residents.get(&listed.row).copied().unwrap_or(DocId::from_u128(0))
    }

    /// Ids derived as a phone would derive them, with a number where one is taken.
    fn name_the_new(&mut self, list: &List, stored: &Stored<'_>, taken: &mut BTreeSet<DocId>) {
        // Numbers go up from here, so that a household of one name only is not counted from 2 again and again.
        let mut ordinals: HashMap<DocId, usize> = HashMap::new();
        for household in &list.households {
            let home = self.household(household);
            for resident in &household.residents {
                if self.residents.contains_key(&resident.row) {
                    continue;
                }
                let first = DocId::resident(home, &resident.name, resident.birth_year);
                let ordinal = ordinals.entry(first).or_insert(1);
                let mut id = first;
                while taken.contains(&id) || stored.residents.contains_key(&id) {
                    *ordinal += 1;
                    id = DocId::resident(home, &format!("{} {ordinal}", resident.name), resident.birth_year);
                }
                taken.insert(id);
                self.residents.insert(resident.row, id);
            }
        }
    }
}

/// The area's people by household.
struct Homes<'a> {
    people: BTreeMap<DocId, Vec<&'a Resident>>,
}

impl<'a> Homes<'a> {
    fn of(stored: &'a Stored<'_>) -> Self {
        let mut people: BTreeMap<DocId, Vec<&Resident>> = BTreeMap::new();
        for resident in stored.residents.values() {
            if let Some(household) = resident.household {
                people.entry(household).or_default().push(resident);
            }
        }
        Self { people }
    }
}

/// By id; else by who lives there; else by head and house number.
fn pair_households(list: &List, stored: &Stored<'_>, homes: &Homes<'_>, area: DocId) -> HashMap<String, DocId> {
    let mut pairs: HashMap<String, DocId> = HashMap::new();
    let mut taken: BTreeSet<DocId> = BTreeSet::new();
    let by_id = |household: &ListedHousehold| DocId::household(area, &household.list_key);
    for household in &list.households {
        let id = by_id(household);
        if stored.documents.contains_key(&id) {
            pairs.insert(household.list_key.clone(), id);
            taken.insert(id);
        }
    }
    let mut where_lives: HashMap<(String, Option<i64>), Vec<DocId>> = HashMap::new();
    for (home, people) in homes.people.iter().filter(|(home, _)| !taken.contains(home)) {
        for person in people {
            where_lives.entry((fold(&person.name), person.birth_year)).or_default().push(*home);
        }
    }
    let open = || list.households.iter().enumerate();
    let mut likely: Vec<(usize, usize, DocId)> = Vec::new();
    for (at, household) in open().filter(|(_, household)| !pairs.contains_key(&household.list_key)) {
        let mut shared: BTreeMap<DocId, usize> = BTreeMap::new();
        for person in &household.residents {
            for home in where_lives.get(&(fold(&person.name), person.birth_year)).into_iter().flatten() {
                *shared.entry(*home).or_default() += 1;
            }
        }
        let has_same_head =
            |home: &DocId| stored.households.get(home).is_some_and(|known| fold(&known.head) == fold(&household.head));
        let heads = shared.keys().filter(|home| has_same_head(home)).count();
        for (home, count) in shared {
            let smaller = household.residents.len().min(homes.people.get(&home).map_or(0, Vec::len));
            // Half of them, or the head, where no other head is called so.
            if count * 2 >= smaller || (heads == 1 && has_same_head(&home)) {
                likely.push((count, at, home));
            }
        }
    }
    // Those who share most first; then in the order of the list.
    likely.sort_by(|a, b| (b.0, a.1, a.2).cmp(&(a.0, b.1, b.2)));
    for (_, at, home) in likely {
        let key = &list.households[at].list_key;
        if !pairs.contains_key(key) && taken.insert(home) {
            pairs.insert(key.clone(), home);
        }
    }
    let address = |head: &str, house_no: &str| (fold(head), fold(house_no));
    let by_address: HashMap<(String, String), DocId> = stored
        .households
        .values()
        .filter(|household| !taken.contains(&household.id) && !household.house_no.is_empty())
        .map(|household| (address(&household.head, &household.house_no), household.id))
        .collect();
    for household in &list.households {
        if pairs.contains_key(&household.list_key) {
            continue;
        }
        let known = by_address.get(&address(&household.head, &household.house_no)).copied();
        let id = known.filter(|id| taken.insert(*id)).unwrap_or_else(|| by_id(household));
        pairs.insert(household.list_key.clone(), id);
    }
    pairs
}

/// How one household's people are paired, the surest way first.
const WAYS: [fn(&ListedResident, &Resident) -> bool; 3] = [
    |listed, known| fold(&listed.name) == fold(&known.name) && listed.birth_year == known.birth_year,
    |listed, known| {
        fold(&listed.name) == fold(&known.name) && (listed.birth_year.is_none() || known.birth_year.is_none())
    },
    is_corrected,
];

/// The same person with a name or a year put right. Only for two who live together and fit nobody else.
fn is_corrected(listed: &ListedResident, known: &Resident) -> bool {
    let traits = |name: &str, birth_year, phone: Option<&String>, id_tail: Option<&String>| Traits {
        name: name.to_owned(),
        birth_year,
        phone: phone.cloned(),
        // They live together, which speaks for them.
        address: "1, Tổ 1".to_owned(),
        id_tail: id_tail.cloned(),
    };
    let left = traits(&listed.name, listed.birth_year, listed.phone.as_ref(), listed.id_tail.as_ref());
    let right = traits(&known.name, known.birth_year, known.phone.as_ref(), known.id_tail.as_ref());
    match judge(&left, &right) {
        Judgement::Certain(_) => true,
        Judgement::Doubtful(reasons) => {
            // Father and son of one name are of other years and other relations.
            let is_other_year = reasons.contains(&Reason::OtherYear);
            let is_same_relation = fold(&listed.relation) == fold(&known.relation);
            !reasons.contains(&Reason::OtherTail) && (!is_other_year || is_same_relation)
        }
        Judgement::Different => false,
    }
}

fn pair_at_home(
    household: &ListedHousehold,
    people: &[&Resident],
    pairs: &mut HashMap<usize, DocId>,
    taken: &mut BTreeSet<DocId>,
) {
    for fits in WAYS {
        for listed in &household.residents {
            if pairs.contains_key(&listed.row) {
                continue;
            }
            let mut known = people.iter().filter(|known| !taken.contains(&known.id) && fits(listed, known));
            if let Some(known) = known.next() {
                taken.insert(known.id);
                pairs.insert(listed.row, known.id);
            }
        }
    }
}

/// Who is not at home any more, but in another household of the list: one name and year on both sides, nobody else.
fn pair_those_who_moved(
    list: &List,
    stored: &Stored<'_>,
    pairs: &mut HashMap<usize, DocId>,
    taken: &mut BTreeSet<DocId>,
) {
    let mut known: HashMap<(String, i64), Vec<DocId>> = HashMap::new();
    for resident in stored.residents.values().filter(|resident| !taken.contains(&resident.id)) {
        if let Some(year) = resident.birth_year {
            known.entry((fold(&resident.name), year)).or_default().push(resident.id);
        }
    }
    let mut listed: HashMap<(String, i64), Vec<usize>> = HashMap::new();
    for resident in list.households.iter().flat_map(|household| &household.residents) {
        if let Some(year) = resident.birth_year.filter(|_| !pairs.contains_key(&resident.row)) {
            listed.entry((fold(&resident.name), year)).or_default().push(resident.row);
        }
    }
    for (key, rows) in listed {
        if let ([row], Some([id])) = (rows.as_slice(), known.get(&key).map(Vec::as_slice)) {
            pairs.insert(*row, *id);
            taken.insert(*id);
        }
    }
}
