//! The audit's lines: written in a chain, and walked from its beginning.

use sqlx::{Connection as _, SqliteConnection};

use super::{SqliteStore, rows};
use crate::store::StoreResult;
use crate::store::audit::{AuditHead, AuditLine, Chain, Fault, Said};

/// Lines that are read at once when the chain is walked.
const WALKED_AT_ONCE: usize = 5_000;

/// starts after, number, hash.
type HeadColumns = (i64, i64, Vec<u8>);

/// number, member, install, action, document, scope, seq, people, received, hash.
type LineColumns = (
    i64,
    Option<Vec<u8>>,
    String,
    String,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<i64>,
    Option<i64>,
    i64,
    Option<Vec<u8>>,
);

/// The end of the chain, with the number of the last line from before it. `None` when somebody took it out.
async fn stored_head(connection: &mut SqliteConnection) -> StoreResult<Option<(u64, AuditHead)>> {
    let row: Option<HeadColumns> =
        sqlx::query_as("SELECT starts_after, number, hash FROM audit_head").fetch_optional(connection).await?;
    Ok(row.and_then(|(starts_after, number, hash)| {
        let head = AuditHead { number: rows::number(number), hash: hash.try_into().ok()? };
        Some((rows::number(starts_after), head))
    }))
}

/// Where the next line is to be hung on. A chain without an end goes on from nothing, and its walk tells of it: a log that
/// somebody damaged must not stop everybody's work.
pub async fn head(connection: &mut SqliteConnection) -> StoreResult<AuditHead> {
    Ok(stored_head(connection).await?.map_or(AuditHead { number: 0, hash: [0; 32] }, |(_, head)| head))
}

