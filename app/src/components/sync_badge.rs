//! One thin line that is always there: the network, what is still unsent, how old the figures are.

use leptos::prelude::*;

use super::{Icon, IconName};

/// How the phone and the server stand to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncState {
    Offline,
    /// There is a network, and something still waits for its turn.
    Waiting,
    Sending,
    #[default]
    AllSent,
    /// Something was refused and needs a person.
    NeedsReview,
}

impl SyncState {
    fn key(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::AllSent => "all-sent",
            Self::NeedsReview => "needs-review",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Offline => IconName::CloudOff,
            Self::Waiting => IconName::Cloud,
            Self::Sending => IconName::CloudUp,
            Self::AllSent => IconName::CloudCheck,
            Self::NeedsReview => IconName::Warning,
        }
    }
}

fn unsent_words(unsent: usize) -> String {
    match unsent {
        0 => "đã gửi hết".to_owned(),
        count => format!("{count} chưa gửi"),
    }
}

/// The sentence, most important word first: a narrow screen may wrap it, never cut it.
fn sentence(state: SyncState, unsent: usize, needs_review: usize, as_of: Option<String>) -> String {
    let mut parts = match state {
        SyncState::Offline => vec!["Không có mạng".to_owned(), unsent_words(unsent)],
        SyncState::Waiting => vec!["Có mạng".to_owned(), unsent_words(unsent)],
        SyncState::Sending if unsent > 0 => vec![format!("Đang gửi {unsent}")],
        SyncState::Sending => vec!["Đang cập nhật".to_owned()],
        SyncState::AllSent => vec!["Đã gửi hết".to_owned()],
        SyncState::NeedsReview => {
            vec![format!("{} cần xem lại", needs_review.max(1)), unsent_words(unsent)]
        }
    };
    parts.push(as_of.map_or_else(|| "chưa cập nhật lần nào".to_owned(), |time| format!("cập nhật lúc {time}")));
    parts.join(" · ")
}

/// The line under the app bar; leads to the page about this phone.
#[component]
pub fn SyncBadge(
    #[prop(into)] state: Signal<SyncState>,
    /// Documents on this phone that the server does not have yet.
    #[prop(into)]
    unsent: Signal<usize>,
    #[prop(optional, into)] needs_review: Signal<usize>,
    /// When the figures were last brought up to date, as it is to be read: "09:40".
    #[prop(optional, into)]
    as_of: Signal<Option<String>>,
    #[prop(into, default = "/may".to_owned())] href: String,
    #[prop(into, default = "sync-badge".to_owned())] testid: String,
) -> impl IntoView {
    let text = move || sentence(state.get(), unsent.get(), needs_review.get(), as_of.get());
    // Only the change of the network is announced: the count changes with every tap, and the tap answers for itself.
    let spoken = Memo::new(move |_| match state.get() {
        SyncState::Offline => "Không có mạng",
        SyncState::NeedsReview => "Có mục cần xem lại",
        SyncState::AllSent => "Đã gửi hết",
        SyncState::Waiting | SyncState::Sending => "",
    });
    view! {
        <div class="sync-badge" data-testid=testid data-state=move || state.get().key()>
            <a class="sync-badge__link" href=href data-unsent=move || unsent.get().to_string()>
                {move || view! { <Icon name=state.get().icon() /> }}
                <span class="sync-badge__text">{text}</span>
            </a>
            <span class="visually-hidden" role="status">{spoken}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offline_with_unsent_reads_as_one_line() {
        let text = sentence(SyncState::Offline, 3, 0, Some("09:40".to_owned()));
        assert_eq!(text, "Không có mạng · 3 chưa gửi · cập nhật lúc 09:40");
    }

    #[test]
    fn a_phone_that_never_synced_says_so() {
        let text = sentence(SyncState::AllSent, 0, 0, None);
        assert_eq!(text, "Đã gửi hết · chưa cập nhật lần nào");
    }
}
