//! Every error that a client can meet, its status and its sentence. The cause of an internal error goes to the log only.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::capsule::CapsuleError;
use domain::protocol::{ApiError, ErrorCode, ErrorReply};

use crate::capsule::Refused as CapsuleRefused;
use crate::handouts::HandoutError;
use crate::paper::PaperError;
use crate::store::StoreError;
use crate::sync::SyncError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Mã mời không đúng. Kiểm tra lại liên kết, hoặc xin tổ trưởng mã mới.")]
    InviteUnknown,
    #[error("Mã mời này đã dùng rồi. Xin tổ trưởng mã mới.")]
    InviteUsed,
    #[error("Mã mời đã hết hạn. Xin tổ trưởng mã mới.")]
    InviteExpired,
    #[error(
        "Người này đã có đủ số máy. Tổ trưởng khóa bớt một máy không dùng nữa trong “Xem máy, báo mất”, rồi mở lại lời mời \
         này."
    )]
    TooManyPhones,
    #[error(
        "Lời mời này là của người khác. Vào lại bằng lời mời của người đang dùng máy này; mọi thứ đã ghi vẫn giữ nguyên."
    )]
    InviteForOther,
    #[error("Máy này chưa được ghi danh. Xin tổ trưởng mã mời; dữ liệu trên máy vẫn giữ nguyên.")]
    DeviceUnknown,
    #[error("Chỉ tổ trưởng của địa bàn hoặc cán bộ xã, phường được mời thành viên này.")]
    NotAllowed,
    #[error("Chỉ tổ trưởng của địa bàn hoặc cán bộ xã, phường được xem và khóa máy của thành viên này.")]
    NotYourTeam,
    #[error("Việc này chỉ dành cho cán bộ xã, phường hoặc tổ trưởng của địa bàn.")]
    NotForYou,
    /// What was asked for cannot be done; the sentence says why and what to do.
    #[error("{0}")]
    Refused(String),
    #[error(
        "Không chuyển được. Chỉ tổ trưởng của địa bàn đang có hộ này hoặc cán bộ xã, phường được chuyển; \
         hộ có thể đã chuyển đi rồi. Cập nhật rồi xem lại."
    )]
    CannotMove,
    #[error("Địa bàn hoặc hộ nhận không nhận được. Chọn một địa bàn có hộ dân, và một hộ đang ở đó.")]
    CannotMoveThere,
    #[error(transparent)]
    Handout(#[from] HandoutError),
    #[error(transparent)]
    Paper(#[from] PaperError),
    #[error(transparent)]
    Capsule(#[from] CapsuleRefused),
    #[error("Yêu cầu không đúng dạng. Cập nhật ứng dụng rồi thử lại.")]
    BadRequest,
    #[error("Yêu cầu không phải từ ứng dụng này.")]
    ForeignSite,
    #[error("Yêu cầu phải là JSON.")]
    NotJson,
    #[error("Yêu cầu phải là một gói chuyển giúp.")]
    NotOctets,
    #[error("Nội dung gửi lên quá lớn. Ứng dụng sẽ chia nhỏ và gửi lại.")]
    TooLarge,
    #[error("Gửi quá nhiều lần trong một phút. Chờ ít phút rồi thử lại.")]
    TooMany { retry_after_s: u64 },
    #[error("Không có địa chỉ này.")]
    NotFound,
    #[error("Địa chỉ này không nhận cách gọi đó.")]
    MethodNotAllowed,
    #[error("Yêu cầu mất quá nhiều thời gian. Thử lại khi mạng tốt hơn.")]
    Timeout,
    #[error("Máy chủ hết chỗ lưu. Dữ liệu trên máy vẫn an toàn; báo cán bộ phụ trách.")]
    StorageFull,
    #[error(
        "Đồng hồ của máy chủ đang sai nên máy chủ chưa nhận gì. Dữ liệu trên máy vẫn an toàn; báo cán bộ phụ trách."
    )]
    ClockWrong,
    #[error("Máy chủ đang bận. Ứng dụng sẽ tự gửi lại.")]
    Busy,
    #[error("Máy chủ gặp lỗi. Dữ liệu trên máy vẫn an toàn; ứng dụng sẽ tự gửi lại.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::InviteUnknown | Self::NotFound => StatusCode::NOT_FOUND,
            Self::InviteUsed | Self::InviteForOther | Self::TooManyPhones => StatusCode::CONFLICT,
            Self::InviteExpired | Self::Capsule(CapsuleRefused::Void) => StatusCode::GONE,
            Self::DeviceUnknown => StatusCode::UNAUTHORIZED,
            Self::NotAllowed
            | Self::NotYourTeam
            | Self::NotForYou
            | Self::CannotMove
            | Self::ForeignSite
            | Self::Handout(HandoutError::OutOfReach)
            | Self::Capsule(CapsuleRefused::ShutOut)
            | Self::Paper(PaperError::NoSuchSheet) => StatusCode::FORBIDDEN,
            Self::Handout(_) | Self::Paper(_) | Self::Capsule(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BadRequest | Self::CannotMoveThere | Self::Refused(_) => StatusCode::BAD_REQUEST,
            Self::NotJson | Self::NotOctets => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Busy | Self::ClockWrong => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::InviteUnknown => ErrorCode::InviteUnknown,
            Self::InviteUsed => ErrorCode::InviteUsed,
            Self::InviteExpired => ErrorCode::InviteExpired,
            Self::InviteForOther => ErrorCode::InviteForOther,
            Self::TooManyPhones => ErrorCode::TooManyPhones,
            Self::DeviceUnknown => ErrorCode::DeviceUnknown,
            Self::NotAllowed
            | Self::NotYourTeam
            | Self::NotForYou
            | Self::Refused(_)
            | Self::CannotMove
            | Self::CannotMoveThere
            | Self::Handout(_)
            | Self::Paper(_)
            | Self::BadRequest
            | Self::ForeignSite
            | Self::NotJson
            | Self::NotOctets => ErrorCode::BadRequest,
            Self::Capsule(CapsuleRefused::Unreadable(CapsuleError::OtherServer)) => ErrorCode::CapsuleForeign,
            Self::Capsule(CapsuleRefused::Unreadable(_)) => ErrorCode::CapsuleDamaged,
            Self::Capsule(CapsuleRefused::UnknownCourier) => ErrorCode::CapsuleUnknown,
            Self::Capsule(CapsuleRefused::Void) => ErrorCode::CapsuleVoid,
            Self::Capsule(CapsuleRefused::ShutOut) => ErrorCode::CapsuleShutOut,
            Self::TooLarge => ErrorCode::TooLarge,
            Self::TooMany { .. } => ErrorCode::TooMany,
            Self::NotFound | Self::MethodNotAllowed => ErrorCode::NotFound,
            Self::StorageFull => ErrorCode::StorageFull,
            Self::ClockWrong => ErrorCode::ClockWrong,
            Self::Timeout | Self::Busy | Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// The error that stands for a status which a layer below the handlers has chosen.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::NotJson,
            StatusCode::REQUEST_TIMEOUT => Self::Timeout,
            status if status.is_server_error() => Self::Internal("a layer failed".into()),
            _ => Self::BadRequest,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Internal(cause) = &self {
            tracing::error!(error = %cause, "a request failed");
        }
        let error = ApiError { code: self.code(), message: self.to_string() };
        let mut response = (self.status(), Json(ErrorReply { error })).into_response();
        if let Self::TooMany { retry_after_s } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::StorageFull,
            StoreError::Busy => Self::Busy,
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<SyncError> for Error {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::DeviceUnknown => Self::DeviceUnknown,
            SyncError::TooLarge => Self::TooLarge,
            SyncError::Store(error) => error.into(),
        }
    }
}

/// A task of ours that panicked or was stopped.
impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Internal(Box::new(error))
    }
}
