//! The column dictionary: what a heading means, after folding. Order matters, because headings contain one another.

use super::field::Field;
use crate::place::Priority;
use crate::service::Step;
use crate::text::{clean, fold};

const HEADING_CHARS_MAX: usize = 80;

/// Headings that mean this only when they stand alone.
const EXACT: [(Field, &[&str]); 14] = [
    (Field::Ordinal, &["stt", "tt", "so tt", "so thu tu", "no", "s tt", "thu tu"]),
    (
        Field::FamilyName,
        &["ho", "ho dem", "ho va dem", "ho lot", "ho va chu dem", "ho chu dem", "ho va ten dem", "ho ten dem"],
    ),
    (Field::GivenName, &["ten"]),
    (Field::Birth, &["ns", "sn", "nsinh"]),
    (
        Field::Unused,
        &[
            "tuoi",
            "gioi tinh",
            "gt",
            "nam/nu",
            "nam nu",
            "phai",
            "thuong tru",
            "tam tru",
            "tam vang",
            "tinh trang cu tru",
        ],
    ),
    (Field::Private, &["dt", "tg", "ngay cap", "noi cap"]),
    (Field::Relation, &["qh"]),
    (Field::HouseNo, &["ngo", "duong", "ngach", "hem", "so nha ngo", "pho"]),
    (Field::HouseholdCode, &["so ho", "ho so", "ma ho"]),
    (Field::Priority(Priority::Poor), &["hn"]),
    (Field::Priority(Priority::NearPoor), &["hcn", "cn"]),
    (
        Field::PriorityText,
        &["dien", "dien ho", "doi tuong", "loai ho", "phan loai ho", "hoan canh", "dien chinh sach", "btxh"],
    ),
    (Field::Note, &["gc"]),
    (Field::Provider, &["vnpt", "vt", "viettel", "mbf", "mobifone", "ncc"]),
];

/// Headings that hold one of these phrases; the first match wins.
const CONTAINED: [(Field, &[&str]); 27] = [
    (Field::Relation, &["quan he", "qhch", "qh voi"]),
    (
        Field::IdNumber,
        &[
            "cccd",
            "so can cuoc",
            "the can cuoc",
            "so dinh danh",
            "ma dinh danh",
            "dinh danh ca nhan",
            "cmnd",
            "cmt",
            "ddcn",
        ],
    ),
    (
        Field::Private,
        &[
            "ma so thue",
            "bhxh",
            "bao hiem xa hoi",
            "so the bhyt",
            "ma the bhyt",
            "ma bhyt",
            "so bhyt",
            "so the bao hiem",
        ],
    ),
    (Field::Private, &["so tai khoan", "dan toc", "ton giao", "ho chieu", "so seri", "serial"]),
    (Field::IdNumber, &["can cuoc"]),
    (Field::Unused, &["nhu cau", "mong muon", "de nghi", "muc 1", "muc do 1", "ma khach hang", "goi cuoc", "thoi han"]),
    (Field::Provider, &["nha mang", "nha cung cap", "don vi cung cap", "ncc dich vu", "nha cc"]),
    (
        Field::ExpiresOn,
        &["het han", "hieu luc den", "han su dung", "den ngay", "ngay het hieu luc", "het hieu luc", "valid to"],
    ),
    (
        Field::IssuedOn,
        &[
            "ngay cap cts",
            "ngay cap cks",
            "ngay cap chung thu so",
            "ngay cap chu ky so",
            "hieu luc tu",
            "ngay hieu luc",
            "co hieu luc",
            "tu ngay",
            "ngay bat dau",
            "valid from",
        ],
    ),
    (Field::Unused, &["so nhan khau", "so khau", "so nguoi", "tong so", "so luong", "ty le"]),
    (Field::Unused, &["nguoi ho tro", "can bo ho tro", "nguoi phu trach", "thanh vien phu trach", "can bo phu trach"]),
    (
        Field::Unused,
        &["ngay ho tro", "ngay thuc hien", "ky nhan", "chu ky xac nhan", "ky ten", "email", "nghe nghiep", "trinh do"],
    ),
    (Field::Smartphone, &["dien thoai thong minh", "smartphone", "dttm", "smart phone"]),
    (Field::Phone, &["so thue bao", "dien thoai", "sdt", "so dt", "di dong", "zalo", "dtdd", "so may", "dt lien he"]),
    (
        Field::Birth,
        &["ngay sinh", "nam sinh", "ngay thang nam sinh", "ntns", "sinh nam", "sinh ngay", "ngay thang nam"],
    ),
    (
        Field::PriorityText,
        &["ho ngheo can ngheo", "ho ngheo/can ngheo", "ho ngheo/ho can ngheo", "ho ngheo ho can ngheo"],
    ),
    (Field::Priority(Priority::NearPoor), &["can ngheo"]),
    (Field::Priority(Priority::Poor), &["ho ngheo"]),
    (
        Field::Priority(Priority::PolicyFamily),
        &["chinh sach", "gdcs", "ncc", "nguoi co cong", "liet si", "thuong binh"],
    ),
    (Field::Priority(Priority::Elderly), &["cao tuoi", "nct"]),
    (Field::Note, &["ghi chu"]),
    (
        Field::HouseholdCode,
        &["ma ho", "ma hgd", "ma ho gia dinh", "so so ho khau", "so ho khau", "so hshk", "so hk", "hshk"],
    ),
    (Field::HouseNo, &["dia chi", "so nha", "noi o", "cu tru", "noi thuong tru", "hktt", "cho o"]),
    (Field::Head, &["chu ho"]),
    (Field::Name, &["ho va ten", "ho ten", "ho chu dem va ten", "ten cong dan", "ten nguoi dan", "ten thanh vien"]),
    (Field::Name, &["khach hang", "thue bao", "chu the", "nguoi so huu", "nguoi dung", "ten nguoi dan duoc ho tro"]),
    (Field::Name, &["nguoi duoc ho tro", "nguoi dan duoc ho tro", "ho va ten nguoi dan", "cong dan"]),
];

