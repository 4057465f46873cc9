//! Invented people. Names as they are heard in each region, put together by chance.

use super::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Man,
    Woman,
}

/// Where a commune lies: who lives there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    North,
    South,
    Highlands,
}

/// Whose names a family bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    TayNung,
    Kinh,
    Dao,
    Khmer,
    BaNa,
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
const KHMER_MIDDLE: [&str; 4] = ["Sóc", "Đa", "Chanh", "Thi"];
const KHMER: [&str; 10] = ["Ra", "Kha", "Rinh", "Phol", "Ni", "Thone", "Sa", "Ry", "Vanh", "Sane"];
// No family name, and one letter in front; letters that few fonts draw well.
const BA_NA_MEN: [&str; 12] =
    ["Thuih", "Byưh", "Jar", "Kleng", "Lơi", "Nglơi", "Pher", "Tơng", "Xơn", "Brŭl", "Gyĭn", "Hlŏk"];
const BA_NA_WOMEN: [&str; 12] =
    ["Blưi", "Hơn", "Kheng", "Lơn", "Mlưn", "Nhŭt", "Pel", "Sưih", "Thŏm", "Vĕn", "Jưp", "Brơi"];

pub fn people(region: Region, dice: &mut Dice) -> People {
    match (region, dice.between(1, 100)) {
        (Region::North, 1..=55) => People::TayNung,
        (Region::North, 89..) => People::Dao,
        (Region::South, 1..=12) => People::Khmer,
        (Region::Highlands, 1..=64) => People::BaNa,
        _ => People::Kinh,
    }
}

/// What the members of a family have in common; nothing for those who bear no family name.
pub fn surname(people: People, dice: &mut Dice) -> &'static str {
    match people {
        People::TayNung => dice.pick(&TAY_NUNG),
        People::Kinh => dice.pick(&KINH),
        People::Dao => dice.pick(&DAO),
        People::Khmer | People::BaNa => "",
    }
}

pub fn full_name(surname: &str, people: People, sex: Sex, birth_year: i64, dice: &mut Dice) -> String {
    let is_old = birth_year < 1960 && people == People::TayNung;
    let (middle, given) = match (sex, people) {
        (Sex::Man, People::BaNa) => return format!("A {}", dice.pick(&BA_NA_MEN)),
        (Sex::Woman, People::BaNa) => return format!("Y {}", dice.pick(&BA_NA_WOMEN)),
        (sex, People::Khmer) => {
            let first = if sex == Sex::Man { "Chau" } else { "Néang" };
            return format!("{first} {} {}", dice.pick(&KHMER_MIDDLE), dice.pick(&KHMER));
        }
        (Sex::Man, People::Dao) => (dice.pick(&DAO_MEN_MIDDLE), dice.pick(&DAO_MEN)),
        (Sex::Woman, People::Dao) => (dice.pick(&DAO_WOMEN_MIDDLE), dice.pick(&DAO_WOMEN)),
        (Sex::Man, _) if is_old => ("Văn", dice.pick(&MEN_OLD)),
        (Sex::Woman, _) if is_old => ("Thị", dice.pick(&WOMEN_OLD)),
        (Sex::Man, _) => (dice.pick(&MEN_MIDDLE), dice.pick(&MEN)),
        (Sex::Woman, _) => (dice.pick(&WOMEN_MIDDLE), dice.pick(&WOMEN)),
    };
    format!("{surname} {middle} {given}")
}
