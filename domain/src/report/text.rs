//! A report as a message to a Zalo group.

use super::{Line, Report};
use crate::day::time_of_day;
use crate::number::{grouped, percent_whole};
use crate::{Day, Moment};

/// One short block of figures. Zeros are told, but not the empty parts of a line.
pub fn message(report: &Report) -> String {
    let mut text = format!("BÁO CÁO {}\n", report.unit.to_uppercase());
    let mut add = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    if !report.within.is_empty() {
        add(&report.within);
    }
    add(&report.campaign);
    add(&period(report));
    add(&as_of(report));
    add("");
    for line in report.lines.iter().filter(|line| line.part().is_none() || line.cumulative > 0) {
        add(&figure(line));
    }
    let adjusted: Vec<String> = report.lines.iter().zip(report.column_labels()).filter_map(adjustment).collect();
    if !adjusted.is_empty() {
        add("");
        add(&format!("Điều chỉnh số đã báo kỳ trước: {}.", adjusted.join("; ")));
    }
    if !report.targets.is_empty() {
        add("");
        add("Chỉ tiêu:");
        for target in &report.targets {
            add(&format!("- {}: {}", target.label, target_words(target)));
        }
    }
    if !report.difficulties.is_empty() {
        add("");
        add("Khó khăn, vướng mắc (số hộ):");
        for line in &report.difficulties {
            let solved =
                if line.solved > 0 { format!(", đã giải quyết {}", grouped(line.solved)) } else { String::new() };
            add(&format!("- {}: cần xử lý tiếp {}{solved}", line.label, grouped(line.open)));
        }
    }
    text.trim_end().to_owned()
}

/// "Kỳ báo cáo từ 14h00 Thứ Năm 19/11/2026 đến 14h00 Thứ Hai 23/11/2026"
pub fn period(report: &Report) -> String {
    let kind = if report.due.is_empty() { "Báo cáo đột xuất" } else { "Kỳ báo cáo" };
    let from = report.from.map(|from| format!(" từ {}", beginning(from))).unwrap_or_default();
    format!("{kind}{from} đến {}", report.until.label())
}

/// "Thứ Sáu 20/11/2026", "14h00 Thứ Năm 19/11/2026".
fn beginning(from: Moment) -> String {
    match from.hour {
        0 => format!("{} {}", from.day.weekday_name(), from.day.vietnamese()),
        _ => from.label(),
    }
}

/// When it was made, what the maker could know, and what is still out there.
pub fn as_of(report: &Report) -> String {
    let moment = |ms: u64| format!("{} ngày {}", time_of_day(ms), Day::at_ms(ms).vietnamese());
    let made = format!("Số liệu lúc {}", moment(report.made_ms));
    let synced = report.synced_ms.map(|ms| format!(", máy lập cập nhật lần cuối {}", moment(ms))).unwrap_or_default();
    let phones = match report.phones {
        phones if phones.all == 0 => String::new(),
        phones if phones.late == 0 => format!("; cả {} máy đã gửi trong 24 giờ", grouped(phones.all)),
        phones => {
            let (late, all) = (grouped(phones.late), grouped(phones.all));
            format!("; {late} trên {all} máy chưa gửi trong 24 giờ nên số thật có thể cao hơn")
        }
    };
    format!("{made}{synced}{phones}.")
}

fn figure(line: &Line) -> String {
    let share = line.of.and_then(|of| Some(format!("/{} ({})", grouped(of), percent_whole(line.cumulative, of)?)));
    let share = share.unwrap_or_default();
    let total = format!("{}{share}", grouped(line.cumulative));
    match line.in_period {
        Some(in_period) => format!("{}: trong kỳ {}, lũy kế {total}", line.label, grouped(in_period)),
        None => format!("{}: {total}", line.label),
    }
}

fn adjustment((line, label): (&Line, String)) -> Option<String> {
    let change = line.adjustment.filter(|change| *change != 0)?;
    Some(format!("{label} {}", signed(change)))
}

/// "+3", "−1": with the real minus sign, which no spreadsheet takes for a formula.
pub fn signed(change: i64) -> String {
    let sign = if change < 0 { '−' } else { '+' };
    format!("{sign}{}", grouped(change.unsigned_abs()))
}

/// "50,16%, cần trên 65%, còn thiếu 2.611 người, hạn 31/07/2026".
pub fn target_words(target: &super::TargetLine) -> String {
    let value = target.value.as_deref().unwrap_or("chưa rõ");
    let missing = match target.missing {
        None => "chưa tính được còn thiếu".to_owned(),
        Some(0) => "đã đạt".to_owned(),
        Some(missing) => format!("còn thiếu {} {}", grouped(missing), target.unit),
    };
    let deadline = target.deadline.map(|day| format!(", hạn {}", day.vietnamese())).unwrap_or_default();
    format!("{value}, cần {}, {missing}{deadline}", target.wanted)
}
