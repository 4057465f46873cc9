//! Puts a backup in the place of the data. Whatever goes wrong, and whenever the power fails: either the old data are
//! in place, whole, or the restored ones are.

use std::path::{Path, PathBuf};

use super::{dated, files};
use crate::admin;
use crate::config::DATABASE;
use crate::data_lock::Alone;
use crate::store::{BadFile, Contents, SqliteStore, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("Không khôi phục, dữ liệu đang có vẫn nguyên")]
    Bad(#[from] BadFile),
    #[error("Không khôi phục được. Kiểm tra chỗ trống và quyền ghi rồi thử lại")]
    Io(#[from] std::io::Error),
    #[error("Không khôi phục được: bản sao lưu không mở được. Dữ liệu đang có vẫn nguyên")]
    Store(#[from] StoreError),
}

/// What was done.
#[derive(Debug)]
pub struct Restored {
    pub contents: Contents,
    /// Under which name the data that were in place before are kept.
    pub aside: Option<PathBuf>,
}

/// Puts the backup `from` in the place of the data in `folder`, which `_alone` keeps others out of, with a new epoch
/// from the caller's random bits. The data that were there get a dated name and are never deleted.
pub async fn restore(
    _alone: &Alone,
    folder: &Path,
    from: &Path,
    epoch: u128,
    now_ms: u64,
) -> Result<Restored, RestoreError> {
    let place = folder.join(DATABASE);
    let next = files::beside(&place, "dang-khoi-phuc");
    remove_all(&next)?;
    let contents = match prepare(from, &next, epoch, now_ms).await {
        Ok(contents) => contents,
        Err(error) => {
            remove_all(&next)?;
            return Err(error);
        }
    };
    let aside = if place.exists() { Some(set_aside(&place, now_ms).await?) } else { None };
    // What is left beside the old database would be taken for the new one's.
    for companion in files::companions(&place) {
        files::remove(&companion)?;
    }
    files::rename(&next, &place)?;
    Ok(Restored { contents, aside })
}

/// A checked copy of the backup, of the newest schema and marked as restored; the backup itself is only read.
async fn prepare(from: &Path, next: &Path, epoch: u128, now_ms: u64) -> Result<Contents, RestoreError> {
    std::fs::File::open(from).map_err(BadFile::from)?;
    copy(from, next)?;
    // A backup made by copying files may have its newest part beside it.
    let [log, _] = files::companions(from);
    if log.exists() {
        copy(&log, &files::companions(next)[0])?;
    }
    let contents = SqliteStore::inspect(next).await?;
    let store = SqliteStore::open(next).await?;
    let marked = admin::mark_restored(&store, epoch, now_ms).await;
    store.close().await;
    marked?;
    // Closing writes the log into the file. What were left in it would not come along.
    let [log, _] = files::companions(next);
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::Busy.into());
    }
    SqliteStore::inspect(next).await?;
    files::companions(next).iter().try_for_each(|companion| files::remove(companion))?;
    files::sync(next)?;
    Ok(contents)
}

/// Keeps the present data under another name as well. After this they are one file under both names, if they can be
/// opened at all; damaged ones are kept file by file.
async fn set_aside(place: &Path, now_ms: u64) -> Result<PathBuf, RestoreError> {
    let folder = place.parent().unwrap_or(Path::new(""));
    let stem = format!("tung-nha.truoc-khoi-phuc-{}", dated(now_ms));
    let mut names = (1..).map(|number| match number {
        1 => folder.join(format!("{stem}.sqlite")),
        number => folder.join(format!("{stem}-{number}.sqlite")),
    });
    let aside = names.find(|name| !name.exists()).unwrap_or_else(|| folder.join(&stem));
    // Before anybody opens them: what can't be opened is closed in its own time, and its log may go with that.
    keep_companions(place, &aside)?;
    if let Ok(store) = SqliteStore::open(place).await {
        store.close().await;
        keep_companions(place, &aside)?;
    }
    files::keep_as(place, &aside)?;
    Ok(aside)
}

/// What lies beside the present data, beside `aside` as well, and nothing else there.
fn keep_companions(place: &Path, aside: &Path) -> std::io::Result<()> {
    for (companion, kept) in files::companions(place).iter().zip(files::companions(aside)) {
        files::remove(&kept)?;
        if companion.exists() {
            copy(companion, &kept)?;
        }
    }
    Ok(())
}

/// For this user alone, like everything that holds names.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut target = options.open(to)?;
    std::io::copy(&mut std::fs::File::open(from)?, &mut target)?;
    target.sync_all()
}

fn remove_all(database: &Path) -> std::io::Result<()> {
    files::remove(database)?;
    files::companions(database).iter().try_for_each(|companion| files::remove(companion))
}
