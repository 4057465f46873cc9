//! All steps of one service for one person, in plain words, how it came about, and for a signature whose it is and how
//! long it runs.

mod certificate;
mod judge;
mod records;

use domain::DocId;
use domain::coverage::{Certificate, ServiceState};
use domain::service::{Origin, Service, Step};
use leptos::prelude::*;

use super::{Door, marks};
use crate::components::{Button, ButtonKind, ChipOption, Choice, ChoiceOption, FilterChips, Notice};
use crate::state::Told;

use certificate::{Certificates, Expiry, ProviderChips};
use judge::{Chosen, Mode, Standing, Verdict, judge, month, month_key};
use records::Records;

pub use judge::month_words;

/// A provider that the person does not remember.
const NO_PROVIDER: &str = "";

/// What is chosen in the sheet.
#[derive(Clone, Copy)]
struct Form {
    mode: RwSignal<Mode>,
    step: RwSignal<Step>,
    origin: RwSignal<Origin>,
    provider: RwSignal<String>,
    /// As typed or picked.
    month: RwSignal<String>,
}

impl Form {
    fn new(standing: Option<&Standing>, done: Step) -> Self {
        let form = Self {
            mode: RwSignal::new(Mode::Tell),
            step: RwSignal::new(done),
            origin: RwSignal::new(Origin::NewlyInstalled),
            provider: RwSignal::default(),
            month: RwSignal::default(),
        };
        form.tell(standing, done);
        form
    }

    /// How far the person is, as it stands.
    fn tell(self, standing: Option<&Standing>, done: Step) {
        let step = standing.map_or(done, |standing| standing.step.max(done));
        // How an earlier step came about says nothing of the one that is done now.
        let at_step = standing.filter(|standing| standing.step == step && has_origin(standing.step));
        self.mode.set(Mode::Tell);
        self.step.set(step);
        self.origin.set(at_step.map_or(Origin::NewlyInstalled, |standing| standing.origin));
        self.provider.set(standing.map_or(NO_PROVIDER, |standing| &standing.provider).to_owned());
        self.month.set(at_step.and_then(|standing| standing.expires_on).map(month_key).unwrap_or_default());
    }

    fn renew(self, step: Step, provider: String, month: String) {
        self.mode.set(Mode::Renew);
        self.step.set(step);
        self.origin.set(Origin::Renewed);
        self.provider.set(provider);
        self.month.set(month);
    }

    fn add_another(self, done: Step) {
        self.mode.set(Mode::Another);
        self.step.set(done.max(Step::Registered));
        self.origin.set(Origin::NewlyInstalled);
        self.provider.set(NO_PROVIDER.to_owned());
        self.month.set(String::new());
    }

    fn chosen(self) -> Chosen {
        let step = self.step.get();
        let is_certified = has_certificate(step);
        Chosen {
            step,
            origin: origin_of(step, self.origin.get()),
            provider: if is_certified { self.provider.get() } else { NO_PROVIDER.to_owned() },
            expires_on: if is_certified { self.month.with(|text| month(text)) } else { Ok(None) },
        }
    }
}

