//! Single values as people type them. What cannot be right is refused with a sentence, never guessed.

use crate::Day;
use crate::text::clean;

/// What was typed, or the sentence that says what is wrong with it.
pub type Typed<T> = Result<T, &'static str>;

/// As long as any name, label or source may be; the longest title of a plan has about 200 letters.
const LINE_CHARS_MAX: usize = 400;
/// More digits than there are people.
const DIGITS_MAX: usize = 9;
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

const NOT_WHOLE: &str = "Ghi số nguyên, ví dụ 15 hoặc 17.592.";
const TOO_LARGE: &str = "Số này quá lớn. Kiểm tra lại.";
const NOT_A_SHARE: &str = "Ghi tỷ lệ phần trăm, ví dụ 65 hoặc 65,5.";
const TOO_MANY_DECIMALS: &str = "Tỷ lệ chỉ ghi đến hai chữ số sau dấu phẩy.";
const OVER_ALL: &str = "Tỷ lệ không thể quá 100%.";
const NOT_A_DAY: &str = "Ngày này không đúng. Ghi ngày, tháng, năm, ví dụ 31/07/2026.";
const NOT_AN_HOUR: &str = "Ghi giờ chẵn từ 0 đến 23, ví dụ 11; không ghi giờ thì để trống.";
const NOT_A_LINK: &str = "Liên kết không đúng. Chép lại cả địa chỉ, ví dụ https://docs.google.com/…";
const TOO_LONG: &str = "Nội dung quá dài. Rút ngắn lại.";

/// A line as it is stored; empty is fine.
pub fn line(text: &str) -> Typed<String> {
    let text = clean(text);
    if text.chars().count() > LINE_CHARS_MAX { Err(TOO_LONG) } else { Ok(text) }
}

pub fn required_line(text: &str, missing: &'static str) -> Typed<String> {
    let text = line(text)?;
    if text.is_empty() { Err(missing) } else { Ok(text) }
}

/// A whole number, with or without points between its thousands. "1,5" and "1.5" are no whole numbers.
pub fn whole(text: &str) -> Typed<Option<u32>> {
    let text = clean(text);
    if text.is_empty() {
        return Ok(None);
    }
    let groups: Vec<&str> = text.split(['.', ' ']).collect();
    let (first, rest) = groups.split_first().ok_or(NOT_WHOLE)?;
    let are_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let are_thousands = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    if !are_digits || !are_thousands {
        return Err(NOT_WHOLE);
    }
    let digits = groups.concat();
    if digits.len() > DIGITS_MAX {
        return Err(TOO_LARGE);
    }
    digits.parse().map(Some).map_err(|_| TOO_LARGE)
}

/// A number that must be there and lie in a range.
pub fn required_whole(text: &str, range: std::ops::RangeInclusive<u32>, wrong: &'static str) -> Typed<u32> {
    whole(text)?.filter(|number| range.contains(number)).ok_or(wrong)
}

/// A number that may be missing, but is not nothing when it is there.
pub fn some_or_empty(text: &str, zero: &'static str) -> Typed<Option<u32>> {
    match whole(text)? {
        Some(0) => Err(zero),
        number => Ok(number),
    }
}

/// A share in hundredths of a percent: "65", "65,5", "65,5%". A point before one or two digits can only be a comma too.
pub fn share(text: &str) -> Typed<Option<u32>> {
    let text = clean(text);
    let text = text.strip_suffix('%').unwrap_or(&text).trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let (percent, decimals) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(percent) || !is_number(decimals) {
        return Err(NOT_A_SHARE);
    }
    if decimals.len() > 2 {
        return Err(TOO_MANY_DECIMALS);
    }
    let percent: u32 = percent.parse().map_err(|_| OVER_ALL)?;
    let hundredths: u32 = format!("{decimals:0<2}").parse().map_err(|_| NOT_A_SHARE)?;
    let points = percent.checked_mul(100).and_then(|points| points.checked_add(hundredths)).ok_or(OVER_ALL)?;
    if points > 10_000 { Err(OVER_ALL) } else { Ok(Some(points)) }
}

