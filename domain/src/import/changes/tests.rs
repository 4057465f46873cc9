use std::collections::BTreeMap;

use super::*;
use crate::import::{Cell, read_list};
use crate::merge::merge;
use crate::service::Origin;
use crate::{Clock, InstallId};

const AREA: DocId = DocId::from_u128(5);
const CLERK: DocId = DocId::from_u128(9);
const HELPER: DocId = DocId::from_u128(10);
const MONDAY_MS: u64 = 1_795_000_000_000;

/// An area that takes in documents as the server does.
#[derive(Clone, Default)]
struct Area {
    documents: BTreeMap<DocId, Document>,
    imports: u64,
    records: Vec<(Stamp, Undo)>,
}

impl Area {
    fn put(&mut self, document: Document) {
        let merged = self.documents.get(&document.id).map_or_else(|| document.clone(), |old| merge(old, &document));
        self.documents.insert(document.id, merged);
    }

    fn importing(&mut self) -> Importing {
        self.imports += 1;
        Importing {
            area: AREA,
            member: CLERK,
            batch: DocId::from_u128(1_000 + u128::from(self.imports)),
            day: Day::at_ms(MONDAY_MS),
            stamp: Stamp::of_list(MONDAY_MS + self.imports * 86_400_000),
        }
    }

    fn import(&mut self, rows: &[&str]) -> Changes {
        let importing = self.importing();
        let changes = compare(&list(rows), self.documents.values(), importing);
        for document in changes.described.clone() {
            self.put(document);
        }
        for (id, fields) in changes.outcomes.clone() {
            self.put(Document::fact(id, Kind::Outcome, importing.stamp, fields));
        }
        self.records.push((importing.stamp, changes.undo.clone()));
        changes
    }

    fn undo_last(&mut self) -> Undoing {
        let importing = self.importing();
        let (stamp, record) = self.records.pop().expect("an import");
        let undoing = undo(&record, stamp, self.documents.values(), importing);
        for document in undoing.described.clone() {
            self.put(document);
        }
        for (id, fields) in undoing.corrections.clone() {
            self.put(Document::fact(id, Kind::Correction, importing.stamp, fields));
        }
        undoing
    }

    /// As written at a door on that day after Monday.
    fn field_edit(&mut self, id: DocId, kind: Kind, day: u64, name: &str, value: Value) {
        let stamp = Clock::new(InstallId(77)).tick(MONDAY_MS + day * 86_400_000);
        self.put(Document::description(id, kind).with(stamp, [(name, value)]));
    }

    fn people(&self) -> Vec<(String, Option<i64>, String)> {
        let heads: BTreeMap<DocId, Household> = self
            .documents
            .values()
            .filter_map(Household::read)
            .filter(|it| !it.deleted)
            .map(|it| (it.id, it))
            .collect();
        let mut people: Vec<_> = self
            .documents
            .values()
            .filter_map(Resident::read)
            .filter(|it| !it.erased && it.gone != Some(crate::people::Gone::Deleted))
            .filter_map(|it| Some((it.name, it.birth_year, heads.get(&it.household?)?.head.clone())))
            .collect();
        people.sort();
        people
    }

    fn resident(&self, name: &str) -> Resident {
        let mut found = self.documents.values().filter_map(Resident::read).filter(|it| it.name == name);
        let resident = found.next().expect(name);
        assert_eq!(found.next(), None, "two of {name}");
        resident
    }
}

const HEADING: &str = "STT|Họ và tên|Năm sinh|Quan hệ với chủ hộ|Số nhà|Điện thoại|VNeID mức 2";

fn list(rows: &[&str]) -> List {
    let rows = std::iter::once(&HEADING).chain(rows);
    let cells: Vec<Vec<Cell>> = rows.map(|row| row.split('|').map(Cell::from).collect()).collect();
    read_list(&cells).expect("a list")
}

const FIRST: [&str; 5] = [
    "1|Nông Văn Tư|1957|Chủ hộ|12|0912345678|x",
    "|Hoàng Thị Mai|1958|Vợ|||",
    "|Nông Văn Hải|1985|Con|||",
    "2|Lường Thị Hoa|1990|Chủ hộ|14||",
    "|Ma Văn Sinh|1988|Chồng|||",
];

