//! Who may write what. The server asks for every pushed document, with what it has stored; the phone asks before it
//! offers a button. Nothing here trusts what a phone says of itself.

use crate::DocId;
use crate::clock::{AHEAD_MS_MAX, Stamp};
use crate::document::{Document, Kind};
use crate::moving::meddles;
use crate::people::{Member, Role};
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

/// Whether this was stamped before the restore, as far as stamps tell: what had been accepted under a clock that was ahead
/// must come back too.
pub(crate) fn is_from_before(stamp: Stamp, restored_before_ms: Option<u64>) -> bool {
    restored_before_ms.is_some_and(|limit| stamp.ms <= limit.saturating_add(AHEAD_MS_MAX))
}

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

    /// Whether this member may write `pushed` into a scope. `stored` is what the server holds under that id in it, and
    /// `restored_before_ms` is set for 30 days after a restore from backup: facts of colleagues made before that
    /// moment may then be brought back by any phone of the area that holds them.
    pub fn may_write(
        &self,
        kind: ScopeKind,
        scope: DocId,
        commune: DocId,
        pushed: &Document,
        stored: Option<&Document>,
        restored_before_ms: Option<u64>,
    ) -> Result<(), Rejection> {
        if !self.reaches(kind, scope, commune) && !self.made_before_leaving(kind, scope, commune, pushed) {
            return Err(Rejection::Forbidden);
        }
        let allowed = match kind {
            ScopeKind::Figures => self.may_report(pushed, stored, restored_before_ms),
            ScopeKind::Commune => {
                self.role == Role::Coordinator
                    && matches!(
                        pushed.kind,
                        Kind::Commune | Kind::Area | Kind::Member | Kind::Campaign | Kind::Other(_)
                    )
                    && !pushed.is_fact()
            }
            ScopeKind::Area => self.may_write_in_area(pushed, stored, restored_before_ms),
        };
        if allowed { Ok(()) } else { Err(Rejection::Forbidden) }
    }

    /// A lead reports for the areas they hold, a coordinator for any area and for the whole commune.
    fn may_report(&self, pushed: &Document, stored: Option<&Document>, restored_before_ms: Option<u64>) -> bool {
        let is_own = pushed.link("member") == Some(self.member);
        let is_for_mine = match pushed.link("area") {
            Some(area) => self.role == Role::Coordinator || self.areas.contains(&area),
            None => self.role == Role::Coordinator,
        };
        let is_known = stored.is_some_and(|stored| stored == pushed);
        let is_restored = pushed.stamps().into_iter().all(|stamp| is_from_before(stamp, restored_before_ms));
        pushed.kind == Kind::Report
            && !pushed.erased
            && (is_known || is_restored || (self.role >= Role::Lead && is_own && is_for_mine))
    }

    /// Coordinators reach every area of their commune without holding its list on their own device.
    fn reaches(&self, kind: ScopeKind, scope: DocId, commune: DocId) -> bool {
        self.may_read(kind, scope, commune)
            || (commune == self.commune && kind == ScopeKind::Area && self.role == Role::Coordinator)
    }

    /// Who is sent to another area must not lose what is still on their phone. Nothing is read by this, and what was
    /// made after leaving is refused as ever.
    fn made_before_leaving(&self, kind: ScopeKind, scope: DocId, commune: DocId, pushed: &Document) -> bool {
        let left = self.left.iter().find(|(area, _)| *area == scope);
        let limit = left.map(|(_, left_ms)| left_ms.saturating_add(AHEAD_MS_MAX));
        kind == ScopeKind::Area
            && commune == self.commune
            && limit.is_some_and(|limit| pushed.stamps().iter().all(|stamp| stamp.ms <= limit))
    }

    fn may_write_in_area(&self, pushed: &Document, stored: Option<&Document>, restored_before_ms: Option<u64>) -> bool {
        let is_lead = self.role >= Role::Lead;
        let is_restored = pushed.stamps().into_iter().all(|stamp| is_from_before(stamp, restored_before_ms));
        if pushed.erased && !stored.is_some_and(|stored| stored.erased) && !is_lead && !is_restored {
            return false;
        }
        if meddles(pushed, stored, restored_before_ms) {
            return false;
        }
        match pushed.kind {
            Kind::Household | Kind::Resident => true,
            Kind::Route => is_lead || is_restored,
            Kind::Visit
            | Kind::Outcome
            | Kind::Proficiency
            | Kind::Correction
            | Kind::Link
            | Kind::Apart
            | Kind::Solution
            | Kind::Other(_) => {
                // What is already stored word for word is no new claim.
                let is_known = stored.is_some_and(|stored| stored == pushed);
                let is_own = pushed.link("member") == Some(self.member);
                let speaks_as_lead = pushed.kind == Kind::Correction && pushed.flag("by_lead");
                let is_description = !pushed.is_fact();
                is_known || is_restored || ((is_own || is_description) && (is_lead || !speaks_as_lead))
            }
            Kind::Commune
            | Kind::Area
            | Kind::Member
            | Kind::Campaign
            | Kind::Summary
            | Kind::Daily
            | Kind::PhoneState
            | Kind::Report => false,
        }
    }
}
