//! Nghi trùng: people who are on the list twice. Suggested by the program, joined or kept apart by a person.

use std::collections::{BTreeMap, BTreeSet};

use crate::DocId;
use crate::coverage::{AreaView, ResidentView};
use crate::holders::traits_of;
use crate::matching::{Index, Reason, Traits};
use crate::visit::Link;

/// Two records that may be one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Double {
    /// The smaller id first; each stands for its person where doubles were joined before.
    pub residents: [DocId; 2],
    pub reasons: Vec<Reason>,
}

/// An area's people as they are compared.
#[derive(Debug, Default)]
pub struct Compared {
    people: Vec<(DocId, Traits)>,
    apart: Vec<[DocId; 2]>,
    /// Who stands for whom, where doubles were joined.
    stands_for: BTreeMap<DocId, DocId>,
    /// Of who came from another area, the first document.
    roots: BTreeMap<DocId, DocId>,
}

impl Compared {
    /// Takes in an area. Who is gone is asked about no more.
    pub fn add_area(&mut self, area_name: &str, view: &AreaView) {
        let present = view.residents.values().filter(|person| person.is_present());
        self.people.extend(present.map(|person| (person.canonical, traits_of(view, area_name, person))));
        // Of two areas, one has the word on it: who stands for whom is known when all are in.
        self.apart.extend(view.aparts.iter().map(|apart| apart.residents));
        let joined = view.residents.values().filter(|person| person.canonical != person.resident.id);
        self.stands_for.extend(joined.map(|person| (person.resident.id, person.canonical)));
    }

    /// Somebody of an area came from another, where `root` was their first document.
    pub fn came_from(&mut self, resident: DocId, root: DocId) {
        self.roots.insert(resident, root);
    }

    /// The most alike first.
    pub fn suggest(&self) -> Vec<Double> {
        // Who was told apart stays apart after a move.
        let person = |id: DocId| {
            let canonical = self.stands_for.get(&id).copied().unwrap_or(id);
            self.roots.get(&canonical).copied().unwrap_or(canonical)
        };
        let apart: BTreeSet<[DocId; 2]> = self.apart.iter().map(|pair| in_order(pair.map(person))).collect();
        let index = Index::new(self.people.iter().map(|(id, traits)| (*id, traits)));
        let pairs =
            index.pairs().into_iter().map(|(left, right, reasons)| Double { residents: [left, right], reasons });
        pairs
            .filter(|double| is_worth_asking(&double.reasons))
            .filter(|double| !apart.contains(&in_order(double.residents.map(person))))
            .collect()
    }
}

/// Fathers and sons of one name, brothers and sisters whose names differ by a letter: families are full of them, and whoever
/// is asked about each stops reading. A provider's list asks about them all the same, since there somebody is meant.
fn is_worth_asking(reasons: &[Reason]) -> bool {
    let has = |reason| reasons.contains(&reason);
    let lives_elsewhere_under_one_number = has(Reason::SamePhone) && !has(Reason::SameHome);
    match () {
        () if has(Reason::SameTail) => true,
        () if has(Reason::OtherYear) => lives_elsewhere_under_one_number,
        () if has(Reason::OneLetter) => has(Reason::SameYear) || lives_elsewhere_under_one_number,
        () => true,
    }
}

/// The doubles of one area, as its phones find them.
pub fn within(area_name: &str, view: &AreaView) -> Vec<Double> {
    let mut compared = Compared::default();
    compared.add_area(area_name, view);
    compared.suggest()
}

/// Records that were joined, group by group, each by the smallest id first: what may be parted again.
pub fn joined(view: &AreaView) -> Vec<Vec<&ResidentView>> {
    let is_double = |person: &&ResidentView| person.canonical != person.resident.id;
    let canonicals: BTreeSet<DocId> =
        view.residents.values().filter(is_double).map(|person| person.canonical).collect();
    let group =
        |canonical: DocId| view.residents.values().filter(move |person| person.canonical == canonical).collect();
    canonicals.into_iter().map(group).collect()
}

/// The links that hold the person of this resident together: correcting all of them parts the records.
pub fn links_of(view: &AreaView, resident: DocId) -> Vec<&Link> {
    let canonical = |id: &DocId| view.residents.get(id).map(|person| person.canonical);
    let of = canonical(&resident);
    let holds = |link: &&Link| of.is_some() && link.residents.iter().any(|id| canonical(id) == of);
    view.links.iter().filter(holds).collect()
}

