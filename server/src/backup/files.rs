//! Files that must be on the disk before anybody relies on them.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The same name with a word at its end.
pub fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push("-");
    name.push(word);
    PathBuf::from(name)
}

/// Waits until the contents are on the disk.
pub fn sync(path: &Path) -> io::Result<()> {
    // Windows syncs only what is open for writing.
    File::options().read(true).write(true).open(path)?.sync_all()
}

/// Waits until the names in the folder of `path` are on the disk.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Gives a file its name, in the place of what had it; on the disk when this returns.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    sync_folder_of(to)
}

/// A second name for the contents; a copy where the filesystem knows no second names.
pub fn keep_as(path: &Path, name: &Path) -> io::Result<()> {
    if std::fs::hard_link(path, name).is_err() {
        std::fs::copy(path, name)?;
        sync(name)?;
    }
    sync_folder_of(name)
}

/// Removes a file; that there is none is fine.
pub fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What SQLite keeps beside a database.
pub fn companions(path: &Path) -> [PathBuf; 2] {
    [beside(path, "wal"), beside(path, "shm")]
}
