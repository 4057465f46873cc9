//! Lists of names that somebody looks at in the office: noted before they are answered, like those that are printed. A list
//! that could not be noted is not shown.

use domain::{DocId, InstallId};

use crate::holders::Desk;
use crate::store::{AuditLine, Store, StoreResult, Tx};
use crate::sync::Session;

/// Who looks, and at whose list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub member: DocId,
    pub install: InstallId,
    pub scope: DocId,
    pub now_ms: u64,
}

impl Reader {
    /// Of something about the whole commune.
    pub fn of(session: &Session, now_ms: u64) -> Self {
        let grant = &session.grant;
        Self { member: grant.member, install: session.device.install, scope: grant.commune, now_ms }
    }

    pub fn at(desk: Desk) -> Self {
        Self { member: desk.member, install: desk.install, scope: desk.commune, now_ms: desk.now_ms }
    }

    /// Notes that a list of `people` people is about to be shown.
    pub async fn note<S: Store>(self, store: &S, action: &'static str, people: usize) -> StoreResult<()> {
        let mut tx = store.write().await?;
        let line = AuditLine {
            member: Some(self.member),
            install: self.install,
            action,
            document: None,
            scope: Some(self.scope),
            seq: None,
            people: Some(u64::try_from(people).unwrap_or(u64::MAX)),
            received_ms: self.now_ms,
        };
        tx.audit(&line).await?;
        tx.commit().await
    }
}
