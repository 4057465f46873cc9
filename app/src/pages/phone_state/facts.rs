//! What is known of this phone, and what each part of it is worth telling. Everything here is known without a network.

use domain::replica::Status;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::phone::{DOUBT_TODO, clock_sentence, doubt_sentence, megabytes};
use super::line::{Health, Line, Todo};
use crate::app::as_of;
use crate::device::browser::{self, Browser};
use crate::device::keeping::{self, Moment, Room};
use crate::state::{AppState, Lists};
use crate::storage::times_reopened;
use crate::update::Updates;

/// Less than this and the phone may soon refuse to save.
const ROOM_BYTES_MIN: f64 = 50_000_000.0;
/// The lead is told of phones that have been silent for so long.
const SILENT_MS: u64 = 3 * 24 * 60 * 60 * 1_000;

#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// `None` until the browser has answered.
    pub room: Option<Room>,
    pub is_installed: bool,
    pub status: Status,
    pub lists: Lists,
    /// The last update, as it is to be read.
    pub updated: Option<String>,
    pub now_ms: u64,
    pub divergence: u32,
    pub reopened: u32,
    /// Stored documents that this app could not read.
    pub unread: u32,
    /// The app whose inner browser this is.
    pub inside: Option<&'static str>,
    pub browser: Option<Browser>,
    pub version: String,
    pub has_update: bool,
}

/// Follows the phone. Looking is also a good moment to ask the browser for lasting storage.
pub fn facts() -> Memo<Facts> {
    let state = AppState::expect();
    let room = RwSignal::new(None::<Room>);
    spawn_local(async move {
        keeping::ask_to_persist(Moment::Look);
        let now = keeping::room().await;
        room.try_set(Some(now));
    });
    let updates = Updates::expect();
    let (build, has_update) = (updates.build(), updates.is_offered());
    let (is_installed, inside, browser) = (browser::is_installed(), browser::in_app_browser(), browser::browser());
    Memo::new(move |_| {
        let status = state.status().get();
        let build = build.get().map(|build| format!(" · {build}")).unwrap_or_default();
        Facts {
            room: room.get(),
            is_installed,
            status,
            lists: state.lists(),
            updated: status.last_sync_ms.map(|ms| as_of(ms, state.today())),
            now_ms: state.now_ms(),
            divergence: state.divergence(),
            reopened: times_reopened(),
            unread: state.storage().unread().get(),
            inside,
            browser,
            version: format!("{}{build}", env!("CARGO_PKG_VERSION")),
            has_update: has_update.get(),
        }
    })
}

impl Facts {
    pub fn lines(&self) -> Vec<Line> {
        let lines = [
            Some(self.unsent()),
            self.refused(),
            Some(self.update()),
            Some(self.agreement()),
            Some(self.lists()),
            self.keeping(),
            self.room(),
            Some(self.installed()),
            Some(self.clock()),
            Some(self.database()),
            Some(self.browser()),
            Some(self.version()),
        ];
        lines.into_iter().flatten().collect()
    }

    /// One sentence for all of it.
    pub fn summary(&self) -> String {
        let lines = self.lines();
        let count = |health| lines.iter().filter(|line| line.health == health).count();
        match (count(Health::Bad), count(Health::Watch)) {
            (0, 0) => "Máy này ổn.".to_owned(),
            (0, watch) => format!("Dùng được; có {watch} điều nên xem."),
            (bad, 0) => format!("Có {bad} điều cần làm."),
            (bad, watch) => format!("Có {bad} điều cần làm, {watch} điều nên xem."),
        }
    }

