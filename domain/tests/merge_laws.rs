//! The laws that let phones and server exchange documents in any order, any number of times.
//!
//! The documents are drawn from a small world on purpose: few ids, names and stamps, so that equal stamps, cloned
//! installs, erased copies and two sorts of document under one id are common.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::document::{Body, Register};
use domain::merge::{conflicts, difference, erase, merge};
use domain::{DocId, Document, InstallId, Kind, Stamp, Value};
use proptest::prelude::*;

fn stamp() -> impl Strategy<Value = Stamp> {
    (0..3_u64, 0..2_u32, 0..2_u64).prop_map(|(ms, counter, install)| Stamp { ms, counter, install: InstallId(install) })
}

fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop_oneof![0..3_i64, Just(i64::MIN), Just(i64::MAX)].prop_map(Value::Int),
        prop_oneof!["[a-c]{0,2}", "\\PC{0,6}"].prop_map(Value::Text),
    ];
    plain.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::btree_map("[a-b]{0,1}", inner, 0..3).prop_map(Value::Map),
        ]
    })
}

/// Names that erasure keeps, names that it strips, and one that no version knows yet.
fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["household", "member", "day", "birth_year", "name", "phone", "note", "x_from_2030"])
        .prop_map(str::to_owned)
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![
        "commune",
        "area",
        "member",
        "campaign",
        "route",
        "household",
        "resident",
        "visit",
        "outcome",
        "proficiency",
        "correction",
        "link",
        "summary",
        "phone_state",
        "blood_group",
        "",
    ])
    .prop_map(Kind::from_name)
}

fn body() -> impl Strategy<Value = Body> {
    let register = (stamp(), value()).prop_map(|(stamp, value)| Register { stamp, value });
    prop_oneof![
        prop::collection::btree_map(name(), register, 0..5).prop_map(Body::Description),
        (stamp(), prop::collection::btree_map(name(), value(), 0..5))
            .prop_map(|(at, fields)| Body::Fact { at, fields }),
    ]
}

