//! Who is using the data folder: one server at a time, commands beside it, and a restore only alone.
//!
//! Advisory locks on two empty files. The operating system lets go of them when a process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// Shared by everybody who opens the database; held alone by a restore.
const DATA: &str = "tung-nha.lock";
/// Held by the server that runs on the data.
const SERVER: &str = "tung-nha.server.lock";
/// Held by a drill, from before it makes its folder until that is gone.
const DRILL: &str = "tung-nha.drill.lock";
const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("Máy chủ đang chạy trên dữ liệu này. Dừng máy chủ rồi chạy lại lệnh.")]
    ServerRuns,
    #[error("Một lệnh khác đang dùng dữ liệu này. Chờ lệnh đó xong rồi chạy lại.")]
    InUse,
    #[error("Dữ liệu này đang được khôi phục. Chờ xong rồi chạy lại lệnh.")]
    BeingRestored,
    #[error("Một máy chủ khác vẫn chạy trên dữ liệu này. Dừng máy chủ đó trước.")]
    AnotherServer,
    #[error("Không khóa được thư mục dữ liệu. Kiểm tra quyền ghi vào thư mục đó")]
    Failed(#[from] std::io::Error),
}

/// The right to open the database. Dropped, it is given back.
#[derive(Debug)]
pub struct InUse {
    _data: File,
}

/// The right to be the one server.
#[derive(Debug)]
pub struct Serving {
    _server: File,
    _data: InUse,
}

/// The right to put another database in the place of this one.
#[derive(Debug)]
pub struct Alone {
    _data: File,
}

/// The right to be the one drill beside the data.
#[derive(Debug)]
pub struct Drilling {
    _drill: File,
}

/// For a command: waits a moment for a restore that is under way.
pub async fn take(folder: &Path) -> Result<InUse, LockError> {
    const PATIENCE: Duration = Duration::from_secs(5);
    let data = open(folder, DATA)?;
    wait(PATIENCE, || data.try_lock_shared(), || {}).await?.then_some(()).ok_or(LockError::BeingRestored)?;
    Ok(InUse { _data: data })
}

/// For a server: waits for the one before it to end, so that a new version can be started while the old one still
/// answers its last requests. `is_waiting` is called once, when there is something to wait for.
pub async fn take_serving(folder: &Path, patience: Duration, is_waiting: impl FnMut()) -> Result<Serving, LockError> {
    let server = open(folder, SERVER)?;
    wait(patience, || server.try_lock(), is_waiting).await?.then_some(()).ok_or(LockError::AnotherServer)?;
    Ok(Serving { _server: server, _data: take(folder).await? })
}

/// For a restore: at once or not at all.
pub fn take_alone(folder: &Path) -> Result<Alone, LockError> {
    let data = open(folder, DATA)?;
    match data.try_lock() {
        Ok(()) => Ok(Alone { _data: data }),
        Err(TryLockError::Error(error)) => Err(error.into()),
        Err(TryLockError::WouldBlock) => match open(folder, SERVER)?.try_lock() {
            Err(TryLockError::WouldBlock) => Err(LockError::ServerRuns),
            _ => Err(LockError::InUse),
        },
    }
}

/// For a drill: at once or not at all.
pub fn take_drilling(folder: &Path) -> Result<Drilling, LockError> {
    let drill = open(folder, DRILL)?;
    match drill.try_lock() {
        Ok(()) => Ok(Drilling { _drill: drill }),
        Err(TryLockError::Error(error)) => Err(error.into()),
        Err(TryLockError::WouldBlock) => Err(LockError::InUse),
    }
}

fn open(folder: &Path, name: &str) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join(name))
}

/// Whether the lock was had in time.
async fn wait(
    patience: Duration,
    attempt: impl Fn() -> Result<(), TryLockError>,
    mut is_waiting: impl FnMut(),
) -> Result<bool, LockError> {
    let started = Instant::now();
    let mut has_told = false;
    loop {
        match attempt() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) if started.elapsed() >= patience => return Ok(false),
            Err(TryLockError::WouldBlock) => {
                if !std::mem::replace(&mut has_told, true) {
                    is_waiting();
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(120);

    #[tokio::test]
    async fn a_restore_is_alone_with_the_data() {
        let folder = tempfile::tempdir().expect("a folder");
        let command = take(folder.path()).await.expect("a lock");
        assert!(matches!(take_alone(folder.path()), Err(LockError::InUse)));
        drop(command);
        let server = take_serving(folder.path(), SOON, || {}).await.expect("a lock");
        assert!(matches!(take_alone(folder.path()), Err(LockError::ServerRuns)));
        assert!(take(folder.path()).await.is_ok(), "commands work beside a server");
        drop(server);
        assert!(take_alone(folder.path()).is_ok());
    }

    #[tokio::test]
    async fn a_second_server_waits_for_the_first_but_not_for_ever() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = take_serving(folder.path(), SOON, || {}).await.expect("a lock");
        let mut told = 0;
        let second = take_serving(folder.path(), SOON, || told += 1).await;
        assert!(matches!(second, Err(LockError::AnotherServer)));
        assert_eq!(told, 1);
        let path = folder.path().to_owned();
        let waiting = tokio::spawn(async move { take_serving(&path, 100 * SOON, || {}).await });
        tokio::time::sleep(SOON).await;
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.await.expect("no panic").is_ok());
    }
}
