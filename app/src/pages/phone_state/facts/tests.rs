use super::*;

const GIBIBYTE: f64 = 1_073_741_824.0;

fn well() -> Facts {
    Facts {
        room: Some(Room {
            is_persisted: true,
            usage_bytes: Some(4_200_000.0),
            quota_bytes: Some(4_200_000.0 + GIBIBYTE),
        }),
        is_installed: true,
        status: Status { last_sync_ms: Some(1_000), ..Status::default() },
        lists: Lists::Complete,
        updated: Some("09:40".to_owned()),
        now_ms: 2_000,
        divergence: 0,
        reopened: 0,
        unread: 0,
        inside: None,
        browser: None,
        version: "1.0.0".to_owned(),
        has_update: false,
    }
}

fn health(facts: &Facts, key: &str) -> Health {
    let lines = facts.lines();
    lines.iter().find(|line| line.key == key).map(|line| line.health).expect("a line of this key")
}

#[test]
fn a_phone_in_order_is_told_so_in_every_line() {
    assert!(well().lines().iter().all(|line| line.health == Health::Good), "{:?}", well().lines());
    assert_eq!(well().summary(), "Máy này ổn.");
}

#[test]
fn every_line_that_is_not_good_says_what_to_do() {
    let facts = Facts {
        room: Some(Room { is_persisted: false, usage_bytes: Some(1.0), quota_bytes: Some(10.0) }),
        is_installed: false,
        status: Status { unsent: 3, refused: 1, clock_error_ms: Some(3_600_000), ..Status::default() },
        lists: Lists::Missing(vec!["Tổ 5".to_owned()]),
        updated: None,
        divergence: 3,
        inside: Some("Zalo"),
        has_update: true,
        ..well()
    };
    let lines = facts.lines();
    assert!(lines.iter().filter(|line| line.health != Health::Good).all(|line| line.todo.is_some()), "{lines:?}");
    assert_eq!(
        lines.iter().filter(|line| line.health == Health::Good).map(|line| line.key).collect::<Vec<_>>(),
        ["database"]
    );
    assert_eq!(facts.summary(), "Có 4 điều cần làm, 7 điều nên xem.");
}

#[test]
fn what_only_an_update_or_the_office_can_mend_is_told() {
    let with = |status: Status| Facts { status: Status { last_sync_ms: Some(1_000), ..status }, ..well() };
    let year_ms = 365 * 86_400_000;
    for (facts, key) in [
        (with(Status { clock_doubt_ms: Some(year_ms), ..Status::default() }), "clock"),
        (with(Status { needs_update: true, ..Status::default() }), "version"),
        (with(Status { unreadable: 2, ..Status::default() }), "agreement"),
        (with(Status { offers: 2, ..Status::default() }), "unsent"),
    ] {
        assert_eq!(health(&facts, key), Health::Watch, "{key}");
        assert_eq!(facts.summary(), "Dùng được; có 1 điều nên xem.");
    }
    assert_eq!(health(&Facts { unread: 1, ..well() }, "database"), Health::Bad);
}

#[test]
fn an_unknown_room_is_not_called_plenty() {
    let lines = well().lines();
    let room = lines.iter().find(|line| line.key == "room").expect("a line about the room");
    assert!(room.says.contains("không cho biết"), "{room:?}");
}

#[test]
fn a_silent_week_is_worth_a_look() {
    let facts = Facts { now_ms: 8 * 86_400_000, ..well() };
    assert_eq!(health(&facts, "update"), Health::Watch);
}

#[test]
fn nothing_is_said_to_agree_before_all_of_it_is_here() {
    let facts = Facts { lists: Lists::Missing(vec!["Tổ 5".to_owned()]), ..well() };
    assert_eq!(health(&facts, "agreement"), Health::Watch);
}

#[test]
fn a_difference_that_heals_is_told_apart_from_one_that_stays() {
    assert_eq!(health(&Facts { divergence: 1, ..well() }, "agreement"), Health::Watch);
    assert_eq!(health(&Facts { divergence: 3, ..well() }, "agreement"), Health::Bad);
}
