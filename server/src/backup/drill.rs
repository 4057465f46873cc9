//! The drill: back up what is in use, restore it beside, open it, and compare. Shows that the way back exists.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::DocId;
use domain::access::ScopeKind;
use domain::number::grouped;
use domain::place::{Area, Commune};

use super::restore::RestoreError;
use super::{BackupError, make, restore};
use crate::config::DATABASE;
use crate::data_lock::{self, Drilling, LockError};
use crate::store::{Chain, Contents, ScopeRow, SqliteStore, Store, StoreError, StoreResult, Tx};

#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Restore(#[from] RestoreError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("Không đọc được dữ liệu")]
    Store(#[from] StoreError),
    #[error("Không tạo hoặc xóa được thư mục tạm. Kiểm tra chỗ trống và quyền ghi")]
    Io(#[from] std::io::Error),
}

/// How a scope of the restored copy compares with the data in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The same documents.
    Same,
    /// Somebody wrote there while the backup was made: the copy is of a moment in between.
    Moving,
    Differs,
}

#[derive(Debug)]
pub struct Report {
    /// Each area and the commune's own documents, by name.
    pub lines: Vec<(String, u64, Verdict)>,
    pub documents: u64,
    pub bytes: u64,
    pub has_new_epoch: bool,
    /// The audit's chain as the copy has it.
    pub audit: Option<Chain>,
    backup: Duration,
    restore: Duration,
    check: Duration,
}

impl Report {
    pub fn is_passed(&self) -> bool {
        self.has_new_epoch && self.lines.iter().all(|(_, _, verdict)| *verdict != Verdict::Differs)
    }
}

const PREFIX: &str = "dien-tap-";

/// Where a drill beside `data` has its copies, by a random number. What drills that were killed have left there goes: it
/// holds names, and no other drill is running.
pub fn folder_in(data: &Path, _alone: &Drilling, number: u64) -> std::io::Result<PathBuf> {
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        if is_folder_name(&entry.file_name().to_string_lossy()) && entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(data.join(format!("{PREFIX}{number:016x}")))
}

