//! What happens at a door: visits, outcomes, proficiency, and corrections of these. All are facts: written once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::campaign::Channel;
use crate::document::{Body, Document, Kind};
use crate::service::{Origin, Step};
use crate::{Day, DocId, Moment, Stamp, Value};

/// How a knock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitResult {
    /// Somebody was met: the household is reached.
    Met,
    Absent,
    /// Hẹn lại.
    ComeBack,
    Refused,
    MovedAway,
}

impl VisitResult {
    pub const ALL: [VisitResult; 5] =
        [VisitResult::Met, VisitResult::Absent, VisitResult::ComeBack, VisitResult::Refused, VisitResult::MovedAway];

    pub fn name(self) -> &'static str {
        match self {
            VisitResult::Met => "met",
            VisitResult::Absent => "absent",
            VisitResult::ComeBack => "come_back",
            VisitResult::Refused => "refused",
            VisitResult::MovedAway => "moved_away",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            VisitResult::Met => "Đã gặp",
            VisitResult::Absent => "Vắng nhà",
            VisitResult::ComeBack => "Hẹn lại",
            VisitResult::Refused => "Từ chối",
            VisitResult::MovedAway => "Chuyển đi",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.name() == name)
    }
}

/// Khó khăn, vướng mắc (TH26:125), by code, so that they add up without anyone's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difficulty {
    NoSmartphone,
    NoLevel2,
    NotActivated7d,
    SimNotOwner,
    PhoneNumberTaken,
    NoOtp,
    OldPhone,
    LowStorage,
    NoNfc,
    FaceFail,
    ForgotPassword,
    ForgotPasscode,
    NewPhone,
    CardExpired,
    NoBhyt,
    ProviderError,
    RegisteredNotActivated,
    Expired,
    NoNetwork,
    Afraid,
}

impl Difficulty {
    /// Code, label, advice for the helper.
    const TABLE: [(Difficulty, &'static str, &'static str, &'static str); 20] = {
        use Difficulty as D;
        [
            (
                D::NoSmartphone,
                "no_smartphone",
                "Chưa có điện thoại thông minh",
                "Nhờ người thân, dùng máy chung, hoặc mời ra nhà văn hóa.",
            ),
            (
                D::NoLevel2,
                "no_level2",
                "Chưa có mức độ 2",
                "Hẹn đến Công an xã, phường; mang thẻ căn cước và điện thoại có SIM chính chủ.",
            ),
            (
                D::NotActivated7d,
                "not_activated_7d",
                "Quá 7 ngày chưa kích hoạt",
                "Gọi tổng đài VNeID 1900.0368, phím 4.",
            ),
            (
                D::SimNotOwner,
                "sim_not_owner",
                "SIM không chính chủ",
                "Chuẩn hóa SIM tại nhà mạng, hoặc đổi số VNeID ở Công an.",
            ),
            (
                D::PhoneNumberTaken,
                "phone_number_taken",
                "Số điện thoại đã gắn với tài khoản khác",
                "Mỗi người cần một số riêng.",
            ),
            (
                D::NoOtp,
                "no_otp",
                "Không nhận được mã OTP",
                "Kiểm tra sóng, hộp tin nhắn đầy, đúng số đã đăng ký; chờ rồi gửi lại.",
            ),
            (D::OldPhone, "old_phone", "Điện thoại cũ, không cài được", "Cập nhật hệ điều hành, hoặc dùng máy khác."),
            (D::LowStorage, "low_storage", "Máy đầy bộ nhớ", "Giải phóng bộ nhớ trước khi cài."),
            (
                D::NoNfc,
                "no_nfc",
                "Không quét được thẻ (NFC)",
                "Tháo ốp, áp thẻ đúng chỗ, giữ yên; mượn máy có NFC; hoặc đến Công an.",
            ),
            (
                D::FaceFail,
                "face_fail",
                "Quét khuôn mặt không được",
                "Ra chỗ sáng, bỏ khẩu trang và kính, lau camera rồi thử lại.",
            ),
            (
                D::ForgotPassword,
                "forgot_password",
                "Quên mật khẩu",
                "Chọn Quên mật khẩu trong VNeID; người dân tự nhập mã.",
            ),
            (
                D::ForgotPasscode,
                "forgot_passcode",
                "Quên passcode",
                "Chọn Quên passcode trong VNeID; người dân tự đặt lại.",
            ),
            (
                D::NewPhone,
                "new_phone",
                "Đổi hoặc mất điện thoại",
                "Xác thực lại trên máy mới; mất máy thì gọi 1900.0368 để khóa tài khoản.",
            ),
            (D::CardExpired, "card_expired", "Thẻ căn cước hết hạn", "Đến Công an làm thẻ, làm mức độ 2 cùng lúc."),
            (D::NoBhyt, "no_bhyt", "Chưa có hoặc sai thông tin BHYT", "Liên hệ BHXH cơ sở."),
            (
                D::ProviderError,
                "provider_error",
                "Ứng dụng nhà cung cấp báo lỗi",
                "Ghi lại, hẹn lúc khác; gọi cán bộ kỹ thuật của nhà cung cấp.",
            ),
            (
                D::RegisteredNotActivated,
                "registered_not_activated",
                "Đã đăng ký, chưa kích hoạt",
                "Mở lại màn hình chứng thư số rồi kích hoạt.",
            ),
            (D::Expired, "expired", "Chữ ký số hết hạn", "Gia hạn hoặc đăng ký lại theo nhà cung cấp."),
            (D::NoNetwork, "no_network", "Không có mạng tại nhà", "Hẹn nhà văn hóa hoặc điểm có sóng."),
            (D::Afraid, "afraid", "Lo ngại lừa đảo, lộ thông tin", "Không ép; mời ra nhà văn hóa hoặc Công an."),
        ]
    };

    pub fn all() -> impl Iterator<Item = Difficulty> {
        Self::TABLE.iter().map(|row| row.0)
    }

    pub fn name(self) -> &'static str {
        Self::TABLE[self as usize].1
    }

