//! Mends the stamps of edits made under a wrong clock. Only the author does this, and only before the server has them.

use super::rows::{Draft, Mine};
use crate::clock::AHEAD_MS_MAX;
use crate::document::{Body, Document};
use crate::planted::{Mistake, is_planted};
use crate::{Day, DocId, Stamp, Value};

/// The hello has told that the clock was off by `delta_ms`: moves the stamps of edits made since it was last known.
/// Never past `now_ms` of the server: a clock that had gone back left stamps that only counted on.
pub(super) fn shift_unsettled(draft: &mut Draft<'_>, delta_ms: i64, now_ms: u64) {
    let (install, settled) = (draft.meta.install(), draft.meta.settled);
    let is_concerned =
        |stamp: Stamp| stamp.install == install && (stamp > settled || is_planted(Mistake::RestampAfterSending));
    for id in draft.ids() {
        restamp(draft, id, |stamp| {
            let shifted = stamp.shifted(delta_ms);
            is_concerned(stamp).then(|| Stamp { ms: shifted.ms.min(now_ms), ..shifted }.after(settled))
        });
    }
    settle_clock(draft, now_ms.saturating_add(AHEAD_MS_MAX));
}

/// Moves one row's own stamps from the future to `now_ms` of the server, under a fresh revision. False, and nothing changes,
/// when that does not make them acceptable: they are not this phone's to change.
///
/// A day moves with its stamp, so `now_ms` must be what this phone's clock says as well: an office whose clock is wrong
/// alone moves none.
pub(super) fn bring_back(draft: &mut Draft<'_>, id: DocId, now_ms: u64) -> bool {
    let install = draft.meta.install();
    let Some(row) = draft.get(id) else { return false };
    let (Some(mine), scope) = (&row.mine, row.scope) else { return false };
    let newest = mine.doc.newest_stamp().map_or(0, |stamp| stamp.ms);
    let delta_ms = i64::try_from(newest.saturating_sub(now_ms)).unwrap_or(i64::MAX);
    let mut doc = mine.doc.clone();
    let change = |stamp: Stamp| (stamp.install == install && stamp.ms > now_ms).then(|| stamp.shifted(-delta_ms));
    restamp_document(&mut doc, row.known().as_deref(), change);
    if doc.newest_stamp().is_none_or(|stamp| stamp.ms > now_ms.saturating_add(AHEAD_MS_MAX)) {
        return false;
    }
    let rev = draft.next_rev();
    draft.edit(id, scope).mine = Some(Mine { rev, doc });
    settle_clock(draft, now_ms.saturating_add(AHEAD_MS_MAX));
    true
}

/// Gives the stamps of a row's unsent edits new values where `change` has one.
fn restamp(draft: &mut Draft<'_>, id: DocId, change: impl Fn(Stamp) -> Option<Stamp>) {
    let Some(row) = draft.get(id) else { return };
    let Some(mine) = &row.mine else { return };
    if mine.doc.stamps().into_iter().all(|stamp| change(stamp).is_none()) {
        return;
    }
    let (scope, known) = (row.scope, row.known().map(std::borrow::Cow::into_owned));
    if let Some(mine) = &mut draft.edit(id, scope).mine {
        restamp_document(&mut mine.doc, known.as_ref(), change);
    }
}

fn restamp_document(doc: &mut Document, base: Option<&Document>, change: impl Fn(Stamp) -> Option<Stamp>) {
    match &mut doc.body {
        Body::Description(registers) => {
            for (name, register) in registers {
                let known = base.and_then(|base| match &base.body {
                    Body::Description(registers) => registers.get(name),
                    Body::Fact { .. } => None,
                });
                if known == Some(register) {
                    continue;
                }
                let Some(stamp) = change(register.stamp) else { continue };
                // The person had seen the known value and changed it: the edit stays newer.
                register.stamp = known.map_or(stamp, |known| stamp.after(known.stamp));
            }
        }
        Body::Fact { at, fields } => {
            let Some(stamp) = change(*at) else { return };
            // A day that was simply "today" was as wrong as the clock; one that the helper chose stays.
            let today = Value::text(Day::at_ms(at.ms).to_string());
            if fields.get("day") == Some(&today) {
                fields.insert("day".to_owned(), Value::text(Day::at_ms(stamp.ms).to_string()));
            }
            *at = stamp;
        }
    }
}

/// The clock continues from what is really there, but for what lies beyond `max_ms`: that is from a clock that was wrong.
pub(super) fn settle_clock(draft: &mut Draft<'_>, max_ms: u64) {
    draft.meta.clock.reset();
    for id in draft.ids() {
        let newest = draft.get(id).and_then(|row| {
            let docs = [row.base.as_ref(), row.offer.as_ref().map(|it| &it.doc), row.mine.as_ref().map(|it| &it.doc)];
            docs.into_iter().flatten().flat_map(Document::stamps).filter(|stamp| stamp.ms <= max_ms).max()
        });
        if let Some(stamp) = newest {
            draft.meta.clock.observe(stamp);
        }
    }
}
