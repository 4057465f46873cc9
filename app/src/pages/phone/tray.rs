//! "Cần xem lại": what the server refused. Nothing leaves this list without a person's decision.

use domain::replica::Refused;
use domain::{Day, DocId, Kind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::hand_over::SaveRescue;
use super::super::results::place_of;
use super::words::what_it_is;
use crate::components::{Button, ButtonKind, ButtonLink, IconName, Sheet};
use crate::notices::Notices;
use crate::state::AppState;

#[component]
pub fn Tray() -> impl IntoView {
    let state = AppState::expect();
    let notices = Notices::expect();
    let refused = state.refused();
    let discarding = RwSignal::new(None::<DocId>);
    let discard = move |()| {
        let Some(id) = discarding.get_untracked() else { return };
        discarding.set(None);
        spawn_local(async move { state.discard(id).await });
    };
    view! {
        <Show when=move || refused.with(|list| !list.is_empty())>
            <section class="section" data-testid="tray">
                <h2 class="section__title">"Cần xem lại"</h2>
                <p class="muted">"Máy chủ chưa nhận những mục này nên chưa tính vào kết quả."</p>
                <ul class="tray">
                    <For
                        each=move || refused.get().to_vec()
                        key=|(id, _)| *id
                        children=move |(id, refused)| view! { <TrayItem id refused discarding /> }
                    />
                </ul>
                <SaveRescue on_saved=move |()| notices.say_saved("Đã đưa tệp cho trình duyệt lưu; xem trong mục Tải xuống", None) />
            </section>
        </Show>
        <Sheet
            open=Signal::derive(move || discarding.with(Option::is_some))
            title="Bỏ mục này?"
            on_close=move |()| discarding.set(None)
            testid="tray-discard"
        >
            <p>"Mục bị bỏ sẽ mất hẳn khỏi máy này. Nếu chưa chắc, hãy lưu tệp cứu hộ trước: tổ trưởng hoặc cán bộ chuyển lên được khi lý do không còn."</p>
            <div class="sheet__actions">
                <Button kind=ButtonKind::Danger wide=true on_press=discard testid="tray-discard-yes">"Bỏ"</Button>
                <Button kind=ButtonKind::Quiet wide=true on_press=move |()| discarding.set(None)>"Giữ lại"</Button>
            </div>
        </Sheet>
    }
}

#[component]
fn TrayItem(id: DocId, refused: Refused, discarding: RwSignal<Option<DocId>>) -> impl IntoView {
    let state = AppState::expect();
    let (what, whose) = state.read(|replica| what_it_is(&refused.doc, replica)).unwrap_or_default();
    // The day that the record names: it may be why it was refused.
    let named = refused.doc.text("day").and_then(|day| day.parse::<Day>().ok());
    let day = named.or_else(|| refused.doc.newest_stamp().map(|stamp| Day::at_ms(stamp.ms))).map(Day::vietnamese);
    let door = match refused.doc.kind {
        Kind::Household => Some(format!("/ho/{id}")),
        _ => refused.doc.link("household").map(|household| format!("/ho/{household}")).or_else(|| {
            let resident = refused.doc.link("resident").unwrap_or(id);
            untrack(|| place_of(state, resident)).map(|(href, _)| href)
        }),
    };
    let is_busy = RwSignal::new(false);
    let retry = move |()| {
        is_busy.set(true);
        spawn_local(async move {
            state.retry(id).await;
            is_busy.try_set(false);
        });
    };
    view! {
        <li class="card tray__item" data-testid="tray-item">
            <p class="tray__what">{what}</p>
            <p>{whose} {day.map(|day| view! { <span class="muted">" · " {day}</span> })}</p>
            <p class="tray__why">{refused.code.sentence()}</p>
            <div class="cluster">
                {door.map(|href| {
                    let words = if href.starts_with("/ho/") { "Mở hộ" } else { "Mở người này" };
                    view! {
                    <ButtonLink kind=ButtonKind::Secondary icon=IconName::Door href testid="tray-door">
                        {words}
                    </ButtonLink>
                }})}
                <Button kind=ButtonKind::Secondary busy=is_busy icon=IconName::CloudUp on_press=retry testid="tray-retry">
                    "Gửi lại"
                </Button>
                <Button
                    kind=ButtonKind::Quiet
                    icon=IconName::Trash
                    on_press=move |()| discarding.set(Some(id))
                    testid="tray-drop"
                >
                    "Bỏ"
                </Button>
            </div>
        </li>
    }
}
