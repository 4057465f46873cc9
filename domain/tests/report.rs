//! Reports: what they cover, what freezing means, and that they hold figures only.

use std::collections::BTreeMap;

use domain::campaign::{AgeRule, Campaign, ReportSlot, ServiceGoal, SlotDay, Weekday};
use domain::coverage::{AreaView, Shown};
use domain::daily::Daily;
use domain::document::{Document, Kind};
use domain::report::{self, Figures, Phones, Report, Sent, Subject, Wanted};
use domain::service::{Origin, Service, Step};
use domain::summary::Summary;
use domain::visit::{Outcome, Visit, VisitResult};
use domain::{Day, DocId, InstallId, Moment, Stamp, Value};
use proptest::prelude::*;

const AN: DocId = DocId::from_u128(0xa);
const AREA: DocId = DocId::from_u128(0xf);
const HOUSEHOLDS: u128 = 6;
const HOUR_MS: u64 = 3_600_000;

/// Cho Don's rhythm: Monday and Thursday before 14h.
fn campaign() -> Campaign {
    let age = AgeRule { years: 14, inclusive: true };
    Campaign {
        name: "Đợt thử".to_owned(),
        starts_on: Some(day("2025-07-28")),
        serves: age,
        counts: age,
        services: vec![
            ServiceGoal::new(Service::EidLevel2, Step::Activated),
            ServiceGoal::new(Service::PublicSignature, Step::Registered),
        ],
        report_slots: vec![ReportSlot {
            when: SlotDay::Weekdays(vec![Weekday::Monday, Weekday::Thursday]),
            before_hour: Some(14),
            from: String::new(),
            to: "UBND xã".to_owned(),
            channel: String::new(),
            link: String::new(),
        }],
        ..Campaign::asking_nothing()
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn at(text: &str, hour: u64) -> u64 {
    u64::try_from(day(text).start_ms()).expect("after 1970") + hour * HOUR_MS
}

/// Who lives in the area: one person a household, called what no report may say.
fn area() -> Vec<Document> {
    let stamp = Stamp { ms: 1, counter: 0, install: InstallId(1) };
    let mut documents = Vec::new();
    for number in 0..HOUSEHOLDS {
        let (household, resident) = (DocId::from_u128(0x100 + number), DocId::from_u128(0x200 + number));
        documents
            .push(Document::description(household, Kind::Household).with(stamp, [("head", "Lường Thị Mẩy".into())]));
        let fields: [(&str, Value); 3] =
            [("household", household.into()), ("name", "Lường Thị Mẩy".into()), ("birth_year", 1980.into())];
        documents.push(Document::description(resident, Kind::Resident).with(stamp, fields));
    }
    documents
}

/// A visit or a result, made at an hour, for that day or an earlier one.
fn fact(id: u128, household: u128, made_ms: u64, on: Day, what: usize) -> Document {
    let stamp = Stamp { ms: made_ms, counter: 0, install: InstallId(1) };
    let (house, resident) = (DocId::from_u128(0x100 + household), DocId::from_u128(0x200 + household));
    let (kind, fields) = match what {
        0 => (Kind::Visit, Visit::fields(house, AN, on, VisitResult::Met, None, &[], "")),
        1 => (Kind::Outcome, Outcome::fields(resident, AN, on, Step::Activated, Origin::NewlyInstalled)),
        _ => (Kind::Outcome, Outcome::fields(resident, AN, on, Step::Registered, Origin::PreExisting)),
    };
    Document::fact(DocId::from_u128(0x1000 + id), kind, stamp, fields)
}

fn make(documents: &[Document], wanted: Wanted<'_>, before: Option<&Report>, now_ms: u64) -> Report {
    let plan = campaign();
    let shown = documents.iter().map(|doc| Shown { doc, accepted: Some(1) });
    let view = AreaView::build(shown, &plan, Day::at_ms(now_ms));
    let (summary, daily) = (Summary::of(&view, &plan), Daily::of(&view, &plan));
    let subject = Subject {
        unit: "Tổ 5".to_owned(),
        within: "Xã Chợ Đồn".to_owned(),
        phones: Phones { all: 5, late: 2 },
        synced_ms: Some(now_ms),
        ..Subject::default()
    };
    report::make(&plan, &subject, Figures { summary: &summary, daily: &daily }, &[], wanted, before, now_ms)
}

fn line<'a>(report: &'a Report, key: &str) -> &'a report::Line {
    report.lines.iter().find(|line| line.key == key).expect("a line of the plan")
}

#[test]
fn the_afternoon_after_a_slot_belongs_to_the_next_report() {
    let plan = campaign();
    let monday = Wanted::Slot { slot: &plan.report_slots[0], day: day("2025-08-04") };
    let mut documents = area();
    documents.push(fact(1, 0, at("2025-08-04", 9), day("2025-08-04"), 0));
    documents.push(fact(2, 1, at("2025-08-04", 15), day("2025-08-04"), 0));
    let report = make(&documents, monday, None, at("2025-08-04", 16));
    assert_eq!((line(&report, "reached").in_period, line(&report, "reached").cumulative), (Some(1), 1));
    assert_eq!(report.from, "2025-07-31T14".parse::<Moment>().ok());
    assert_eq!(report.due, "Thứ Hai 04/08/2025, trước 14h00");
}

