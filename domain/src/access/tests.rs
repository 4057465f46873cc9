use std::collections::BTreeMap;

use super::*;
use crate::merge::merge;
use crate::{Body, InstallId, Stamp, Value};

const COMMUNE: DocId = DocId::from_u128(0xc0);
const AREA: DocId = DocId::from_u128(0xa0);
const AN: DocId = DocId::from_u128(0xa1);
const BINH: DocId = DocId::from_u128(0xb1);
const LAN: DocId = DocId::from_u128(0x200);
const LEFT_MS: u64 = 1_000_000;

fn at(ms: u64) -> Stamp {
    Stamp { ms, counter: 0, install: InstallId(1) }
}

fn grant(role: Role) -> Grant {
    Grant { member: AN, commune: COMMUNE, role, areas: vec![AREA], left: Vec::new() }
}

fn gone() -> Grant {
    Grant { areas: Vec::new(), left: vec![(AREA, LEFT_MS)], ..grant(Role::Member) }
}

fn place(kind: ScopeKind) -> Place {
    let scope = match kind {
        ScopeKind::Commune => COMMUNE,
        ScopeKind::Figures => DocId::figures(COMMUNE),
        ScopeKind::Area => AREA,
    };
    Place { kind, scope, commune: COMMUNE }
}

fn lan() -> Document {
    Document::description(LAN, Kind::Resident).with(at(5), [("name", Value::text("Hoàng Thị Lan"))])
}

fn bare(kind: Kind, erased: bool) -> Document {
    Document { erased, ..Document::description(LAN, kind) }
}

/// As the server asks: what is stored, what is pushed.
fn may(grant: &Grant, kind: ScopeKind, stored: Option<&Document>, pushed: &Document) -> bool {
    let merged = merge(stored.unwrap_or(pushed), pushed);
    grant.judge(place(kind), stored, &merged, pushed).is_ok()
}

#[test]
fn nobody_erases_by_a_mark_with_or_without_fields() {
    let stored = lan();
    let full = Document { erased: true, ..lan() };
    for who in [grant(Role::Member), grant(Role::Lead), grant(Role::Coordinator), gone()] {
        for pushed in [&full, &bare(Kind::Resident, true)] {
            assert!(!may(&who, ScopeKind::Area, Some(&stored), pushed), "{who:?} {pushed:?}");
            assert!(!may(&who, ScopeKind::Area, None, pushed), "{who:?} {pushed:?}");
        }
    }
}

#[test]
fn a_document_without_fields_passes_as_nothing_that_it_is_not() {
    let member = grant(Role::Member);
    assert!(!may(&member, ScopeKind::Area, None, &bare(Kind::Route, false)));
    assert!(!may(&member, ScopeKind::Commune, None, &bare(Kind::Campaign, false)));
    assert!(!may(&gone(), ScopeKind::Area, None, &bare(Kind::Resident, false)), "nobody's earlier work");
}

#[test]
fn who_has_left_brings_what_they_made_before_and_nothing_else() {
    let edit = |ms| Document::description(LAN, Kind::Resident).with(at(ms), [("note", Value::text("x"))]);
    assert!(may(&gone(), ScopeKind::Area, Some(&lan()), &edit(LEFT_MS)));
    assert!(!may(&gone(), ScopeKind::Area, Some(&lan()), &edit(LEFT_MS + AHEAD_MS_MAX + 1)));
    let visit =
        |ms| Document::fact(DocId::from_u128(9), Kind::Visit, at(ms), BTreeMap::from([("member".into(), AN.into())]));
    assert!(may(&gone(), ScopeKind::Area, None, &visit(LEFT_MS)));
    assert!(!may(&gone(), ScopeKind::Area, None, &visit(LEFT_MS + AHEAD_MS_MAX + 1)));
}

