//! I3 for descriptions: the greatest stamp ever stored wins everywhere, and nothing is there that nobody wrote. For fields
//! of a newer version this is I11.

use std::collections::BTreeMap;

use domain::clock::AHEAD_MS_MAX;
use domain::document::{Body, Register};
use domain::{DocId, Document, Kind, Stamp};

use super::Truth;
use crate::fleet::fixture::OFFICE;
use crate::fleet::invariant::Invariant;
use crate::fleet::oracle::Edit;
use crate::fleet::versions::is_unknown_field;
use crate::fleet::world::World;

/// Everything else that was ever said of a field.
struct Others<'a> {
    /// As it was when the run began.
    first: Option<&'a Register>,
    /// By honest phones.
    all: &'a [Edit],
    /// By the adversary, as it may.
    foreign: &'a [Register],
}

impl World {
    pub(super) fn check_edits(&mut self, truth: &Truth) {
        let edits = std::mem::take(&mut self.oracle.edits);
        // Somebody who moves is one person with several documents: what is written of one arrives in another.
        let root = |id: DocId| truth.documents.get(&id).and_then(|stored| stored.doc.link("root")).unwrap_or(id);
        let mut of_root: BTreeMap<(DocId, &str), Vec<Edit>> = BTreeMap::new();
        for ((id, name), list) in &edits {
            of_root.entry((root(*id), name)).or_default().extend(list.iter().cloned());
        }
        let of_others = std::mem::take(&mut self.oracle.fields_of_others);
        let mut foreign: BTreeMap<(DocId, &str), Vec<Register>> = BTreeMap::new();
        for ((id, name), registers) in &of_others {
            foreign.entry((root(*id), name)).or_default().extend(registers.iter().cloned());
        }
        for ((id, name), list) in &edits {
            let all = &of_root[&(root(*id), name.as_str())];
            self.score.edits += list.len() as u64;
            let invariant = if is_unknown_field(name) { Invariant::UnknownSurvives } else { Invariant::NothingLost };
            let stored = truth.documents.get(id).map(|stored| &stored.doc);
            let now = stored.and_then(|doc| register(doc, name));
            let is_stripped = stored.is_some_and(|doc| doc.erased && now.is_none() && truth.is_erased_lawfully(doc));
            if is_stripped {
                continue;
            }
            self.checked(invariant);
            let first = self.fixture.documents.get(&root(*id)).and_then(|doc| register(doc, name)).cloned();
            let first = first.as_ref();
            let foreign = foreign.get(&(root(*id), name.as_str())).map_or(&[][..], Vec::as_slice);
            let others = Others { first, all, foreign };
            let binding: Vec<&Edit> = list.iter().filter(|edit| !self.is_excused(edit, *id, name, all)).collect();
            for edit in &binding {
                let newest = edit.stamps.last();
                if now.map(|register| &register.stamp) < newest && !self.is_overtaken(edit, now, &others) {
                    self.score.records_lost += 1;
                    let by = format!("{id} {name}={:?} of p{:02} at {newest:?}", edit.value, edit.phone);
                    self.violate(invariant, Some(*id), format!("{by}, but the server has {now:?}"));
                }
            }
            // The household of somebody who has moved is another document there; the office says so of who moves alone.
            let is_household = name == "household";
            let is_written = now.is_some_and(|now| {
                let is_same = |edit: &Edit| edit.value == now.value || is_household;
                all.iter().any(|edit| is_same(edit) && edit.stamps.contains(&now.stamp))
                    || (is_household && now.stamp.install == OFFICE)
                    || foreign.contains(now)
            });
            // Figures come from the server's own count; a phone that tries to write some must not succeed.
            let is_counted = stored.is_some_and(|doc| matches!(doc.kind, Kind::Summary | Kind::PhoneState));
            // An area that the restored office had to make again, of which nobody has told yet.
            let is_made_again = |now: &Register| now.stamp == Stamp { ms: 0, counter: 0, install: OFFICE };
            let is_area = stored.is_some_and(|doc| doc.kind == Kind::Area);
            let is_written = is_written || (is_area && self.restores > 0 && now.is_some_and(is_made_again));
            let is_known = if is_counted { !is_written } else { is_written || now.is_none() || now == first };
            if !is_known {
                self.score.doubled += 1;
                self.violate(invariant, Some(*id), format!("{id} {name} is {now:?}, which nobody wrote"));
            }
            let latest = binding.into_iter().max_by_key(|edit| edit.made_ms);
            let is_overtaken = latest.is_some_and(|latest| now.is_none_or(|now| latest.value != now.value));
            self.score.overtaken += u64::from(is_overtaken);
        }
        self.oracle.edits = edits;
    }

    /// Given up by the person, in the tray with a reason, or on a phone that is gone.
    fn is_excused(&self, edit: &Edit, id: DocId, name: &str, all: &[Edit]) -> bool {
        // A later edit of the same field goes into the tray with the document, perhaps under an earlier stamp: the clock was
        // set right in between.
        let is_own_later = |register: &Register| {
            let is_later = |other: &Edit| other.phone == edit.phone && other.made_ms >= edit.made_ms;
            all.iter().any(|other| is_later(other) && other.value == register.value)
        };
        let in_tray = self.tray(edit.phone, id).and_then(|doc| register(doc, name));
        edit.discarded
            || self.phones[edit.phone].is_gone
            || self.has_let_go(edit.phone, id, edit.made_ms)
            || self.waits_blocked(edit.phone, id)
            || in_tray.is_some_and(|register| is_own_later(register) || Some(&register.stamp) > edit.stamps.last())
    }

    /// A phone that learns how wrong its clock was puts its unsent edits in their place, and may find at that moment
    /// that something else was written later. What this costs is counted for I14; it is no loss. Where nothing is there,
    /// nothing else was written.
    fn is_overtaken(&self, edit: &Edit, now: Option<&Register>, others: &Others<'_>) -> bool {
        let (phone, Some(now)) = (&self.phones[edit.phone], now) else { return false };
        let is_own = |other: &Edit| other.phone == edit.phone && other.made_ms > edit.made_ms;
        // An edit comes to its true time, but for what a clock may be off unnoticed. Only a clock that was put forward
        // since, and not seen to be, takes it further back: then also before what was there when the run began.
        let is_since = |at_ms: u64| at_ms + AHEAD_MS_MAX >= edit.made_ms;
        let is_later = is_since(now.stamp.ms) || phone.put_forward_ms.is_some_and(is_since);
        let may_win = |other: &Edit| is_own(other) || (is_later && other.phone != edit.phone);
        let is_there = |other: &Edit| now.value == other.value && may_win(other);
        let is_anothers = Some(now) == others.first || others.foreign.contains(now);
        phone.has_been_off && ((is_later && is_anothers) || others.all.iter().any(is_there))
    }
}

fn register<'a>(doc: &'a Document, name: &str) -> Option<&'a Register> {
    match &doc.body {
        Body::Description(registers) => registers.get(name),
        Body::Fact { .. } => None,
    }
}
