//! Finding who may be meant among thousands without comparing all with all.

use std::collections::{BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_64;

use super::{Judgement, Person, Reason, Traits, compare};

/// Of one record, more candidates are not shown: whoever has to look through more than these needs a better list.
pub const CANDIDATES_MAX: usize = 5;

/// A record that may be the one looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<K> {
    pub key: K,
    pub reasons: Vec<Reason>,
}

impl<K> Candidate<K> {
    fn weight(&self) -> i32 {
        self.reasons.iter().map(|reason| reason.weight()).sum()
    }
}

/// What the index knows of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<K> {
    /// This one, and no other fits as well.
    Certain(Candidate<K>),
    /// The most alike first.
    Doubtful(Vec<Candidate<K>>),
    Nobody,
}

/// People to be found again. `K` says who they are; several records of one key (two documents of one linked person)
/// are one candidate.
#[derive(Clone, Debug)]
pub struct Index<K> {
    people: Vec<(K, Person)>,
    /// By the hash of something that two records of one person share as a rule. A collision costs a comparison.
    blocks: HashMap<u64, Vec<u32>>,
}

impl<K: Copy + Ord> Default for Index<K> {
    fn default() -> Self {
        Self { people: Vec::new(), blocks: HashMap::new() }
    }
}

impl<K: Copy + Ord> Index<K> {
    pub fn new<'a>(people: impl IntoIterator<Item = (K, &'a Traits)>) -> Self {
        let mut index = Self::default();
        for (key, traits) in people {
            index.insert(key, traits);
        }
        index
    }

    pub fn insert(&mut self, key: K, traits: &Traits) {
        let person = Person::of(traits);
        let Ok(position) = u32::try_from(self.people.len()) else { return };
        for block in blocks(&person) {
            self.blocks.entry(block).or_default().push(position);
        }
        self.people.push((key, person));
    }

    pub fn find(&self, traits: &Traits) -> Found<K> {
        self.find_among(traits, |_| true)
    }

    /// As `find`, of those only that `may_be` admits: not whom somebody has ruled out already.
    pub fn find_among(&self, traits: &Traits, may_be: impl Fn(K) -> bool) -> Found<K> {
        let sought = Person::of(traits);
        let mut certain: Vec<Candidate<K>> = Vec::new();
        let mut doubtful: Vec<Candidate<K>> = Vec::new();
        for (key, person) in self.near(&sought).filter(|(key, _)| may_be(*key)) {
            match compare(&sought, person) {
                Judgement::Certain(reasons) => certain.push(Candidate { key, reasons }),
                Judgement::Doubtful(reasons) => doubtful.push(Candidate { key, reasons }),
                Judgement::Different => {}
            }
        }
        let certain = best_of_each(certain);
        if let [only] = certain.as_slice() {
            return Found::Certain(only.clone());
        }
        let is_certain: BTreeSet<K> = certain.iter().map(|candidate| candidate.key).collect();
        let mut all = certain;
        all.extend(best_of_each(doubtful).into_iter().filter(|candidate| !is_certain.contains(&candidate.key)));
        if let Some(only) = unique_in_its_unit(&all) {
            return Found::Certain(only.clone());
        }
        all.sort_by_key(|candidate| (-candidate.weight(), candidate.key));
        all.truncate(CANDIDATES_MAX);
        if all.is_empty() { Found::Nobody } else { Found::Doubtful(all) }
    }

    /// Pairs of this index that are or may be one person, each once, the most alike first.
    pub fn pairs(&self) -> Vec<(K, K, Vec<Reason>)> {
        let mut pairs: Vec<(K, K, Vec<Reason>)> = Vec::new();
        for (position, (key, person)) in self.people.iter().enumerate() {
            for other in self.positions(person).into_iter().filter(|other| *other > position) {
                let (other_key, other) = &self.people[other];
                let judgement = compare(person, other);
                if key != other_key && is_worth_asking(judgement.reasons()) {
                    let (left, right) = (*key.min(other_key), *key.max(other_key));
                    pairs.push((left, right, judgement.reasons().to_vec()));
                }
            }
        }
        let weight = |reasons: &[Reason]| -reasons.iter().map(|reason| reason.weight()).sum::<i32>();
        pairs.sort_by_key(|(left, right, reasons)| (*left, *right, weight(reasons)));
        pairs.dedup_by_key(|(left, right, _)| (*left, *right));
        pairs.sort_by_key(|(left, right, reasons)| (weight(reasons), *left, *right));
        pairs
    }

    fn positions(&self, sought: &Person) -> BTreeSet<usize> {
        let blocks = blocks(sought);
        blocks.iter().filter_map(|block| self.blocks.get(block)).flatten().map(|position| *position as usize).collect()
    }

    fn near(&self, sought: &Person) -> impl Iterator<Item = (K, &Person)> {
        self.positions(sought).into_iter().map(|position| (self.people[position].0, &self.people[position].1))
    }
}

