//! The phones of a member, and shutting one out: `GET /api/devices/{member}`, `POST /api/devices/revoke`.

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
