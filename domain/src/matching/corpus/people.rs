//! The commune's own list: households with parents and children, twins, fathers and sons of one name, common names.

use super::{Dice, Traits};

/// Two of five are Nguyễn, as in the south and the north alike.
const FAMILIES: [&str; 20] = [
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Hoàng", "Huỳnh",
    "Vũ", "Đặng", "Bùi", "Nông", "Lý", "Ma", "Lường",
];
const MEN_MIDDLE: [&str; 8] = ["Văn", "Văn", "Văn", "Đức", "Minh", "Quang", "Xuân", "Quốc"];
const WOMEN_MIDDLE: [&str; 8] = ["Thị", "Thị", "Thị", "Thị", "Thu", "Ngọc", "Kim", "Bích"];
const MEN: [&str; 26] = [
    "An", "Ân", "Bình", "Chiến", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Hùng", "Huy", "Khánh", "Kiên", "Kỳ",
    "Lâm", "Long", "Nam", "Phong", "Quân", "Quý", "Sơn", "Thắng", "Thành", "Tuấn", "Vinh",
];
const WOMEN: [&str; 26] = [
    "Anh", "Chi", "Dung", "Duyên", "Hà", "Hạ", "Hạnh", "Hiền", "Hoa", "Hòa", "Huệ", "Hương", "Lan", "Liên", "Linh",
    "Lý", "Mai", "Nga", "Nhung", "Oanh", "Thảo", "Thúy", "Thủy", "Trang", "Vân", "Yến",
];
const BA_NA: [&str; 10] = ["Thuih", "Byưh", "Jar", "Kleng", "Blưi", "Hơn", "Mlưn", "Pel", "Thŏm", "Brơi"];
const THON: [&str; 6] = ["Nà Pò", "Bản Chang", "Khuổi Lùng", "Nà Mèo", "Phiêng An", "Tân Lập"];
/// Somebody of a commune lives in one of so many units.
const UNITS: i64 = 60;

pub(super) fn given_name(is_man: bool, dice: &mut Dice) -> &'static str {
    dice.pick(if is_man { &MEN } else { &WOMEN })
}

pub(super) fn full_name(family: &str, is_man: bool, dice: &mut Dice) -> String {
    let middle = dice.pick(if is_man { &MEN_MIDDLE } else { &WOMEN_MIDDLE });
    format!("{family} {middle} {}", given_name(is_man, dice))
}

pub(super) fn anybody(dice: &mut Dice) -> String {
    if dice.percent(5) {
        return format!("{} {}", dice.pick(&["A", "Y"]), dice.pick(&BA_NA));
    }
    let family = dice.pick(&FAMILIES);
    let is_man = dice.percent(50);
    full_name(family, is_man, dice)
}

pub(super) fn phone(dice: &mut Dice) -> String {
    format!("{}{:07}", dice.pick(&["091", "098", "097", "036", "070", "088"]), dice.below(10_000_000))
}

pub(super) fn unit(dice: &mut Dice) -> String {
    let number = dice.between(1, UNITS);
    match usize::try_from(number).ok().and_then(|number| THON.get(number - 1)) {
        Some(name) => format!("Thôn {name}"),
        None => format!("Tổ {number}"),
    }
}

/// As a resident document has it: the house number where there is one, and the area's name.
pub(super) fn address(dice: &mut Dice) -> String {
    let unit = unit(dice);
    match dice.below(10) {
        0..6 => format!("{}, {unit}", dice.between(1, 180)),
        6..8 => format!("{}/{}, {unit}", dice.between(1, 60), dice.between(1, 20)),
        _ => unit,
    }
}

pub(super) fn commune(size: usize, dice: &mut Dice) -> Vec<Traits> {
    let mut people = Vec::with_capacity(size + 8);
    while people.len() < size {
        household(&mut people, dice);
    }
    people.truncate(size);
    people
}

fn household(people: &mut Vec<Traits>, dice: &mut Dice) {
    let address = address(dice);
    let common_phone = dice.percent(35).then(|| phone(dice));
    let family = dice.pick(&FAMILIES);
    let father_year = dice.between(1940, 1995);
    let father = full_name(family, true, dice);
    let mut add = |name: String, year: i64, dice: &mut Dice| {
        let own = if dice.percent(55) { Some(phone(dice)) } else { common_phone.clone() };
        people.push(Traits {
            name,
            // A few are on the list without a year.
            birth_year: Some(year).filter(|_| !dice.percent(2)),
            phone: own.filter(|_| dice.percent(80)),
            address: address.clone(),
            id_tail: None,
        });
    };
    add(father.clone(), father_year, dice);
    let mother_year = father_year + dice.between(-2, 6);
    if dice.percent(85) {
        add(anybody(dice), mother_year, dice);
    }
    for _ in 0..dice.below(4) {
        let is_man = dice.percent(50);
        let year = mother_year + dice.between(19, 32);
        // Rare, and the hardest there is: a son of his father's name; twins whose names differ by a mark.
        match dice.below(100) {
            0 => add(father.clone(), year, dice),
            1..=2 => {
                let (first, second) = if is_man { ("An", "Ân") } else { ("Hòa", "Hoa") };
                let middle = dice.pick(if is_man { &MEN_MIDDLE } else { &WOMEN_MIDDLE });
                add(format!("{family} {middle} {first}"), year, dice);
                add(format!("{family} {middle} {second}"), year, dice);
            }
            _ => add(full_name(family, is_man, dice), year, dice),
        }
    }
}