/// What a heading means; `None` for one that is not in the dictionary.
pub(super) fn lookup(heading: &str) -> Option<Field> {
    if heading.chars().count() > HEADING_CHARS_MAX {
        return None;
    }
    let bare = without_brackets(heading);
    let folded = fold(&bare);
    if folded.is_empty() || folded.starts_with("danh sach") {
        return None;
    }
    // ĐT and DT fold alike: telephone and ethnicity.
    if folded == "dt" && clean(&bare).contains(['đ', 'Đ']) {
        return Some(Field::Phone);
    }
    if folded == "ho" && clean(&bare).to_lowercase() == "hộ" {
        return Some(Field::HouseholdCode);
    }
    // Hồ sơ and hộ số too.
    if folded == "ho so" && clean(&bare).to_lowercase().contains("hồ") {
        return None;
    }
    exact(&folded).or_else(|| service(&folded)).or_else(|| contained(&folded))
}

/// The meaning of a heading in the second row, under `parent` in the first.
pub(super) fn lookup_under(parent: &str, heading: &str) -> Option<Field> {
    let over = lookup(parent);
    let folded = fold(heading);
    match over {
        Some(Field::Birth) => Some(match folded.as_str() {
            // Năm and Nam fold alike.
            "nam" if !clean(heading).to_lowercase().contains('ă') => Field::BirthMale,
            "nu" => Field::BirthFemale,
            "ngay" | "thang" => Field::Unused,
            _ => Field::Birth,
        }),
        Some(Field::Private) => Some(Field::Private),
        Some(Field::IdNumber) => {
            Some(if folded == "so" || lookup(heading) == over { Field::IdNumber } else { Field::Private })
        }
        Some(Field::Step(_) | Field::Insurance) => lookup(&format!("{parent} {heading}")).or(over),
        Some(Field::Head) if lookup(heading) == Some(Field::Name) => Some(Field::Head),
        Some(Field::HouseNo) => Some(lookup(heading).unwrap_or(Field::HouseNo)),
        _ => lookup(heading),
    }
}

