//! Numbers as they are written in Vietnamese.

/// "1.605"
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_parted_by_a_point() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(605), "605");
        assert_eq!(grouped(1605), "1.605");
        assert_eq!(grouped(1_234_567), "1.234.567");
    }
}
