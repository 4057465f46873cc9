//! Why a list is taken out: one of a short list, and words of one's own that name nobody.

use serde::{Deserialize, Serialize};

use crate::text::clean;

const WORDS_MAX: usize = 120;
/// Phone numbers have ten digits and may be written with gaps; nine is a number without its zero, or an old identity card.
const DIGITS_MAX: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The phones cannot be used: the round is made with paper.
    OnPaper,
    HandIn,
    Check,
    HandOver,
    Other,
}

impl Reason {
    pub const ALL: [Reason; 5] = [Reason::OnPaper, Reason::HandIn, Reason::Check, Reason::HandOver, Reason::Other];

    pub fn label(self) -> &'static str {
        match self {
            Reason::OnPaper => "Đi bằng phiếu giấy vì không dùng được máy",
            Reason::HandIn => "Nộp kèm báo cáo theo kế hoạch",
            Reason::Check => "Kiểm tra, đối chiếu kết quả",
            Reason::HandOver => "Bàn giao cho người khác phụ trách",
            Reason::Other => "Lý do khác",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Reason::OnPaper => "on_paper",
            Reason::HandIn => "hand_in",
            Reason::Check => "check",
            Reason::HandOver => "hand_over",
            Reason::Other => "other",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// With the words that were added to it: "Kiểm tra, đối chiếu kết quả (họp tổ)".
    pub fn told(self, words: &str) -> String {
        match (self, words) {
            (reason, "") => reason.label().to_owned(),
            (Reason::Other, words) => words.to_owned(),
            (reason, words) => format!("{} ({words})", reason.label()),
        }
    }

    /// What somebody has added in their own words, fit to be kept for good beside this reason.
    pub fn checked_words(self, words: &str) -> Result<String, BadReason> {
        let words = clean(words);
        if words.is_empty() && self == Reason::Other {
            return Err(BadReason::Missing);
        }
        if words.chars().count() > WORDS_MAX {
            return Err(BadReason::TooLong);
        }
        if words.chars().any(char::is_control) {
            return Err(BadReason::Unreadable);
        }
        if longest_number(&words) > DIGITS_MAX { Err(BadReason::LongNumber) } else { Ok(words) }
    }
}

/// The most characters that a reason's words may have.
pub fn words_max() -> usize {
    WORDS_MAX
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReason {
    #[error("Ghi lý do lấy danh sách.")]
    Missing,
    #[error("Lý do dài quá 120 chữ. Viết ngắn lại.")]
    TooLong,
    #[error("Lý do có ký tự lạ. Viết lại trên một dòng.")]
    Unreadable,
    #[error("Lý do có dãy số dài như số điện thoại hoặc số giấy tờ. Lý do được lưu lại, nên bỏ dãy số này.")]
    LongNumber,
}

/// Digits in the longest number, however it is broken up: by spaces, dots, dashes, or one after another of these.
fn longest_number(words: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for letter in words.chars() {
        if letter.is_numeric() {
            run += 1;
        } else if !matches!(letter, ' ' | '.' | '-' | '–') {
            run = 0;
        }
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_reason_is_put_into_words() {
        assert_eq!(Reason::Other.checked_words("  "), Err(BadReason::Missing));
        assert_eq!(Reason::Other.checked_words(" Họp  tổ "), Ok("Họp tổ".to_owned()));
        assert_eq!(Reason::OnPaper.checked_words(""), Ok(String::new()));
        assert_eq!(Reason::Other.checked_words(&"a".repeat(WORDS_MAX + 1)), Err(BadReason::TooLong));
    }

    #[test]
    fn a_phone_number_is_no_part_of_a_reason_however_it_is_written() {
        for words in ["gọi 0912345678", "gọi 0912 345 678", "091.234.5678", "số 095123456", "0912-345-678"] {
            assert_eq!(Reason::Check.checked_words(words), Err(BadReason::LongNumber), "{words}");
        }
        for words in ["họp ngày 21/11/2026 lúc 14h00", "tuyến 12, 30 hộ", "kế hoạch 15/KH-UBND"] {
            assert!(Reason::Check.checked_words(words).is_ok(), "{words}");
        }
    }

    #[test]
    fn a_reason_is_known_by_its_name() {
        assert!(Reason::ALL.into_iter().all(|reason| Reason::from_name(reason.name()) == Some(reason)));
    }
}
