//! What must not be written down: one-time codes, passwords, numbers of papers.

use domain::text::fold;

/// The shortest number of papers: an old identity card.
const DIGITS_MIN: usize = 9;
const SEPARATORS: [char; 4] = [' ', '.', '-', '\u{a0}'];
const WORDS: [&str; 5] = ["otp", "passcode", "mat khau", "password", "ma pin"];

/// The sentence to show beside a field in which someone has typed such a thing.
pub fn warning(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    let padded = format!(" {} ", folded.replace(|letter: char| !letter.is_alphanumeric(), " "));
    if WORDS.iter().any(|word| padded.contains(&format!(" {word} "))) {
        return Some("Không ghi mã OTP, mật khẩu hay passcode của người dân, kể cả để nhớ hộ");
    }
    has_number_of_papers(text).then_some("Không ghi số căn cước, số thẻ BHYT; số điện thoại ghi ở mục điện thoại")
}

/// Digits in groups of three or more count as one number; smaller groups are dates and house numbers.
fn has_number_of_papers(text: &str) -> bool {
    let mut runs = text.split(|letter: char| !letter.is_ascii_digit() && !SEPARATORS.contains(&letter));
    runs.any(|run| {
        let mut digits = 0;
        run.split(SEPARATORS).any(|group| {
            digits = if group.len() > 2 { digits + group.len() } else { 0 };
            digits >= DIGITS_MIN
        })
    })
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn codes_and_numbers_of_papers_are_noticed_however_they_are_written() {
        for text in [
            "OTP 123456",
            "mã otp: 1234",
            "Mật khẩu là anh1990",
            "căn cước 019085001234",
            "019 085 001 234",
            "012345678",
        ] {
            assert!(warning(text).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_notes_pass() {
        for text in [
            "",
            "Con trai về chủ nhật",
            "Nhà 12/5, ngõ 3",
            "Hẹn 18:00 ngày 21.11",
            "Quên điện thoại ở trường",
            "laptop hỏng",
        ] {
            assert_eq!(warning(text), None, "{text}");
        }
    }
}
