use super::*;

fn of(name: &str, year: i64) -> Traits {
    Traits { name: name.to_owned(), birth_year: Some(year), ..Traits::default() }
}

fn with(name: &str, year: i64, phone: &str, address: &str) -> Traits {
    Traits { phone: Some(phone.to_owned()), address: address.to_owned(), ..of(name, year) }
}

fn is_certain(left: &Traits, right: &Traits) -> bool {
    matches!(judge(left, right), Judgement::Certain(_))
}

fn is_doubtful(left: &Traits, right: &Traits) -> bool {
    matches!(judge(left, right), Judgement::Doubtful(_))
}

#[test]
fn name_and_year_with_the_same_phone_or_home_are_certain() {
    let lan = with("Nguyễn Thị Lan", 1980, "0912345678", "12, Tổ 5");
    assert!(is_certain(&lan, &with("NGUYEN THI LAN", 1980, "0912345678", "")));
    assert!(is_certain(&lan, &with("Nguyễn Thị Lan", 1980, "0987654321", "Số 12, tổ dân phố 05, phường X")));
    assert!(is_certain(&with("Lý Thị Thuý", 1980, "0912345678", ""), &with("Lí Thị Thúy", 1980, "0912345678", "")));
}

#[test]
fn name_and_year_alone_are_doubtful() {
    let judgement = judge(&of("Nguyễn Thị Lan", 1980), &of("Nguyễn Thị Lan", 1980));
    assert_eq!(judgement, Judgement::Doubtful(vec![Reason::SameName, Reason::SameYear]));
    assert!(is_doubtful(&of("Nguyễn Thị Lan", 1980), &of("Nguyễn Thị Lân", 1980)));
}

#[test]
fn one_household_is_not_one_person() {
    let at = |name, year| with(name, year, "0912345678", "12, Tổ 5");
    // Siblings, twins by a mark, a letter or a word, father and son of one name, husband and wife.
    assert_eq!(judge(&at("Trần Thị Lan", 1990), &at("Trần Thị Mai", 1990)), Judgement::Different);
    for (left, right) in
        [("Trần Thị Hoa", "Trần Thị Hòa"), ("Trần Thị Lan", "Trần Thị Lanh"), ("Trần Văn An", "Trần An")]
    {
        assert!(is_doubtful(&at(left, 1990), &at(right, 1990)), "{left}, {right}");
    }
    assert!(is_doubtful(&at("Trần Văn An", 1990), &at("Trần Văn An", 1960)));
    assert_eq!(judge(&at("A Thuih", 1990), &at("Y Thuih", 1990)), Judgement::Different);
}

#[test]
fn a_damaged_name_or_year_is_doubtful_with_one_thing_more() {
    let nam = with("Nguyễn Văn Nam", 1970, "0912345678", "12, Tổ 5");
    for name in ["Nguyễn Nam", "N.V. Nam", "Ng Văn Nam", "Nam Nguyễn Văn", "Nguyễn Văm Nam", "Nguyễn Vănnam"]
    {
        assert!(is_doubtful(&nam, &with(name, 1970, "0912345678", "")), "{name}");
    }
    assert!(is_doubtful(&nam, &with("Nguyễn Văn Nam", 1971, "0912345678", "")));
    assert!(is_doubtful(&nam, &Traits { birth_year: None, ..nam.clone() }));
    // Nothing but a name that is not quite the same, elsewhere.
    assert_eq!(judge(&nam, &with("Nguyễn Văn Năm", 1980, "0987654321", "9, Tổ 6")), Judgement::Different);
    assert_eq!(judge(&nam, &with("Nguyễn Văn Nan", 1972, "0987654321", "9, Tổ 6")), Judgement::Different);
    assert!(is_doubtful(&of("Trần Văn An", 1957), &of("Trần Văn An", 1975)));
}

#[test]
fn other_last_digits_are_never_certain() {
    let tail = |tail: &str| Traits {
        id_tail: Some(tail.to_owned()),
        ..with("Trần Văn An", 1990, "0912345678", "12, Tổ 5")
    };
    assert!(is_certain(&tail("1234"), &tail("1234")));
    assert!(is_doubtful(&tail("1234"), &tail("4321")));
}

#[test]
fn certainty_needs_that_nobody_else_fits() {
    let here = with("Nguyễn Thị Lan", 1980, "0912345678", "12, Tổ 5");
    let double = with("Nguyễn Thị Lan", 1980, "0912345678", "14, Tổ 5");
    let sought = with("NGUYỄN THỊ LAN", 1980, "0912345678", "");
    let index = Index::new([(1, &here)]);
    assert!(matches!(index.find(&sought), Found::Certain(found) if found.key == 1));
    let index = Index::new([(1, &here), (2, &double)]);
    assert!(matches!(index.find(&sought), Found::Doubtful(found) if found.len() == 2));
    // Two records that are known to be one person are no two.
    assert!(matches!(Index::new([(1, &here), (1, &double)]).find(&sought), Found::Certain(_)));
    // Whom somebody has ruled out is not asked about again.
    assert!(matches!(index.find_among(&sought, |key| key != 2), Found::Certain(found) if found.key == 1));
}

#[test]
fn the_same_name_and_year_in_one_unit_is_certain_only_when_unique_in_the_commune() {
    let here = Traits { address: "Thôn Nà Pò".to_owned(), ..of("Ma Thị Lan", 1980) };
    let elsewhere = Traits { address: "Thôn Nà Mèo".to_owned(), ..of("Ma Thị Lan", 1980) };
    let sought = Traits { address: "Nhà 7, thôn Nà Pò, xã Cường Lợi".to_owned(), ..of("Ma Thị Lan", 1980) };
    assert!(matches!(Index::new([(1, &here)]).find(&sought), Found::Certain(_)));
    assert!(matches!(Index::new([(1, &here), (2, &elsewhere)]).find(&sought), Found::Doubtful(_)));
}

#[test]
fn pairs_are_told_once_the_most_alike_first() {
    let people = [
        with("Trần Văn An", 1990, "0912345678", "12, Tổ 5"),
        with("Trần Văn An", 1990, "0912345678", "40, Tổ 5"),
        with("Trần Văn Ân", 1990, "0987654321", "41, Tổ 5"),
        with("Lê Thị Mai", 1990, "0912345678", "12, Tổ 5"),
    ];
    let pairs = Index::new(people.iter().enumerate()).pairs();
    let keys: Vec<(usize, usize)> = pairs.iter().map(|(left, right, _)| (*left, *right)).collect();
    assert_eq!(keys, [(0, 1)]);
}

#[test]
fn judging_does_not_depend_on_the_side() {
    let corpus = corpus::made(400, 400, 3);
    for (row, resident) in corpus.rows.iter().zip(&corpus.residents) {
        assert_eq!(judge(&row.traits, resident), judge(resident, &row.traits));
    }
}

#[test]
fn what_is_certain_is_right_and_hardly_anybody_is_missed() {
    for seed in [2, 3] {
        let measured = corpus::measure_on(&corpus::made(6_000, 8_000, seed));
        assert!(measured.certain_precision() >= 0.999, "{measured:?}");
        assert!(measured.offered_recall() >= 0.97, "{measured:?}");
        assert!(measured.certain_recall() >= 0.5, "{measured:?}");
    }
}
