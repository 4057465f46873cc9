//! What a provider's list makes of somebody.

use super::people::{address, anybody, given_name, phone, unit};
use super::{Dice, Row, Traits};
use crate::text::fold;

/// Eight of a hundred live elsewhere, or on no list.
const STRANGERS_PERCENT: u64 = 8;

pub(super) fn row(residents: &[Traits], dice: &mut Dice) -> Row {
    if dice.percent(STRANGERS_PERCENT) || residents.is_empty() {
        return Row { traits: stranger(dice), truth: None };
    }
    let truth = dice.below(residents.len());
    let mut traits = residents[truth].clone();
    traits.name = name(&traits.name, dice);
    traits.birth_year = year(traits.birth_year, dice);
    traits.phone = match dice.below(100) {
        0..45 => traits.phone,
        45..75 => None,
        // The number that the signature was registered with, which the ward does not know.
        _ => Some(phone(dice)),
    };
    traits.address = place(&traits.address, dice);
    Row { traits, truth: Some(truth) }
}

fn stranger(dice: &mut Dice) -> Traits {
    Traits {
        name: anybody(dice),
        birth_year: Some(dice.between(1940, 2008)),
        phone: dice.percent(70).then(|| phone(dice)),
        address: if dice.percent(50) { address(dice) } else { String::new() },
        id_tail: None,
    }
}

fn year(year: Option<i64>, dice: &mut Dice) -> Option<i64> {
    let year = year?;
    match dice.below(100) {
        0..3 => None,
        3..5 => Some(year + dice.pick_of([-1, 1])),
        // 1957 as 1975. A swapped day and month leaves the year.
        5 => Some(year / 100 * 100 + year % 10 * 10 + year / 10 % 10),
        _ => Some(year),
    }
}

fn place(written: &str, dice: &mut Dice) -> String {
    let cell = written.rsplit(", ").next().unwrap_or(written);
    match dice.below(100) {
        0..35 => format!("Số nhà {written}, phường Sông Cầu"),
        35..60 => cell.replace("Tổ ", "Tổ dân phố 0"),
        // Moved since, within the commune or the list's own idea of it.
        60..70 => format!("{}, {}", dice.between(1, 180), unit(dice)),
        _ => String::new(),
    }
}

fn name(name: &str, dice: &mut Dice) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    match dice.below(100) {
        0..20 => fold(name).to_uppercase(),
        20..35 => name.to_uppercase(),
        35..40 => one_letter(name, dice),
        40..43 => y_or_i(name),
        43..46 if words.len() > 2 => format!("{} {}", words[0], words[words.len() - 1]),
        46..48 if words.len() > 2 => initials(&words),
        48..50 if words.len() > 2 => format!("{} {}", words[words.len() - 1], words[..words.len() - 1].join(" ")),
        50..53 => other_tone(name),
        // Another given name altogether: what people are called at home.
        53 => format!("{} {}", words[..words.len() - 1].join(" "), given_name(dice.percent(50), dice)),
        _ => name.to_owned(),
    }
}

impl Dice {
    fn pick_of(&mut self, items: [i64; 2]) -> i64 {
        items[self.below(2)]
    }
}

fn initials(words: &[&str]) -> String {
    let (given, rest) = words.split_last().unwrap_or((&"", &[]));
    let mut out: String = rest.iter().filter_map(|word| word.chars().next()).flat_map(|first| [first, '.']).collect();
    out.push_str(given);
    out
}

fn one_letter(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + dice.below(letters.len() - 1);
    match dice.below(3) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        _ => letters[at] = 'k',
    }
    letters.into_iter().collect()
}

fn y_or_i(name: &str) -> String {
    name.replace("ý", "í").replace("ỳ", "ì").replace('y', "i")
}

/// A mark read wrong: Thúy as Thủy.
fn other_tone(name: &str) -> String {
    name.replace('ú', "ủ").replace('ị', "i").replace('ă', "â").replace("à", "á")
}
