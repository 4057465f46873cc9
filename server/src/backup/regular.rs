//! Backups by the running server: every so often, the newest ones kept.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{BackupError, PART, dated, files, make};
use crate::app::wall_ms;
use crate::store::SqliteStore;

/// Two days of hourly backups.
pub const KEPT: usize = 48;
const PREFIX: &str = "tung-nha-";
const SUFFIX: &str = ".sqlite";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regular {
    pub folder: PathBuf,
    pub every: Duration,
}

/// Never ends. A backup that fails is told in the log and tried again in a while.
pub async fn keep(store: SqliteStore, regular: Regular) {
    const TRY_AGAIN: Duration = Duration::from_mins(5);
    loop {
        let wait = match due(&regular) {
            Some(wait) => wait,
            None => match once(&store, &regular.folder, KEPT, wall_ms()).await {
                Ok(_) => {
                    tracing::info!("backed up");
                    regular.every
                }
                Err(error) => {
                    let error = format!("{:#}", anyhow::Error::from(error));
                    tracing::error!(error, "no backup");
                    regular.every.min(TRY_AGAIN)
                }
            },
        };
        tokio::time::sleep(wait).await;
    }
}

/// How long until the next one; `None` when it is due. A server that is started again does not begin anew.
fn due(regular: &Regular) -> Option<Duration> {
    let newest = ours(&regular.folder).ok()?.pop()?;
    let made = std::fs::metadata(newest).and_then(|file| file.modified()).ok()?;
    let age = SystemTime::now().duration_since(made).ok()?;
    regular.every.checked_sub(age).filter(|wait| !wait.is_zero())
}

/// One backup with the date in its name; then all but the newest `kept` are removed.
pub async fn once(store: &SqliteStore, folder: &Path, kept: usize, now_ms: u64) -> Result<PathBuf, BackupError> {
    if let Err(error) = remove_leftovers(folder) {
        // A backup matters more.
        tracing::warn!(%error, "what is left of a backup that was cut off stays");
    }
    let to = folder.join(format!("{PREFIX}{}{SUFFIX}", dated(now_ms)));
    make(store, &to).await?;
    let all = ours(folder)?;
    for old in &all[..all.len().saturating_sub(kept)] {
        files::remove(old)?;
    }
    Ok(to)
}

/// Removes what backups that were cut off have left: it holds names. Only one server runs on the data, and it makes one
/// regular backup at a time, so nobody is writing these.
fn remove_leftovers(folder: &Path) -> std::io::Result<()> {
    /// SQLite keeps files of its own beside one that it writes.
    const ENDS: [&str; 4] = ["", "-journal", "-wal", "-shm"];
    let leftovers = named(folder, |name| {
        let part = ENDS.iter().find_map(|end| name.strip_suffix(end)?.strip_suffix(PART)?.strip_suffix('-'));
        part.is_some_and(is_ours)
    })?;
    leftovers.iter().try_for_each(|leftover| files::remove(leftover))
}

/// The backups in the folder that this module has named, oldest first.
fn ours(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    named(folder, is_ours)
}

fn is_ours(name: &str) -> bool {
    let date = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    date.is_some_and(|date| date.len() == dated(0).len() && date.bytes().all(|byte| b"0123456789-".contains(&byte)))
}

/// What is in the folder under such a name, in the order of the names.
fn named(folder: &Path, is_meant: impl Fn(&str) -> bool) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if is_meant(&entry.file_name().to_string_lossy()) {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin;
    use domain::InstallId;

    #[tokio::test]
    async fn the_newest_backups_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&data.path().join("live.sqlite")).await.expect("a store");
        admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
        std::fs::write(folder.path().join("tung-nha-cua-toi.sqlite"), "").expect("written");
        for second in 0..5 {
            once(&store, folder.path(), 3, 1_790_000_000_000 + second * 1_000).await.expect("a backup");
        }
        let left = ours(folder.path()).expect("names");
        assert_eq!(left.len(), 3);
        assert!(left[0].ends_with("tung-nha-2026-09-21-211322.sqlite"), "{left:?}");
        assert!(folder.path().join("tung-nha-cua-toi.sqlite").exists());
        let regular = Regular { folder: folder.path().to_owned(), every: Duration::from_hours(1) };
        assert!(due(&regular).is_some_and(|wait| wait > Duration::from_mins(59)));
        assert_eq!(due(&Regular { every: Duration::ZERO, ..regular }), None);
    }

    #[tokio::test]
    async fn what_a_killed_backup_left_is_removed_with_the_next_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&data.path().join("live.sqlite")).await.expect("a store");
        admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
        let left = "tung-nha-2026-09-21-200000.sqlite-dang-ghi";
        let kept = ["tung-nha-thu-hai.sqlite-dang-ghi", "tung-nha-2026-09-21-200000.sqlite-dang-ghi-2", "dang-ghi"];
        for name in kept.into_iter().chain([left, &format!("{left}-journal")]) {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        once(&store, folder.path(), 3, 1_790_000_000_000).await.expect("a backup");
        let entries = std::fs::read_dir(folder.path()).expect("a folder").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort_unstable();
        let mut wanted = kept.map(str::to_owned).to_vec();
        wanted.push("tung-nha-2026-09-21-211320.sqlite".to_owned());
        wanted.sort_unstable();
        assert_eq!(names, wanted);
    }
}
