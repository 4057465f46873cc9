//! Sentences about a phone, and about what shutting it out does.

use domain::Day;
use domain::number::grouped;
use domain::protocol::{DeviceEnd, DeviceLine};
use domain::span::ago;

pub fn key(line: &DeviceLine) -> &'static str {
    match line.ended {
        None => "live",
        Some(DeviceEnd::Left) => "left",
        Some(DeviceEnd::Lost) => "lost",
    }
}

pub fn joined(line: &DeviceLine) -> String {
    let own = if line.is_own { "Máy này, " } else { "Máy " };
    format!("{own}vào tổ {}", Day::at_ms(line.joined_ms).vietnamese())
}

/// "Cập nhật 9 giờ trước; lần cuối báo còn 3 mục chưa gửi."
pub fn contact(line: &DeviceLine, now_ms: u64) -> String {
    let Some(at_ms) = line.last_seen_ms else {
        return "Chưa gửi lần nào; chưa rõ trên máy có gì.".to_owned();
    };
    let held = [(line.unsent, "chưa gửi"), (line.refused, "cần xem lại")];
    let held: Vec<String> = held
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} mục {what}", grouped(u64::from(number))))
        .collect();
    let held = if held.is_empty() { "đã gửi hết".to_owned() } else { format!("còn {}", held.join(", ")) };
    format!("Cập nhật {}; lần cuối báo {held}.", ago(at_ms, now_ms))
}

/// Why it does not get in: what was done about it, and whether it has come in since. That an order was carried out nobody can
/// see from here.
pub fn state(line: &DeviceLine, now_ms: u64) -> Option<String> {
    if line.is_idle {
        return Some(
            "Lâu không dùng nên không vào được nữa. Dùng lại thì mời lại; dữ liệu trên máy vẫn giữ nguyên.".to_owned(),
        );
    }
    let told = line.end_told_ms.map(|at_ms| ago(at_ms, now_ms));
    Some(match (line.ended?, told) {
        (DeviceEnd::Lost, None) => {
            "Đã báo mất; chưa thấy máy có mạng lại. Lần tới có mạng, máy tự xóa hết dữ liệu của Từng Nhà.".to_owned()
        }
        (DeviceEnd::Lost, Some(when)) => format!("Đã báo mất. Máy có mạng lại {when} và đã được gửi lệnh xóa."),
        (DeviceEnd::Left, None) => "Đã ngừng dùng. Máy không gửi và không nhận được nữa.".to_owned(),
        (DeviceEnd::Left, Some(when)) => format!("Đã ngừng dùng. Máy có mạng lại {when}."),
    })
}

/// What will happen, before it does.
pub fn consequences(reason: DeviceEnd) -> [&'static str; 3] {
    match reason {
        DeviceEnd::Lost => [
            "Lần tới có mạng, máy tự xóa hết dữ liệu của Từng Nhà. Chưa có mạng thì dữ liệu vẫn nằm trên máy.",
            "Mục chưa gửi được niêm phong trên máy, không ai đọc được. Tìm lại được máy thì lưu ra tệp và chuyển bằng máy của bạn.",
            "Lời mời chưa dùng của người này cũng hết hiệu lực. Không hoàn tác được; tìm lại được máy thì mời lại.",
        ],
        DeviceEnd::Left => [
            "Nếu máy còn mở được, hãy gửi hết trên máy ấy trước: từ nay máy không gửi và không nhận được nữa.",
            "Lần tới có mạng, danh sách rời khỏi máy. Mục chưa gửi ở lại trên máy; lưu tệp cứu hộ trong “Máy” rồi chuyển bằng máy của bạn.",
            "Máy khác của người này vẫn dùng bình thường.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use domain::DocId;

    use super::*;

    const HOUR_MS: u64 = 3_600_000;

    fn line(last_seen_ms: Option<u64>, unsent: u32) -> DeviceLine {
        DeviceLine {
            id: DocId::from_u128(1),
            joined_ms: 0,
            last_seen_ms,
            unsent,
            refused: 0,
            app: String::new(),
            ended: None,
            end_told_ms: None,
            is_own: false,
            check: None,
            is_checked: false,
            is_idle: false,
        }
    }

    #[test]
    fn a_lost_phone_is_said_to_know_only_once_it_has_come_in() {
        let lost = DeviceLine { ended: Some(DeviceEnd::Lost), ..line(None, 0) };
        assert!(state(&lost, 9 * HOUR_MS).is_some_and(|words| words.contains("chưa thấy máy có mạng lại")));
        let told = DeviceLine { end_told_ms: Some(0), ..lost };
        let words = state(&told, 9 * HOUR_MS);
        assert_eq!(words.as_deref(), Some("Đã báo mất. Máy có mạng lại 9 giờ trước và đã được gửi lệnh xóa."));
    }

    #[test]
    fn a_phone_that_was_silent_for_too_long_is_said_to_need_an_invite() {
        assert_eq!(state(&line(Some(0), 0), 0), None);
        let idle = DeviceLine { is_idle: true, ..line(Some(0), 0) };
        assert!(state(&idle, 0).is_some_and(|words| words.contains("mời lại") && words.contains("giữ nguyên")));
    }

    #[test]
    fn what_a_phone_held_back_is_told_as_of_its_last_contact() {
        let words = contact(&line(Some(0), 3), 9 * HOUR_MS);
        assert_eq!(words, "Cập nhật 9 giờ trước; lần cuối báo còn 3 mục chưa gửi.");
        assert_eq!(contact(&line(Some(0), 0), 9 * HOUR_MS), "Cập nhật 9 giờ trước; lần cuối báo đã gửi hết.");
    }

    #[test]
    fn of_a_phone_that_never_came_in_nothing_is_known() {
        assert!(contact(&line(None, 0), 0).contains("chưa rõ"));
    }
}
