//! Numbers as they are written in Vietnamese: a point between thousands, a comma before hundredths.

/// "1.605"
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// "50,16%"; `None` of nothing. What is not all never reads "100%", and what is not nothing never reads "0%".
pub fn percent(part: u64, whole: u64) -> Option<String> {
    share(part, whole, 2)
}

/// With three decimals, for where two would round a missing person away: 12.314 of 17.592 is "69,998%", not "70%".
pub fn percent_exactly(part: u64, whole: u64) -> Option<String> {
    share(part, whole, 3)
}

/// "50%", for tables.
pub fn percent_whole(part: u64, whole: u64) -> Option<String> {
    share(part, whole, 0)
}

/// A share given in hundredths of a percent: 6500 is "65%", 6550 is "65,5%".
pub fn basis_points(points: u32) -> String {
    let text = decimal(u128::from(points), 2);
    format!("{}%", if text.contains(',') { text.trim_end_matches('0') } else { &text })
}

fn share(part: u64, whole: u64, decimals: u32) -> Option<String> {
    if whole == 0 {
        return None;
    }
    let unit = 10_u128.pow(decimals);
    let (part, whole) = (u128::from(part), u128::from(whole));
    let mut rounded = (part * 100 * unit * 2 + whole) / (whole * 2);
    if part < whole {
        rounded = rounded.min(100 * unit - 1);
    }
    if part > 0 {
        rounded = rounded.max(1);
    }
    Some(format!("{}%", decimal(rounded, decimals)))
}

/// A number given in tenths: 245 is "24,5", 80 is "8".
pub fn tenths(number: u64) -> String {
    decimal(u128::from(number), 1)
}

/// A number given in its smallest unit; a whole one without decimals.
fn decimal(number: u128, decimals: u32) -> String {
    let unit = 10_u128.pow(decimals);
    let whole = grouped(u64::try_from(number / unit).unwrap_or(u64::MAX));
    match number % unit {
        0 => whole,
        rest => format!("{whole},{rest:0width$}", width = decimals as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_by_a_point() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(605), "605");
        assert_eq!(grouped(17_592), "17.592");
        assert_eq!(grouped(1_234_567), "1.234.567");
    }

    #[test]
    fn the_share_of_bac_kan_reads_as_in_its_plan() {
        assert_eq!(percent(8_824, 17_592).as_deref(), Some("50,16%"));
        assert_eq!(percent_exactly(12_314, 17_592).as_deref(), Some("69,998%"));
        assert_eq!(percent(1, 2).as_deref(), Some("50%"));
        assert_eq!(percent(21, 20).as_deref(), Some("105%"));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn rounding_makes_neither_all_nor_nothing() {
        assert_eq!(percent(99_999, 100_000).as_deref(), Some("99,99%"));
        assert_eq!(percent_whole(299, 300).as_deref(), Some("99%"));
        assert_eq!(percent_whole(1, 300).as_deref(), Some("1%"));
        assert_eq!(percent(0, 300).as_deref(), Some("0%"));
        assert_eq!(percent(300, 300).as_deref(), Some("100%"));
    }

    #[test]
    fn basis_points_show_only_the_decimals_they_have() {
        assert_eq!(basis_points(6500), "65%");
        assert_eq!(basis_points(6550), "65,5%");
        assert_eq!(basis_points(1801), "18,01%");
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        assert_eq!(percent(u64::MAX, u64::MAX).as_deref(), Some("100%"));
        assert!(percent(u64::MAX, 1).is_some());
    }
}
