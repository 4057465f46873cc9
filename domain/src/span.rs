//! Spans of time in words: how long ago a phone came in, how long until a report is due.

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// "vừa xong", "40 phút trước", "9 giờ trước", "3 ngày trước". A moment that is still to come is now.
pub fn ago(then_ms: u64, now_ms: u64) -> String {
    match now_ms.saturating_sub(then_ms) {
        0..MINUTE_MS => "vừa xong".to_owned(),
        span => format!("{} trước", rough(span)),
    }
}

/// "còn 3 ngày", "còn 26 giờ", "còn 40 phút"; `None` when the moment has passed.
pub fn left(until_ms: u64, now_ms: u64) -> Option<String> {
    let span = until_ms.checked_sub(now_ms).filter(|span| *span > 0)?;
    Some(format!("còn {}", rough(span.max(MINUTE_MS))))
}

/// In the one unit that matters; days only from two days on, because "1 ngày" hides how many hours.
fn rough(span_ms: u64) -> String {
    match span_ms {
        0..HOUR_MS => format!("{} phút", span_ms / MINUTE_MS),
        span if span < 2 * DAY_MS => format!("{} giờ", span / HOUR_MS),
        span => format!("{} ngày", span / DAY_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_came_in_hours_or_days_ago() {
        assert_eq!(ago(0, 59_999), "vừa xong");
        assert_eq!(ago(0, 40 * MINUTE_MS), "40 phút trước");
        assert_eq!(ago(0, 9 * HOUR_MS + 59 * MINUTE_MS), "9 giờ trước");
        assert_eq!(ago(0, 47 * HOUR_MS), "47 giờ trước");
        assert_eq!(ago(0, 3 * DAY_MS), "3 ngày trước");
    }

    #[test]
    fn a_clock_behind_the_office_does_not_count_below_zero() {
        assert_eq!(ago(5_000, 1_000), "vừa xong");
        assert_eq!(left(1_000, 5_000), None);
        assert_eq!(left(1_000, 1_000), None);
    }

    #[test]
    fn what_is_left_is_never_rounded_up() {
        assert_eq!(left(30_000, 0).as_deref(), Some("còn 1 phút"));
        assert_eq!(left(26 * HOUR_MS + 1, 0).as_deref(), Some("còn 26 giờ"));
        assert_eq!(left(2 * DAY_MS, 0).as_deref(), Some("còn 2 ngày"));
    }
}
