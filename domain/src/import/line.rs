//! What each row below the header is: a person, a group row, a total, the signatures at the end.

use super::cell::Line;
use super::field::Field;
use super::header::Header;
use super::heading::has_phrase;
use super::remark::RemarkKind;
use crate::text::fold;

/// Longer than any name with what people write beside it.
const NAME_CHARS_MAX: usize = 120;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    Blank,
    Person,
    /// The name of the tổ, thôn … of the rows below.
    Group(String),
    LeftOut(RemarkKind, &'static str),
}

/// One kind a line. Depends on the lines before: names below "Người lập biểu" are signatures, not households.
pub(super) fn classify(body: &[Line<'_>], header: &Header) -> Vec<LineKind> {
    let mut is_footer = false;
    let mut kinds = Vec::with_capacity(body.len());
    for line in body {
        let kind = kind(line, header, is_footer);
        match &kind {
            LineKind::LeftOut(RemarkKind::Signature, _) => is_footer = true,
            // A second list below the first, or the next page.
            LineKind::Person | LineKind::LeftOut(RemarkKind::NotData, _) | LineKind::Group(_) => is_footer = false,
            _ => {}
        }
        kinds.push(kind);
    }
    kinds
}

fn kind(line: &Line<'_>, header: &Header, is_footer: bool) -> LineKind {
    let left_out = |kind, why| LineKind::LeftOut(kind, why);
    if line.is_blank() {
        return LineKind::Blank;
    }
    if header.is_repeated(line) {
        return left_out(RemarkKind::NotData, "Dòng tiêu đề lặp lại");
    }
    if is_numbering(line) {
        return left_out(RemarkKind::NotData, "Dòng đánh số cột");
    }
    let row = Row::new(line, header);
    if row.is_total() {
        return left_out(RemarkKind::Total, "Dòng tổng cộng, không phải hộ");
    }
    let is_solid = row.is_solid(is_footer);
    if !is_solid {
        if row.is_signature() {
            return left_out(RemarkKind::Signature, "Phần ngày tháng, ký tên");
        }
        if let Some(cell) = row.group() {
            return LineKind::Group(cell);
        }
        if is_footer {
            return left_out(RemarkKind::Signature, "Dòng sau phần ký tên");
        }
    }
    let name = if row.name.is_empty() { row.head } else { &row.name };
    let has_digits = name.chars().any(|c| c.is_ascii_digit());
    if name.is_empty() {
        left_out(RemarkKind::RowLeftOut, "Dòng không có họ tên")
    } else if super::value::name(name).full.is_empty() {
        left_out(RemarkKind::RowLeftOut, "Ô họ tên không có chữ nào là tên")
    } else if name.chars().count() > NAME_CHARS_MAX {
        left_out(RemarkKind::RowLeftOut, "Ô họ tên quá dài, không giống tên người")
    } else if has_digits && !is_solid {
        left_out(RemarkKind::RowLeftOut, "Ô họ tên có chữ số, không giống tên người")
    } else {
        LineKind::Person
    }
}

/// What classification looks at.
struct Row<'a> {
    line: &'a Line<'a>,
    name: String,
    head: &'a str,
    has_ordinal: bool,
    /// Digits of a birth or a phone: only a person has these.
    has_numbers: bool,
    has_relation: bool,
    /// The first text that is not an ordinal.
    label: &'a str,
}

impl<'a> Row<'a> {
    fn new(line: &'a Line<'a>, header: &Header) -> Self {
        let numbers = [Field::Birth, Field::BirthMale, Field::BirthFemale, Field::Phone];
        let has_digit = |field| header.value(line, field).chars().any(|c| c.is_ascii_digit());
        let relation = header.value(line, Field::Relation);
        let ordinal = header.column(Field::Ordinal);
        let is_label = |(column, text): &(usize, &str)| !(Some(*column) == ordinal && is_ordinal(text));
        Self {
            line,
            name: header.name(line),
            head: header.value(line, Field::Head),
            has_ordinal: ordinal.is_some_and(|column| is_number(line.text(column))),
            has_numbers: numbers.into_iter().any(has_digit),
            has_relation: !relation.is_empty() && !is_sign(relation),
            label: line.filled().find(is_label).map_or("", |(_, text)| text),
        }
    }

    fn has_name(&self) -> bool {
        !self.name.is_empty() || !self.head.is_empty()
    }

    /// Certainly a person's row, whatever its words look like. Names of signatories stand in any column, also in the
    /// one of relations.
    fn is_solid(&self, is_footer: bool) -> bool {
        let has_relation = self.has_relation && !is_footer;
        self.has_name() && (self.has_numbers || has_relation || (self.has_ordinal && !self.is_group_text()))
    }

    fn is_total(&self) -> bool {
        let label = Words::new(self.label);
        let is_sure = ["tổng cộng", "tổng số", "cộng tổng"].iter().any(|start| label.starts_with(start));
        let is_sum = ["tổng", "cộng"].iter().any(|start| label.starts_with(start));
        let counts = !self.label.contains(' ') || self.label.chars().any(|c| c.is_ascii_digit());
        // "TONG CONG MINH" without marks is a person when the row has a number of its own.
        (is_sure && (label.is_marked || !self.has_ordinal)) || (is_sum && counts && !self.has_ordinal)
    }

