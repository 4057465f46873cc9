//! Sentences about this phone: the state of sending, the clock, what a refused document is.

use domain::document::{Document, Kind};
use domain::replica::{Replica, Status};
use domain::service::Step;
use domain::visit::{Difficulty, VisitResult};

pub fn sync_sentence(status: &Status) -> String {
    match status {
        _ if status.is_device_unknown => "Chưa gửi được vì máy chủ chưa nhận ra máy này.".to_owned(),
        _ if status.is_offline && status.unsent > 0 => {
            format!("Không có mạng. {} mục nằm an toàn trên máy này và sẽ tự gửi khi có mạng.", status.unsent)
        }
        _ if status.is_offline => "Không có mạng. Không có gì phải gửi; ghi tiếp bình thường.".to_owned(),
        _ if status.is_sending && status.unsent > 0 => format!("Đang gửi {} mục…", status.unsent),
        _ if status.unsent > 0 => format!("{} mục sẽ được gửi trong giây lát.", status.unsent),
        _ if status.refused > 0 => {
            format!("Đã gửi hết, trừ {} mục máy chủ chưa nhận: xem “Cần xem lại”.", status.refused)
        }
        _ if status.last_sync_ms.is_some() => "Mọi thứ đã ghi đều đã ở trên máy chủ.".to_owned(),
        _ => "Chưa gửi nhận lần nào.".to_owned(),
    }
}

/// `error_ms` is phone minus office.
pub fn clock_sentence(error_ms: i64) -> String {
    let minutes = error_ms.unsigned_abs().div_ceil(60_000);
    let amount = match minutes {
        0..120 => format!("{minutes} phút"),
        120..2_880 => format!("khoảng {} giờ", minutes / 60),
        _ => format!("khoảng {} ngày", minutes / 1_440),
    };
    let way = if error_ms > 0 { "nhanh" } else { "chậm" };
    format!("Giờ điện thoại lệch: {way} hơn giờ thật {amount}")
}

/// `doubt_ms` is server minus phone.
pub fn doubt_sentence(doubt_ms: i64) -> String {
    let days = doubt_ms.unsigned_abs() / 86_400_000;
    format!("Giờ của máy và của máy chủ lệch nhau khoảng {days} ngày")
}

/// Nothing is moved meanwhile, and only a person can tell which clock is right.
pub const DOUBT_TODO: &str =
    "Xem ngày giờ của máy. Nếu đúng, báo người phụ trách của xã, phường xem giờ máy chủ. Ngày đã ghi giữ nguyên.";

/// "Lượt đến · Vắng nhà", and whose.
pub fn what_it_is(document: &Document, replica: &Replica) -> (String, String) {
    let name_of = |id| replica.document(id).map(name).unwrap_or_default();
    let of = |field: &str| document.link(field).map(name_of).unwrap_or_default();
    match &document.kind {
        Kind::Visit => {
            let result = VisitResult::ALL.into_iter().find(|it| Some(it.name()) == document.text("result"));
            (kind_and("Lượt đến", result.map(VisitResult::label)), of("household"))
        }
        Kind::Outcome => {
            let step = document.text("step").and_then(Step::from_name);
            let label = step.map(|step| format!("{}: {}", step.service().short_label(), step.label()));
            (kind_and("Kết quả", label.as_deref()), of("resident"))
        }
        Kind::Solution => {
            let difficulty = document.text("difficulty").and_then(Difficulty::from_name);
            (kind_and("Đã giải quyết", difficulty.map(Difficulty::label)), of("household"))
        }
        Kind::Proficiency => ("Thành thạo".to_owned(), of("resident")),
        Kind::Link | Kind::Apart => {
            let what =
                if document.kind == Kind::Link { "Cùng một người" } else { "Không phải một người" };
            (what.to_owned(), document.links("residents").first().copied().map(name_of).unwrap_or_default())
        }
        Kind::Correction => {
            let target = document.link("target").and_then(|target| replica.document(target));
            let (what, who) = target.map(|target| what_it_is(target, replica)).unwrap_or_default();
            (format!("Sửa lại: {what}").trim_end_matches(": ").to_owned(), who)
        }
        Kind::Household => ("Hộ".to_owned(), name(document)),
        Kind::Resident => ("Người".to_owned(), name(document)),
        Kind::Route => ("Tuyến".to_owned(), name(document)),
        _ => ("Mục khác".to_owned(), name(document)),
    }
}

fn kind_and(kind: &str, label: Option<&str>) -> String {
    label.map_or_else(|| kind.to_owned(), |label| format!("{kind} · {label}"))
}

fn name(document: &Document) -> String {
    let text = |field| document.text(field).unwrap_or_default();
    match document.kind {
        Kind::Household => [text("house_no"), text("head")].join(" ").trim().to_owned(),
        _ => text("name").to_owned(),
    }
}

/// "1,2 MB".
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in tenths of a megabyte")]
pub fn megabytes(bytes: f64) -> String {
    let tenths = (bytes / 100_000.0).round().max(0.0) as u64;
    match tenths {
        0 => "dưới 0,1 MB".to_owned(),
        1..1_000 => format!("{},{} MB", tenths / 10, tenths % 10),
        1_000..10_000 => format!("{} MB", tenths / 10),
        _ => format!("{},{} GB", tenths / 10_000, tenths / 1_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_told_in_words_of_its_size() {
        assert_eq!(clock_sentence(7 * 60_000), "Giờ điện thoại lệch: nhanh hơn giờ thật 7 phút");
        assert_eq!(clock_sentence(-3 * 3_600_000), "Giờ điện thoại lệch: chậm hơn giờ thật khoảng 3 giờ");
        assert_eq!(clock_sentence(400 * 86_400_000), "Giờ điện thoại lệch: nhanh hơn giờ thật khoảng 400 ngày");
    }

    #[test]
    fn two_clocks_that_are_days_apart_are_both_doubted() {
        let sentence = "Giờ của máy và của máy chủ lệch nhau khoảng 365 ngày";
        assert_eq!(doubt_sentence(365 * 86_400_000), sentence);
        assert_eq!(doubt_sentence(-365 * 86_400_000), sentence);
    }

    #[test]
    fn no_network_never_sounds_like_loss() {
        let status = Status { unsent: 3, is_offline: true, ..Status::default() };
        assert!(sync_sentence(&status).contains("an toàn"));
    }

    #[test]
    fn what_was_refused_is_not_said_to_be_on_the_server() {
        let status = Status { refused: 2, last_sync_ms: Some(1), ..Status::default() };
        assert!(sync_sentence(&status).contains("trừ 2 mục"));
    }

    #[test]
    fn sizes_are_written_as_in_vietnamese() {
        assert_eq!(megabytes(1_234_567.0), "1,2 MB");
        assert_eq!(megabytes(10.0), "dưới 0,1 MB");
        assert_eq!(megabytes(2_400_000_000.0), "2,4 GB");
    }
}