fn counts(changes: &Changes) -> BTreeMap<What, usize> {
    let mut counts = BTreeMap::new();
    for row in &changes.rows {
        *counts.entry(row.what).or_default() += 1;
    }
    counts
}

#[test]
fn a_first_import_adds_everyone_and_the_same_list_again_changes_nothing() {
    let mut area = Area::default();
    assert_eq!(counts(&area.import(&FIRST)), BTreeMap::from([(What::Added, 5)]));
    let before = area.documents.clone();
    let again = area.import(&FIRST);
    assert_eq!(counts(&again), BTreeMap::from([(What::Same, 5)]));
    assert!(again.described.is_empty() && again.outcomes.is_empty() && again.undo == Undo::default());
    assert_eq!(area.documents, before);
}

#[test]
fn a_corrected_list_changes_what_it_corrects_and_doubles_nobody() {
    let mut area = Area::default();
    area.import(&FIRST);
    let hai = area.resident("Nông Văn Hải").id;
    let corrected = [
        "1|Nông Văn Tư|1957|Chủ hộ|12A|0912345678|x",
        "|Hoàng Thị May|1958|Vợ|||x",
        "|Nông Văn Hải|1986|Con||0987654321|",
        "2|Lường Thị Hòa|1990|Chủ hộ|14||",
        "|Ma Văn Sinh|1988|Chồng|||",
    ];
    let changes = area.import(&corrected);
    assert_eq!(counts(&changes), BTreeMap::from([(What::Changed, 4), (What::Same, 1)]));
    assert_eq!(area.people().len(), 5);
    let resident = area.resident("Nông Văn Hải");
    assert_eq!((resident.id, resident.birth_year, resident.phone.as_deref()), (hai, Some(1986), Some("0987654321")));
    assert_eq!(changes.rows[1].already, [Step::Activated]);
    let told = &changes.rows[1].changed;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].before.as_str(), told[0].after.as_str()), ("Hoàng Thị Mai", "Hoàng Thị May"));
}

#[test]
fn what_the_field_recorded_stays_whenever_it_arrives() {
    let corrected = [
        "1|Nông Văn Tư|1957|Chủ hộ|12|0912345678|x",
        "|Hoàng Thị Mai|1959|Vợ||0911111111|",
        "|Nông Văn Hải|1985|Con|||",
        "2|Lường Thị Hoa|1990|Chủ hộ|14||",
        "|Ma Văn Sinh|1988|Chồng|||",
    ];
    let mut before = Area::default();
    before.import(&FIRST);
    let mai = before.resident("Hoàng Thị Mai").id;
    let mut after = before.clone();
    // Sent before the second list, and sent after it.
    before.field_edit(mai, Kind::Resident, 1, "birth_year", 1960_i64.into());
    let changes = before.import(&corrected);
    after.import(&corrected);
    after.field_edit(mai, Kind::Resident, 1, "birth_year", 1960_i64.into());
    for area in [&before, &after] {
        let mai = area.resident("Hoàng Thị Mai");
        assert_eq!((mai.birth_year, mai.phone.as_deref()), (Some(1960), Some("0911111111")));
    }
    assert_eq!(changes.rows[1].kept.len(), 1);
    assert_eq!(changes.rows[1].changed.len(), 1);
}

#[test]
fn who_lives_elsewhere_in_the_new_list_moves_and_stays_the_same_person() {
    let mut area = Area::default();
    area.import(&FIRST);
    let hai = area.resident("Nông Văn Hải").id;
    let split = [
        "1|Nông Văn Tư|1957|Chủ hộ|12|0912345678|x",
        "|Hoàng Thị Mai|1958|Vợ|||",
        "2|Lường Thị Hoa|1990|Chủ hộ|14||",
        "|Ma Văn Sinh|1988|Chồng|||",
        "3|Nông Văn Hải|1985|Chủ hộ|16||",
    ];
    let changes = area.import(&split);
    assert_eq!(counts(&changes), BTreeMap::from([(What::Same, 4), (What::Moved, 1)]));
    let resident = area.resident("Nông Văn Hải");
    assert_eq!(resident.id, hai);
    assert!(area.people().contains(&("Nông Văn Hải".to_owned(), Some(1985), "Nông Văn Hải".to_owned())));
}