#[component]
pub fn Steps(id: DocId, service: Service) -> impl IntoView {
    let door: Door = expect_context();
    let (current, standing, held) = untrack(|| {
        let me = door.state.me();
        door.person(id).with(|person| match person {
            Some(person) => {
                let held = if service == Service::PublicSignature { person.certificates.clone() } else { Vec::new() };
                (person.service(service).cloned(), Standing::of(person, service, me), held)
            }
            None => (None, None, Vec::new()),
        })
    });
    let done = door.campaign.with_untracked(|campaign| marks::done_step(campaign, service));
    let form = Form::new(standing.as_ref(), done);
    // Taking back is also the lead's.
    let removable =
        current.as_ref().filter(|reached| untrack(|| door.is_mine(reached.member))).map(|reached| reached.outcome);
    let known: StoredValue<(Option<Standing>, Vec<Certificate>)> = StoredValue::new((standing, held.clone()));
    let verdict = Memo::new(move |_| {
        let (mode, chosen) = (form.mode.get(), form.chosen());
        known.with_value(|(standing, held)| judge(mode, standing.as_ref(), held, &chosen))
    });
    let save = move |()| {
        let Verdict::Save { replaces } = verdict.get_untracked() else { return };
        let chosen = untrack(|| form.chosen());
        let told = Told {
            steps: vec![(chosen.step, chosen.origin)],
            provider: chosen.provider,
            expires_on: chosen.expires_on.unwrap_or_default(),
            replaces,
        };
        door.close();
        door.save(format!("{}, {}", service.short_label(), untrack(|| door.name_of(id))), async move {
            door.state.record_outcomes(door.area, door.meeting, id, told).await.map(Some)
        });
    };
    let take_back = move |()| {
        let Some(fact) = removable else { return };
        door.close();
        door.save(format!("bỏ ghi nhận {}", service.short_label()), async move {
            door.state.correct(door.area, fact).await.map(Some)
        });
    };
    let options: Vec<ChoiceOption> = service.steps().iter().map(|step| option(*step)).collect();
    let step_name = Signal::derive(move || Some(form.step.get().name().to_owned()));
    let choose = move |key: String| {
        if let Some(chosen) = Step::from_name(&key) {
            let is_further = |standing: &Standing| chosen > standing.step;
            if known.with_value(|(standing, _)| standing.as_ref().is_some_and(is_further)) {
                form.origin.set(Origin::NewlyInstalled);
            }
            form.step.set(chosen);
        }
    };
    let is_telling = move || form.mode.get() == Mode::Tell;
    let certified = current.as_ref().map(|reached| reached.step).filter(|_| !held.is_empty());
    let go_back = move |()| known.with_value(|(standing, _)| form.tell(standing.as_ref(), done));
    view! {
        {current.map(|reached| view! { <p class="door-sheet__told" data-testid="step-now">{now(door, &reached)}</p> })}
        {certified.map(|step| view! { <Certificates form step done held /> })}
        <Show when=is_telling>
            <Choice legend="Đã đến bước nào" options=options.clone() selected=step_name on_choose=choose testid="steps" />
        </Show>
        <Show when=move || form.mode.get() != Mode::Renew && has_origin(form.step.get())>
            <OriginChips origin=form.origin />
        </Show>
        <Show when=move || has_certificate(form.step.get())>
            <ProviderChips provider=form.provider />
            <Expiry text=form.month />
        </Show>
        <Show when=move || verdict.get() == Verdict::Colleagues>
            <Notice title="Bước này người khác đã ghi" detail="Chọn bước sau đó, hoặc nhờ tổ trưởng sửa lại." testid="step-blocked" />
        </Show>
        <Show when=move || verdict.get() == Verdict::NeedsProvider>
            <Notice title="Chọn nhà cung cấp khác với chứng thư đang có" detail="Chứng thư đã ghi trước vẫn giữ nguyên." testid="step-needs-provider" />
        </Show>
        <div class="sheet__actions door-sheet__save">
            <Show when=is_telling fallback=move || view! {
                <Button kind=ButtonKind::Secondary on_press=go_back testid="step-back">"Quay lại"</Button>
            }>
                {removable.is_some().then(|| view! {
                    <Button kind=ButtonKind::Danger on_press=take_back testid="step-correct">"Bỏ ghi nhận này"</Button>
                })}
            </Show>
            <Button disabled=Signal::derive(move || !matches!(verdict.get(), Verdict::Save { .. })) on_press=save testid="step-save">
                {move || match form.mode.get() {
                    Mode::Tell => "Lưu",
                    Mode::Renew => "Lưu gia hạn",
                    Mode::Another => "Lưu chứng thư mới",
                }}
            </Button>
        </div>
        <Records id service />
    }
}

/// "Đã đăng ký · Cài mới · 21/11/2026 · Bạn ghi, chưa gửi"
fn now(door: Door, reached: &ServiceState) -> String {
    let mut parts = vec![reached.step.label()];
    if has_origin(reached.step) {
        parts.push(reached.origin.label());
    }
    let sent = if reached.accepted { "" } else { ", chưa gửi" };
    let by = untrack(|| door.member_name(reached.member));
    format!("Đang ghi: {} · {} · {by}{sent}", parts.join(" · "), reached.day.vietnamese())
}

/// A step in words that need no training.
fn option(step: Step) -> ChoiceOption {
    let words = match step {
        Step::ReferredToPolice => "Chưa làm, đã hẹn ra Công an xã, phường",
        Step::SubmittedAtPolice => "Đang chờ được cấp",
        Step::IssuedNotActivated => "Có tin nhắn báo đã cấp, chưa mở trong VNeID",
        Step::Activated => "Đăng nhập được VNeID mức độ 2",
        Step::NotInsured => "Không có thẻ để tích hợp",
        Step::CardIntegrated => "Thấy thẻ BHYT trong VNeID",
        Step::RecordOpened => "Mở xem được Sổ sức khỏe điện tử",
        Step::Guided => "Đã nghe, đã xem cách làm; chưa cài",
        Step::Registered => "Đã gửi yêu cầu cho nhà cung cấp",
        Step::SignatureActivated => "Ký thử được",
        Step::Used => "Đã ký ít nhất một lần",
    };
    ChoiceOption::new(step.name(), step.label()).detail(words)
}

/// Whether it makes a difference how this step came about.
fn has_origin(step: Step) -> bool {
    !matches!(step, Step::ReferredToPolice | Step::NotInsured | Step::Guided)
}

/// From here on there is a certificate, with a provider and an end.
fn has_certificate(step: Step) -> bool {
    step.includes(Step::Registered)
}

fn origin_of(step: Step, chosen: Origin) -> Origin {
    match step {
        // Our own doing.
        Step::ReferredToPolice | Step::Guided => Origin::NewlyInstalled,
        // Nobody's help brought this about.
        Step::NotInsured => Origin::PreExisting,
        _ => chosen,
    }
}

#[component]
fn OriginChips(origin: RwSignal<Origin>) -> impl IntoView {
    let options: Vec<ChipOption> =
        Origin::ALL.into_iter().map(|origin| ChipOption::new(origin.name(), origin.label())).collect();
    let choose = move |key: String| {
        if let Some(chosen) = Origin::from_name(&key) {
            origin.set(chosen);
        }
    };
    view! {
        <div class="door-sheet__group chips-wrapped">
            <p class="door-sheet__legend">"Cài mới hay đã có"</p>
            <FilterChips
                label="Cài mới hay đã có"
                options
                selected=Signal::derive(move || origin.get().name().to_owned())
                on_select=choose
                testid="origin"
            />
        </div>
    }
}