fn exact(folded: &str) -> Option<Field> {
    let listed = EXACT.iter().find(|(_, phrases)| phrases.contains(&folded)).map(|(field, _)| *field);
    listed.or_else(|| names_a_cell(folded).then_some(Field::Cell))
}

fn contained(folded: &str) -> Option<Field> {
    CONTAINED
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| has_phrase(folded, phrase)))
        .map(|(field, _)| *field)
}

/// The three services. A heading that says "not yet" must never become a "yes".
fn service(folded: &str) -> Option<Field> {
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| has_phrase(folded, phrase));
    if let Some(
        field @ (Field::Private
        | Field::IdNumber
        | Field::Unused
        | Field::Phone
        | Field::Provider
        | Field::IssuedOn
        | Field::ExpiresOn),
    ) = contained(folded)
    {
        return Some(field);
    }
    let is_negated = has(&["chua", "khong"]);
    if has(&["dien thoai thong minh", "smartphone", "dttm"]) && is_negated {
        return Some(Field::Priority(Priority::NoSmartphone));
    }
    let field = if has(&["chu ky so", "cks", "cts", "chung thu so"]) {
        Field::Step(if has(&["dang ky"]) {
            Step::Registered
        } else if has(&["su dung"]) && !has(&["kich hoat"]) {
            Step::Used
        } else {
            Step::SignatureActivated
        })
    } else if has(&["bhyt", "bao hiem y te", "the bao hiem", "sskdt", "so suc khoe"]) {
        if has(&["tich hop"]) {
            Field::Step(Step::CardIntegrated)
        } else if has(&["sskdt", "so suc khoe"]) {
            Field::Step(if has(&["bhyt"]) { Step::CardIntegrated } else { Step::RecordOpened })
        } else {
            Field::Insurance
        }
    } else if has(&["vneid", "muc 2", "muc do 2", "dddt", "dinh danh", "m2"]) || folded == "da kich hoat" {
        Field::Step(if has(&["nop ho so", "dang ky"]) {
            Step::SubmittedAtPolice
        } else if has(&["duoc cap", "da cap"]) {
            Step::IssuedNotActivated
        } else {
            Step::Activated
        })
    } else if matches!(folded, "da cai" | "cai moi" | "gia han") {
        Field::Step(Step::SignatureActivated)
    } else {
        return None;
    };
    Some(if is_negated { Field::Unused } else { field })
}

/// "Tổ dân phố", "Thôn/bản", "Tên ấp": a cell word and nothing but what goes with it.
fn names_a_cell(folded: &str) -> bool {
    const CORE: [&str; 19] = [
        "to", "tdp", "thon", "xom", "ap", "khu", "kp", "khom", "ban", "lang", "nhom", "cum", "buon", "bon", "plei",
        "khoi", "soc", "phum", "doi",
    ];
    const WITH: [&str; 6] = ["dan", "pho", "cu", "ten", "so", "thuoc"];
    let mut words = folded.split([' ', '/']).filter(|word| !word.is_empty()).peekable();
    let has_core = folded.split([' ', '/']).any(|word| CORE.contains(&word));
    has_core && words.peek().is_some() && words.all(|word| CORE.contains(&word) || WITH.contains(&word))
}

pub(super) fn has_phrase(folded: &str, phrase: &str) -> bool {
    folded.match_indices(phrase).any(|(at, _)| {
        let before = folded[..at].chars().next_back();
        let after = folded[at + phrase.len()..].chars().next();
        [before, after].iter().all(|c| c.is_none_or(|c| matches!(c, ' ' | '/')))
    })
}

fn without_brackets(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len());
    let mut depth = 0_u32;
    for c in heading.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => out.push(other),
            _ => {}
        }
    }
    // A heading wholly in brackets, or with one that never closes, is still a heading.
    if out.trim().is_empty() { heading.to_owned() } else { out }
}
