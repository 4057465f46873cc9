//! "Đúng máy này?": the number of a phone that has just come in, compared with what its owner reads out.

use std::time::Duration;

use domain::DocId;
use domain::protocol::{CheckNumber, DeviceEnd, DeviceLine};
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, IconName, Notice, NoticeKind};
use crate::state::{AppState, JoinFailure};

/// While an invite is on the screen somebody stands there and waits for the phone.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A phone whose number nobody has compared yet. `on_answered` gets the member's phones as they are after the answer.
#[component]
pub fn NumberCheck(
    member: DocId,
    line: DeviceLine,
    #[prop(into)] on_answered: Callback<Vec<DeviceLine>>,
) -> impl IntoView {
    let state = AppState::expect();
    let Some(check) = line.check else { return ().into_any() };
    let (is_busy, is_sure, failure) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<String>));
    let answer = move |is_right: bool| {
        is_busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answered = say(state, member, line.id, check, is_right).await;
            is_busy.try_set(false);
            match answered {
                Ok(lines) => {
                    on_answered.try_run(lines);
                }
                Err(error) => {
                    failure.try_set(Some(error.sentence()));
                }
            }
        });
    };
    let question = move || {
        view! {
            <p>"Hỏi người được mời số kiểm tra trên máy của họ. Đúng máy này?"</p>
            <div class="sheet__actions">
                <Button icon=IconName::Check busy=is_busy on_press=move |()| answer(true) testid="check-yes">"Đúng"</Button>
                <Button kind=ButtonKind::Secondary on_press=move |()| is_sure.set(true) testid="check-no">"Không phải"</Button>
            </div>
        }
    };
    let stranger = move || {
        view! {
            <p>"Máy này bị khóa; lần tới có mạng, máy tự xóa hết dữ liệu của Từng Nhà. Lời mời chưa dùng của người này cũng hết hiệu lực. Không hoàn tác được; mời lại bằng lời mời mới."</p>
            <div class="sheet__actions">
                <Button kind=ButtonKind::Danger busy=is_busy on_press=move |()| answer(false) testid="check-shut-out">
                    "Khóa máy này"
                </Button>
                <Button kind=ButtonKind::Quiet on_press=move |()| is_sure.set(false) testid="check-back">"Thôi"</Button>
            </div>
        }
    };
    view! {
        <section class="number-check" data-testid="number-check">
            <p>"Máy mới, chưa đối số"</p>
            <p class="number-check__number num" data-testid="check-number">{check.to_string()}</p>
            <Show when=move || is_sure.get() fallback=question>{stranger()}</Show>
            {move || failure.get().map(|title| view! {
                <Notice kind=NoticeKind::Error title testid="check-failed" />
            })}
        </section>
    }
    .into_any()
}

async fn say(
    state: AppState,
    member: DocId,
    device: DocId,
    check: CheckNumber,
    is_right: bool,
) -> Result<Vec<DeviceLine>, JoinFailure> {
    if is_right {
        state.check_device(member, device, check).await
    } else {
        state.end_device(member, device, DeviceEnd::Lost).await
    }
}

/// The phones of a member that wait for their number to be compared; looked for again and again while this is on the screen.
#[component]
pub fn Newcomers(member: DocId) -> impl IntoView {
    let state = AppState::expect();
    let waiting = RwSignal::new(Vec::<DeviceLine>::new());
    let is_asking = StoredValue::new(false);
    let show = move |lines: Vec<DeviceLine>| {
        let lines: Vec<DeviceLine> = lines.into_iter().filter(DeviceLine::is_to_be_checked).collect();
        // The same phones stay as they are: somebody may be about to answer.
        if waiting.try_with_untracked(|known| *known != lines) == Some(true) {
            waiting.set(lines);
        }
    };
    let look = move || {
        if is_asking.try_get_value() != Some(false) {
            return;
        }
        is_asking.set_value(true);
        spawn_local(async move {
            // Without a network there is nothing new to be told here.
            if let Ok(lines) = state.devices(member).await {
                show(lines);
            }
            is_asking.try_set_value(false);
        });
    };
    look();
    if let Ok(handle) = set_interval_with_handle(look, LOOK_EVERY) {
        on_cleanup(move || handle.clear());
    }
    let key = |line: &DeviceLine| (line.id, line.check);
    view! {
        <div role="status">
            <For each=move || waiting.get() key=key children=move |line| {
                view! { <NumberCheck member line on_answered=show /> }
            } />
        </div>
    }
}
