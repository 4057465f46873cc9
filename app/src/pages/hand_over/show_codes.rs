//! What is unsent on this phone as QR codes, for the camera of a phone at hand: needs neither network nor cable.

use domain::capsule::Portion;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, IconName, QrSeries, Sheet};
use crate::notices::Notices;
use crate::state::AppState;

#[component]
pub fn ShowCodes() -> impl IntoView {
    let state = AppState::expect();
    let notices = Notices::expect();
    let is_busy = RwSignal::new(false);
    // Capsules, and which of them is shown. Made once a showing: each sealing gives other bytes, and so another series.
    let parts = RwSignal::new(Vec::<Vec<u8>>::new());
    let part = RwSignal::new(0_usize);
    let show = move |()| {
        is_busy.set(true);
        spawn_local(async move {
            match state.hand_over(Portion::CODES).await {
                Ok(capsules) => {
                    part.try_set(0);
                    parts.try_set(capsules);
                }
                Err(error) => notices.fail(error.to_string()),
            }
            is_busy.try_set(false);
        });
    };
    let count = move || parts.with(Vec::len);
    let is_several = move || count() > 1;
    let series = move || {
        let bytes = parts.with(|parts| parts.get(part.get()).cloned());
        bytes.map(|bytes| view! { <QrSeries bytes testid="give-series" /> })
    };
    view! {
        <Button
            kind=ButtonKind::Secondary
            wide=true
            icon=IconName::QrCode
            busy=is_busy
            on_press=show
            testid="give-codes"
        >
            "Hiện mã QR"
        </Button>
        <Sheet
            open=Signal::derive(move || count() > 0)
            title="Mã QR chuyển giúp"
            on_close=move |()| parts.set(Vec::new())
            testid="give-sheet"
        >
            <p>"Trên máy kia, mở Từng Nhà, vào Máy này, Chuyển giúp, bấm “Quét mã QR”."</p>
            <Show when=is_several>
                <div class="cluster" data-testid="give-parts">
                    <strong>{move || format!("Phần {} trên {}", part.get() + 1, count())}</strong>
                    <Button
                        kind=ButtonKind::Secondary
                        on_press=move |()| part.update(|part| *part = (*part + 1) % count().max(1))
                        testid="give-next-part"
                    >
                        "Máy kia nhận đủ rồi, sang phần sau"
                    </Button>
                </div>
            </Show>
            {series}
            <p class="muted">"Các mục vẫn ở lại máy này tới khi máy chủ xác nhận."</p>
        </Sheet>
    }
}
