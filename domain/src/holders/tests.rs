use super::*;
use crate::campaign::Campaign;
use crate::coverage::Shown;
use crate::service::Origin;
use crate::visit::Correction;
use crate::{InstallId, Stamp};

const AREA: DocId = DocId::from_u128(1);
const HOME: DocId = DocId::from_u128(2);
const HELPER: DocId = DocId::from_u128(3);
const OFFICE: DocId = DocId::from_u128(4);
const LAN: DocId = DocId::from_u128(5);
const LAN_TOO: DocId = DocId::from_u128(6);
const STEP: Step = Step::SignatureActivated;

fn at(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, install: InstallId(9) }
}

fn day(number: i32) -> Day {
    Day::at_ms(1_795_194_000_000).plus(number)
}

fn resident(id: DocId, name: &str, phone: &str) -> Document {
    let fields = [("household", HOME.into()), ("name", name.into()), ("birth_year", Value::Int(1980))];
    let doc = Document::description(id, Kind::Resident).with(at(1), fields);
    if phone.is_empty() { doc } else { doc.with(at(1), [("phone", Value::from(phone))]) }
}

fn area() -> Vec<Document> {
    let home = Document::description(HOME, Kind::Household).with(at(1), [("house_no", Value::from("12"))]);
    vec![home, resident(LAN, "Nguyễn Thị Lan", "0912345678"), resident(LAN_TOO, "Nguyễn Thị Lân", "")]
}

fn residents(documents: &[Document]) -> Residents {
    let view = AreaView::build(
        documents.iter().map(|doc| Shown { doc, accepted: Some(1) }),
        &Campaign::asking_nothing(),
        day(0),
    );
    let mut residents = Residents::default();
    residents.add_area(AREA, "Tổ 5", &view, documents);
    residents
}

fn holder(name: &str, phone: Option<&str>) -> ListedHolder {
    ListedHolder {
        row: 4,
        name: name.to_owned(),
        birth_year: Some(1980),
        birth_day: None,
        phone: phone.map(str::to_owned),
        address: String::new(),
        cell: None,
        provider: Some("VNPT".to_owned()),
        expires_on: None,
    }
}

fn outcome(step: Step, origin: Origin) -> Document {
    Document::fact(DocId::from_u128(77), Kind::Outcome, at(5), Outcome::fields(LAN, HELPER, day(-3), step, origin))
}

fn from_list() -> Document {
    let fields = outcome_fields(&holder("Nguyễn Thị Lan", None), LAN, OFFICE, day(0), STEP, None);
    Document::fact(outcome_id(LAN, STEP), Kind::Outcome, at(6), fields)
}

fn once(documents: &[Document], holders: &[ListedHolder]) -> Reconciled {
    reconcile(holders, STEP, &residents(documents), |_| None)
}

#[test]
fn a_certain_match_is_recorded_once_however_often_the_list_comes() {
    let list = [holder("NGUYEN THI LAN", Some("0912345678"))];
    let first = once(&area(), &list);
    assert_eq!(first.certain.iter().map(|found| found.resident).collect::<Vec<_>>(), [LAN]);
    let mut documents = area();
    documents.push(from_list());
    assert_eq!(once(&documents, &list), Reconciled { already_known: vec![0], ..Reconciled::default() });
    // In another list of the week, or twice in one.
    let twice = once(&area(), &[list[0].clone(), list[0].clone()]);
    assert_eq!((twice.certain.len(), twice.repeated), (1, vec![1]));
}

#[test]
fn what_a_list_said_and_somebody_took_back_does_not_come_again() {
    let mut documents = area();
    documents.push(from_list());
    let correction = Correction::fields(outcome_id(LAN, STEP), HELPER, true);
    documents.push(Document::fact(DocId::from_u128(78), Kind::Correction, at(7), correction));
    let again = once(&documents, &[holder("Nguyễn Thị Lan", Some("0912345678"))]);
    assert_eq!((again.certain.len(), again.taken_back.len()), (0, 1));
}

#[test]
fn whom_a_helper_is_at_work_with_is_left_to_the_helper() {
    let list = [holder("Nguyễn Thị Lan", Some("0912345678"))];
    let with = |step, origin| {
        let mut documents = area();
        documents.push(outcome(step, origin));
        once(&documents, &list)
    };
    assert_eq!(with(Step::Registered, Origin::NewlyInstalled).being_helped.len(), 1);
    assert_eq!(with(Step::Activated, Origin::NewlyInstalled).certain.len(), 1, "another service");
    assert_eq!(with(Step::Registered, Origin::PreExisting).certain.len(), 1, "nobody's work");
    assert_eq!(with(Step::Used, Origin::NewlyInstalled).already_known, [0]);
}

#[test]
fn a_decision_is_asked_for_once() {
    let list = [holder("Nguyễn Thị Lan", None)];
    let residents = residents(&area());
    let asked = reconcile(&list, STEP, &residents, |_| None);
    let candidates: Vec<DocId> = asked.doubtful[0].candidates.iter().map(|candidate| candidate.key).collect();
    assert_eq!(candidates, [LAN, LAN_TOO]);
    let no = |of: &'static [DocId]| {
        let holder = list[0].clone();
        move |id| of.iter().any(|it| decision_id(&holder, *it) == id).then_some(false)
    };
    let left = reconcile(&list, STEP, &residents, no(&[LAN_TOO]));
    assert_eq!(left.doubtful[0].candidates.len(), 1, "one is ruled out, the other is still only alike");
    assert_eq!(reconcile(&list, STEP, &residents, no(&[LAN, LAN_TOO])).unmatched, [0]);
    let yes = reconcile(&list, STEP, &residents, |id| (id == decision_id(&list[0], LAN)).then_some(true));
    assert_eq!(yes.certain[0].resident, LAN);
}

#[test]
fn a_decision_is_for_this_holder_only() {
    let (one, other) = (holder("Nguyễn Thị Lan", None), holder("Nguyễn Thị Lan", Some("0912345678")));
    assert_ne!(decision_id(&one, LAN), decision_id(&other, LAN));
    let next_week = ListedHolder { row: 9, provider: None, expires_on: Some(day(9)), ..one.clone() };
    assert_eq!(decision_id(&one, LAN), decision_id(&next_week, LAN));
}

#[test]
fn who_is_gone_is_nobodys_match() {
    let mut documents = area();
    documents[1].set("gone".to_owned(), "deceased".into(), at(9));
    documents.remove(2);
    assert_eq!(once(&documents, &[holder("Nguyễn Thị Lan", Some("0912345678"))]).unmatched, [0]);
}