#[test]
fn a_list_that_is_sorted_otherwise_or_lacks_people_harms_nobody() {
    let mut area = Area::default();
    area.import(&FIRST);
    let before = area.documents.clone();
    let changes = area.import(&["1|Lường Thị Hoa|1990|Chủ hộ|14||"]);
    assert_eq!((counts(&changes), changes.missing), (BTreeMap::from([(What::Same, 1)]), 4));
    assert_eq!(area.documents, before);
}

#[test]
fn people_whom_a_helper_added_at_the_door_are_found_in_the_list() {
    let mut area = Area::default();
    let stamp = Clock::new(InstallId(77)).tick(MONDAY_MS);
    let home = DocId::household(AREA, "12 nong van tu");
    area.put(
        Document::description(home, Kind::Household)
            .with(stamp, [("head", Value::from("Nông Văn Tư")), ("house_no", "12".into())]),
    );
    let tu = DocId::resident(home, "Nông Văn Tư", Some(1957));
    let fields = [("household", Value::from(home)), ("name", "Nông Văn Tư".into()), ("birth_year", 1957_i64.into())];
    area.put(Document::description(tu, Kind::Resident).with(stamp, fields));
    let changes = area.import(&FIRST);
    assert_eq!(area.people().len(), 5);
    assert_eq!(area.resident("Nông Văn Tư").id, tu);
    assert_eq!(counts(&changes), BTreeMap::from([(What::Added, 4), (What::Changed, 1)]));
}

#[test]
fn who_was_marked_as_a_mistake_or_erased_does_not_come_back() {
    let mut area = Area::default();
    area.import(&FIRST);
    let (mai, sinh) = (area.resident("Hoàng Thị Mai").id, area.resident("Ma Văn Sinh").id);
    area.field_edit(mai, Kind::Resident, 1, "gone", "deleted".into());
    let mut erased = Document::description(sinh, Kind::Resident);
    crate::merge::erase(&mut erased);
    area.put(erased);
    let changes = area.import(&FIRST);
    assert_eq!(counts(&changes), BTreeMap::from([(What::Deleted, 1), (What::Erased, 1), (What::Same, 3)]));
    assert_eq!(area.people().len(), 3);
}

#[test]
fn an_undone_import_leaves_what_was_there_and_may_come_again() {
    let mut area = Area::default();
    area.import(&FIRST[..3]);
    let people = area.people();
    let mut more = FIRST;
    more[1] = "|Hoàng Thị Mai|1958|Vợ||0911111111|x";
    area.import(&more);
    assert_eq!(area.people().len(), 5);
    let undoing = area.undo_last();
    assert_eq!((undoing.people_removed, undoing.people_kept), (2, 0));
    assert_eq!(area.people(), people);
    assert_eq!(area.resident("Hoàng Thị Mai").phone, None);
    let corrected = area.documents.values().filter_map(Correction::read).count();
    assert_eq!(corrected, 1);

    let again = area.import(&more);
    assert_eq!(counts(&again), BTreeMap::from([(What::Added, 2), (What::Changed, 1), (What::Same, 2)]));
    assert_eq!(area.people().len(), 5);
    assert_eq!(again.rows[1].already, [Step::Activated]);
}

#[test]
fn undoing_keeps_whom_somebody_has_recorded_since() {
    let mut area = Area::default();
    area.import(&FIRST);
    let (mai, hoa) = (area.resident("Hoàng Thị Mai").id, area.resident("Lường Thị Hoa").id);
    area.field_edit(mai, Kind::Resident, 1, "phone", "0911111111".into());
    let stamp = Clock::new(InstallId(77)).tick(MONDAY_MS);
    let fields = Outcome::fields(hoa, HELPER, Day::at_ms(MONDAY_MS), Step::Activated, Origin::NewlyInstalled);
    area.put(Document::fact(DocId::from_u128(4_242), Kind::Outcome, stamp, fields));
    let undoing = area.undo_last();
    assert_eq!((undoing.people_removed, undoing.people_kept), (3, 2));
    let names: Vec<String> = area.people().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["Hoàng Thị Mai", "Lường Thị Hoa"]);
}