    fn is_signature(&self) -> bool {
        let is_name_clear = !self.has_name() || is_sign(&self.name) || is_sign(self.head);
        is_name_clear && self.line.filled().any(|(_, text)| is_sign(text))
    }

    /// The name of the group when this is a group row.
    fn group(&self) -> Option<String> {
        let name = if self.name.is_empty() { self.head } else { &self.name };
        let is_alone = name.is_empty() || name == self.label;
        (is_alone && self.is_group_text())
            .then(|| strip_numeral(self.label).trim_end_matches([':', '.', ' ']).to_owned())
    }

    fn is_group_text(&self) -> bool {
        const LENGTH_MAX: usize = 60;
        let label = strip_numeral(self.label);
        label.chars().count() <= LENGTH_MAX && starts_with_cell_word(label)
    }
}

/// Place and date, or who signs: "Người lập biểu", "TM. UBND XÃ".
fn is_sign(text: &str) -> bool {
    const STARTS: [&str; 22] = [
        "người lập",
        "t/m",
        "tm",
        "ký tên",
        "ký ghi rõ",
        "ký và ghi",
        "chủ tịch",
        "phó chủ tịch",
        "trưởng thôn",
        "trưởng bản",
        "trưởng ấp",
        "tổ trưởng",
        "thư ký",
        "xác nhận",
        "nơi nhận",
        "cán bộ lập",
        "người thống kê",
        "đại diện",
        "k/t",
        "kt",
        "trưởng khu",
        "bí thư",
    ];
    let folded = fold(text);
    let is_date = ["ngay", "thang", "nam"].iter().all(|word| has_phrase(&folded, word));
    let words = Words::new(text);
    is_date || STARTS.iter().any(|start| words.starts_with(start))
}

/// Words compared with their marks when they have any: "Tổ trưởng" is a signature, "Tô Trường Giang" a person.
struct Words {
    text: String,
    is_marked: bool,
}

impl Words {
    fn new(text: &str) -> Self {
        let mut lower = text.to_lowercase().replace(['.', ':', ',', '(', '-'], " ");
        lower = lower.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { is_marked: !lower.is_ascii(), text: lower }
    }

    /// Whether the first words are these.
    fn starts_with(&self, words: &str) -> bool {
        let rest = if self.is_marked { self.text.strip_prefix(words) } else { self.text.strip_prefix(&*fold(words)) };
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }
}

/// "Tổ 5", "Thôn Nà Pò", "TO 5" – not "Tô Văn Bản" or "Bàn Văn Tổ".
fn starts_with_cell_word(text: &str) -> bool {
    const WORDS: [&str; 21] = [
        "tổ",
        "tdp",
        "thôn",
        "xóm",
        "ấp",
        "khu",
        "kp",
        "khóm",
        "bản",
        "làng",
        "nhóm",
        "cụm",
        "buôn",
        "bon",
        "plei",
        "plây",
        "khối",
        "sóc",
        "phum",
        "đội",
        "tiểu khu",
    ];
    let words = Words::new(text);
    let mut each = words.text.split(' ');
    let first = each.next().unwrap_or("");
    let has_number = each.next().is_some_and(|second| second.starts_with(|c: char| c.is_ascii_digit()));
    // Without marks a number must follow: "to van ban" is a person.
    (words.is_marked || has_number)
        && words.text.contains(' ')
        && WORDS.iter().any(|word| words.starts_with(word) || (has_number && fold(word) == first))
}

/// "I. Tổ 5", "1/ Tổ 5" → "Tổ 5".
fn strip_numeral(label: &str) -> &str {
    match label.split_once(['.', '/', ')', '-']) {
        Some((numeral, rest)) if is_ordinal(numeral.trim()) => rest.trim_start(),
        _ => label,
    }
}

/// "12", "12.", "IV", "A".
pub(super) fn is_ordinal(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ')', '/']);
    is_number(text)
        || (!text.is_empty() && text.chars().all(|c| matches!(c, 'I' | 'V' | 'X')))
        || (text.len() == 1 && text.chars().all(|c| c.is_ascii_uppercase()))
}

fn is_number(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ')']);
    !text.is_empty() && text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit())
}

/// "(1) (2) (3)", "1 2 3=1+2", "A B 1 2" under the header.
fn is_numbering(line: &Line<'_>) -> bool {
    let is_mark = |text: &str| {
        let bare: &str = text.trim_matches(['(', ')', '[', ']', ' ']);
        let is_letter = bare.len() == 1 && bare.chars().all(|c| c.is_ascii_alphabetic());
        let is_formula = bare.chars().any(|c| c.is_ascii_digit())
            && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '=' | '+' | '-' | '/' | '*' | ':' | '(' | ')'));
        bare.len() <= 12 && (is_letter || (is_formula && bare.len() <= 3) || (is_formula && bare.contains('=')))
    };
    let mut cells = 0;
    let mut numbers: Vec<u32> = Vec::new();
    for (_, text) in line.filled() {
        if !is_mark(text) {
            return false;
        }
        cells += 1;
        numbers.extend(text.trim_matches(['(', ')', '[', ']', ' ']).parse::<u32>());
    }
    // In order, so that a row of counts is not taken for one.
    cells >= 3 && numbers.len() >= 2 && numbers.is_sorted_by(|left, right| left < right)
}