pub fn in_order([left, right]: [DocId; 2]) -> [DocId; 2] {
    [left.min(right), left.max(right)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Campaign;
    use crate::coverage::Shown;
    use crate::visit::{Apart, Correction};
    use crate::{Day, Document, InstallId, Kind, Stamp, Value};

    const LEAD: DocId = DocId::from_u128(9);

    fn at(ms: u64) -> Stamp {
        Stamp { ms, counter: 0, install: InstallId(9) }
    }

    fn resident(id: u128, name: &str, year: i64) -> Document {
        let fields = [("name", Value::from(name)), ("birth_year", Value::Int(year))];
        Document::description(DocId::from_u128(id), Kind::Resident).with(at(1), fields)
    }

    fn view(documents: &[Document]) -> AreaView {
        let shown = documents.iter().map(|doc| Shown { doc, accepted: Some(1) });
        AreaView::build(shown, &Campaign::asking_nothing(), Day::at_ms(1_795_194_000_000))
    }

    fn pair(left: u128, right: u128) -> [DocId; 2] {
        [DocId::from_u128(left), DocId::from_u128(right)]
    }

    fn people() -> Vec<Document> {
        vec![resident(1, "Lý Văn Sơn", 1960), resident(2, "LI VAN SON", 1960), resident(3, "Lý Văn Sơn", 1990)]
    }

    fn suggested(documents: &[Document]) -> Vec<[DocId; 2]> {
        within("Tổ 5", &view(documents)).into_iter().map(|double| double.residents).collect()
    }

    #[test]
    fn families_are_not_asked_about() {
        use Reason as R;
        assert!(!is_worth_asking(&[R::SameName, R::OtherYear, R::SameHome]), "father and son");
        assert!(!is_worth_asking(&[R::OneLetter, R::YearOff, R::SameHome, R::SamePhone]), "two sisters");
        assert!(
            is_worth_asking(&[R::SameName, R::OtherYear, R::SamePhone, R::OtherPlace]),
            "moved, a year typed wrong"
        );
        assert!(is_worth_asking(&[R::OneLetter, R::SameYear, R::SameHome]));
        assert!(is_worth_asking(&[R::SameName, R::YearOff, R::SameHome]));
    }

    #[test]
    fn a_double_is_suggested_until_it_is_joined_and_again_when_it_is_parted() {
        let mut documents = people();
        assert_eq!(suggested(&documents), [pair(1, 2)]);
        let link = DocId::from_u128(50);
        documents.push(Document::fact(link, Kind::Link, at(2), Link::fields(pair(2, 1), LEAD)));
        assert!(suggested(&documents).is_empty());
        let joined_view = view(&documents);
        let groups: Vec<Vec<DocId>> =
            joined(&joined_view).iter().map(|group| group.iter().map(|person| person.resident.id).collect()).collect();
        assert_eq!(groups, [pair(1, 2)]);
        assert_eq!(links_of(&joined_view, DocId::from_u128(2))[0].id, link);
        assert!(links_of(&joined_view, DocId::from_u128(3)).is_empty());
        let correction = Correction::fields(link, LEAD, false);
        documents.push(Document::fact(DocId::from_u128(51), Kind::Correction, at(3), correction));
        assert_eq!(suggested(&documents), [pair(1, 2)]);
    }

    #[test]
    fn who_was_looked_at_and_is_not_one_person_is_not_asked_about_again() {
        let mut documents = people();
        let apart = DocId::from_u128(52);
        documents.push(Document::fact(apart, Kind::Apart, at(2), Apart::fields(pair(2, 1), LEAD)));
        assert!(suggested(&documents).is_empty());
        let correction = Correction::fields(apart, LEAD, false);
        documents.push(Document::fact(DocId::from_u128(53), Kind::Correction, at(3), correction));
        assert_eq!(suggested(&documents), [pair(1, 2)]);
    }

    #[test]
    fn who_is_gone_is_nobodys_double() {
        let mut documents = people();
        documents[0].set("gone".to_owned(), "deleted".into(), at(2));
        assert!(suggested(&documents).is_empty());
    }
}