/// A day from a date picker ("2026-07-31") or as it is written ("31/7/2026").
pub fn day(text: &str) -> Typed<Option<Day>> {
    let text = clean(text);
    if text.is_empty() {
        return Ok(None);
    }
    let written = || {
        let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
        let [day, month, year] = parts.as_slice() else { return None };
        Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let day = text.parse::<Day>().ok().or_else(written).filter(|day| YEARS.contains(&day.year()));
    day.map(Some).ok_or(NOT_A_DAY)
}

/// An hour of the day: "11", "11h", "11h00", "11:00".
pub fn hour(text: &str) -> Typed<Option<u32>> {
    let text = clean(text).to_lowercase();
    if text.is_empty() {
        return Ok(None);
    }
    let (hour, minutes) = text.split_once(['h', ':', 'g']).unwrap_or((&text, ""));
    let hour: u32 = hour.trim().parse().map_err(|_| NOT_AN_HOUR)?;
    if hour < 24 && matches!(minutes.trim(), "" | "0" | "00") { Ok(Some(hour)) } else { Err(NOT_AN_HOUR) }
}

/// A web address. Plans print short ones without "https://"; anything that is not a page is refused, as it will be tapped.
pub fn link(text: &str) -> Typed<String> {
    let text = line(text)?;
    if text.is_empty() {
        return Ok(text);
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", &text));
    let scheme = scheme.to_ascii_lowercase();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.') && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if !matches!(scheme.as_str(), "http" | "https") || !is_host || rest.contains(char::is_whitespace) {
        return Err(NOT_A_LINK);
    }
    Ok(format!("{scheme}://{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_understood_as_they_are_written_in_vietnamese() {
        for (text, number) in [("17592", 17_592), ("17.592", 17_592), (" 1.234.567 ", 1_234_567), ("15", 15), ("0", 0)]
        {
            assert_eq!(whole(text), Ok(Some(number)), "{text}");
        }
        assert_eq!(whole("  "), Ok(None));
    }

    #[test]
    fn half_a_person_and_half_a_number_are_refused() {
        for text in ["1,5", "1.5", "17.59", "1.2345", "17592.000", "-3", "+3", "mười", "1..000", ".", "9999999999"] {
            assert!(whole(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_has_up_to_two_decimals_and_is_never_more_than_all() {
        for (text, points) in
            [("65", 6_500), ("65,5", 6_550), ("65.5", 6_550), ("50,16 %", 5_016), ("100", 10_000), ("18,01%", 1_801)]
        {
            assert_eq!(share(text), Ok(Some(points)), "{text}");
        }
        assert_eq!(share(""), Ok(None));
        for text in ["100,01", "101", "65,555", "65,", ",5", "sáu mươi", "-5", "99999999999"] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_is_read_from_the_picker_and_as_it_is_written() {
        let last_of_july = Day::from_ymd(2026, 7, 31).ok();
        for text in ["2026-07-31", "31/07/2026", "31/7/2026", "31.7.2026"] {
            assert_eq!(day(text), Ok(last_of_july), "{text}");
        }
        for text in ["31/6/2026", "2026-02-29", "31/07", "0026-07-31", "hôm nay", "31/07/26"] {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_hour_is_a_full_hour_of_the_day() {
        for (text, expected) in [("11", 11), ("11h", 11), ("11h00", 11), ("14:00", 14), ("0", 0), ("23g", 23)] {
            assert_eq!(hour(text), Ok(Some(expected)), "{text}");
        }
        for text in ["24", "11h30", "sáng", "-1"] {
            assert!(hour(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_link_is_a_web_page_and_nothing_else() {
        assert_eq!(link("bit.ly/abc").as_deref(), Ok("https://bit.ly/abc"));
        assert_eq!(link("HTTPS://docs.google.com/a?b=c").as_deref(), Ok("https://docs.google.com/a?b=c"));
        assert_eq!(link(" ").as_deref(), Ok(""));
        for text in
            ["javascript:alert(1)", "javascript://a.b/%0aalert(1)", "nhóm Zalo", "https://", "file:///etc", "a@b.vn"]
        {
            assert!(link(text).is_err(), "{text}");
        }
    }
}
