use proptest::prelude::*;

use super::*;

fn entry(id: usize, name: &str) -> Entry<'_, usize> {
    Entry { id, name, house_no: "", household_head: "", phone: None, birth_year: None }
}

fn index(names: &[&str]) -> Index<usize> {
    names.iter().enumerate().map(|(id, name)| entry(id, name)).collect()
}

fn found<'a>(names: &[&'a str], query: &str) -> Vec<&'a str> {
    index(names).find(query, 20).into_iter().map(|hit| names[hit.id]).collect()
}

fn rank(index: &Index<usize>, query: &str, id: usize) -> Option<Rank> {
    index.find(query, 100).into_iter().find(|hit| hit.id == id).map(|hit| hit.rank)
}

#[test]
fn two_letter_names_are_found() {
    let names = ["Lê Văn Tú", "Trần Thị An", "Hà Thị Lệ", "Y Blưi", "A Hà"];
    assert_eq!(found(&names, "le"), ["Hà Thị Lệ", "Lê Văn Tú"]);
    assert_eq!(found(&names, "an"), ["Trần Thị An"]);
    assert_eq!(found(&names, "ha"), ["A Hà", "Hà Thị Lệ"]);
    assert_eq!(found(&names, "y bl"), ["Y Blưi"]);
}

#[test]
fn initials_find_the_whole_name() {
    let names = ["Nguyễn Văn An", "Nguyễn Văn Dũng", "Nguyễn Văn Đức", "Trần Văn An"];
    assert_eq!(found(&names, "nva"), ["Nguyễn Văn An"]);
    assert_eq!(found(&names, "nvd"), ["Nguyễn Văn Dũng", "Nguyễn Văn Đức"]);
    assert_eq!(found(&names, "nvđ"), ["Nguyễn Văn Đức", "Nguyễn Văn Dũng"]);
    assert_eq!(found(&names, "NV Đức"), ["Nguyễn Văn Đức"]);
    assert_eq!(found(&names, "n.v.a"), ["Nguyễn Văn An"]);
}

#[test]
fn words_are_found_in_any_order_and_by_their_beginning() {
    let names = ["Nguyễn Văn Đức", "Trần Văn Đức", "Ngô Nam"];
    for query in ["van duc ng", "duc van nguyen", "đức nguyễn", "Nguyễn Văn Đức", "nguyenvanduc", "nguyen vanduc"]
    {
        assert_eq!(found(&names, query), ["Nguyễn Văn Đức"], "{query}");
    }
    assert_eq!(found(&names, "n ng"), ["Ngô Nam"]);
    assert!(found(&["Lê Thị An"], "an an").is_empty());
}

#[test]
fn typed_marks_come_first_and_the_others_after() {
    let names = ["Trần Thị Lệ", "Lê Văn Bình", "Phạm Le", "Vũ Lê", "Cao Lênh"];
    assert_eq!(found(&names, "lê"), ["Vũ Lê", "Lê Văn Bình", "Phạm Le", "Trần Thị Lệ", "Cao Lênh"]);
    assert_eq!(found(&["Lê Hoà", "Lê Hoa", "Bế Hòa"], "hoà"), ["Bế Hòa", "Lê Hoà", "Lê Hoa"]);
}

#[test]
fn the_given_name_ranks_before_the_rest_of_the_name() {
    let names = ["An Thị Hoa", "Bùi Anh", "Lê An", "Âu Nam", "An"];
    assert_eq!(found(&names, "an"), ["An", "Lê An", "An Thị Hoa", "Bùi Anh", "Âu Nam"]);
    let index = index(&names);
    assert_eq!(rank(&index, "an", 4), Some(Rank::WholeName));
    assert_eq!(rank(&index, "an", 2), Some(Rank::GivenName));
    assert_eq!(rank(&index, "an", 0), Some(Rank::NameToken));
    assert_eq!(rank(&index, "an", 1), Some(Rank::NamePrefix));
    assert_eq!(rank(&index, "an", 3), Some(Rank::Initials));
}

#[test]
fn i_and_y_are_one_letter_at_the_end_of_a_syllable_only() {
    let names = ["Lí Mĩ", "Lý Mỹ", "Trần Quí", "Trần Mai", "Trần May"];
    assert_eq!(found(&names, "lý mỹ"), ["Lý Mỹ", "Lí Mĩ"]);
    assert_eq!(found(&names, "ly my"), ["Lý Mỹ", "Lí Mĩ"]);
    assert_eq!(found(&names, "quy"), ["Trần Quí"]);
    assert_eq!(found(&names, "may"), ["Trần May"]);
}

#[test]
fn a_person_is_found_by_house_phone_year_and_head_of_household() {
    let mut index = Index::new();
    index.put(Entry {
        id: 1,
        name: "Hoàng Thị Lan",
        house_no: "Số 12/3 ngõ 5",
        household_head: "Bế Văn Hùng",
        phone: Some("+84 912 345 678"),
        birth_year: Some(1957),
    });
    for (query, expected) in [
        ("12/3", Rank::HouseNumber),
        ("12", Rank::HouseNumber),
        ("12 / 3", Rank::HouseNumber),
        ("số nhà 12/3", Rank::HouseNumber),
        ("ngõ 5", Rank::HouseNumber),
        ("678", Rank::Phone),
        ("0912 345 678", Rank::Phone),
        ("+84912345678", Rank::Phone),
        ("0912", Rank::Phone),
        ("1957", Rank::BirthYear),
        ("lan 1957", Rank::BirthYear),
        ("lan 12/3", Rank::HouseNumber),
        ("hùng", Rank::HouseholdHead),
        ("lan hung", Rank::HouseholdHead),
    ] {
        assert_eq!(rank(&index, query, 1), Some(expected), "{query}");
    }
    for query in ["78", "195", "13/3", "lan 1958", "/", "", " ", "ngõ"] {
        assert_eq!(rank(&index, query, 1), None, "{query}");
    }
}

