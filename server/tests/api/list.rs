//! A real list in place of invented residents.

use std::path::PathBuf;

use domain::people::Resident;
use domain::place::{Area, Household};
use domain::{Document, InstallId, Kind};
use server::area_cache::AreaCache;
use server::store::{SqliteStore, Store, Tx};
use server::{admin, demo, import_list};

use crate::helpers::{NOW, fresh};

const LIST: &str = "\u{feff}DANH SÁCH HỘ DÂN;;;;\n\
    STT;Họ và tên;Năm sinh;Quan hệ với chủ hộ;Số nhà\n\
    1;Nông Văn Tằng;1956;Chủ hộ;12\n\
    2;Hoàng Thị Ết;1958;Vợ;12\n\
    3;Triệu Tài Sính;1980;Chủ hộ;14\n";

fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("tung-nha-{}-{}-{name}", std::process::id(), fresh()));
    std::fs::write(&path, content).expect("a file");
    path
}

async fn documents(store: &SqliteStore) -> Vec<Document> {
    let mut tx = store.read().await.expect("a transaction");
    let mut all = Vec::new();
    for commune in tx.communes().await.expect("communes") {
        for scope in tx.scopes_of(commune).await.expect("scopes") {
            all.extend(tx.all_documents(scope.id).await.expect("documents").into_iter().map(|stored| stored.doc));
        }
    }
    all
}

#[tokio::test]
async fn the_demo_holds_the_list_that_it_was_given() {
    let path = file("danh-sach.csv", LIST.as_bytes());
    let lists = import_list::read(&path, Some("Tổ 5")).expect("a list");
    std::fs::remove_file(&path).expect("removed");
    let store = SqliteStore::in_memory().await.expect("a store");
    admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
    assert!(demo::seed(&store, &AreaCache::default(), Some(&lists), NOW).await.expect("seeded"));
    let all = documents(&store).await;
    let areas: Vec<String> = all.iter().filter_map(Area::read).map(|area| area.name).collect();
    assert_eq!(areas, ["Tổ 5"]);
    let heads: Vec<Household> = all.iter().filter_map(Household::read).collect();
    assert_eq!(heads.len(), 2);
    assert!(heads.iter().all(|household| household.route.is_some()));
    assert_eq!(all.iter().filter_map(Resident::read).count(), 3);
    assert!(!demo::seed(&store, &AreaCache::default(), None, NOW).await.expect("seeded"), "never twice");
}

#[tokio::test]
async fn the_invented_commune_is_the_same_for_everyone() {
    let mut communes = Vec::new();
    for _ in 0..2 {
        let store = SqliteStore::in_memory().await.expect("a store");
        admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
        demo::seed(&store, &AreaCache::default(), None, NOW).await.expect("seeded");
        communes.push(documents(&store).await);
    }
    assert_eq!(communes[0], communes[1]);
    assert!(communes[0].iter().all(|doc| doc.check().is_ok()));
    assert!(communes[0].iter().filter(|doc| doc.kind == Kind::Resident).count() > 1_200);
    let newest = communes[0].iter().filter_map(Document::newest_stamp).max().expect("a stamp");
    assert!(newest.ms <= NOW, "nothing lies in the future");
}

#[test]
fn a_file_that_is_no_list_is_told_in_a_sentence() {
    let cases = [
        ("x.xlsx", "không phải bảng tính".as_bytes(), "không phải là bảng tính"),
        ("x.csv", &[0xff, 0xfe, 0x00, 0x41][..], "UTF-8"),
        ("x.csv", "một,hai\n1,2\n".as_bytes(), "Không tìm thấy dòng tiêu đề"),
        ("x.csv", b"", "trống"),
    ];
    for (name, content, words) in cases {
        let path = file(name, content);
        let error = import_list::read(&path, None).expect_err("no list").to_string();
        std::fs::remove_file(&path).expect("removed");
        assert!(error.contains(words) && error.contains(name), "{error}");
    }
}
