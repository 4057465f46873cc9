//! What the person is told while they hold the phone.

use domain::qr_series::Taken;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Opening,
    Aim,
    HoldStill,
    /// No new code for a while.
    Stuck,
    /// A code, but none of a hand-over.
    Foreign,
    OtherSeries,
    Spoilt,
    Whole,
}

impl Hint {
    /// What a text that was read gives rise to; `None` leaves the words as they are.
    pub fn after(taken: &Taken, has_begun: bool) -> Option<Self> {
        match taken {
            // In the middle of a series a stray code is nothing to talk about.
            Taken::Foreign => (!has_begun).then_some(Self::Foreign),
            Taken::Nothing => None,
            Taken::More => Some(Self::HoldStill),
            Taken::OtherSeries => Some(Self::OtherSeries),
            Taken::Spoilt => Some(Self::Spoilt),
            Taken::Whole(_) => Some(Self::Whole),
        }
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Self::Opening => "Đang mở máy ảnh…",
            Self::Aim => "Đưa mã QR trên máy kia vào giữa khung, cách khoảng một gang tay.",
            Self::HoldStill => "Đang nhận, giữ yên hai máy.",
            Self::Stuck => {
                "Chưa đọc thêm được mã nào. Đưa máy gần hoặc xa hơn một chút, tránh bóng đèn trên màn hình kia."
            }
            Self::Foreign => "Mã này không phải mã chuyển giúp của Từng Nhà.",
            Self::OtherSeries => "Máy kia đã đổi sang mã khác nên nhận lại từ đầu. Giữ yên hai máy.",
            Self::Spoilt => "Phần đã nhận bị sai nên nhận lại từ đầu. Giữ yên hai máy.",
            Self::Whole => "Đã nhận đủ.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_code_is_mentioned_only_before_the_series_begins() {
        assert_eq!(Hint::after(&Taken::Foreign, false), Some(Hint::Foreign));
        assert_eq!(Hint::after(&Taken::Foreign, true), None);
    }

    #[test]
    fn reading_a_code_twice_changes_no_words() {
        assert_eq!(Hint::after(&Taken::Nothing, true), None);
    }
}