/// As it can be stored: what is erased carries nothing that erasure strips.
fn document_of(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Document> {
    (kind, any::<bool>(), body()).prop_map(|(kind, is_erased, body)| {
        let mut document = Document { id: DocId::from_u128(7), kind, erased: false, body };
        if is_erased {
            erase(&mut document);
        }
        document
    })
}

fn document() -> impl Strategy<Value = Document> {
    document_of(kind())
}

fn fact() -> impl Strategy<Value = Document> {
    (document(), stamp()).prop_map(|(mut document, at)| {
        if !document.is_fact() {
            document.body = Body::Fact { at, fields: BTreeMap::new() };
        }
        document
    })
}

/// Versions of one honest document: one kind, always a description.
fn description() -> impl Strategy<Value = Document> {
    document_of(Just(Kind::Resident)).prop_map(|mut document| {
        if document.is_fact() {
            document.body = Body::Description(BTreeMap::new());
        }
        document
    })
}

/// As it can arrive: an erased document may still carry names.
fn unscrubbed() -> impl Strategy<Value = Document> {
    (0..2_u128, kind(), any::<bool>(), body()).prop_map(|(id, kind, erased, body)| Document {
        id: DocId::from_u128(id),
        kind,
        erased,
        body,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_two_versions_does_not_matter(a in document(), b in document()) {
        prop_assert_eq!(merge(&a, &b), merge(&b, &a));
    }

    #[test]
    fn the_grouping_of_three_versions_does_not_matter(a in document(), b in document(), c in document()) {
        prop_assert_eq!(merge(&merge(&a, &b), &c), merge(&a, &merge(&b, &c)));
    }

    #[test]
    fn the_same_version_again_changes_nothing(a in document(), b in document()) {
        prop_assert_eq!(merge(&a, &a), a.clone());
        let joined = merge(&a, &b);
        prop_assert_eq!(merge(&joined, &a), joined.clone());
        prop_assert_eq!(merge(&joined, &b), joined);
    }

    #[test]
    fn the_laws_hold_for_what_never_was_scrubbed_and_for_other_ids(
        a in unscrubbed(), b in unscrubbed(), c in unscrubbed()
    ) {
        prop_assert_eq!(merge(&a, &b), merge(&b, &a));
        prop_assert_eq!(merge(&merge(&a, &b), &c), merge(&a, &merge(&b, &c)));
        let joined = merge(&a, &b);
        prop_assert_eq!(merge(&joined, &a), joined);
    }

    #[test]
    fn an_erased_document_stays_erased_whatever_arrives(a in unscrubbed(), b in unscrubbed()) {
        let mut erased = a.clone();
        erase(&mut erased);
        let joined = merge(&erased, &b);
        prop_assert!(joined.erased);
        let mut again = joined.clone();
        erase(&mut again);
        prop_assert_eq!(again, joined, "nothing that erasure strips comes back");
    }

    #[test]
    fn what_the_other_side_lacks_is_enough(mine in description(), base in description()) {
        let mine = merge(&mine, &base);
        prop_assert_eq!(merge(&base, &difference(&mine, &base)), mine);
    }

    #[test]
    fn of_a_fact_everything_is_sent(a in fact(), b in document()) {
        prop_assert_eq!(difference(&a, &b), a);
    }

    #[test]
    fn a_conflict_is_seen_from_both_sides(a in document(), b in document()) {
        prop_assert_eq!(conflicts(&a, &b), conflicts(&b, &a));
        prop_assert!(!conflicts(&a, &a));
        let mut erased = a.clone();
        erase(&mut erased);
        prop_assert!(!conflicts(&a, &erased), "erasing is no second content");
    }

    #[test]
    fn a_record_and_its_erased_copy_meet_in_the_erased_one(a in fact()) {
        let mut erased = a.clone();
        erase(&mut erased);
        prop_assert_eq!(merge(&a, &erased), erased);
    }

    #[test]
    fn a_document_comes_back_from_json_as_it_was(a in unscrubbed()) {
        let text = serde_json::to_string(&a).expect("a document");
        prop_assert_eq!(serde_json::from_str::<Document>(&text).expect("the same document"), a);
    }

    #[test]
    fn merging_before_or_after_the_wire_is_the_same(a in document(), b in document()) {
        let wire = |document: &Document| -> Document {
            serde_json::from_str(&serde_json::to_string(document).expect("json")).expect("a document")
        };
        prop_assert_eq!(merge(&wire(&a), &wire(&b)), wire(&merge(&a, &b)));
    }

    #[test]
    fn equal_documents_and_only_they_have_equal_bytes(a in unscrubbed(), b in unscrubbed()) {
        prop_assert_eq!(a.canonical_bytes() == b.canonical_bytes(), a == b);
    }

    #[test]
    fn a_digest_forgets_what_is_removed_and_the_order(documents in prop::collection::vec(unscrubbed(), 1..6)) {
        let whole = Digest::of(&documents);
        prop_assert_eq!(whole, Digest::of(documents.iter().rev()));
        let mut rest = whole;
        rest.remove(&documents[0]);
        prop_assert_eq!(rest, Digest::of(&documents[1..]));
        rest.add(&documents[0]);
        prop_assert_eq!(rest, whole);
        let text = serde_json::to_string(&whole).expect("text");
        prop_assert_eq!(serde_json::from_str::<Digest>(&text).expect("the same digest"), whole);
    }

    #[test]
    fn any_document_can_be_checked(a in unscrubbed(), noise in "\\PC{0,40}") {
        let _ = a.check();
        let _ = serde_json::from_str::<Document>(&noise);
        let text = serde_json::to_string(&a).expect("json");
        let cut: String = text.chars().take(text.chars().count() / 2).chain(noise.chars()).collect();
        let _ = serde_json::from_str::<Document>(&cut).map(|document| document.check());
    }
}

#[test]
fn two_values_under_one_stamp_in_one_message_are_read_the_same_in_any_order() {
    let id = DocId::from_u128(1);
    let read = |first: &str, second: &str| -> Document {
        let text = format!(
            r#"{{"id":"{id}","k":"resident","e":[["5-0-a",{{"name":"{first}"}}],["5-0-a",{{"name":"{second}"}}]]}}"#
        );
        serde_json::from_str(&text).expect("a document")
    };
    assert_eq!(read("Hoa", "Huệ"), read("Huệ", "Hoa"));
}
