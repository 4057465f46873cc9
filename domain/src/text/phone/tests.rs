use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> Result<String, PhoneError> {
    Phone::parse(text).map(String::from)
}

fn cell(text: &str) -> (Vec<String>, String) {
    let cell = Phone::parse_all(text);
    (cell.phones.into_iter().map(String::from).collect(), cell.rest)
}

#[test]
fn every_way_of_writing_a_mobile_number_gives_one_form() {
    for text in [
        "0912345678",
        "912345678",
        "+84912345678",
        "84 912 345 678",
        "0084912345678",
        "+84 (0)912.345.678",
        "0912.345.678",
        "0912-345-678",
        " 0912\u{a0}345\u{200b}678 ",
        "'0912345678",
        "ĐT: 0912 345 678",
        "SĐT/Zalo: 0912345678",
        "０９１２３４５６７８",
        "912345678.0",
        "9.12345678E+08",
    ] {
        assert_eq!(parsed(text).as_deref(), Ok("0912345678"), "{text}");
    }
}

#[test]
fn numbers_from_before_2018_get_their_new_prefix() {
    for (old, new) in [
        ("01681234567", "0381234567"),
        ("1681234567", "0381234567"),
        ("+841201234567", "0701234567"),
        ("0121 123 4567", "0791234567"),
        ("01291234567", "0821234567"),
        ("01861234567", "0561234567"),
        ("01991234567", "0591234567"),
    ] {
        assert_eq!(parsed(old).as_deref(), Ok(new), "{old}");
    }
}

#[test]
fn a_lost_zero_before_84_is_not_taken_for_the_country() {
    assert_eq!(parsed("842345678").as_deref(), Ok("0842345678"));
    assert_eq!(parsed("84842345678").as_deref(), Ok("0842345678"));
}

#[test]
fn landlines_are_accepted_with_their_area_code() {
    assert_eq!(parsed("0209 3812 345").as_deref(), Ok("02093812345"));
    assert_eq!(parsed("2438123456").as_deref(), Ok("02438123456"));
    assert_eq!(parsed("+84 24 3812 3456").as_deref(), Ok("02438123456"));
    assert!(Phone::parse("02438123456").is_ok_and(|phone| phone.is_landline()));
}

#[test]
fn a_wrong_number_says_what_is_wrong() {
    assert_eq!(parsed(""), Err(PhoneError::Empty));
    assert_eq!(parsed(" - "), Err(PhoneError::Empty));
    assert_eq!(parsed("không có"), Err(PhoneError::NotDigits));
    assert_eq!(parsed("con 0912345678"), Err(PhoneError::NotDigits));
    assert_eq!(parsed("091234567"), Err(PhoneError::TooShort { digits: 9 }));
    assert_eq!(parsed("09123456789"), Err(PhoneError::TooLong { digits: 11 }));
    assert_eq!(parsed("0612345678"), Err(PhoneError::UnknownPrefix { prefix: "061".to_owned() }));
    assert_eq!(parsed("01101234567"), Err(PhoneError::UnknownPrefix { prefix: "011".to_owned() }));
    assert_eq!(parsed("+855 12 345 678"), Err(PhoneError::Foreign));
    assert_eq!(parsed("3,87E+08"), Err(PhoneError::Rounded));
    assert_eq!(PhoneError::TooShort { digits: 9 }.to_string(), "Số điện thoại còn thiếu chữ số, hiện có 9 chữ số");
}

#[test]
fn two_numbers_in_one_cell_are_both_found() {
    let both = vec!["0912345678".to_owned(), "0387654321".to_owned()];
    for text in [
        "0912345678 - 0387654321",
        "0912345678/0387654321",
        "0912.345.678; 0387.654.321",
        "0912 345 678 0387 654 321",
        "912345678, 387654321",
        "0912345678 hoặc +84 387 654 321",
        "0912345678/01687654321",
        "ĐT: 0912345678 - Zalo: 0387654321",
    ] {
        assert_eq!(cell(text), (both.clone(), String::new()), "{text}");
    }
}

#[test]
fn what_is_not_a_number_is_handed_back() {
    assert_eq!(cell("0912345678 (con trai)"), (vec!["0912345678".to_owned()], "(con trai)".to_owned()));
    assert_eq!(cell("0912345678-9"), (vec!["0912345678".to_owned()], "9".to_owned()));
    assert_eq!(cell("không có"), (vec![], "không có".to_owned()));
    assert_eq!(cell("3,87E+08"), (vec![], "3,87E+08".to_owned()));
    assert_eq!(cell("0912345678 / 0912 345 678"), (vec!["0912345678".to_owned()], String::new()));
    assert_eq!(cell(""), (vec![], String::new()));
}

#[test]
fn a_number_is_shown_in_groups_and_hidden_but_for_its_tail() {
    let phone = Phone::parse("0912345678").unwrap();
    assert_eq!(phone.to_string(), "0912 345 678");
    assert_eq!(phone.masked(), "•••• 678");
    assert_eq!(phone.tail(4), "5678");
    assert_eq!(phone.tail(99), "0912345678");
    assert_eq!(format!("{phone:?}"), "Phone(•••• 678)");
    assert_eq!(Phone::parse("02438123456").unwrap().to_string(), "024 3812 3456");
    assert_eq!(Phone::parse("02093812345").unwrap().to_string(), "0209 381 2345");
}

#[test]
fn a_number_travels_as_its_digits() {
    let phone = Phone::parse("+84 912 345 678").unwrap();
    let wire = serde_json::to_string(&phone).unwrap();
    assert_eq!(wire, "\"0912345678\"");
    assert_eq!(serde_json::from_str::<Phone>(&wire).unwrap(), phone);
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), messy in "[0-9+. ()/eE,đ-]{0,40}") {
        for text in [text, messy] {
            let _ = Phone::parse(&text);
            Phone::parse_all(&text);
        }
    }

    #[test]
    fn what_was_understood_is_understood_again(text in "[+]?[0-9]{8,13}") {
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse(&phone.to_string()), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse_all(&phone.to_string()).phones, vec![phone]);
        }
    }
}