    pub fn label(self) -> &'static str {
        Self::TABLE[self as usize].2
    }

    pub fn advice(self) -> &'static str {
        Self::TABLE[self as usize].3
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

/// Lượt đến: one knock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub id: DocId,
    pub at: Stamp,
    pub household: DocId,
    pub member: DocId,
    pub day: Day,
    pub result: VisitResult,
    /// With `ComeBack`: when the household asked to be visited, milliseconds since 1970.
    pub come_back_at: Option<u64>,
    pub difficulties: Vec<Difficulty>,
    pub note: String,
}

impl Visit {
    pub fn read(document: &Document) -> Option<Self> {
        let (at, fields) = fact(document, &Kind::Visit)?;
        Some(Self {
            id: document.id,
            at,
            household: document.link("household")?,
            member: document.link("member")?,
            day: day(fields, at),
            result: VisitResult::from_name(document.text("result")?)?,
            come_back_at: document.int("come_back_at").and_then(|ms| u64::try_from(ms).ok()),
            difficulties: document.texts("difficulties").into_iter().filter_map(Difficulty::from_name).collect(),
            note: document.text("note").unwrap_or_default().to_owned(),
        })
    }

    pub fn when(&self) -> Moment {
        Moment::of_record(self.day, self.at.ms)
    }

    pub fn fields(
        household: DocId,
        member: DocId,
        day: Day,
        result: VisitResult,
        come_back_at: Option<u64>,
        difficulties: &[Difficulty],
        note: &str,
    ) -> BTreeMap<String, Value> {
        let mut fields = signed(member, day);
        fields.insert("household".to_owned(), household.into());
        fields.insert("result".to_owned(), result.name().into());
        if let Some(ms) = come_back_at.and_then(|ms| i64::try_from(ms).ok()) {
            fields.insert("come_back_at".to_owned(), ms.into());
        }
        if !difficulties.is_empty() {
            fields.insert("difficulties".to_owned(), difficulties.iter().map(|code| code.name()).collect());
        }
        if !note.is_empty() {
            fields.insert("note".to_owned(), note.into());
        }
        fields
    }
}

