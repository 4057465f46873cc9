//! Many phones at once on a real file, with real threads: numbers are given in the order of commits.

use std::sync::Arc;

use domain::digest::Digest;
use domain::protocol::ScopeCursor;
use domain::{Document, InstallId};
use server::admin;
use server::area_cache::AreaCache;
use server::store::SqliteStore;

use crate::helpers::*;

const WRITERS: usize = 6;
const PUSHES: usize = 15;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_reader_passes_a_number_that_commits_later() {
    let folder = std::env::temp_dir().join(format!("tung-nha-concurrency-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let store = SqliteStore::open(&folder.join("test.sqlite")).await.expect("a store");
    admin::initialise(&store, 0xe0, InstallId(0x5e)).await.expect("an instance");
    let world = Arc::new(World::with_store(store, AreaCache::default()).await);

    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        let (world, phone) = (Arc::clone(&world), world.phone(MEMBER_A).await);
        writers.push(tokio::spawn(async move {
            for _ in 0..PUSHES {
                let door = household("Hộ", stamp(NOW - 5, phone.install.0));
                let person = resident(door.id, "Người", 1970, stamp(NOW - 5, phone.install.0));
                world.push(&phone, AREA_A, &[&door, &person]).await;
            }
        }));
    }
    let reader = tokio::spawn({
        let (world, mut phone) = (Arc::clone(&world), world.phone(MEMBER_AB).await);
        async move {
            let mut seen: Vec<Document> = Vec::new();
            while seen.len() < 2 * WRITERS * PUSHES {
                let reply = world.sync(&phone, Vec::new(), NOW).await.expect("a reply");
                for (scope, page) in pages(&reply) {
                    phone.cursors.retain(|cursor| cursor.scope != scope);
                    phone.cursors.push(ScopeCursor { scope, cursor: Some(page.cursor.clone()) });
                    if scope == AREA_A {
                        seen.extend(page.docs.iter().map(|pulled| pulled.doc.clone()));
                    }
                }
            }
            seen
        }
    });
    for writer in writers {
        writer.await.expect("written");
    }
    let waiting = std::time::Duration::from_mins(1);
    let seen = tokio::time::timeout(waiting, reader).await.expect("nothing is missed").expect("read");
    let (row, stored) = world.all(AREA_A).await;
    assert_eq!(stored.len(), seen.len());
    assert_eq!(row.seq, stored.len() as u64, "without gaps");
    assert_eq!(row.digest, Digest::of(&seen));
    assert_eq!(world.figures(AREA_A).await, world.recounted(AREA_A).await);
    world.store.close().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}
