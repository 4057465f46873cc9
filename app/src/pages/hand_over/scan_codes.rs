//! Unsent work of somebody else, from the codes on their screen.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, IconName, QrScanner, Sheet};
use crate::notices::Notices;
use crate::outbox::Carrier;

#[component]
pub fn ScanCodes() -> impl IntoView {
    let carrier = Carrier::expect();
    let notices = Notices::expect();
    let is_open = RwSignal::new(false);
    let keep = move |bytes: Vec<u8>| {
        is_open.set(false);
        spawn_local(async move {
            match carrier.take(&bytes).await {
                Ok(()) => {
                    notices.say_saved("Đã nhận đủ mã, máy này giữ hộ", None);
                    carrier.bring();
                }
                Err(error) => notices.fail(error.to_string()),
            }
        });
    };
    view! {
        <Button
            kind=ButtonKind::Secondary
            wide=true
            icon=IconName::QrCode
            on_press=move |()| is_open.set(true)
            testid="take-scan"
        >
            "Quét mã QR"
        </Button>
        <Sheet open=is_open title="Quét mã QR" on_close=move |()| is_open.set(false) testid="take-sheet">
            <QrScanner on_bytes=keep testid="take-scanner" />
        </Sheet>
    }
}
