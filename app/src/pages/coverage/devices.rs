//! The phones of one member: when each last came in, what it held back then; a lost one is shut out here.

pub mod words;

use domain::DocId;
use domain::protocol::{DeviceEnd, DeviceLine};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::checks::NumberCheck;
use super::invite::Invite;
use super::phones::{Phone, PhoneLine};
use crate::components::{Button, ButtonKind, IconName, Notice, NoticeKind, Sheet};
use crate::state::AppState;

/// What the sheet shows.
#[derive(Clone, PartialEq)]
enum Page {
    Asking,
    Listed(Vec<DeviceLine>),
    /// The one question before a phone is shut out.
    Sure(DeviceLine, DeviceEnd),
    Failed(String),
}

/// As the parts of the sheet share it.
#[derive(Clone, Copy)]
struct Devices {
    state: AppState,
    member: DocId,
    now_ms: Memo<u64>,
    page: RwSignal<Option<Page>>,
    is_busy: RwSignal<bool>,
}

impl Devices {
    fn ask(self) {
        self.page.set(Some(Page::Asking));
        spawn_local(async move {
            let asked = self.state.devices(self.member).await;
            self.show(asked.map_or_else(|error| Page::Failed(error.sentence()), Page::Listed));
        });
    }

    fn end(self, device: DocId, reason: DeviceEnd) {
        self.is_busy.set(true);
        spawn_local(async move {
            let ended = self.state.end_device(self.member, device, reason).await;
            self.is_busy.try_set(false);
            self.show(ended.map_or_else(|error| Page::Failed(error.sentence()), Page::Listed));
        });
    }

    /// Unless the sheet, or the whole page, was closed meanwhile.
    fn show(self, page: Page) {
        if self.page.try_get_untracked().flatten().is_some() {
            self.page.set(Some(page));
        }
    }
}

/// The button in a member's line, and its sheet. `phone` is what the figures on this phone say.
#[component]
pub fn MemberDevices(member: DocId, name: String, phone: Phone, now_ms: Memo<u64>) -> impl IntoView {
    let (page, is_busy) = (RwSignal::new(None), RwSignal::new(false));
    let devices = Devices { state: AppState::expect(), member, now_ms, page, is_busy };
    let title = format!("Máy của {name}");
    let body = move || match page.get() {
        None => ().into_any(),
        Some(Page::Asking) => view! { <p role="status">"Đang hỏi máy chủ…"</p> }.into_any(),
        Some(Page::Failed(title)) => view! { <Failed devices title phone /> }.into_any(),
        Some(Page::Sure(device, reason)) => view! { <Sure devices device reason /> }.into_any(),
        Some(Page::Listed(lines)) => view! { <List devices lines name=name.clone() /> }.into_any(),
    };
    view! {
        <Button
            kind=ButtonKind::Quiet
            icon=IconName::List
            on_press=move |()| devices.ask()
            testid="devices"
        >
            "Xem máy, báo mất"
        </Button>
        <Sheet
            open=Signal::derive(move || page.with(Option::is_some))
            title
            on_close=move |()| page.set(None)
            testid="devices-sheet"
        >
            {body.clone()}
        </Sheet>
    }
}

/// Without the server nothing can be shut out; what is known of the phones stands here all the same.
#[component]
fn Failed(devices: Devices, title: String, phone: Phone) -> impl IntoView {
    view! {
        <PhoneLine phone now_ms=devices.now_ms />
        <Notice
            kind=NoticeKind::Error
            title
            detail="Xem từng máy và báo mất cần có mạng."
            testid="devices-failed"
        />
        <Button kind=ButtonKind::Secondary wide=true icon=IconName::Refresh on_press=move |()| devices.ask()>
            "Thử lại"
        </Button>
    }
}

#[component]
fn List(devices: Devices, lines: Vec<DeviceLine>, name: String) -> impl IntoView {
    let is_empty = lines.is_empty();
    let lines = lines.into_iter().map(|line| view! { <Line devices line /> }).collect_view();
    view! {
        {is_empty.then(|| view! { <p class="muted">"Chưa có máy nào vào tổ bằng lời mời của người này."</p> })}
        <ul class="rows" role="list">{lines}</ul>
        <Invite member=devices.member name />
    }
}

#[component]
fn Line(devices: Devices, line: DeviceLine) -> impl IntoView {
    let sure = move |reason: DeviceEnd, line: DeviceLine| {
        Callback::new(move |()| devices.page.set(Some(Page::Sure(line.clone(), reason))))
    };
    let (lost, left) = (sure(DeviceEnd::Lost, line.clone()), sure(DeviceEnd::Left, line.clone()));
    let state = words::key(&line);
    let may_end = line.ended.is_none() && !line.is_own;
    let end = move || {
        view! {
            <div class="sheet__actions">
                <Button kind=ButtonKind::Danger icon=IconName::Warning on_press=lost testid="device-lost">"Báo mất"</Button>
                <Button kind=ButtonKind::Secondary on_press=left testid="device-left">"Ngừng dùng máy này"</Button>
            </div>
        }
    };
    let (id, joined, app) = (line.id.to_string(), words::joined(&line), line.app.clone());
    let to_be_checked = line.is_to_be_checked().then(|| line.clone());
    let check = to_be_checked.map(|line| {
        let on_answered = move |lines| devices.show(Page::Listed(lines));
        view! { <NumberCheck member=devices.member line on_answered /> }
    });
    let (has_state, seen) = (line.ended.is_some() || line.is_idle, line.clone());
    let contact = move || words::contact(&seen, devices.now_ms.get());
    let ended = move || words::state(&line, devices.now_ms.get());
    view! {
        <li class="device" data-testid="device" data-id=id data-state=state>
            <p><strong>{joined}</strong></p>
            <p>{contact}</p>
            {has_state.then(|| view! { <p data-testid="device-state"><strong>{ended}</strong></p> })}
            {(!app.is_empty()).then(|| view! { <p class="muted">{format!("Bản ứng dụng {app}")}</p> })}
            {check}
            {may_end.then(end)}
        </li>
    }
}

#[component]
fn Sure(devices: Devices, device: DeviceLine, reason: DeviceEnd) -> impl IntoView {
    let id = device.id;
    let (question, yes) = match reason {
        DeviceEnd::Lost => ("Báo mất máy này?", "Báo mất"),
        DeviceEnd::Left => ("Ngừng dùng máy này?", "Ngừng dùng"),
    };
    let what_happens: Vec<_> =
        words::consequences(reason).into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect();
    view! {
        <section class="stack" data-testid="device-sure">
            <h3>{question}</h3>
            <p><strong>{move || words::contact(&device, devices.now_ms.get())}</strong></p>
            {what_happens}
        </section>
        <div class="sheet__actions">
            <Button
                kind=ButtonKind::Danger
                wide=true
                busy=devices.is_busy
                on_press=move |()| devices.end(id, reason)
                testid="device-yes"
            >
                {yes}
            </Button>
            <Button kind=ButtonKind::Quiet wide=true on_press=move |()| devices.ask() testid="device-no">"Thôi"</Button>
        </div>
    }
}