    pub fn unsent(&self) -> Line {
        let name = "Chưa gửi";
        match (self.status.is_device_unknown, self.status.unsent) {
            (true, _) => {
                let says = "Máy chủ chưa nhận ra máy này. Mọi thứ đã ghi vẫn còn trên máy.";
                Line::bad("unsent", name, says, Todo::Phone("Vào lại"))
            }
            (_, 0) if self.status.offers > 0 => {
                let says = format!("Máy chủ vừa được khôi phục; máy này đang đối chiếu {} mục.", self.status.offers);
                Line::watch("unsent", name, says, Todo::SendNow)
            }
            (_, 0) if self.status.refused > 0 => Line::good("unsent", name, "Không còn mục nào chờ gửi."),
            (_, 0) => Line::good("unsent", name, "Mọi thứ đã ghi đều đã ở trên máy chủ."),
            (_, unsent) => {
                let says = format!("{unsent} mục đang nằm trên máy này, chưa ở máy chủ.");
                Line::watch("unsent", name, says, Todo::SendNow)
            }
        }
    }

    fn refused(&self) -> Option<Line> {
        let says = format!("{} mục máy chủ chưa nhận, chưa tính vào kết quả.", self.status.refused);
        (self.status.refused > 0).then(|| Line::watch("refused", "Cần xem lại", says, Todo::Phone("Xem từng mục")))
    }

    fn update(&self) -> Line {
        let name = "Cập nhật lần cuối";
        let (Some(at), Some(words)) = (self.status.last_sync_ms, &self.updated) else {
            return Line::bad("update", name, "Chưa lần nào.", Todo::SendNow);
        };
        if self.now_ms.saturating_sub(at) > SILENT_MS {
            return Line::watch("update", name, format!("{words}, đã lâu. Ra chỗ có sóng rồi gửi."), Todo::SendNow);
        }
        Line::good("update", name, words.clone())
    }

    fn agreement(&self) -> Line {
        let name = "Khớp với máy chủ";
        match (self.divergence, &self.updated) {
            _ if self.status.unreadable > 0 => Line::watch(
                "agreement",
                name,
                format!("{} mục của máy chủ, ứng dụng này chưa đọc được.", self.status.unreadable),
                Todo::Words("Cập nhật ứng dụng khi có Wi-Fi; máy sẽ tự tải lại."),
            ),
            (_, None) => Line::watch("agreement", name, "Chưa so lần nào.", Todo::SendNow),
            (0, Some(_)) if matches!(self.lists, Lists::Missing(_)) => {
                Line::watch("agreement", name, "Chưa so được: danh sách chưa tải đủ.", Todo::SendNow)
            }
            (0, Some(words)) => Line::good("agreement", name, format!("Khớp, so lần cuối lúc {words}.")),
            (1 | 2, _) => Line::watch("agreement", name, "Có chỗ lệch; máy đang tải lại cho khớp.", Todo::SendNow),
            _ => Line::bad(
                "agreement",
                name,
                "Vẫn lệch sau khi đã tải lại.",
                Todo::Words("Báo cho người phụ trách của xã, phường. Ghi tiếp được bình thường."),
            ),
        }
    }

    pub fn lists(&self) -> Line {
        let name = "Danh sách hộ";
        match &self.lists {
            Lists::Complete => Line::good("lists", name, "Đã tải đủ về máy."),
            Lists::NoArea => Line::good("lists", name, "Chưa được phân địa bàn nào."),
            Lists::Missing(names) => {
                Line::bad("lists", name, format!("Đang thiếu: {}.", names.join(", ")), Todo::SendNow)
            }
        }
    }

    pub fn keeping(&self) -> Option<Line> {
        let name = "Giữ dữ liệu";
        let room = self.room?;
        Some(match (room.is_persisted, self.is_installed) {
            (true, _) => Line::good("keeping", name, "Trình duyệt đã hứa không tự xóa, kể cả khi máy gần đầy."),
            (false, true) => Line::watch(
                "keeping",
                name,
                "Trình duyệt chưa hứa giữ dữ liệu khi máy đầy.",
                Todo::Words("Gửi mỗi khi có mạng; dùng thường xuyên thì trình duyệt sẽ hứa."),
            ),
            (false, false) => Line::watch(
                "keeping",
                name,
                "Trình duyệt có thể tự xóa khi máy đầy hoặc lâu không mở.",
                Todo::Words("Cài ứng dụng, và gửi mỗi khi có mạng."),
            ),
        })
    }

