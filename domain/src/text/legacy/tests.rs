use proptest::prelude::*;

use super::*;

/// The same names in Unicode and as each encoding shows them.
const NAMES: [(&str, &str, &str, &str); 6] = [
    ("Nguyễn Văn Đức", "NguyÔn V¨n §øc", "Nguyeãn Vaên Ñöùc", "Nguyá»…n VÄƒn Ä\u{90}á»©c"),
    ("Trần Thị Thuỷ", "TrÇn ThÞ Thuû", "Traàn Thò Thuyû", "Tráº§n Thá»‹ Thuá»·"),
    ("Lê Hoàng Phượng", "Lª Hoµng Ph\u{ad}îng", "Leâ Hoaøng Phöôïng", "LÃª HoÃ\u{a0}ng PhÆ°á»£ng"),
    ("Đặng Quốc Khánh", "§Æng Quèc Kh¸nh", "Ñaëng Quoác Khaùnh", "Äáº·ng Quá»‘c KhÃ¡nh"),
    ("Bùi Ngọc Ẩn", "Bïi Ngäc Èn", "Buøi Ngoïc AÅn", "BÃ¹i Ngá»\u{8d}c áº¨n"),
    ("Vũ Hữu Tưởng", "Vò H÷u T\u{ad}ëng", "Vuõ Höõu Töôûng", "VÅ© Há»¯u TÆ°á»Ÿng"),
];

#[test]
fn names_in_old_fonts_become_names() {
    for (name, tcvn3, vni, mojibake) in NAMES {
        // TCVN3 has no byte for a capital vowel with a tone.
        let small = |text: &str| text.to_lowercase();
        let as_is = |text: &str, encoding| convert(text, encoding, CodePage::Western).unwrap_or_default();
        assert_eq!(small(&as_is(tcvn3, Encoding::Tcvn3)), small(name));
        assert_eq!(small(&as_is(vni, Encoding::Vni)), small(name));
        assert_eq!(as_is(mojibake, Encoding::Mojibake), name);
        // Not every name has a sign in it: the others of its column have.
        let expected = (name != "Bùi Ngọc Ẩn").then_some(Encoding::Tcvn3);
        assert_eq!(telltale(tcvn3, CodePage::Western), expected, "{tcvn3}");
        assert_eq!(telltale(vni, CodePage::Western), Some(Encoding::Vni), "{vni}");
        assert_eq!(telltale(mojibake, CodePage::Western), Some(Encoding::Mojibake), "{mojibake}");
    }
}

#[test]
fn capitals_of_tcvn3_are_capitals_throughout() {
    let read = |text: &str| convert(text, Encoding::Tcvn3, CodePage::Western).expect("TCVN3");
    assert_eq!(read("NGUYÔN V¡N §øC"), "NGUYỄN VĂN ĐỨC");
    assert_eq!(read("nguyÔn v¨n ®øc"), "nguyễn văn đức");
    assert_eq!(read("Ph-¬ng, L-u 12-A"), "Phương, Lưu 12-A");
}

#[test]
fn bytes_shown_by_the_vietnamese_code_page_are_the_same_bytes() {
    let page = CodePage::Vietnamese;
    assert_eq!(convert("Th\u{303} Lư §øc", Encoding::Tcvn3, page).as_deref(), Some("Thị Lý Đức"));
    assert_eq!(convert("HĂ\u{a0} Nguyá»…n", Encoding::Mojibake, page).as_deref(), Some("Hà Nguyễn"));
    assert_eq!(convert("Lưu Văn", Encoding::Tcvn3, CodePage::Western), None);
}

proptest! {
    /// All syllables of Vietnamese are letters like these; no such text may show a telltale.
    #[test]
    fn vietnamese_in_unicode_shows_no_telltale(
        name in "((Hoà|Thuý|Hoá|XÃ|Tuấn|Oanh|Lê|Hà|Lò|Mỹ|Đỗ|Ông|Ý|Quý|Hoè|Khuê|Thoã|Bích|Ngoãn|Uý|Kroã|À|É|Õ|xã An|ÂU)[ ,.]){1,6}"
    ) {
        for text in [name.clone(), name.to_uppercase(), name.to_lowercase()] {
            prop_assert_eq!(telltale(&text, CodePage::Western), None);
        }
    }

    #[test]
    fn any_text_is_accepted(text in any::<String>(), western in "[\u{20}-\u{ff}ƒ„…†‡ˆ‰‘’“”–—˜™š›œžŸ]{0,20}") {
        for text in [text, western] {
            for page in [CodePage::Western, CodePage::Vietnamese] {
                telltale(&text, page);
                for encoding in Encoding::ALL {
                    convert(&text, encoding, page);
                }
            }
        }
    }
}
