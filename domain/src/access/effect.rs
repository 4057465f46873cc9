//! The differences that a write would make in a stored document.

use crate::document::{Body, Document};
use crate::{Stamp, Value};

/// One difference between what is stored and what the merge would store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect<'a> {
    /// The document comes into being, first written at its oldest stamp; `None` where it has no field.
    Made { at: Option<Stamp> },
    /// A field gets a value, or another one, or the same one under another stamp.
    Set { field: &'a str, value: &'a Value, at: Stamp, is_new: bool },
    /// What identifies a person goes, for good.
    Erased,
}

/// Every difference, none when nothing would change. `is_new` of a field tells that its document is new.
pub fn effects<'a>(stored: Option<&Document>, merged: &'a Document) -> Vec<Effect<'a>> {
    let is_new = stored.is_none();
    let mut found = Vec::new();
    if is_new {
        found.push(Effect::Made { at: merged.stamps().into_iter().min() });
    }
    match &merged.body {
        Body::Description(registers) => {
            for (name, register) in registers {
                let known = stored.and_then(|stored| match &stored.body {
                    Body::Description(known) => known.get(name),
                    Body::Fact { .. } => None,
                });
                if known != Some(register) {
                    found.push(Effect::Set { field: name, value: &register.value, at: register.stamp, is_new });
                }
            }
        }
        Body::Fact { at, fields } => {
            for (name, value) in fields {
                if stored.and_then(|stored| stored.value(name)) != Some(value) {
                    found.push(Effect::Set { field: name, value, at: *at, is_new });
                }
            }
        }
    }
    if merged.erased && !stored.is_some_and(|stored| stored.erased) {
        found.push(Effect::Erased);
    }
    found
}