    pub fn room(&self) -> Option<Line> {
        let name = "Chỗ trống";
        let room = self.room?;
        let used = room.usage_bytes.map(|used| format!("Từng Nhà đang dùng {}. ", megabytes(used))).unwrap_or_default();
        Some(match room.left_bytes() {
            Some(left) if left < ROOM_BYTES_MIN => Line::bad(
                "room",
                name,
                format!("{used}Chỉ còn {}.", megabytes(left)),
                Todo::Words("Xóa bớt ảnh, video hoặc ứng dụng để còn ghi tiếp được."),
            ),
            Some(left) => Line::good("room", name, format!("{used}Còn dùng được {}.", megabytes(left))),
            None => Line::good(
                "room",
                name,
                format!("{used}Trình duyệt này không cho biết máy còn trống bao nhiêu; bấm kiểm tra để ghi thử."),
            ),
        })
    }

    fn installed(&self) -> Line {
        let name = "Cài đặt";
        if self.is_installed {
            return Line::good("installed", name, "Đã cài, mở từ màn hình chính.");
        }
        Line::watch("installed", name, "Đang mở trong trình duyệt, chưa cài.", Todo::Install)
    }

    pub fn clock(&self) -> Line {
        let name = "Giờ của máy";
        if let Some(doubt_ms) = self.status.clock_doubt_ms {
            return Line::watch("clock", name, doubt_sentence(doubt_ms), Todo::Words(DOUBT_TODO));
        }
        match self.status.clock_error_ms {
            None => Line::good("clock", name, "Không thấy lệch với giờ máy chủ."),
            Some(error_ms) => Line::watch(
                "clock",
                name,
                format!("{}. Những gì đã ghi được tự chỉnh lại.", clock_sentence(error_ms)),
                Todo::Words("Bật “Ngày giờ tự động” trong Cài đặt của máy."),
            ),
        }
    }

    fn database(&self) -> Line {
        let name = "Kho dữ liệu";
        if self.unread > 0 {
            let says = format!("{} mục trên máy không đọc được, vẫn giữ nguyên.", self.unread);
            let todo = Todo::Words("Cập nhật ứng dụng. Nếu vẫn còn, báo cho người phụ trách của xã, phường.");
            return Line::bad("database", name, says, todo);
        }
        match self.reopened {
            0 => Line::good("database", name, "Chưa lần nào bị trình duyệt đóng."),
            times => Line::good("database", name, format!("Bị trình duyệt đóng {times} lần; ứng dụng tự mở lại.")),
        }
    }

    pub fn browser(&self) -> Line {
        let name = "Trình duyệt";
        match (self.inside, self.browser) {
            (Some(inside), _) => Line::bad(
                "browser",
                name,
                format!("Đang mở bên trong {inside}, nơi dữ liệu dễ bị mất."),
                Todo::Words("Gửi hết ở đây, rồi xin lời mời mới và mở bằng Chrome hoặc Safari."),
            ),
            (None, Some(browser)) if browser.is_too_old() => Line::watch(
                "browser",
                name,
                format!("{} {} đã cũ.", browser.name, browser.version),
                Todo::Words("Cập nhật trình duyệt khi có Wi-Fi."),
            ),
            (None, Some(browser)) => {
                Line::good("browser", name, format!("{} {}, đủ mới.", browser.name, browser.version))
            }
            (None, None) => Line::good("browser", name, "Chưa rõ phiên bản."),
        }
    }

    fn version(&self) -> Line {
        let name = "Phiên bản";
        if self.has_update {
            let todo = Todo::Words("Bấm “Cập nhật” ở đầu trang, khi không ghi dở.");
            return Line::watch("version", name, format!("{}; đã có bản mới.", self.version), todo);
        }
        if self.status.needs_update {
            let todo = Todo::Words("Mở ứng dụng khi có Wi-Fi rồi bấm “Cập nhật”. Ghi và gửi tiếp được bình thường.");
            return Line::watch("version", name, format!("{}; cần cập nhật ứng dụng.", self.version), todo);
        }
        Line::good("version", name, format!("Từng Nhà {}", self.version))
    }
}

#[cfg(test)]
mod tests;
