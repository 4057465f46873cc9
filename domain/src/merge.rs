//! Two versions of a document in, one out. The heart of the system; `tests/merge_laws.rs` proves the laws.
//!
//! ```text
//!        phone A ──a──┐
//!                     ├── merge(a, b) == merge(b, a), and merging either again changes nothing
//!        phone B ──b──┘
//! ```

use crate::document::{Body, Document, Register};

/// Joins two versions of one document. Commutative, associative and idempotent for all input, also hostile: two
/// documents under one id that differ in kind or in class cannot come from an honest phone, and the larger key wins.
#[must_use]
pub fn merge(left: &Document, right: &Document) -> Document {
    let erased = left.erased || right.erased;
    let mut joined = match class(left).cmp(&class(right)) {
        std::cmp::Ordering::Less => right.clone(),
        std::cmp::Ordering::Greater => left.clone(),
        std::cmp::Ordering::Equal => join_bodies(left, right),
    };
    joined.erased = erased;
    if erased {
        scrub(&mut joined);
    }
    joined
}

/// The document without what identifies a person; what the figures need stays.
pub fn erase(document: &mut Document) {
    document.erased = true;
    scrub(document);
}

/// What of `mine` the other side, known to hold `base`, does not have yet. Merging it into `base` gives `mine` again.
#[must_use]
pub fn difference(mine: &Document, base: &Document) -> Document {
    let (Body::Description(mine_fields), Body::Description(base_fields)) = (&mine.body, &base.body) else {
        return mine.clone();
    };
    if class(mine) != class(base) {
        return mine.clone();
    }
    let changed = mine_fields
        .iter()
        .filter(|(name, register)| base_fields.get(*name) != Some(register))
        .map(|(name, register)| (name.clone(), register.clone()))
        .collect();
    Document { body: Body::Description(changed), ..mine.clone() }
}

/// One id, two contents that cannot be versions of each other: a cloned phone or a mistake. Erasing a record is no second
/// content.
#[must_use]
pub fn conflicts(left: &Document, right: &Document) -> bool {
    if class(left) != class(right) {
        return true;
    }
    if !left.is_fact() {
        return false;
    }
    if left.erased == right.erased {
        return left != right;
    }
    let (mut left, mut right) = (left.clone(), right.clone());
    erase(&mut left);
    erase(&mut right);
    left != right
}

fn class(document: &Document) -> (crate::DocId, &str, bool) {
    (document.id, document.kind.name(), document.is_fact())
}

fn join_bodies(left: &Document, right: &Document) -> Document {
    let body = match (&left.body, &right.body) {
        (Body::Description(mine), Body::Description(theirs)) => {
            let mut joined = mine.clone();
            for (name, register) in theirs {
                let slot = joined.entry(name.clone()).or_insert_with(|| register.clone());
                if *register > *slot {
                    *slot = register.clone();
                }
            }
            Body::Description(joined)
        }
        // A fact is never changed, so two contents under one id are a cloned phone or an attack. The server refuses
        // the second; where they meet all the same, the larger wins. What survives erasure is compared first:
        // only so does it not matter whether erasure or the other content arrives earlier.
        _ if fact_order(left) >= fact_order(right) => left.body.clone(),
        _ => right.body.clone(),
    };
    Document { body, ..left.clone() }
}

fn fact_order(document: &Document) -> (Vec<u8>, Vec<u8>) {
    let mut scrubbed = document.clone();
    scrubbed.erased = false;
    scrub(&mut scrubbed);
    let mut full = document.clone();
    full.erased = false;
    (scrubbed.canonical_bytes(), full.canonical_bytes())
}

fn scrub(document: &mut Document) {
    let kept = document.kind.fields_kept_when_erased();
    match &mut document.body {
        Body::Description(registers) => registers.retain(|name, _: &mut Register| kept.contains(&name.as_str())),
        Body::Fact { fields, .. } => fields.retain(|name, _| kept.contains(&name.as_str())),
    }
}