/// Appends a line after `head`; answers the new end of the chain, which is `keep_head`'s to write once a transaction.
pub async fn append(connection: &mut SqliteConnection, head: AuditHead, line: &AuditLine) -> StoreResult<AuditHead> {
    let (member, document, scope) =
        (line.member.map(rows::blob), line.document.map(rows::blob), line.scope.map(rows::blob));
    let install = rows::install_text(line.install);
    let said = Said {
        member: member.as_deref(),
        install: &install,
        action: line.action,
        document: document.as_deref(),
        scope: scope.as_deref(),
        seq: line.seq.map(rows::int),
        people: line.people.map(rows::int),
        received_ms: rows::int(line.received_ms),
    };
    let hash = said.hash_after(&head.hash);
    let written = sqlx::query(
        "INSERT INTO audit (member, install, action, document, scope, seq, people, received_ms, hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(said.member)
    .bind(said.install)
    .bind(said.action)
    .bind(said.document)
    .bind(said.scope)
    .bind(said.seq)
    .bind(said.people)
    .bind(said.received_ms)
    .bind(hash.as_slice())
    .execute(connection)
    .await?;
    Ok(AuditHead { number: rows::number(written.last_insert_rowid()), hash })
}

pub async fn keep_head(connection: &mut SqliteConnection, head: AuditHead) -> StoreResult<()> {
    sqlx::query("UPDATE audit_head SET number = ?, hash = ?")
        .bind(rows::int(head.number))
        .bind(head.hash.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

/// Walks the whole chain as it is at one moment.
pub async fn walk(connection: &mut SqliteConnection, asked: Option<u64>) -> StoreResult<Chain> {
    let Some((starts_after, head)) = stored_head(connection).await? else {
        let head = AuditHead { number: 0, hash: [0; 32] };
        return Ok(Chain { head, unproved: 0, checked: 0, fault: Some(Fault::NoHead), asked: None });
    };
    let unproved: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE number <= ?")
        .bind(rows::int(starts_after))
        .fetch_one(&mut *connection)
        .await?;
    let mut walk = Walk {
        last: AuditHead { number: starts_after, hash: [0; 32] },
        checked: 0,
        // Lines are numbered without a gap.
        fault: (rows::number(unproved) != starts_after).then_some(Fault::Line(starts_after)),
        asked,
        found: None,
    };
    loop {
        let lines = lines_after(connection, walk.last.number).await?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            walk.step(line);
        }
    }
    let is_cut = walk.last.number < head.number;
    let is_other = walk.last != head;
    let at_end = match (is_cut, is_other) {
        (true, _) => Some(Fault::EndsBefore(walk.last.number + 1)),
        (false, true) => Some(Fault::Line(walk.last.number)),
        (false, false) => None,
    };
    Ok(Chain {
        head,
        unproved: rows::number(unproved),
        checked: walk.checked,
        fault: walk.fault.or(at_end),
        asked: walk.found,
    })
}

async fn lines_after(connection: &mut SqliteConnection, number: u64) -> StoreResult<Vec<LineColumns>> {
    let lines = sqlx::query_as(
        "SELECT number, member, install, action, document, scope, seq, people, received_ms, hash FROM audit
         WHERE number > ? ORDER BY number LIMIT ?",
    )
    .bind(rows::int(number))
    .bind(i64::try_from(WALKED_AT_ONCE).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    Ok(lines)
}

/// How far the walk has come. It goes on after the first fault, to tell of a line that was asked for.
struct Walk {
    last: AuditHead,
    checked: u64,
    fault: Option<Fault>,
    asked: Option<u64>,
    found: Option<[u8; 32]>,
}

impl Walk {
    fn step(&mut self, line: LineColumns) {
        let (number, member, install, action, document, scope, seq, people, received_ms, stored) = line;
        let number = rows::number(number);
        let said = Said {
            member: member.as_deref(),
            install: &install,
            action: &action,
            document: document.as_deref(),
            scope: scope.as_deref(),
            seq,
            people,
            received_ms,
        };
        let hash = said.hash_after(&self.last.hash);
        if self.fault.is_none() && (number != self.last.number + 1 || stored.as_deref() != Some(hash.as_slice())) {
            self.fault = Some(Fault::Line(number));
        }
        if self.asked == Some(number) {
            self.found = Some(hash);
        }
        self.checked += 1;
        self.last = AuditHead { number, hash };
    }
}

impl SqliteStore {
    /// Walks the audit from the beginning of its chain to its end. `asked` is a line whose hash is wanted.
    pub async fn walk_audit(&self, asked: Option<u64>) -> StoreResult<Chain> {
        let mut connection = self.readers.acquire().await?;
        let mut tx = connection.begin().await?;
        let chain = walk(&mut tx, asked).await?;
        tx.commit().await?;
        Ok(chain)
    }
}

#[cfg(test)]
mod tests {
    use domain::{DocId, InstallId};

    use super::*;
    use crate::store::{Store as _, Tx as _};

    fn line(number: u64) -> AuditLine {
        AuditLine {
            member: Some(DocId::from_u128(number.into())),
            install: InstallId(7),
            action: "create",
            document: None,
            scope: None,
            seq: Some(number),
            people: None,
            received_ms: number,
        }
    }

    /// Three transactions of two lines each.
    async fn six_lines() -> StoreResult<SqliteStore> {
        let store = SqliteStore::in_memory().await?;
        for first in [1, 3, 5] {
            let mut tx = store.write().await?;
            tx.audit(&line(first)).await?;
            tx.audit(&line(first + 1)).await?;
            tx.commit().await?;
        }
        Ok(store)
    }

    /// Does what somebody with the file and a tool can do.
    async fn tamper(store: &SqliteStore, statements: &str) {
        let free = "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_deleted;";
        let statements = sqlx::AssertSqlSafe(format!("{free} {statements}"));
        sqlx::raw_sql(statements).execute(&store.writer).await.expect("tampered");
    }

    #[tokio::test]
    async fn what_was_written_is_whole_and_what_was_dropped_is_no_part_of_it() -> StoreResult<()> {
        let store = six_lines().await?;
        let mut tx = store.write().await?;
        tx.audit(&line(99)).await?;
        drop(tx);
        let mut tx = store.write().await?;
        tx.audit(&line(7)).await?;
        tx.commit().await?;
        let chain = store.walk_audit(None).await?;
        assert_eq!((chain.checked, chain.unproved, chain.fault, chain.head.number), (7, 0, None, 7));
        Ok(())
    }

    #[tokio::test]
    async fn a_head_that_was_noted_is_found_again_and_one_of_other_lines_is_not() -> StoreResult<()> {
        let store = six_lines().await?;
        let noted = store.walk_audit(None).await?.head;
        let mut tx = store.write().await?;
        tx.audit(&line(7)).await?;
        tx.commit().await?;
        assert_eq!(store.walk_audit(Some(noted.number)).await?.asked, Some(noted.hash));
        assert_eq!(store.walk_audit(Some(99)).await?.asked, None);
        // Counted anew from the beginning nothing in the file shows it; what was noted outside of it does.
        let other = SqliteStore::in_memory().await?;
        for number in [1, 2, 3, 4, 5, 66, 7] {
            let mut tx = other.write().await?;
            tx.audit(&line(number)).await?;
            tx.commit().await?;
        }
        let chain = other.walk_audit(Some(noted.number)).await?;
        assert_eq!(chain.fault, None);
        assert!(chain.asked.is_some_and(|hash| hash != noted.hash));
        Ok(())
    }

    #[tokio::test]
    async fn whatever_is_done_to_a_line_the_first_broken_one_is_named() -> StoreResult<()> {
        let cases = [
            ("UPDATE audit SET member = x'00' WHERE number = 3", Fault::Line(3)),
            ("UPDATE audit SET member = NULL WHERE number = 3", Fault::Line(3)),
            ("UPDATE audit SET action = 'read_office' WHERE number = 2", Fault::Line(2)),
            ("UPDATE audit SET people = 0 WHERE number = 1", Fault::Line(1)),
            ("UPDATE audit SET received_ms = 0 WHERE number = 6", Fault::Line(6)),
            ("UPDATE audit SET hash = NULL WHERE number = 4", Fault::Line(4)),
            ("UPDATE audit SET hash = (SELECT hash FROM audit WHERE number = 5) WHERE number = 4", Fault::Line(4)),
            ("DELETE FROM audit WHERE number = 3", Fault::Line(4)),
            ("DELETE FROM audit WHERE number = 1", Fault::Line(2)),
            ("DELETE FROM audit WHERE number >= 5", Fault::EndsBefore(5)),
            ("DELETE FROM audit", Fault::EndsBefore(1)),
            ("INSERT INTO audit (install, action, received_ms) VALUES ('7', 'create', 1)", Fault::Line(7)),
            ("UPDATE audit_head SET hash = zeroblob(32)", Fault::Line(6)),
            ("UPDATE audit_head SET hash = x'00'", Fault::NoHead),
            ("DELETE FROM audit_head", Fault::NoHead),
        ];
        for (statement, fault) in cases {
            let store = six_lines().await?;
            tamper(&store, statement).await;
            assert_eq!(store.walk_audit(None).await?.fault, Some(fault), "{statement}");
            // Nobody's work stops over it, and it is not healed by what comes later.
            let mut tx = store.write().await?;
            tx.audit(&line(8)).await?;
            tx.commit().await?;
            assert!(store.walk_audit(None).await?.fault.is_some(), "{statement}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_chain_longer_than_a_page_is_walked_to_its_end() -> StoreResult<()> {
        let store = SqliteStore::in_memory().await?;
        let many = u64::try_from(WALKED_AT_ONCE).unwrap_or_default() + 2;
        let mut tx = store.write().await?;
        for number in 1..=many {
            tx.audit(&line(number)).await?;
        }
        tx.commit().await?;
        let chain = store.walk_audit(None).await?;
        assert_eq!((chain.checked, chain.fault), (many, None));
        Ok(())
    }

    #[tokio::test]
    async fn lines_from_before_the_chain_are_told_as_unproved_and_are_not_taken_out_unnoticed() -> StoreResult<()> {
        let store = SqliteStore::in_memory_unprepared().await?;
        for migration in &super::super::MIGRATIONS[..7] {
            sqlx::raw_sql(*migration).execute(&store.writer).await?;
        }
        sqlx::raw_sql(
            "INSERT INTO audit (install, action, received_ms) VALUES ('7', 'create', 1), ('7', 'change', 2);
             PRAGMA user_version = 7",
        )
        .execute(&store.writer)
        .await?;
        store.prepare().await?;
        let mut tx = store.write().await?;
        tx.audit(&line(3)).await?;
        tx.commit().await?;
        let chain = store.walk_audit(None).await?;
        assert_eq!((chain.unproved, chain.checked, chain.fault), (2, 1, None));
        tamper(&store, "DELETE FROM audit WHERE number = 1").await;
        assert_eq!(store.walk_audit(None).await?.fault, Some(Fault::Line(2)));
        Ok(())
    }
}
