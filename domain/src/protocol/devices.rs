//! The phones of a member, and shutting one out: `GET /api/devices/{member}`, `GET /api/devices/own`,
//! `POST /api/devices/{check,revoke}`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::DocId;

/// The phones of one member, the newest first; those that were shut out come last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesReply {
    pub devices: Vec<DeviceLine>,
}

/// What the office knows of a phone. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeviceLine {
    pub id: DocId,
    pub joined_ms: u64,
    /// When it last came in, to a few minutes; `None` while it has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_ms: Option<u64>,
    /// As it said then.
    pub unsent: u32,
    pub refused: u32,
    /// The version of its app, as it said then.
    #[serde(default)]
    pub app: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<DeviceEnd>,
    /// When the phone first came in after that, and was sent word of it. Whether it arrived nobody can know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_told_ms: Option<u64>,
    /// The phone that asks.
    #[serde(default)]
    pub is_own: bool,
    /// As the phone shows it. Phones from before there were numbers have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckNumber>,
    /// Whoever may invite its member has said that this is the phone that was invited.
    #[serde(default)]
    pub is_checked: bool,
    /// Not heard of for so long that it needs a new invite.
    #[serde(default)]
    pub is_idle: bool,
}

impl DeviceLine {
    /// Whether somebody is still to compare its number.
    pub fn is_to_be_checked(&self) -> bool {
        self.check.is_some() && !self.is_checked && self.ended.is_none()
    }
}

/// Số kiểm tra: four digits that a new phone shows and whoever invited compares with their own screen. Told with the token,
/// so who has only the invite's code does not know it. It tells phones apart; it is no secret and opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CheckNumber(u16);

/// Not four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("số kiểm tra có 4 chữ số")]
pub struct BadCheckNumber;

impl CheckNumber {
    const COUNT: u32 = 10_000;

    /// One of the 10,000, from random bits of the caller.
    pub fn of(bits: u32) -> Self {
        Self(u16::try_from(bits % Self::COUNT).unwrap_or_default())
    }

    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for CheckNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}", self.0)
    }
}

impl FromStr for CheckNumber {
    type Err = BadCheckNumber;

    fn from_str(text: &str) -> Result<Self, BadCheckNumber> {
        let is_number = text.len() == 4 && text.bytes().all(|digit| digit.is_ascii_digit());
        text.parse().ok().filter(|_| is_number).map(Self).ok_or(BadCheckNumber)
    }
}

impl TryFrom<String> for CheckNumber {
    type Error = BadCheckNumber;

    fn try_from(text: String) -> Result<Self, BadCheckNumber> {
        text.parse()
    }
}

impl From<CheckNumber> for String {
    fn from(check: CheckNumber) -> Self {
        check.to_string()
    }
}

/// Why a phone was shut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceEnd {
    /// Given back, or its member has left: it drops what the server has, and keeps what it never sent.
    Left,
    /// Lost: it deletes everything at its next contact.
    Lost,
}

/// Shuts out one phone of a member. The answer is a `DevicesReply`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeRequest {
    pub member: DocId,
    pub device: DocId,
    pub reason: DeviceEnd,
}

/// Says that a phone is the one that was invited. The answer is a `DevicesReply`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    pub member: DocId,
    pub device: DocId,
    /// The number that was compared. Another phone may have taken the place of the one that was looked at.
    pub check: CheckNumber,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_number_has_four_digits_and_comes_back_as_it_was_read() {
        for (bits, text) in [(0, "0000"), (482, "0482"), (9_999, "9999"), (10_007, "0007")] {
            let check = CheckNumber::of(bits);
            assert_eq!((check.to_string().as_str(), text.parse()), (text, Ok(check)));
            assert_eq!(serde_json::to_string(&check).expect("JSON"), format!("\"{text}\""));
        }
        for bad in ["", "482", "00482", "+482", "48 2", "số 48"] {
            assert_eq!(bad.parse::<CheckNumber>(), Err(BadCheckNumber), "{bad}");
        }
    }
}