fn is_folder_name(name: &str) -> bool {
    let number = name.strip_prefix(PREFIX);
    number.is_some_and(|number| number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Runs the drill in `folder`, an empty one that is the caller's to remove.
pub async fn run(store: &SqliteStore, folder: &Path, epoch: u128, now_ms: u64) -> Result<Report, DrillError> {
    let backup = folder.join("ban-sao-luu.sqlite");
    let before = scopes(store).await?;
    let started = Instant::now();
    let copied = make(store, &backup).await?;
    let backup_took = started.elapsed();
    let after = scopes(store).await?;

    let started = Instant::now();
    let alone = data_lock::take_alone(folder)?;
    restore(&alone, folder, &backup, epoch, now_ms).await?;
    let restore_took = started.elapsed();

    let started = Instant::now();
    let restored = SqliteStore::inspect(&folder.join(DATABASE)).await.map_err(RestoreError::from)?;
    let names = names(store).await?;
    let mut lines = Vec::new();
    for (id, (row, documents)) in &copied.scopes {
        // Figures get new stamps with a restore, so they are compared in the backup only.
        let is_restored = row.kind == ScopeKind::Figures
            || restored.scopes.get(id).is_some_and(|(again, _)| again.digest == row.digest);
        let verdict = if is_restored { compare(before.get(id), row, after.get(id)) } else { Verdict::Differs };
        let name = names.get(id).cloned().unwrap_or_else(|| kind_name(row.kind).to_owned());
        lines.push((name, *documents, verdict));
    }
    let missing = before.keys().filter(|id| !copied.scopes.contains_key(id));
    lines.extend(missing.map(|id| (names.get(id).cloned().unwrap_or_default(), 0, Verdict::Differs)));
    lines.sort();
    Ok(Report {
        lines,
        documents: copied.documents(),
        bytes: copied.bytes,
        has_new_epoch: is_new_epoch(&copied, &restored),
        audit: copied.audit,
        backup: backup_took,
        restore: restore_took,
        check: started.elapsed(),
    })
}

fn is_new_epoch(copied: &Contents, restored: &Contents) -> bool {
    copied.epoch != restored.epoch
}

/// Where nothing has moved while the backup was made, it must be the same; elsewhere it must lie in between.
fn compare(before: Option<&ScopeRow>, copy: &ScopeRow, after: Option<&ScopeRow>) -> Verdict {
    let Some(after) = after else { return Verdict::Differs };
    if before == Some(after) {
        return if copy == after { Verdict::Same } else { Verdict::Differs };
    }
    let least = before.map_or(0, |before| before.seq);
    if (least..=after.seq).contains(&copy.seq) { Verdict::Moving } else { Verdict::Differs }
}

async fn scopes(store: &SqliteStore) -> StoreResult<BTreeMap<DocId, ScopeRow>> {
    let mut tx = store.read().await?;
    let mut all = BTreeMap::new();
    for commune in tx.communes().await? {
        all.extend(tx.scopes_of(commune).await?.into_iter().map(|row| (row.id, row)));
    }
    tx.commit().await?;
    Ok(all)
}

/// What people call the areas and communes.
async fn names(store: &SqliteStore) -> StoreResult<BTreeMap<DocId, String>> {
    let mut tx = store.read().await?;
    let mut names = BTreeMap::new();
    for commune in tx.communes().await? {
        for stored in tx.all_documents(commune).await? {
            let name = Area::read(&stored.doc).map(|area| area.name);
            let name = name.or_else(|| Commune::read(&stored.doc).map(|commune| commune.title()));
            names.extend(name.map(|name| (stored.doc.id, name)));
        }
    }
    tx.commit().await?;
    Ok(names)
}

fn kind_name(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Commune => "Xã, phường",
        ScopeKind::Figures => "Số liệu tổng hợp",
        ScopeKind::Area => "Địa bàn chưa đặt tên",
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Duration| format!("{:.1} giây", time.as_secs_f64()).replace('.', ",");
        writeln!(out, "Diễn tập khôi phục dữ liệu")?;
        writeln!(out, "  Sao lưu và kiểm tra bản sao: {} ({} kB)", seconds(self.backup), grouped(self.bytes / 1_000))?;
        writeln!(out, "  Khôi phục vào thư mục tạm: {}", seconds(self.restore))?;
        writeln!(out, "  Mở lại và kiểm tra toàn vẹn: {}", seconds(self.check))?;
        writeln!(out, "  So với dữ liệu đang dùng: {} bản ghi", grouped(self.documents))?;
        for (name, documents, verdict) in &self.lines {
            let verdict = match verdict {
                Verdict::Same => "khớp",
                Verdict::Moving => "khớp (có ghi thêm trong lúc sao lưu)",
                Verdict::Differs => "KHÔNG KHỚP",
            };
            writeln!(out, "    {name}: {}, {verdict}", grouped(*documents))?;
        }
        if let Some(chain) = &self.audit {
            writeln!(out, "  {chain}")?;
        }
        if self.is_passed() {
            writeln!(out, "Đạt: bản sao lưu dùng được, các máy sẽ nhận ra dữ liệu được khôi phục.")
        } else {
            writeln!(out, "Không đạt. Giữ nguyên dữ liệu đang dùng, kiểm tra đĩa, rồi diễn tập lại.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_drill_left_goes_with_the_next_but_never_under_a_running_one() {
        let data = tempfile::tempdir().expect("a folder");
        let left = data.path().join("dien-tap-00000000000000ff");
        let own = data.path().join("dien-tap-cua-toi");
        for folder in [&left, &own] {
            std::fs::create_dir(folder).expect("a folder");
        }
        std::fs::write(left.join("ban-sao-luu.sqlite"), "names").expect("written");
        let running = data_lock::take_drilling(data.path()).expect("a lock");
        assert!(matches!(data_lock::take_drilling(data.path()), Err(LockError::InUse)));
        assert!(left.exists());
        let folder = folder_in(data.path(), &running, 1).expect("a folder's name");
        assert_eq!(folder, data.path().join("dien-tap-0000000000000001"));
        assert!(!left.exists() && own.exists());
    }

    #[test]
    fn a_copy_that_lacks_something_is_noticed() {
        let row = |seq| ScopeRow { seq, ..ScopeRow::new(DocId::from_u128(1), ScopeKind::Area, DocId::from_u128(2)) };
        assert_eq!(compare(Some(&row(5)), &row(5), Some(&row(5))), Verdict::Same);
        assert_eq!(compare(Some(&row(5)), &row(4), Some(&row(5))), Verdict::Differs);
        assert_eq!(compare(Some(&row(5)), &row(6), Some(&row(7))), Verdict::Moving);
        assert_eq!(compare(Some(&row(5)), &row(4), Some(&row(7))), Verdict::Differs);
        assert_eq!(compare(Some(&row(5)), &row(8), Some(&row(7))), Verdict::Differs);
        assert_eq!(compare(Some(&row(5)), &row(5), None), Verdict::Differs);
    }
}
