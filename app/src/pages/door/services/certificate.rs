//! The signature's certificates: which a person holds and until when, whose the next one is, when it ends.

use domain::coverage::{Certificate, Renewal};
use domain::service::Step;
use leptos::prelude::*;

use super::judge::{month, month_key, month_words};
use super::{Form, Mode, NO_PROVIDER};
use crate::components::{Button, ButtonKind, ChipOption, FilterChips, Icon, IconName, TextField};
use crate::pages::door::Door;

/// The free packs run for a year.
const USUAL_MONTHS: u32 = 12;

/// What is held, each with its end, and the two things that happen to certificates.
#[component]
pub fn Certificates(
    form: Form,
    /// How far the person is: a renewal changes nothing of it.
    step: Step,
    /// What the plan calls done: a further certificate is told as that.
    done: Step,
    held: Vec<Certificate>,
) -> impl IntoView {
    let door: Door = expect_context();
    let today = door.state.today();
    let first_to_end = held.iter().min_by_key(|certificate| (certificate.expires_on.is_none(), certificate.expires_on));
    let provider = first_to_end.map(|certificate| certificate.provider.clone()).unwrap_or_default();
    let lines = held.into_iter().map(|certificate| {
        let renewal = certificate.expires_on.and_then(|day| Renewal::of(day, today));
        let end = match (certificate.expires_on.map(month_words), renewal) {
            (None, _) => "chưa rõ hạn".to_owned(),
            (Some(month), Some(Renewal::Ended(_))) => format!("đã hết hạn {month}"),
            (Some(month), Some(Renewal::EndsSoon(_))) => format!("sắp hết hạn, {month}"),
            (Some(month), None) => format!("đến hết {month}"),
        };
        let icon = if renewal.is_some() { IconName::Warning } else { IconName::Signature };
        let provider =
            if certificate.provider.is_empty() { "Chưa rõ nhà cung cấp".to_owned() } else { certificate.provider };
        let state = if renewal.is_some() { "due" } else { "valid" };
        view! {
            <li class="certificate" data-state=state data-testid="certificate">
                <Icon name=icon /> <span>{provider} ": " <span class="num">{end}</span></span>
            </li>
        }
    });
    let lines = lines.collect_view();
    let renew = move |()| form.renew(step, provider.clone(), month_key(today.month_end_after(USUAL_MONTHS)));
    view! {
        <section class="door-sheet__group">
            <h3 class="door-sheet__legend">"Chứng thư đang có"</h3>
            <ul class="certificates" role="list">{lines}</ul>
            <Show when=move || form.mode.get() == Mode::Tell>
                <div class="door-sheet__row">
                    <Button kind=ButtonKind::Secondary icon=IconName::Refresh on_press=renew.clone() testid="certificate-renew">"Gia hạn"</Button>
                    <Button kind=ButtonKind::Secondary icon=IconName::Plus on_press=move |()| form.add_another(done) testid="certificate-another">"Thêm chứng thư"</Button>
                </div>
            </Show>
        </section>
    }
}

#[component]
pub fn ProviderChips(provider: RwSignal<String>) -> impl IntoView {
    let door: Door = expect_context();
    let options = Signal::derive(move || {
        let mut options: Vec<ChipOption> =
            door.campaign.with(|campaign| campaign.providers.iter().map(|name| ChipOption::new(name, name)).collect());
        options.push(ChipOption::new(NO_PROVIDER, "Chưa rõ"));
        options
    });
    view! {
        <Show when=move || { options.with(Vec::len) > 1 }>
            <div class="door-sheet__group chips-wrapped">
                <p class="door-sheet__legend">"Nhà cung cấp"</p>
                <FilterChips
                    label="Nhà cung cấp"
                    options
                    selected=provider
                    on_select=move |key| provider.set(key)
                    testid="provider"
                />
            </div>
        </Show>
    }
}

/// The month is enough, and where nobody knows it stays empty.
#[component]
pub fn Expiry(text: RwSignal<String>) -> impl IntoView {
    let door: Door = expect_context();
    let usual = door.state.today().month_end_after(USUAL_MONTHS);
    let error = Signal::derive(move || {
        text.with(|text| month(text).is_err())
            .then(|| "Ghi tháng và năm, ví dụ 11/2027; chưa rõ thì để trống".to_owned())
    });
    let is_usual = Memo::new(move |_| text.with(|text| month(text) == Ok(Some(usual))));
    view! {
        <div class="door-sheet__group">
            <TextField label="Hết hạn tháng" kind="month" value=text hint="Không bắt buộc" error testid="expires" />
            <Show when=move || !is_usual.get()>
                <Button kind=ButtonKind::Secondary icon=IconName::Calendar on_press=move |()| text.set(month_key(usual)) testid="expires-usual">
                    {format!("12 tháng, đến {}", month_words(usual))}
                </Button>
            </Show>
        </div>
    }
}