#[test]
fn what_arrives_late_is_the_next_reports_adjustment() {
    let plan = campaign();
    let slot = |on| Wanted::Slot { slot: &plan.report_slots[0], day: day(on) };
    let mut documents = area();
    documents.push(fact(1, 0, at("2025-08-04", 9), day("2025-08-04"), 0));
    let monday = make(&documents, slot("2025-08-04"), None, at("2025-08-04", 13));
    // A colleague's visits: one of Monday morning that came in on Tuesday, one of Wednesday.
    documents.push(fact(2, 1, at("2025-08-04", 10), day("2025-08-04"), 0));
    documents.push(fact(3, 2, at("2025-08-06", 10), day("2025-08-06"), 0));
    let thursday = make(&documents, slot("2025-08-07"), Some(&monday), at("2025-08-07", 13));
    let reached = line(&thursday, "reached");
    assert_eq!((reached.adjustment, reached.in_period, reached.cumulative), (Some(1), Some(1), 3));
    assert_eq!(line(&monday, "reached").cumulative, 1);
    assert!(report::message(&thursday).contains("Điều chỉnh số đã báo kỳ trước: Số hộ đã tiếp cận +1"));
}

#[test]
fn a_report_follows_the_last_one_sent_for_the_same_slot() {
    let plan = campaign();
    let slot = |on| Wanted::Slot { slot: &plan.report_slots[0], day: day(on) };
    let sent = |id: u128, of, wanted, now_ms| {
        let fields = Sent::fields(AN, of, &make(&area(), wanted, None, now_ms)).expect("fields");
        let stamp = Stamp { ms: now_ms, counter: 0, install: InstallId(1) };
        let document = Document::fact(DocId::from_u128(id), Kind::Report, stamp, fields);
        assert_eq!(document.check(), Ok(()));
        Sent::read(&document).expect("a sent report")
    };
    let all = [
        sent(1, Some(AREA), slot("2025-07-31"), at("2025-07-31", 13)),
        sent(2, Some(AREA), slot("2025-08-04"), at("2025-08-04", 13)),
        sent(3, None, slot("2025-08-04"), at("2025-08-04", 13)),
        sent(4, Some(AREA), Wanted::Now, at("2025-08-05", 10)),
    ];
    let now_ms = at("2025-08-07", 13);
    let before = |area, wanted| report::previous(&all, area, wanted, now_ms).map(|sent| sent.id.as_u128());
    assert_eq!(before(Some(AREA), slot("2025-08-07")), Some(2));
    assert_eq!(before(Some(AREA), Wanted::Now), Some(4));
    assert_eq!(before(None, slot("2025-08-07")), Some(3));
    assert_eq!(before(Some(AREA), slot("2025-07-31")), None);
}

#[test]
fn a_report_names_nobody_in_any_of_its_shapes() {
    let mut documents = area();
    documents.push(fact(1, 0, at("2025-08-04", 9), day("2025-08-04"), 0));
    let report = make(&documents, Wanted::Now, None, at("2025-08-04", 13));
    let file = String::from_utf8_lossy(&report::xlsx::file(&report)).into_owned();
    for text in [report::message(&report), report::row(&report), file] {
        assert!(text.contains("Tổ 5") || text.contains("TỔ 5"));
        assert!(!text.contains("Mẩy") && !text.contains("MẨY"));
    }
}

#[test]
fn the_row_has_a_cell_for_every_heading_and_nothing_is_taken_for_a_formula() {
    let mut report = make(&area(), Wanted::Now, None, at("2025-08-04", 13));
    report.unit = "=HYPERLINK(\"http://x\")\tTổ 5".to_owned();
    let (row, header) = (report::row(&report), report::header_row(&report));
    assert_eq!(row.split('\t').count(), header.split('\t').count());
    assert!(row.starts_with("'=HYPERLINK"));
}

proptest! {
    /// Whatever arrives when: for every line that has days, what was reported, what changed of it and what is new make
    /// up the new total; and the report that was sent first is not touched by any of it.
    #[test]
    fn reported_and_adjusted_and_new_make_the_total(
        facts in proptest::collection::vec((0..HOUSEHOLDS, 0..14u64, 6..20u64, 0..3u64, 0..3usize, any::<bool>()), 0..40),
    ) {
        let plan = campaign();
        let slot = |on| Wanted::Slot { slot: &plan.report_slots[0], day: day(on) };
        let (mut known, mut all) = (area(), area());
        for (id, (household, on, hour, backdated, what, is_late)) in (0..).zip(facts) {
            let made = day("2025-07-28").plus(i32::try_from(on).expect("small"));
            let made_ms = u64::try_from(made.start_ms()).expect("after 1970") + hour * HOUR_MS;
            let document = fact(id, household, made_ms, made.plus(-i32::try_from(backdated).expect("small")), what);
            if !is_late && made_ms < at("2025-08-04", 13) {
                known.push(document.clone());
            }
            all.push(document);
        }
        let first = make(&known, slot("2025-08-04"), None, at("2025-08-04", 13));
        let second = make(&all, slot("2025-08-11"), Some(&first), at("2025-08-11", 13));
        for line in &second.lines {
            let Some(in_period) = line.in_period else { continue };
            let reported = first.lines.iter().find(|old| old.key == line.key).expect("the same lines");
            let sum = reported.cumulative.cast_signed() + line.adjustment.expect("follows a report")
                + in_period.cast_signed();
            prop_assert_eq!(sum, line.cumulative.cast_signed(), "{}", line.key);
        }
        let fields: BTreeMap<String, Value> = Sent::fields(AN, Some(AREA), &first).expect("fields");
        let read: Option<Report> = fields["report"].parse();
        prop_assert_eq!(read.as_ref(), Some(&first));
    }
}
