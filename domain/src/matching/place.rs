//! How near two addresses are: house number, and tổ, thôn or ấp.

use crate::text::fold;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// "12/3"
    pub house: Option<String>,
    /// What the unit is called without its kind: "5" of "Tổ dân phố 05", "na po" of "Thôn Nà Pò".
    pub cell: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nearness {
    /// The same house number in the same unit.
    Home,
    /// The same unit, or the same number where a unit is not told.
    Cell,
    Unknown,
    /// Another unit, or another number.
    Apart,
}

const CELL_WORDS: [&str; 22] = [
    "to", "tdp", "thon", "xom", "ap", "khom", "khu", "kp", "khoi", "ban", "lang", "buon", "bon", "plei", "phum", "soc",
    "doi", "cum", "nhom", "tieu", "kdc", "khupho",
];
/// What follows the kind and is no name: "tổ dân phố số 5".
const FILLERS: [&str; 6] = ["dan", "pho", "so", "cu", "vuc", "khu"];
/// From here on the address says nothing that tells two people of a commune apart.
const ABOVE: [&str; 11] = ["xa", "x", "phuong", "p", "huyen", "h", "quan", "tinh", "tp", "tt", "vn"];

impl Place {
    pub fn of(address: &str) -> Self {
        let mut place = Self::default();
        for part in address.split([',', ';', '\n']).flat_map(|part| part.split(" - ")) {
            place.read(&fold(part));
        }
        place
    }

    fn read(&mut self, part: &str) {
        let words: Vec<&str> = part.split_whitespace().take_while(|word| !ABOVE.contains(word)).collect();
        let kind = words.iter().position(|word| CELL_WORDS.contains(word));
        let before = &words[..kind.unwrap_or(words.len())];
        if self.house.is_none() {
            self.house = before.iter().find(|word| has_digit(word)).map(|word| plain_number(word));
        }
        let Some(kind) = kind else { return };
        let name: Vec<String> = words[kind + 1..]
            .iter()
            .skip_while(|word| FILLERS.contains(word) || CELL_WORDS.contains(word))
            .map(|word| plain_number(word))
            .collect();
        if self.cell.is_none() && !name.is_empty() {
            self.cell = Some(name.join(" "));
        }
    }

    pub fn nearness(&self, other: &Self) -> Nearness {
        let same = |left: &Option<String>, right: &Option<String>| super::agree(left.as_ref(), right.as_ref());
        match (same(&self.cell, &other.cell), same(&self.house, &other.house)) {
            (Some(true), Some(true)) => Nearness::Home,
            (Some(true), None) | (None, Some(true)) => Nearness::Cell,
            // Who split off the household stays in the unit.
            (Some(true), Some(false)) | (None, None) => Nearness::Unknown,
            (Some(false), _) | (None, Some(false)) => Nearness::Apart,
        }
    }
}

fn has_digit(word: &str) -> bool {
    word.chars().any(|letter| letter.is_ascii_digit())
}

/// "05" and "5" are one number.
fn plain_number(word: &str) -> String {
    let plain = word.trim_start_matches('0');
    if plain.is_empty() || !word.starts_with('0') { word.to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(house: &str, cell: &str) -> Place {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Place { house: some(house), cell: some(cell) }
    }

    #[test]
    fn house_and_unit_are_found_however_they_are_written() {
        assert_eq!(Place::of("Số nhà 12/3, Tổ dân phố 05, phường Sông Cầu"), place("12/3", "5"));
        assert_eq!(Place::of("12/3 tổ 5 P. Sông Cầu"), place("12/3", "5"));
        assert_eq!(Place::of("Thôn Nà Pò, xã Cường Lợi"), place("", "na po"));
        assert_eq!(Place::of("TDP số 5"), place("", "5"));
        assert_eq!(Place::of("7A"), place("7a", ""));
        assert_eq!(Place::of("đường Nguyễn Trãi"), place("", ""));
        assert_eq!(Place::of(""), Place::default());
    }

    #[test]
    fn a_number_alone_is_not_a_home() {
        let home = place("12", "5");
        assert_eq!(home.nearness(&place("12", "5")), Nearness::Home);
        assert_eq!(home.nearness(&place("12", "")), Nearness::Cell);
        assert_eq!(home.nearness(&place("12", "6")), Nearness::Apart);
        assert_eq!(home.nearness(&place("14", "5")), Nearness::Unknown);
        assert_eq!(home.nearness(&Place::default()), Nearness::Unknown);
    }
}
