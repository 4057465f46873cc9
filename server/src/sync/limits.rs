//! What is refused of documents that their author may write: days that cannot be, more than one member may write in a day.
//! Asked only for what would be stored; what a receipt proves passes by.

use domain::campaign::Campaign;
use domain::people::Role;
use domain::planted::{Mistake, is_planted};
use domain::plausible::PlausibleDays;
use domain::protocol::Rejection;
use domain::quota::Used;
use domain::{Day, DocId, Document, Kind};

use super::Session;
use super::ledger::Ledger;
use crate::store::{StoreResult, Tx};

/// The limits of one request.
pub struct Limits {
    days: PlausibleDays,
    member: DocId,
    role: Role,
    today: Day,
    used: Used,
    before: Used,
}

impl Limits {
    pub async fn read<T: Tx>(ledger: &mut Ledger<'_, T>, session: &Session) -> StoreResult<Self> {
        let (member, role) = (session.grant.member, session.grant.role);
        let today = Day::at_ms(ledger.now_ms);
        let stored = ledger.tx().documents_of(session.grant.commune, &Kind::Campaign).await?;
        let plans: Vec<Campaign> = stored.iter().filter_map(|stored| Campaign::read(&stored.doc)).collect();
        let used = ledger.tx().quota(member, today).await?;
        let days = PlausibleDays::of(&plans, ledger.now_ms);
        Ok(Self { days, member, role, today, used, before: used })
    }

    /// Counts a document that is about to be stored.
    pub fn admit(&mut self, document: &Document) -> Result<(), Rejection> {
        if !is_planted(Mistake::DayNotChecked) {
            self.days.check(document)?;
        }
        if is_planted(Mistake::QuotaNotCounted) { Ok(()) } else { self.used.add(document, self.role) }
    }

    /// Writes what was used, in the transaction that used it.
    pub async fn finish<T: Tx>(self, ledger: &mut Ledger<'_, T>) -> StoreResult<()> {
        if self.used != self.before {
            ledger.tx().put_quota(self.member, self.today, self.used).await?;
        }
        Ok(())
    }
}
