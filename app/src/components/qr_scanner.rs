//! Bytes from another phone's screen, by the camera: the codes of a series in any order, until it is whole.

mod camera;
mod hint;
mod reader;
mod scan;

use leptos::{html, prelude::*};

use super::{Notice, NoticeKind, Progress};
use crate::awake::keep_awake;
use scan::{Scan, Stage};

/// Scans as long as it is there and seen; the camera is off before and after. `on_bytes` gets the whole, once.
#[component]
pub fn QrScanner(
    #[prop(into)] on_bytes: Callback<Vec<u8>>,
    #[prop(into, default = "qr-scanner".to_owned())] testid: String,
) -> impl IntoView {
    keep_awake();
    let video = NodeRef::<html::Video>::new();
    let scan = Scan::new(video, on_bytes);
    // Once the video is in the page.
    Effect::new(move |_| scan.start());
    let hidden = window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            scan.start();
        } else {
            scan.stop();
        }
    });
    on_cleanup(move || hidden.remove());

    let trouble = move || {
        let (title, detail) = match scan.stage.get() {
            Stage::NoCamera(reason) => reason.sentences(),
            Stage::NoReader => (
                "Phần đọc mã QR chưa chạy được trên máy này",
                "Mở Từng Nhà một lần khi có mạng rồi bấm “Thử lại”, hoặc nhận bằng tệp.",
            ),
            _ => return None,
        };
        Some(view! {
            <Notice
                kind=NoticeKind::Error
                title
                detail
                action="Thử lại"
                on_action=move |()| scan.start()
                testid="qr-scanner-trouble"
            />
        })
    };
    let is_in_trouble = move || matches!(scan.stage.get(), Stage::NoCamera(_) | Stage::NoReader);
    let received = move || scan.progress.get().map_or(0, |progress| progress.received);
    let count = move || scan.progress.get().map_or(0, |progress| progress.count);
    view! {
        <div class="qr-scanner" data-testid=testid data-state=move || scan.stage.get().key()>
            {trouble}
            <div class="qr-scanner__frame" hidden=is_in_trouble>
                <video
                    class="qr-scanner__video"
                    node_ref=video
                    prop:muted=true
                    playsinline=""
                    aria-label="Hình từ máy ảnh"
                    data-mirrored=move || scan.is_mirror.get().then_some("")
                ></video>
            </div>
            <p class="qr-scanner__hint" role="status" data-testid="qr-scanner-hint" hidden=is_in_trouble>
                {move || scan.hint.get().sentence()}
            </p>
            <Show when=move || scan.progress.with(Option::is_some)>
                <Progress
                    value=Signal::derive(received)
                    max=Signal::derive(count)
                    label=Signal::derive(move || format!("Đã nhận {} trên {}", received(), count()))
                    value_label=Signal::derive(move || Some(format!("{}%", received() * 100 / count().max(1))))
                    testid="qr-scanner-progress"
                />
            </Show>
        </div>
    }
}
