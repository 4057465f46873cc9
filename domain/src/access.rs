//! Rights to write, judged on the effect: the stored document is compared with what the merge would store, and each
//! difference asks for its right. A request's form decides nothing; a request that changes nothing asks for nothing.
//!
//! `RIGHTS` is the whole table. What it does not name, nobody may do.

mod effect;
mod rights;

pub use effect::{Effect, effects};
pub use rights::{Act, RIGHTS, Right, Subject, Who, table};

use crate::DocId;
use crate::clock::AHEAD_MS_MAX;
use crate::document::{Document, Kind};
use crate::moving::KEPT_BY_SERVER;
use crate::people::{Member, Role};
use crate::planted::{Mistake, is_planted};
use crate::protocol::Rejection;

/// A member's rights at the moment of the request, read from the stored member, never from the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub member: DocId,
    pub commune: DocId,
    pub role: Role,
    pub areas: Vec<DocId>,
    /// Areas that this member has left, and when (milliseconds since 1970, office time). What they made before is still
    /// taken.
    pub left: Vec<(DocId, u64)>,
}

/// For this long after a member has left an area their phone may bring what they made there. Stamps alone prove nothing
/// for ever.
pub const LEFT_DAYS_MS: u64 = 30 * 24 * 3_600_000;

/// What lives in a scope, and so who reads and writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// The commune's own documents: plan, areas, team.
    Commune,
    /// Figures of all areas: numbers only, for leads and coordinators.
    Figures,
    /// Households and residents of one area and what happened there.
    Area,
}

/// Where a document lives or is to live, as the server knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub kind: ScopeKind,
    pub scope: DocId,
    pub commune: DocId,
}

impl Grant {
    pub fn of(member: &Member, commune: DocId) -> Self {
        Self { member: member.id, commune, role: member.role, areas: member.areas.clone(), left: Vec::new() }
    }

    pub fn may_read(&self, kind: ScopeKind, scope: DocId, commune: DocId) -> bool {
        commune == self.commune
            && match kind {
                ScopeKind::Commune => true,
                ScopeKind::Figures => self.role >= Role::Lead,
                ScopeKind::Area => self.areas.contains(&scope),
            }
    }

    /// Whether this member may write into a scope at all. Coordinators reach every area of their commune without holding
    /// its list on their own device.
    pub fn reaches(&self, place: Place) -> bool {
        self.may_read(place.kind, place.scope, place.commune)
            || (place.commune == self.commune && place.kind == ScopeKind::Area && self.role == Role::Coordinator)
    }

    /// Whether this member may make `merged` of what is stored with `pushed`: every effect must be theirs to bring about.
    /// A member who reaches the scope may say again what stands there; one who has left it, only their own earlier work.
    ///
    /// # Errors
    /// `Forbidden`, which says no more on purpose.
    pub fn judge(
        &self,
        place: Place,
        stored: Option<&Document>,
        merged: &Document,
        pushed: &Document,
    ) -> Result<(), Rejection> {
        let is_here = self.reaches(place);
        let mut effects = effects(stored, merged);
        if effects.is_empty() && !is_here {
            // A phone that has dropped the area sends a document whole, with what the server wrote into it. That changes nothing.
            let is_servers =
                |effect: &Effect<'_>| matches!(effect, Effect::Set { field, .. } if KEPT_BY_SERVER.contains(field));
            effects = effect::effects(None, pushed);
            effects.retain(|effect| pushed.is_fact() || !is_servers(effect));
        }
        let mut may_all = effects.iter().all(|effect| rights::may(self, place, merged, effect));
        if !is_here {
            may_all &= self.made_before_leaving(place, merged, &effects);
        }
        if may_all { Ok(()) } else { Err(Rejection::Forbidden) }
    }

    /// Who is sent to another area must not lose what is still on their phone. Nothing is read by this, and what was
    /// made after leaving is refused as ever. An effect without a time is nobody's earlier work, and nobody erases in an
    /// area that is no longer theirs.
    fn made_before_leaving(&self, place: Place, merged: &Document, effects: &[Effect<'_>]) -> bool {
        let left = self.left.iter().find(|(area, _)| *area == place.scope);
        let Some(limit) = left.map(|(_, left_ms)| left_ms.saturating_add(AHEAD_MS_MAX)) else { return false };
        if is_planted(Mistake::LeaverGoesOn) {
            return true;
        }
        place.kind == ScopeKind::Area
            && place.commune == self.commune
            && merged.kind != Kind::Erasure
            && !effects.is_empty()
            && effects.iter().all(|effect| match effect {
                Effect::Made { at } => at.is_some_and(|at| at.ms <= limit),
                Effect::Set { at, .. } => at.ms <= limit,
                Effect::Erased => false,
            })
    }
}

#[cfg(test)]
mod tests;