/// The field of facts that came back on paper: who typed them in. The server alone sets it.
pub const ENTERED_BY: &str = "entered_by";

/// Kết quả: this resident reached this step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub id: DocId,
    pub at: Stamp,
    pub resident: DocId,
    pub member: DocId,
    pub day: Day,
    pub step: Step,
    pub origin: Origin,
    pub channel: Channel,
    pub provider: String,
    pub expires_on: Option<Day>,
    /// Told by a list, not seen at the door.
    pub from_list: bool,
    /// Typed in from paper by a lead or a coordinator, some time after it was done.
    pub entered_by: Option<DocId>,
}

impl Outcome {
    pub fn read(document: &Document) -> Option<Self> {
        let (at, fields) = fact(document, &Kind::Outcome)?;
        Some(Self {
            id: document.id,
            at,
            resident: document.link("resident")?,
            member: document.link("member")?,
            day: day(fields, at),
            step: Step::from_name(document.text("step")?)?,
            origin: Origin::from_name(document.text("origin")?)?,
            // A way that this version does not know was not the door.
            channel: document.text("channel").and_then(Channel::from_name).unwrap_or(Channel::Home),
            provider: document.text("provider").unwrap_or_default().to_owned(),
            expires_on: document.text("expires_on").and_then(|text| text.parse().ok()),
            from_list: document.text("source") == Some("list"),
            entered_by: document.link(ENTERED_BY),
        })
    }

    pub fn when(&self) -> Moment {
        Moment::of_record(self.day, self.at.ms)
    }

    /// The fields of a record made at the door.
    pub fn fields(resident: DocId, member: DocId, day: Day, step: Step, origin: Origin) -> BTreeMap<String, Value> {
        Self::fields_at(Channel::Home, resident, member, day, step, origin)
    }

    /// The fields of "đã có từ trước" as a list says it. Of one day it ranks last: who was helped on it was helped.
    pub fn fields_of_list(resident: DocId, member: DocId, day: Day, step: Step) -> BTreeMap<String, Value> {
        let mut fields = Self::fields(resident, member, day, step, Origin::PreExisting);
        fields.insert("source".to_owned(), "list".into());
        fields
    }

    /// The fields of a record made at a support point.
    pub fn fields_at(
        channel: Channel,
        resident: DocId,
        member: DocId,
        day: Day,
        step: Step,
        origin: Origin,
    ) -> BTreeMap<String, Value> {
        let mut fields = signed(member, day);
        fields.insert("resident".to_owned(), resident.into());
        fields.insert("step".to_owned(), step.name().into());
        fields.insert("origin".to_owned(), origin.name().into());
        fields.insert("channel".to_owned(), channel.name().into());
        fields
    }
}

/// Thành thạo: this resident can do it alone (CD25:36). A judgement, so a fact of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proficiency {
    pub id: DocId,
    pub at: Stamp,
    pub resident: DocId,
    pub member: DocId,
    pub day: Day,
}

impl Proficiency {
    pub fn read(document: &Document) -> Option<Self> {
        let (at, fields) = fact(document, &Kind::Proficiency)?;
        Some(Self {
            id: document.id,
            at,
            resident: document.link("resident")?,
            member: document.link("member")?,
            day: day(fields, at),
        })
    }

    pub fn when(&self) -> Moment {
        Moment::of_record(self.day, self.at.ms)
    }

    pub fn fields(resident: DocId, member: DocId, day: Day) -> BTreeMap<String, Value> {
        let mut fields = signed(member, day);
        fields.insert("resident".to_owned(), resident.into());
        fields
    }
}

/// Đã giải quyết: a difficulty that this household met is settled. Met again later, it is open again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    pub id: DocId,
    pub at: Stamp,
    pub household: DocId,
    pub member: DocId,
    pub day: Day,
    pub difficulty: Difficulty,
}

impl Solution {
    pub fn read(document: &Document) -> Option<Self> {
        let (at, fields) = fact(document, &Kind::Solution)?;
        Some(Self {
            id: document.id,
            at,
            household: document.link("household")?,
            member: document.link("member")?,
            day: day(fields, at),
            difficulty: Difficulty::from_name(document.text("difficulty")?)?,
        })
    }