#[test]
fn a_change_shows_in_the_next_search() {
    let mut index = index(&["Lê An", "Lê Bình"]);
    index.put(entry(0, "Lê Cúc"));
    assert!(index.find("an", 10).is_empty());
    assert_eq!(index.find("cuc", 10).len(), 1);
    assert!(index.remove(&0));
    assert!(!index.remove(&0));
    assert!(index.find("cuc", 10).is_empty());
    assert_eq!(index.len(), 1);
}

#[test]
fn the_limit_keeps_the_best() {
    let names = ["Trần Anh", "Lê An", "Bùi Ánh", "An Thị Tư"];
    let index = index(&names);
    let all = index.find("an", 10);
    assert_eq!(index.find("an", 2), all[..2]);
    assert!(index.find("an", 0).is_empty());
}

#[test]
fn highland_and_khmer_names_are_found_like_all_others() {
    let names = ["A Thuih", "Y Blưi", "Kơ Pă Hʼ Bĭ", "H'Lan Niê", "Néang Sóc Kha"];
    assert_eq!(found(&names, "thuih"), ["A Thuih"]);
    assert_eq!(found(&names, "athuih"), ["A Thuih"]);
    assert_eq!(found(&names, "ko pa"), ["Kơ Pă Hʼ Bĭ"]);
    assert_eq!(found(&names, "hlan"), ["H'Lan Niê"]);
    assert_eq!(found(&names, "neang"), ["Néang Sóc Kha"]);
}

fn name() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "Nguyễn",
        "Trần",
        "Lê",
        "Lệ",
        "Le",
        "Văn",
        "Thị",
        "Đức",
        "Dũng",
        "An",
        "Ân",
        "Hoà",
        "Hòa",
        "Lý",
        "Lí",
        "Quý",
        "A",
        "Y",
        "Blưi",
        "Thuih",
        "Kơ",
        "Pă",
        "H'Bĭ",
        "Néang",
        "NGÔ",
        "ng\u{302}o",
    ]);
    prop::collection::vec(token, 1..6).prop_map(|tokens| tokens.join(" "))
}

proptest! {
    #[test]
    fn everyone_is_found_by_each_own_word_and_by_initials(names in prop::collection::vec(name(), 1..20)) {
        let index: Index<usize> = names.iter().enumerate().map(|(id, name)| entry(id, name)).collect();
        for (id, name) in names.iter().enumerate() {
            let folded = fold(name);
            for token in name.split(' ').chain(folded.split(' ')) {
                prop_assert!(rank(&index, token, id).is_some_and(|rank| rank <= Rank::NamePrefix), "{} by {}", name, token);
            }
            prop_assert_eq!(rank(&index, name, id), Some(Rank::WholeName));
            let initials: String = folded.split(' ').filter_map(|token| token.chars().next()).collect();
            prop_assert!(rank(&index, &initials, id).is_some(), "{} by {}", name, initials);
        }
    }

    #[test]
    fn the_words_of_a_name_find_it_in_any_order_and_cut_short(
        name in name(), order in prop::collection::vec(any::<u32>(), 6), cut in prop::collection::vec(1usize..4, 6),
    ) {
        let index: Index<usize> = [entry(0, &name)].into_iter().collect();
        let folded = fold(&name);
        let mut tokens: Vec<_> = folded.split(' ').zip(cut).zip(order).collect();
        tokens.sort_by_key(|(_, order)| *order);
        let query: Vec<String> = tokens.into_iter().map(|((token, cut), _)| token.chars().take(cut).collect()).collect();
        prop_assert!(rank(&index, &query.join(" "), 0).is_some(), "{} by {:?}", name, query);
    }

    #[test]
    fn any_text_can_be_stored_and_searched(
        name in any::<String>(), house in any::<String>(), phone in any::<String>(), query in any::<String>(),
    ) {
        let mut index = Index::new();
        index.put(Entry { id: 0, name: &name, house_no: &house, household_head: &name, phone: Some(&phone), birth_year: Some(0) });
        for text in [&name, &house, &phone, &query] {
            index.find(text, 5);
        }
        let folded = fold(&name);
        if folded.split(' ').count() <= 16 && folded.chars().any(char::is_alphanumeric) && !folded.contains('/') {
            prop_assert!(rank(&index, &name, 0).is_some());
        }
    }

    #[test]
    fn hits_come_from_sure_to_unsure_for_unmarked_queries(names in prop::collection::vec(name(), 1..20), query in "[a-z]{1,3}") {
        let index: Index<usize> = names.iter().enumerate().map(|(id, name)| entry(id, name)).collect();
        let hits = index.find(&query, 100);
        prop_assert!(hits.windows(2).all(|pair| pair[0].rank <= pair[1].rank || is_other_spelling(&pair[0], &pair[1])));
    }
}

/// Lí for "ly" stands behind every Lý.
fn is_other_spelling(first: &Hit<usize>, second: &Hit<usize>) -> bool {
    first.rank <= Rank::NameToken && second.rank <= Rank::NameToken
}
