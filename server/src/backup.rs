//! Backups: a copy that was looked at before it got its name, putting one back, regular ones, and the drill of all that.

pub mod drill;
mod files;
pub mod regular;
mod restore;

use std::path::Path;

use domain::Day;

use crate::store::{BadFile, Contents, SqliteStore, StoreError};
pub use restore::{Restored, restore};

/// At the end of the name of a copy that is not whole yet.
const PART: &str = "dang-ghi";

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("Tệp {0} đã có. Chọn tên khác.")]
    Exists(String),
    #[error("Không sao chép được dữ liệu. Kiểm tra chỗ trống trên đĩa rồi thử lại")]
    Store(#[from] StoreError),
    #[error("Không ghi được tệp. Kiểm tra chỗ trống và quyền ghi rồi thử lại")]
    Io(#[from] std::io::Error),
    /// The copy is thrown away then.
    #[error("Bản sao vừa làm không đạt kiểm tra nên không được giữ")]
    Bad(#[source] BadFile),
}

/// Copies the data to the new file `to`, also while a server works with it. The file gets its name only once it is whole,
/// checked and on the disk.
pub async fn make(store: &SqliteStore, to: &Path) -> Result<Contents, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.display().to_string()));
    }
    let part = files::beside(to, PART);
    // A leftover of a backup that was cut off.
    files::remove(&part)?;
    let copied = async {
        store.backup_to(&part).await?;
        files::sync(&part)?;
        SqliteStore::inspect(&part).await.map_err(BackupError::Bad)
    };
    let contents = match copied.await {
        Ok(contents) => contents,
        Err(error) => {
            files::remove(&part)?;
            return Err(error);
        }
    };
    files::rename(&part, to)?;
    Ok(contents)
}

/// `2026-11-21-181503`, by the clocks of Vietnam: sorts by time.
fn dated(ms: u64) -> String {
    let day = Day::at_ms(ms);
    let seconds = i64::try_from(ms).unwrap_or(0).saturating_sub(day.start_ms()) / 1_000;
    format!("{day}-{:02}{:02}{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin;
    use domain::InstallId;

    #[test]
    fn names_sort_by_time() {
        assert_eq!(dated(1_790_000_000_000), "2026-09-21-211320");
    }

    #[tokio::test]
    async fn a_backup_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&folder.path().join("live.sqlite")).await.expect("a store");
        let to = folder.path().join("copy.sqlite");
        // No identity: such a file is no backup of ours.
        assert!(matches!(make(&store, &to).await, Err(BackupError::Bad(_))));
        assert!(!to.exists());
        admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
        assert!(make(&store, &to).await.is_ok());
        assert!(matches!(make(&store, &to).await, Err(BackupError::Exists(_))));
        let names: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().collect();
        assert!(names.iter().all(|entry| !entry.file_name().to_string_lossy().contains("dang-ghi")), "{names:?}");
        store.close().await;
    }
}
