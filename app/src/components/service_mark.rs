//! One service of one resident: a big button that shows how far it has come and moves it on with a tap.

use leptos::prelude::*;

use super::{Icon, IconName};

/// How far a service has come for a resident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ServiceState {
    /// Nobody has asked yet: not the same as "none".
    #[default]
    Unknown,
    None,
    /// A step on the way.
    Partial,
    /// Done, with our help.
    Done,
    /// Was there before we came.
    PreExisting,
    /// Sent on to the police.
    Referred,
    /// Not for this person, such as too young.
    NotApplicable,
}

impl ServiceState {
    /// The name in `data-state`, in style sheets and in tests.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Partial => "partial",
            Self::Done => "done",
            Self::PreExisting => "pre-existing",
            Self::Referred => "referred",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// The word when the page has none that says more.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "Chưa rõ",
            Self::None => "Chưa",
            Self::Partial => "Đang làm",
            Self::Done => "Xong",
            Self::PreExisting => "Đã có từ trước",
            Self::Referred => "Hẹn Công an",
            Self::NotApplicable => "Chưa đủ tuổi",
        }
    }

    /// The shape beside the colour.
    pub fn icon(self) -> IconName {
        match self {
            Self::Unknown => IconName::Question,
            Self::None => IconName::Circle,
            Self::Partial => IconName::CircleHalf,
            Self::Done => IconName::CheckCircle,
            Self::PreExisting => IconName::Check,
            Self::Referred => IconName::Shield,
            Self::NotApplicable => IconName::Dash,
        }
    }

    /// Whether nothing is left to do.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::PreExisting)
    }
}

/// The button. What a tap means is the page's business.
#[component]
pub fn ServiceMark(
    /// Short: "Mức độ 2".
    #[prop(into)]
    label: Signal<String>,
    icon: IconName,
    #[prop(into)] state: Signal<ServiceState>,
    /// The word beneath, such as "Đã kích hoạt".
    #[prop(optional, into)]
    step: Signal<Option<String>>,
    #[prop(optional, into)] unsent: Signal<bool>,
    #[prop(into)] on_tap: Callback<()>,
    #[prop(into, default = "service-mark".to_owned())] testid: String,
) -> impl IntoView {
    let step = move || step.get().unwrap_or_else(|| state.get().label().to_owned());
    view! {
        <button
            class="service-mark"
            type="button"
            data-testid=testid
            data-state=move || state.get().key()
            data-unsent=move || unsent.get().then_some("")
            disabled=move || state.get() == ServiceState::NotApplicable
            on:click=move |_| on_tap.run(())
        >
            <span class="service-mark__icons">
                <Icon name=icon />
                <Show when=move || unsent.get()>
                    <span class="service-mark__unsent"><Icon name=IconName::CloudUp label="Chưa gửi" /></span>
                </Show>
                {move || view! { <span class="service-mark__shape"><Icon name=state.get().icon() /></span> }}
            </span>
            <span class="service-mark__label">{label}</span>
            <span class="service-mark__step">{step}</span>
        </button>
    }
}
