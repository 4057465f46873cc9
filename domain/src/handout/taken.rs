//! The mark on everything that is given out: who took it, when, why, and its number.

use serde::{Deserialize, Serialize};

use super::Reason;
use crate::Day;
use crate::day::time_of_day;
use crate::people::Role;

/// Who took a list out, as it is noted in the office and printed on every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Số phiếu: the office finds it in its log by this.
    pub number: u64,
    /// The name of whoever took it.
    pub by: String,
    pub role: Role,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    pub reason: Reason,
    /// In their own words; often empty.
    pub words: String,
}

impl Taken {
    /// What is to become of it, on every page.
    pub const RULE: &'static str = "Chỉ dùng để hỗ trợ người dân; trả lại hoặc hủy sau khi dùng.";

    /// "Phiếu số 27 · Nông Văn Đức (Tổ trưởng) lấy lúc 14:32 ngày 21/11/2026"
    pub fn who(&self) -> String {
        let Self { number, by, role, at_ms, .. } = self;
        let day = Day::at_ms(*at_ms).vietnamese();
        format!("Phiếu số {number} · {by} ({}) lấy lúc {} ngày {day}", role.label(), time_of_day(*at_ms))
    }

    /// "Lý do: Kiểm tra, đối chiếu kết quả (họp tổ)".
    pub fn why(&self) -> String {
        format!("Lý do: {}", self.reason.told(&self.words))
    }

    /// Short enough to be repeated across a page: "Số 27 · Nông Văn Đức · 21/11/2026".
    pub fn across(&self) -> String {
        format!("Số {} · {} · {}", self.number, self.by, Day::at_ms(self.at_ms).vietnamese())
    }
}
