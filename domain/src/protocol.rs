//! What phone and server say to each other. One request does it all: `POST /api/sync`.

mod capsule;
mod devices;
mod handouts;
mod holders;
mod import;
mod moves;
mod office;
mod page;
mod paper;

pub use capsule::{CapsuleReply, TimeReply};
pub use devices::{BadCheckNumber, CheckNumber, CheckRequest, DeviceEnd, DeviceLine, DevicesReply, RevokeRequest};
pub use handouts::{DeskRoute, HandoutDesk, HandoutNote, HandoutRequest, WantedList};
pub use holders::{
    DoublePair, DoublesChanged, DoublesReply, HOLDERS_MAX, HolderCandidate, HolderChoice, HolderDoubt, HolderMatch,
    HoldersPreview, HoldersReply, HoldersRequest, JoinDoubles, ListedPerson, PartDoubles,
};
pub use import::{
    AreaChoice, ImportCounts, ImportReply, ImportRequest, ImportsReply, PastImport, UndoReply, UndoRequest,
};
pub use moves::{MOVED_HOUSEHOLDS_MAX, MoveReply, MoveRequest, WhatMoves};
pub use office::{OfficeArea, OfficeMember, OfficeReply};
pub use page::{Page, Pulled, RevokeReason, ScopeContent, ScopeReply};
pub use paper::{
    PaperHelper, PaperOpenRequest, PaperReply, PaperRequest, PaperSheet, PaperSource, TakeBackReply, TakeBackRequest,
};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::capsule::{CourierNote, PublicKey};
use crate::people::Role;
use crate::receipt::Receipt;
use crate::{DocId, InstallId};

/// Version of this protocol; the server accepts pushes of every released version for 12 months.
pub const PROTOCOL: u32 = 1;
/// Version of the documents' fields; newer phones may send fields that older ones only pass on.
pub const SCHEMA: u32 = 1;
/// Phones with a lower `SCHEMA` are asked to be updated: raised when the office needs what only newer apps record.
pub const SCHEMA_MIN: u32 = 1;
/// Documents in one push. A phone with more sends them in several requests.
pub const PUSH_DOCUMENTS_MAX: usize = 200;
/// Documents in one reply, over all scopes.
pub const PAGE_DOCUMENTS_MAX: usize = 500;
/// Bytes of documents in one push or one reply, before compression. One document may exceed it alone.
pub const PAGE_BYTES_MAX: usize = 256 * 1024;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SyncRequest {
    pub protocol: u32,
    pub schema: u32,
    pub install: InstallId,
    /// Where this phone stands in each scope that it holds.
    pub cursors: Vec<ScopeCursor>,
    /// Empty in the first request after opening, which learns the clock's error.
    pub push: Vec<Push>,
    /// What the lead may know of this phone.
    #[serde(default)]
    pub phone: PhoneReport,
    /// Who may bring this phone's capsules. Phones before capsules do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier: Option<CourierNote>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeCursor {
    pub scope: DocId,
    /// As the server gave it; `None` before the first page.
    pub cursor: Option<String>,
}

/// A changed document. It travels unread, so that one that this server cannot read refuses itself, not its neighbours.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Push {
    pub id: DocId,
    /// The phone's own count of its edits: it clears its mark only if the document has not been edited since.
    pub rev: u64,
    /// The scope that a new document is to live in; the server alone knows where an old one lives.
    pub scope: DocId,
    pub doc: Box<RawValue>,
    /// The server's proof that it has stored `doc` before, from before it was restored from a backup.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// Figures about a phone, without anything about people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneReport {
    pub unsent: u32,
    pub refused: u32,
    /// Scopes that still differ from the server's although they were downloaded anew.
    #[serde(default)]
    pub diverged: u32,
    #[serde(default)]
    pub app: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SyncReply {
    pub protocol: u32,
    /// Changes when the server was restored from a backup.
    pub epoch: String,
    /// The server's time, milliseconds since 1970.
    pub server_ms: u64,
    pub results: Vec<PushResult>,
    /// Every scope that this phone may hold, and those it holds no longer.
    pub scopes: Vec<ScopeReply>,
    /// People credited to this member in areas that the member does not hold. A server before moves does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credited_elsewhere: Option<u64>,
    /// What to seal capsules to; only in replies to requests that told a courier, which the server knows from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capsule_key: Option<PublicKey>,
    /// A phone whose `SCHEMA` is lower is to be updated; it goes on all the same. 0 in replies of older servers.
    #[serde(default)]
    pub min_schema: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResult {
    pub id: DocId,
    pub rev: u64,
    #[serde(flatten)]
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "r", rename_all = "snake_case")]
pub enum Verdict {
    /// Stored as sent, or already there.
    Ok,
    /// Stored, joined with what others had written.
    Merged,
    Rejected {
        code: Rejection,
    },
    /// From a newer server: the document stays unsent and is sent again with patience.
    #[serde(other)]
    Unknown,
}

/// Why the server did not take a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Rejection {
    /// Stamped too far in the future: the phone restamps and sends again by itself.
    ClockAhead,
    /// Not this member's to write, or not in an area of theirs. Says no more, on purpose.
    Forbidden,
    /// A record under this id exists with other content.
    FactConflict,
    /// Breaks a limit or cannot be read.
    Malformed,
    /// A fact of a day before the plan or after tomorrow.
    DayUnlikely,
    /// More than one member may write in a day.
    TooMuch,
    /// From a newer server.
    Other(String),
}

