//! How a name from a list is written on the screen.

use super::normal::{composed, is_mark};

/// `NGUYỄN THỊ Y` and `nguyễn thị y` → `Nguyễn Thị Y`. A name that already mixes cases is left as it was written.
pub fn title_case(name: &str) -> String {
    let name = composed(name.chars());
    if name.chars().any(char::is_lowercase) && name.chars().any(char::is_uppercase) {
        return name;
    }
    let mut out = String::with_capacity(name.len());
    let mut starts_word = true;
    for c in name.chars() {
        if starts_word {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        // A mark with no composed form (ơ̆) is part of the word.
        starts_word = !(c.is_alphanumeric() || is_mark(c));
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold;
    use super::*;

    #[test]
    fn capitals_and_small_letters_become_a_name() {
        assert_eq!(title_case("NGUYỄN THỊ Y"), "Nguyễn Thị Y");
        assert_eq!(title_case("đặng văn ổn"), "Đặng Văn Ổn");
        assert_eq!(title_case("A THUIH"), "A Thuih");
        assert_eq!(title_case("H'LAN NIÊ"), "H'Lan Niê");
        assert_eq!(title_case("NGUYE\u{302}\u{303}N"), "Nguyễn");
        assert_eq!(title_case("RƠ\u{306} CHĂM"), "Rơ\u{306} Chăm");
    }

    #[test]
    fn mixed_case_is_left_as_it_was_written() {
        assert_eq!(title_case("Nguyễn Thị Y"), "Nguyễn Thị Y");
        assert_eq!(title_case("Trần McDonald"), "Trần McDonald");
        assert_eq!(title_case(""), "");
    }

    proptest! {
        #[test]
        fn the_case_never_changes_who_is_found(name in "[a-zà-ýăđĩũơưạ-ỹ' ]{0,30}") {
            prop_assert_eq!(fold(&title_case(&name)), fold(&name));
        }

        #[test]
        fn any_text_is_accepted(name in any::<String>()) {
            title_case(&name);
        }
    }
}
