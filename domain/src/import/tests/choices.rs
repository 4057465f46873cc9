//! What a coordinator chooses, and old fonts; the lists are in `tests/corpus`.

use proptest::prelude::*;

use super::*;
use crate::text::Legacy;

/// The words of which the demo makes its names: of all the peoples of its communes.
fn name_words() -> Vec<&'static str> {
    let source = include_str!("../../../../server/src/demo/names.rs");
    let tables = source.split("pub fn").next().unwrap_or_default();
    tables.split('"').skip(1).step_by(2).filter(|word| !word.is_empty()).collect()
}

#[test]
fn a_remembered_choice_is_found_again_by_the_headings_alone() {
    let first = propose(&sheet("DANH SÁCH\nSTT | Họ tên | Gì đó\n1 | An Văn Một | x"), &Options::default());
    let second = propose(&sheet("stt | HỌ TÊN | Gì đó | \n7 | An Văn Hai | y"), &Options::default());
    let other = propose(&sheet("STT | Họ tên | Gì khác\n1 | An Văn Một | x"), &Options::default());
    let [first, second, other] = [first, second, other].map(|proposal| proposal.expect("a header"));
    assert_eq!(first.signature, second.signature);
    assert_ne!(first.signature, other.signature);
    assert_eq!((first.header_row, first.first_row), (Some(1), 2));

    let mut mapping = Mapping { header_row: Some(1), ..Mapping::default() };
    mapping.columns.insert(2, Some(Field::Phone));
    mapping.columns.insert(1, None);
    let json = serde_json::to_string(&mapping).expect("json");
    assert_eq!(serde_json::from_str::<Mapping>(&json).expect("a mapping"), mapping);
    assert_eq!(mapping.remembered().header_row, None);
}

#[test]
fn a_menu_of_columns_is_offered_also_where_nobody_is_named_yet() {
    let rows = sheet("A1 | B1\n1 | An Văn Một");
    assert_eq!(propose(&rows, &Options::default()), Err(NotAList::NoHeader));
    let mapping = Mapping { header_row: Some(0), ..Mapping::default() };
    let mut options = Options { mapping, ..Options::default() };
    assert_eq!(propose(&rows, &options).expect("a header").columns.len(), 2);
    assert_eq!(read_list_with(&rows, &options), Err(NotAList::NoName));
    options.mapping.columns.insert(1, Some(Field::Name));
    assert_eq!(read_list_with(&rows, &options).expect("a list").households.len(), 1);
}

#[test]
fn old_fonts_are_converted_only_where_that_is_wanted() {
    let rows = sheet("STT | Hä vµ tªn | Quan hÖ\n1 | NguyÔn V¨n §øc | Chñ hé\n2 | TrÇn ThÞ Thuû | Vî");
    let with = |legacy| read_list_with(&rows, &Options { legacy, ..Options::default() });
    let list = with(Legacy::Detect).expect("a list");
    let converted = list.converted.as_ref().expect("converted");
    assert_eq!((converted.kinds.as_slice(), converted.columns.as_slice()), (&[Legacy::Tcvn3][..], &[1, 2][..]));
    assert!(converted.samples.contains(&("NguyÔn V¨n §øc".to_owned(), "Nguyễn Văn Đức".to_owned())));
    assert_eq!(list.report[0].kind, RemarkKind::Converted);
    assert_eq!(with(Legacy::Tcvn3).expect("a list").households, list.households);
    assert_eq!(with(Legacy::AsIs), Err(NotAList::NoHeader));
    let mut mixed = rows.clone();
    mixed[0][1] = Cell::from("Họ và tên");
    let damaged = read_list_with(&mixed, &Options { legacy: Legacy::AsIs, ..Options::default() }).expect("a list");
    assert_eq!(remarked(&damaged, RemarkKind::Assumed)[..1], [2], "strange letters in a name are told");
}

proptest! {
    /// Also columns of a few words, also names of one word: whatever share of them has Western letters only.
    #[test]
    fn a_list_in_unicode_is_never_converted(
        names in prop::collection::vec(prop::collection::vec(prop::sample::select(name_words()), 1..5), 1..12),
        is_capital in any::<bool>(), is_headed in any::<bool>()
    ) {
        let mut rows = if is_headed { sheet("STT | Họ và tên | Năm sinh") } else { Vec::new() };
        for (number, words) in (1_u32..).zip(&names) {
            let name = words.join(" ");
            let name = if is_capital { name.to_uppercase() } else { name };
            rows.push(vec![Cell::Number(f64::from(number)), Cell::Text(name), Cell::Number(1957.0)]);
        }
        let (read, converted) = super::super::converted::readable(&rows, Legacy::Detect);
        prop_assert_eq!(converted, None);
        prop_assert_eq!(read.as_ref(), rows.as_slice());
    }

    /// And a choice that is wrong for it does no harm to whatever only Unicode can write.
    #[test]
    fn a_name_that_only_unicode_can_write_survives_a_wrong_choice(
        words in prop::collection::vec(prop::sample::select(name_words()), 1..5)
    ) {
        let name = format!("{} Thị", words.join(" "));
        let rows = vec![vec![Cell::Text(name)]];
        for legacy in [Legacy::Tcvn3, Legacy::Vni, Legacy::Mojibake] {
            let (read, _) = super::super::converted::readable(&rows, legacy);
            prop_assert_eq!(read.as_ref(), rows.as_slice());
        }
    }
}