impl From<String> for Rejection {
    fn from(code: String) -> Self {
        match code.as_str() {
            "clock_ahead" => Self::ClockAhead,
            "forbidden" => Self::Forbidden,
            "fact_conflict" => Self::FactConflict,
            "malformed" => Self::Malformed,
            "day_unlikely" => Self::DayUnlikely,
            "too_much" => Self::TooMuch,
            _ => Self::Other(code),
        }
    }
}

impl From<Rejection> for String {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::ClockAhead => "clock_ahead".to_owned(),
            Rejection::Forbidden => "forbidden".to_owned(),
            Rejection::FactConflict => "fact_conflict".to_owned(),
            Rejection::Malformed => "malformed".to_owned(),
            Rejection::DayUnlikely => "day_unlikely".to_owned(),
            Rejection::TooMuch => "too_much".to_owned(),
            Rejection::Other(code) => code,
        }
    }
}

impl Rejection {
    /// What went wrong and what to do, for the tray "Cần xem lại".
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::ClockAhead => "Giờ của máy chạy nhanh hơn giờ thật. Đặt lại giờ tự động rồi gửi lại.",
            Self::Forbidden => {
                "Hộ hoặc người này không thuộc địa bàn của bạn. Báo tổ trưởng; nội dung vẫn giữ trên máy này."
            }
            Self::FactConflict => "Đã có một lượt ghi khác mang cùng mã. Ghi lại lượt này rồi bỏ bản cũ.",
            Self::Malformed => "Nội dung quá dài hoặc sai dạng nên chưa được nhận. Sửa ngắn lại rồi gửi lại.",
            Self::DayUnlikely => {
                "Ngày ghi sớm hơn kế hoạch quá lâu hoặc sau hôm nay. Xem lại ngày của máy, mở hộ để ghi lại, rồi bỏ mục này."
            }
            Self::TooMuch => "Hôm nay đã gửi quá nhiều lượt ghi. Nội dung vẫn giữ trên máy này; mai gửi lại.",
            Self::Other(_) => "Máy chủ chưa nhận được nội dung này. Cập nhật ứng dụng rồi gửi lại.",
        }
    }
}

/// Turns an invite into a device of a member. The reply sets the device's token as a cookie that scripts cannot read.
///
/// Fields that this version does not know are passed over: a newer phone joins an older server too.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JoinRequest {
    pub code: String,
    pub install: InstallId,
    /// Only redeem it if it is this member's: a phone that still holds somebody's work must not become another's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_for: Option<DocId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinReply {
    pub member: DocId,
    pub commune: DocId,
    pub role: Role,
    pub name: String,
    pub commune_name: String,
    pub server_ms: u64,
    /// To be read to whoever has sent the invite. A server before check numbers does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckNumber>,
}

/// Asks for an invite for a member, or for a member's next phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InviteRequest {
    pub member: DocId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteReply {
    /// To be put behind the address that the app was opened from: `/vao#…`.
    pub path: String,
    pub expires_ms: u64,
}

/// Every error that the server words itself. Anything else that arrives is somebody else's page: "no network".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorReply {
    pub error: ApiError,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    pub code: ErrorCode,
    /// A Vietnamese sentence for the person: what went wrong, what to do.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// No such invite, or mistyped.
    InviteUnknown,
    /// Another phone has used it.
    InviteUsed,
    InviteExpired,
    /// The member has as many phones as one may have: one of them is to be shut out first.
    TooManyPhones,
    /// The phone asked for an invite of its own member; this one is somebody else's, and still good for them.
    InviteForOther,
    /// The token is missing, unknown or revoked. Never a reason to delete anything.
    DeviceUnknown,
    BadRequest,
    /// What was brought is no capsule, or a damaged one.
    CapsuleDamaged,
    /// A capsule for another server.
    CapsuleForeign,
    /// The server has not heard of the phone that made the capsule: it may, later.
    CapsuleUnknown,
    /// The phone that made the capsule sends its documents itself, under other stamps.
    CapsuleVoid,
    /// The capsule is of a phone that was shut out, lost or given back: a lead or coordinator must bring it.
    CapsuleShutOut,
    TooLarge,
    TooMany,
    NotFound,
    StorageFull,
    /// The server's own clock cannot be right: it takes nothing until somebody has seen to it.
    ClockWrong,
    Internal,
    /// From a newer server.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// Nothing is wrong with what was sent: the same may be taken a little later.
    pub fn is_passing(self) -> bool {
        self.is_busy() || self == Self::Internal
    }

    /// The server takes nothing for a while, whatever it is. `Internal` may be the fault of what was sent.
    pub fn is_busy(self) -> bool {
        matches!(self, Self::TooMany | Self::StorageFull | Self::ClockWrong)
    }
}

/// One of the plans that come with the program, for a coordinator to start from: `GET /api/plans` lists them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// Short name of its file: "bac-kan-2026".
    pub key: String,
    /// Whose plan it is, in words: "Phường Bắc Kạn, 2026".
    pub of: String,
    pub campaign: crate::campaign::Campaign,
}
