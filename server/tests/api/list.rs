//! A real list in place of invented residents.

use std::path::PathBuf;

use domain::InstallId;
use domain::people::Resident;
use domain::place::{Area, Household};
use server::area_cache::AreaCache;
use server::demo::Place;
use server::store::SqliteStore;
use server::{admin, demo, import_list};

use crate::helpers::{NOW, all_documents, fresh};

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

fn bac_kan() -> &'static Place {
    Place::find("bac-kan-2026").expect("a place")
}

#[tokio::test]
async fn the_demo_holds_the_list_that_it_was_given() {
    let path = file("danh-sach.csv", LIST.as_bytes());
    let lists = import_list::read(&path, Some("Tổ 5")).expect("a list");
    std::fs::remove_file(&path).expect("removed");
    let store = SqliteStore::in_memory().await.expect("a store");
    admin::initialise(&store, 1, InstallId(1)).await.expect("an instance");
    assert!(demo::seed(&store, &AreaCache::default(), bac_kan(), Some(&lists), NOW).await.expect("seeded"));
    let all = all_documents(&store).await;
    let areas: Vec<String> = all.iter().filter_map(Area::read).map(|area| area.name).collect();
    assert_eq!(areas, ["Tổ 5"]);
    let heads: Vec<Household> = all.iter().filter_map(Household::read).collect();
    assert_eq!(heads.len(), 2);
    assert!(heads.iter().all(|household| household.route.is_some()));
    assert_eq!(all.iter().filter_map(Resident::read).count(), 3);
    assert!(!demo::seed(&store, &AreaCache::default(), bac_kan(), None, NOW).await.expect("seeded"), "never twice");
}

#[test]
fn a_file_that_is_no_list_is_told_in_a_sentence() {
    let cases = [
        ("x.xlsx", "không phải bảng tính".as_bytes(), "không phải là bảng tính"),
        ("x.csv", &[0x00, 0xff, 0x00, 0x00, 0x01][..], "không phải là bảng tính"),
        ("x.xls", b"%PDF-1.7", "tệp PDF"),
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
