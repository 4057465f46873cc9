//! When a member's phone last came in, in words and in one of three states.

use std::time::Duration;

use domain::number::grouped;
use domain::report::SILENT_MS;
use domain::span::ago;
use domain::summary::PhoneState;
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;

use crate::components::{Icon, IconName};
use crate::state::AppState;

const MINUTE_MS: u64 = 60_000;

/// How long a phone has been silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Silence {
    Fresh,
    Late,
    Never,
}

impl Silence {
    pub fn of(last_sync_ms: Option<u64>, now_ms: u64) -> Self {
        match last_sync_ms {
            None => Self::Never,
            Some(at_ms) if now_ms.saturating_sub(at_ms) > SILENT_MS => Self::Late,
            Some(_) => Self::Fresh,
        }
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Late => "late",
            Self::Never => "never",
        }
    }
}

/// What is known of a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Phone {
    pub last_sync_ms: Option<u64>,
    pub unsent: u64,
    pub refused: u64,
    /// Areas in which it does not have what the server has.
    pub diverged: u64,
    /// The phone in the hand: known now, not as last reported.
    pub is_own: bool,
}

impl Phone {
    pub fn reported(state: Option<&PhoneState>) -> Self {
        state.map_or_else(Self::default, |state| Self {
            last_sync_ms: Some(state.last_sync_ms),
            unsent: state.unsent,
            refused: state.refused,
            diverged: state.diverged,
            is_own: false,
        })
    }

    pub fn silence(&self, now_ms: u64) -> Silence {
        Silence::of(self.last_sync_ms, now_ms)
    }

    /// "Cập nhật 9 giờ trước, lúc đó còn 3 mục chưa gửi".
    pub fn words(&self, now_ms: u64) -> String {
        let came_in = match (self.last_sync_ms, self.is_own) {
            (Some(at_ms), true) => format!("Máy này, cập nhật {}", ago(at_ms, now_ms)),
            (Some(at_ms), false) => format!("Cập nhật {}", ago(at_ms, now_ms)),
            (None, true) => "Máy này, chưa gửi lần nào".to_owned(),
            (None, false) => "Chưa gửi lần nào".to_owned(),
        };
        let held = [(self.unsent, "chưa gửi"), (self.refused, "cần xem lại")];
        let held: Vec<String> = held
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!("{} mục {what}", grouped(number)))
            .collect();
        let told = match (held.is_empty(), self.is_own) {
            (true, _) => came_in,
            (false, true) => format!("{came_in}, còn {}", held.join(", ")),
            (false, false) => format!("{came_in}, lúc đó còn {}", held.join(", ")),
        };
        match self.diverged {
            0 => told,
            areas => format!("{told}. {} địa bàn trên máy chưa khớp với máy chủ", grouped(areas)),
        }
    }
}

/// One line about a phone.
#[component]
pub fn PhoneLine(phone: Phone, #[prop(into)] now_ms: Signal<u64>) -> impl IntoView {
    let silence = move || phone.silence(now_ms.get());
    let icon = move || match silence() {
        Silence::Fresh => IconName::CloudCheck,
        Silence::Late | Silence::Never => IconName::Warning,
    };
    view! {
        <p class="phone-line" data-testid="phone-line" data-state=move || silence().key()>
            {move || view! { <Icon name=icon() /> }}
            <span>{move || phone.words(now_ms.get())}</span>
        </p>
    }
}

/// Office time to the minute, moving on while the page is open.
pub fn now(state: AppState) -> Memo<u64> {
    let tick = Trigger::new();
    let status = state.status();
    if let Ok(handle) = set_interval_with_handle(move || tick.notify(), Duration::from_secs(30)) {
        on_cleanup(move || handle.clear());
    }
    Memo::new(move |_| {
        tick.track();
        status.track();
        state.now_ms() / MINUTE_MS * MINUTE_MS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: u64 = 3_600_000;

    #[test]
    fn a_phone_is_late_after_a_day_and_not_before() {
        assert_eq!(Silence::of(Some(0), 24 * HOUR_MS), Silence::Fresh);
        assert_eq!(Silence::of(Some(0), 24 * HOUR_MS + 1), Silence::Late);
        assert_eq!(Silence::of(None, 0), Silence::Never);
    }

    #[test]
    fn what_another_phone_holds_is_told_as_of_its_last_report() {
        let phone = Phone { last_sync_ms: Some(0), unsent: 3, refused: 1, ..Phone::default() };
        assert_eq!(phone.words(9 * HOUR_MS), "Cập nhật 9 giờ trước, lúc đó còn 3 mục chưa gửi, 1 mục cần xem lại");
        let own = Phone { unsent: 2, refused: 0, is_own: true, ..phone };
        assert_eq!(own.words(0), "Máy này, cập nhật vừa xong, còn 2 mục chưa gửi");
        assert_eq!(Phone::default().words(0), "Chưa gửi lần nào");
        let apart = Phone { last_sync_ms: Some(0), diverged: 2, ..Phone::default() };
        assert_eq!(apart.words(0), "Cập nhật vừa xong. 2 địa bàn trên máy chưa khớp với máy chủ");
    }
}
