//! Invented people. Family and given names as they are heard around Bắc Kạn, put together by chance.

use super::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Man,
    Woman,
}

/// Whose names a family bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    TayNung,
    Kinh,
    Dao,
}

const TAY_NUNG: [&str; 14] =
    ["Nông", "Hoàng", "Lý", "Ma", "Hà", "Lục", "Đàm", "Bế", "Vi", "La", "Chu", "Dương", "Sầm", "Lường"];
const KINH: [&str; 10] = ["Nguyễn", "Trần", "Phạm", "Lê", "Vũ", "Đỗ", "Bùi", "Đinh", "Ngô", "Đặng"];
const DAO: [&str; 6] = ["Triệu", "Bàn", "Đặng", "Phùng", "Lý", "Trương"];

const MEN_MIDDLE: [&str; 9] = ["Văn", "Đức", "Minh", "Quang", "Ngọc", "Xuân", "Quốc", "Thế", "Mạnh"];
const MEN: [&str; 24] = [
    "An", "Bình", "Chiến", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Huy", "Khánh", "Kiên", "Lâm", "Long", "Nam",
    "Phong", "Quân", "Sơn", "Thắng", "Thành", "Toàn", "Trung", "Tuấn", "Vinh",
];
const MEN_OLD: [&str; 12] =
    ["Bảo", "Chấn", "Đoan", "Giáp", "Kẹo", "Khìn", "Phương", "Sinh", "Tằng", "Thụ", "Tư", "Vảng"];
const WOMEN_MIDDLE: [&str; 7] = ["Thị", "Thu", "Thanh", "Ngọc", "Kim", "Bích", "Hồng"];
const WOMEN: [&str; 24] = [
    "Anh", "Chi", "Dung", "Duyên", "Hà", "Hạnh", "Hiền", "Hoa", "Huệ", "Hương", "Lan", "Liên", "Linh", "Mai", "Nga",
    "Nhung", "Oanh", "Phương", "Quyên", "Thảo", "Thủy", "Trang", "Vân", "Yến",
];
const WOMEN_OLD: [&str; 12] = ["Ết", "Én", "Khé", "Lả", "Mỷ", "Nhì", "Pảo", "Sao", "Tẹ", "Ún", "Vẹn", "Xuyến"];
const DAO_MEN_MIDDLE: [&str; 5] = ["Tài", "Tiến", "Kim", "Thừa", "Phú"];
const DAO_MEN: [&str; 8] = ["Sính", "Tòn", "Phẩu", "Chòi", "Vượng", "Quyên", "Lưu", "Hìn"];
const DAO_WOMEN_MIDDLE: [&str; 3] = ["Thị", "Mùi", "Tà"];
const DAO_WOMEN: [&str; 8] = ["Mụi", "Dào", "Chạn", "Pham", "Mẩy", "Nhậy", "Khe", "Lai"];

pub fn people(dice: &mut Dice) -> People {
    match dice.between(1, 100) {
        1..=55 => People::TayNung,
        56..=88 => People::Kinh,
        _ => People::Dao,
    }
}

pub fn surname(people: People, dice: &mut Dice) -> &'static str {
    match people {
        People::TayNung => dice.pick(&TAY_NUNG),
        People::Kinh => dice.pick(&KINH),
        People::Dao => dice.pick(&DAO),
    }
}

pub fn full_name(surname: &str, people: People, sex: Sex, birth_year: i64, dice: &mut Dice) -> String {
    let is_old = birth_year < 1960 && people == People::TayNung;
    let (middle, given) = match (sex, people) {
        (Sex::Man, People::Dao) => (dice.pick(&DAO_MEN_MIDDLE), dice.pick(&DAO_MEN)),
        (Sex::Woman, People::Dao) => (dice.pick(&DAO_WOMEN_MIDDLE), dice.pick(&DAO_WOMEN)),
        (Sex::Man, _) if is_old => ("Văn", dice.pick(&MEN_OLD)),
        (Sex::Woman, _) if is_old => ("Thị", dice.pick(&WOMEN_OLD)),
        (Sex::Man, _) => (dice.pick(&MEN_MIDDLE), dice.pick(&MEN)),
        (Sex::Woman, _) => (dice.pick(&WOMEN_MIDDLE), dice.pick(&WOMEN)),
    };
    format!("{surname} {middle} {given}")
}
