//! A backup is put back, or nothing changes.

use std::collections::BTreeMap;
use std::path::Path;

use domain::InstallId;
use server::area_cache::AreaCache;
use server::backup::drill::{self, Verdict as DrillVerdict};
use server::config::DATABASE;
use server::data_lock::{self, LockError};
use server::store::SqliteStore;
use server::{admin, backup};
use tempfile::TempDir;

use crate::helpers::*;

/// A commune on the disk with a household, its backup, and a second household after that.
async fn commune() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join(DATABASE)).await.expect("a store");
    admin::initialise(&store, 0xe0, InstallId(0x5e)).await.expect("an instance");
    let world = World::with_store(store, AreaCache::default()).await;
    world.write(AREA_A, &[household("trước", stamp(NOW, 7))], NOW).await;
    backup::make(&world.store, &folder.path().join("backup.sqlite")).await.expect("a backup");
    world.write(AREA_A, &[household("sau", stamp(NOW, 8))], NOW).await;
    world.store.close().await;
    folder
}

/// Every file but the empty ones that hold the locks.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let named = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    let kept = named.filter(|(_, path)| path.extension().is_none_or(|kind| kind != "lock") && path.is_file());
    kept.map(|(name, path)| (name, std::fs::read(path).expect("bytes"))).collect()
}

async fn restore(folder: &Path, from: &str) -> Result<backup::Restored, String> {
    let alone = data_lock::take_alone(folder).map_err(|error| error.to_string())?;
    backup::restore(&alone, folder, &folder.join(from), 0xf0, NOW).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_restore_brings_the_backup_under_a_new_epoch_and_keeps_what_was_there() {
    let folder = commune().await;
    let before = SqliteStore::inspect(&folder.path().join(DATABASE)).await.expect("whole");
    let done = restore(folder.path(), "backup.sqlite").await.expect("restored");
    let now = SqliteStore::inspect(&folder.path().join(DATABASE)).await.expect("whole");
    assert_ne!(now.epoch, before.epoch);
    assert_eq!(now.scopes[&AREA_A].1, 1);
    assert_eq!(before.scopes[&AREA_A].1, 2);
    let aside = done.aside.expect("what was there");
    assert_eq!(SqliteStore::inspect(&aside).await.expect("whole"), before);
    let backup = SqliteStore::inspect(&folder.path().join("backup.sqlite")).await.expect("whole");
    assert_eq!(backup.epoch, before.epoch, "the backup itself is only read");
    // Once more in the same second: the first set aside is not overwritten.
    let again = restore(folder.path(), "backup.sqlite").await.expect("restored").aside.expect("what was there");
    assert_ne!(again, aside);
    assert!(aside.exists() && again.exists());
    let left: Vec<String> = files(folder.path()).into_keys().filter(|name| name.contains("dang-khoi-phuc")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_damaged_or_foreign_file_leaves_everything_as_it_was() {
    let folder = commune().await;
    let path = |name: &str| folder.path().join(name);
    let whole = std::fs::read(path("backup.sqlite")).expect("bytes");
    let damaged = |from: usize, by: &[u8]| {
        let mut bytes = whole.clone();
        bytes[from..from + by.len()].copy_from_slice(by);
        bytes
    };
    let word = "trước".as_bytes();
    let in_a_document = whole.windows(word.len()).position(|bytes| bytes == word).expect("the household");
    let cases = [
        ("empty", Vec::new()),
        ("text", b"not a database, whatever its name".to_vec()),
        ("cut", whole[..whole.len() / 2].to_vec()),
        ("torn", damaged(4_096, &[0x55; 512])),
        ("changed", damaged(in_a_document, "trưởc".as_bytes())),
        // The pragma user_version, in the header.
        ("newer", damaged(60, &99_u32.to_be_bytes())),
        ("unversioned", damaged(60, &0_u32.to_be_bytes())),
    ];
    for (name, bytes) in &cases {
        std::fs::write(path(name), bytes).expect("written");
    }
    let before = files(folder.path());
    for (name, _) in &cases {
        let error = restore(folder.path(), name).await.expect_err(name);
        assert!(error.contains("dữ liệu đang có vẫn nguyên"), "{name}: {error}");
        assert_eq!(files(folder.path()), before, "{name}");
    }
    assert!(restore(folder.path(), "missing").await.is_err());
    assert_eq!(files(folder.path()), before);
}

#[tokio::test]
async fn nothing_is_restored_under_somebodys_hands() {
    let folder = commune().await;
    let serving = data_lock::take_serving(folder.path(), std::time::Duration::ZERO, || {}).await.expect("a lock");
    assert!(matches!(data_lock::take_alone(folder.path()), Err(LockError::ServerRuns)));
    drop(serving);
    assert!(restore(folder.path(), "backup.sqlite").await.is_ok());
}

#[tokio::test]
async fn a_restore_works_where_the_present_data_are_damaged_or_gone() {
    let folder = commune().await;
    std::fs::write(folder.path().join(DATABASE), b"ruins").expect("written");
    std::fs::write(folder.path().join(format!("{DATABASE}-wal")), b"of a log").expect("written");
    let aside = restore(folder.path(), "backup.sqlite").await.expect("restored").aside.expect("what was there");
    assert_eq!(std::fs::read(&aside).expect("bytes"), b"ruins");
    let log = format!("{}-wal", aside.display());
    assert_eq!(std::fs::read(log).expect("what lay beside it"), b"of a log");
    assert!(SqliteStore::inspect(&folder.path().join(DATABASE)).await.is_ok());
    std::fs::remove_file(folder.path().join(DATABASE)).expect("removed");
    let done = restore(folder.path(), "backup.sqlite").await.expect("restored");
    assert!(done.aside.is_none());
}

#[tokio::test]
async fn a_drill_compares_every_area_and_leaves_the_data_alone() {
    let folder = commune().await;
    let store = SqliteStore::open(&folder.path().join(DATABASE)).await.expect("a store");
    let place = tempfile::tempdir().expect("a folder");
    let report = drill::run(&store, place.path(), 0xf1, NOW).await.expect("a report");
    assert!(report.is_passed(), "{report}");
    assert!(report.lines.len() >= 3 && report.lines.iter().all(|(_, _, verdict)| *verdict == DrillVerdict::Same));
    assert!(report.to_string().contains("khớp"));
    store.close().await;
    let now = SqliteStore::inspect(&folder.path().join(DATABASE)).await.expect("whole");
    assert_eq!(now.epoch, format!("{:032x}", 0xe0));
}