/// The same name and year in the same tổ or thôn, and nothing that contradicts: certain where the commune has nobody else
/// of this name, with whatever marks, and year.
fn unique_in_its_unit<K>(candidates: &[Candidate<K>]) -> Option<&Candidate<K>> {
    let is_namesake = |candidate: &&Candidate<K>| {
        let has = |reason: Reason| candidate.reasons.contains(&reason);
        has(Reason::SameYear) && (has(Reason::SameName) || has(Reason::NoMarks) || has(Reason::OtherMarks))
    };
    let mut namesakes = candidates.iter().filter(is_namesake);
    let (only, None) = (namesakes.next()?, namesakes.next()) else { return None };
    let has = |reason: Reason| only.reasons.contains(&reason);
    (has(Reason::SameCell) && !has(Reason::OtherMarks) && !has(Reason::OtherTail)).then_some(only)
}

/// Two residents of one list are two people unless much speaks against it: a name that is only alike needs the same phone
/// or home, the same name needs the same year or one of these.
fn is_worth_asking(reasons: &[Reason]) -> bool {
    let has = |reason: Reason| reasons.contains(&reason);
    let is_named_alike = has(Reason::SameName) || has(Reason::NoMarks);
    let has_support = has(Reason::SamePhone) || has(Reason::SameHome) || has(Reason::SameTail);
    has_support || (is_named_alike && has(Reason::SameYear))
}

fn best_of_each<K: Copy + Ord>(mut candidates: Vec<Candidate<K>>) -> Vec<Candidate<K>> {
    candidates.sort_by_key(|candidate| (candidate.key, -candidate.weight()));
    candidates.dedup_by_key(|candidate| candidate.key);
    candidates
}

/// Two records of one person share at least one of these, as far as a damaged list allows: the whole name in any order,
/// the given name or what precedes it with the year, the phone, the house.
fn blocks(person: &Person) -> Vec<u64> {
    let mut blocks = Vec::with_capacity(7);
    let mut add = |kind: &str, parts: &[&str]| {
        blocks.push(xxh3_64(format!("{kind}\0{}", parts.join("\0")).as_bytes()));
    };
    let mut words: Vec<&str> = person.name.words().iter().map(String::as_str).collect();
    if !words.is_empty() {
        // Also where a space was lost.
        add("whole", &[&words.concat()]);
        words.sort_unstable();
        add("name", &words);
    }
    if let Some(year) = person.birth_year {
        let year = year.to_string();
        add("given", &[person.name.given(), &year]);
        let before: Vec<&str> = person.name.before_given().iter().map(String::as_str).collect();
        if !before.is_empty() {
            add("before", &[&before.join(" "), &year]);
        }
    }
    if let Some(phone) = &person.phone {
        add("phone", &[phone]);
    }
    if let Some(tail) = &person.id_tail {
        add("tail", &[tail]);
    }
    if let (Some(house), Some(cell)) = (&person.place.house, &person.place.cell) {
        add("home", &[house, cell]);
    }
    blocks
}