    pub fn fields(household: DocId, member: DocId, day: Day, difficulty: Difficulty) -> BTreeMap<String, Value> {
        let mut fields = signed(member, day);
        fields.insert("household".to_owned(), household.into());
        fields.insert("difficulty".to_owned(), difficulty.name().into());
        fields
    }
}

/// Sửa lại, hoàn tác: the target no longer counts. Corrections are not corrected: what was right is recorded anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub id: DocId,
    pub target: DocId,
    pub member: DocId,
    /// Set by leads only (checked by the server): then it also covers colleagues' records.
    pub by_lead: bool,
}

impl Correction {
    pub fn read(document: &Document) -> Option<Self> {
        fact(document, &Kind::Correction)?;
        Some(Self {
            id: document.id,
            target: document.link("target")?,
            member: document.link("member")?,
            by_lead: document.flag("by_lead"),
        })
    }

    pub fn fields(target: DocId, member: DocId, by_lead: bool) -> BTreeMap<String, Value> {
        let mut fields =
            BTreeMap::from([("target".to_owned(), target.into()), ("member".to_owned(), Value::from(member))]);
        if by_lead {
            fields.insert("by_lead".to_owned(), true.into());
        }
        fields
    }
}

/// Cùng một người: these documents describe one resident. Undone by a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: DocId,
    pub residents: Vec<DocId>,
    pub member: DocId,
}

impl Link {
    pub fn read(document: &Document) -> Option<Self> {
        fact(document, &Kind::Link)?;
        Some(Self { id: document.id, residents: document.links("residents"), member: document.link("member")? })
    }

    pub fn fields(residents: [DocId; 2], member: DocId) -> BTreeMap<String, Value> {
        Self::fields_of(&residents, member)
    }

    /// Of as many as were joined at once.
    pub fn fields_of(residents: &[DocId], member: DocId) -> BTreeMap<String, Value> {
        BTreeMap::from([
            ("residents".to_owned(), residents.iter().copied().collect()),
            ("member".to_owned(), Value::from(member)),
        ])
    }
}

/// Không phải một người: whoever looked at two records that are alike says that they are two people, so that nobody is
/// asked again. A fact of its own kind, not a kind of `Link`: a phone that does not know it passes it on, where it would
/// take a link for a link whatever else it says. Undone by a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    pub id: DocId,
    pub residents: [DocId; 2],
    pub member: DocId,
}

impl Apart {
    pub fn read(document: &Document) -> Option<Self> {
        fact(document, &Kind::Apart)?;
        let residents = document.links("residents").try_into().ok()?;
        Some(Self { id: document.id, residents, member: document.link("member")? })
    }

    pub fn fields(residents: [DocId; 2], member: DocId) -> BTreeMap<String, Value> {
        Link::fields(residents, member)
    }
}

fn fact<'a>(document: &'a Document, kind: &Kind) -> Option<(Stamp, &'a BTreeMap<String, Value>)> {
    match &document.body {
        Body::Fact { at, fields } if document.kind == *kind => Some((*at, fields)),
        _ => None,
    }
}

/// The business day that the helper named, else the day of the record.
fn day(fields: &BTreeMap<String, Value>, at: Stamp) -> Day {
    fields.get("day").and_then(Value::as_text).and_then(|text| text.parse().ok()).unwrap_or(Day::at_ms(at.ms))
}

fn signed(member: DocId, day: Day) -> BTreeMap<String, Value> {
    BTreeMap::from([("member".to_owned(), member.into()), ("day".to_owned(), Value::text(day.to_string()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difficulty_has_a_label_and_advice_under_its_own_code() {
        for (position, (code, name, label, advice)) in Difficulty::TABLE.iter().enumerate() {
            assert_eq!(*code as usize, position);
            assert_eq!(Difficulty::from_name(name), Some(*code));
            assert!(!label.is_empty() && !advice.is_empty());
        }
    }
}
