//! Appointments in the words that people use: "18:00 hôm nay", "Thứ Bảy 08:00".

use domain::Day;
use domain::day::time_of_day;

const HOUR_MS: u64 = 3_600_000;
const SATURDAY: u32 = 5;

/// A moment of `day` in Vietnam, in milliseconds since 1970.
pub fn at(day: Day, hour: u64, minute: u64) -> u64 {
    let midnight = u64::try_from(day.start_ms()).unwrap_or(0);
    midnight + hour * HOUR_MS + minute * HOUR_MS / 60
}

/// The day as people say it on `today`.
pub fn day_words(day: Day, today: Day) -> String {
    match day.since(today) {
        0 => "hôm nay".to_owned(),
        1 => "ngày mai".to_owned(),
        -1 => "hôm qua".to_owned(),
        2..=6 => day.weekday_name().to_owned(),
        _ => day.vietnamese(),
    }
}

/// The moment as people say it at `now_ms`.
pub fn when(ms: u64, now_ms: u64) -> String {
    let (day, today) = (Day::at_ms(ms), Day::at_ms(now_ms));
    let (time, words) = (time_of_day(ms), day_words(day, today));
    if (2..=6).contains(&day.since(today)) { format!("{words} {time}") } else { format!("{time} {words}") }
}

/// A time that one tap proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub key: &'static str,
    pub label: String,
    pub ms: u64,
}

/// What a household is likely to ask for: this evening, tomorrow, Saturday. Times that have passed are left out.
pub fn proposals(now_ms: u64) -> Vec<Proposal> {
    let today = Day::at_ms(now_ms);
    let tomorrow = today.plus(1);
    let to_saturday = (SATURDAY + 7 - today.weekday()) % 7;
    let saturday = today.plus(to_saturday.cast_signed());
    let mut list = vec![
        ("today-1800", "18:00 hôm nay".to_owned(), at(today, 18, 0)),
        ("today-1930", "19:30 hôm nay".to_owned(), at(today, 19, 30)),
        ("tomorrow-morning", "Sáng mai 08:00".to_owned(), at(tomorrow, 8, 0)),
        ("tomorrow-afternoon", "Chiều mai 17:00".to_owned(), at(tomorrow, 17, 0)),
    ];
    // On Friday "tomorrow" is Saturday already, on Saturday it is the next one that is meant.
    match to_saturday {
        0 => list.push(("saturday", "Thứ Bảy tuần sau 08:00".to_owned(), at(today.plus(7), 8, 0))),
        1 => {}
        _ => list.push(("saturday", "Thứ Bảy 08:00".to_owned(), at(saturday, 8, 0))),
    }
    list.into_iter().filter(|(_, _, ms)| *ms > now_ms).map(|(key, label, ms)| Proposal { key, label, ms }).collect()
}

/// What the phone's own pickers give, "2026-11-21" and "18:30".
pub fn picked(date: &str, time: &str) -> Option<u64> {
    let day: Day = date.parse().ok()?;
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u64, u64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    (hour < 24 && minute < 60).then(|| at(day, hour, minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday 2026-11-21, 10:00 in Vietnam.
    fn saturday_morning() -> u64 {
        at(Day::from_ymd(2026, 11, 21).expect("a day"), 10, 0)
    }

    #[test]
    fn an_appointment_is_told_as_people_say_it() {
        let now = saturday_morning();
        assert_eq!(when(now + 8 * HOUR_MS, now), "18:00 hôm nay");
        assert_eq!(when(now + 24 * HOUR_MS, now), "10:00 ngày mai");
        assert_eq!(when(now - 24 * HOUR_MS, now), "10:00 hôm qua");
        assert_eq!(when(now + 72 * HOUR_MS, now), "Thứ Ba 10:00");
        assert_eq!(when(now + 240 * HOUR_MS, now), "10:00 01/12/2026");
    }

    #[test]
    fn times_that_have_passed_are_not_proposed() {
        let morning: Vec<_> = proposals(saturday_morning()).into_iter().map(|time| time.key).collect();
        assert_eq!(morning, ["today-1800", "today-1930", "tomorrow-morning", "tomorrow-afternoon", "saturday"]);
        let evening = proposals(saturday_morning() + 11 * HOUR_MS);
        assert_eq!(evening.first().map(|time| time.key), Some("tomorrow-morning"));
    }

    #[test]
    fn saturday_is_proposed_once_and_never_in_the_past() {
        for days in 0..7 {
            let now = saturday_morning() + days * 24 * HOUR_MS;
            let times = proposals(now);
            assert!(times.iter().all(|time| time.ms > now));
            let mut moments: Vec<u64> = times.iter().map(|time| time.ms).collect();
            moments.dedup();
            assert_eq!(moments.len(), times.len());
        }
    }

    #[test]
    fn what_the_pickers_give_is_read_and_nonsense_is_not() {
        let day = Day::from_ymd(2026, 11, 21).expect("a day");
        assert_eq!(picked("2026-11-21", "18:30"), Some(at(day, 18, 30)));
        assert_eq!(picked("2026-11-21", "18:30:00"), Some(at(day, 18, 30)));
        for (date, time) in [("", "18:30"), ("2026-11-21", ""), ("2026-02-30", "08:00"), ("2026-11-21", "25:00")] {
            assert_eq!(picked(date, time), None);
        }
    }
}
