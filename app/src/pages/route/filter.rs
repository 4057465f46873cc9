//! Which doors to look for.

use domain::DocId;
use domain::coverage::{AreaView, DoorState, HouseholdView};

use crate::components::ChipOption;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    NotYet,
    Absent,
    ComeBack,
    Priority,
    InProgress,
    Done,
}

impl Filter {
    const ALL: [Filter; 7] = [
        Filter::All,
        Filter::NotYet,
        Filter::Absent,
        Filter::ComeBack,
        Filter::Priority,
        Filter::InProgress,
        Filter::Done,
    ];

    /// The name in the URL.
    pub fn key(self) -> &'static str {
        match self {
            Filter::All => "tat-ca",
            Filter::NotYet => "chua-den",
            Filter::Absent => "vang-nha",
            Filter::ComeBack => "hen-lai",
            Filter::Priority => "uu-tien",
            Filter::InProgress => "dang-do",
            Filter::Done => "xong",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.key() == key)
    }

    fn label(self) -> &'static str {
        match self {
            Filter::All => "Tất cả",
            Filter::NotYet => "Chưa đến",
            Filter::Absent => "Vắng nhà",
            Filter::ComeBack => "Hẹn lại",
            Filter::Priority => "Ưu tiên",
            Filter::InProgress => "Đang dở",
            Filter::Done => "Xong",
        }
    }

    pub fn admits(self, door: &HouseholdView) -> bool {
        match self {
            Filter::All => true,
            Filter::NotYet => door.state == DoorState::NotYet,
            Filter::Absent => door.state == DoorState::Absent,
            Filter::ComeBack => door.state == DoorState::ComeBack,
            Filter::Priority => door.is_priority(),
            Filter::InProgress => door.state == DoorState::Reached,
            Filter::Done => door.state == DoorState::Done,
        }
    }

    /// Every filter with how many doors it shows.
    pub fn options(view: &AreaView, ids: &[DocId]) -> Vec<ChipOption> {
        let doors: Vec<&HouseholdView> = ids.iter().filter_map(|id| view.households.get(id)).collect();
        let count = |filter: Filter| doors.iter().filter(|door| filter.admits(door)).count();
        Self::ALL.into_iter().map(|filter| ChipOption::new(filter.key(), filter.label()).count(count(filter))).collect()
    }

    /// Title and sentence when there is nothing to show.
    pub fn nothing(self) -> (&'static str, &'static str) {
        match self {
            Filter::All => ("Chưa có hộ nào", "Hộ gặp tại chỗ thì thêm vào đây; tuyến do tổ trưởng phân."),
            Filter::NotYet => ("Đã đến hết các hộ", "Không còn hộ nào chưa đến. Xem tiếp Vắng nhà và Hẹn lại."),
            Filter::Absent => ("Không có hộ vắng nhà", "Hộ gõ cửa mà không có ai sẽ hiện ở đây."),
            Filter::ComeBack => ("Không có hẹn nào", "Hộ hẹn lại sẽ hiện ở đây, hẹn sớm đứng trước."),
            Filter::Priority => ("Không có hộ ưu tiên", "Đánh dấu ưu tiên trong phần sửa thông tin hộ."),
            Filter::InProgress => ("Không có hộ đang dở", "Hộ đã gặp mà chưa xong hết sẽ hiện ở đây."),
            Filter::Done => ("Chưa có hộ nào xong", "Hộ mà mọi người đủ tuổi đã xong sẽ hiện ở đây."),
        }
    }
}