#[test]
fn an_erasure_is_a_leads_word_under_their_own_name() {
    let day = crate::Day::at_ms(LEFT_MS);
    let of = |member| {
        let fields = crate::erasure::fields((LAN, &Kind::Resident), member, day, crate::erasure::Reason::Asked);
        Document::fact(DocId::from_u128(9), Kind::Erasure, at(9), fields)
    };
    assert!(!may(&grant(Role::Member), ScopeKind::Area, None, &of(AN)));
    assert!(may(&grant(Role::Lead), ScopeKind::Area, None, &of(AN)));
    assert!(!may(&grant(Role::Lead), ScopeKind::Area, None, &of(BINH)));
    let gone = Grant { role: Role::Lead, ..gone() };
    assert!(!may(&gone, ScopeKind::Area, None, &of(AN)), "never by somebody who has left");
}

#[test]
fn nobody_raises_their_own_rights() {
    let member = |id| Document::description(id, Kind::Member).with(at(1), [("role", Value::text("member"))]);
    let raised = |id| Document::description(id, Kind::Member).with(at(2), [("role", Value::text("coordinator"))]);
    let coordinator = grant(Role::Coordinator);
    assert!(may(&coordinator, ScopeKind::Commune, Some(&member(BINH)), &raised(BINH)));
    assert!(!may(&coordinator, ScopeKind::Commune, Some(&member(AN)), &raised(AN)));
    let renamed = Document::description(AN, Kind::Member).with(at(2), [("name", Value::text("An"))]);
    assert!(may(&coordinator, ScopeKind::Commune, Some(&member(AN)), &renamed));
}

#[test]
fn a_commune_has_one_document_of_itself() {
    let other =
        Document::description(DocId::from_u128(7), Kind::Commune).with(at(1), [("name", Value::text("Xã Giả"))]);
    assert!(!may(&grant(Role::Coordinator), ScopeKind::Commune, None, &other));
    assert!(may(&grant(Role::Coordinator), ScopeKind::Commune, Some(&bare_commune()), &named_commune()));
}

fn bare_commune() -> Document {
    Document::description(COMMUNE, Kind::Commune)
}

fn named_commune() -> Document {
    bare_commune().with(at(1), [("name", Value::text("Xã Chợ Đồn"))])
}

#[test]
fn what_changes_nothing_asks_for_nothing() {
    for stored in [lan(), bare(Kind::Route, false), bare(Kind::Resident, true)] {
        assert!(effects(Some(&stored), &merge(&stored, &stored)).is_empty());
        assert!(may(&grant(Role::Member), ScopeKind::Area, Some(&stored), &stored));
    }
}

/// A planted loosening is only found where its row decides something.
#[test]
fn every_row_of_the_table_decides_a_case_that_no_earlier_row_decides() {
    for (number, right) in RIGHTS.iter().enumerate() {
        let kinds: Vec<Kind> = match right.subject {
            Subject::Kinds(kinds) => kinds.to_vec(),
            Subject::All => vec![Kind::Resident],
            Subject::NewerFacts | Subject::NewerDescriptions => vec![Kind::Other("survey".into())],
        };
        let is_free = |kind: &Kind| {
            RIGHTS[..number].iter().all(|earlier| {
                earlier.scope != right.scope
                    || earlier.act != right.act
                    || match earlier.subject {
                        Subject::Kinds(kinds) => !kinds.contains(kind),
                        Subject::All => false,
                        other => other != right.subject,
                    }
            })
        };
        assert!(kinds.iter().all(is_free), "row {number}: {right:?}");
    }
}

#[test]
fn only_known_kinds_of_a_scope_are_written_there() {
    let strangers = [
        (ScopeKind::Area, Kind::Member),
        (ScopeKind::Area, Kind::Summary),
        (ScopeKind::Area, Kind::Report),
        (ScopeKind::Commune, Kind::Household),
        (ScopeKind::Figures, Kind::Resident),
        (ScopeKind::Figures, Kind::Summary),
        (ScopeKind::Figures, Kind::PhoneState),
    ];
    for (scope, kind) in strangers {
        let mut doc = bare(kind.clone(), false);
        doc.set("member".to_owned(), AN.into(), at(1));
        if kind.is_fact() == Some(true) {
            doc.body = Body::Fact { at: at(1), fields: BTreeMap::from([("member".to_owned(), AN.into())]) };
        }
        assert!(!may(&grant(Role::Coordinator), scope, None, &doc), "{kind:?} in {scope:?}");
    }
}
