//! "Nhận chuyển giúp": files of others, kept sealed and brought to the server when there is a network.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::kept::CarriedItem;
use super::scan_codes::ScanCodes;
use crate::components::{Button, ButtonKind, Icon, IconName};
use crate::notices::Notices;
use crate::outbox::{Carried, Carrier};

#[component]
pub fn Take() -> impl IntoView {
    let carrier = Carrier::expect();
    let all = carrier.carried();
    let is_waiting = move || all.with(|all| all.iter().any(Carried::is_waiting));
    // What has arrived has been seen once this page is left.
    on_cleanup(move || carrier.forget_taken());
    view! {
        <section class="section" data-testid="take">
            <h2 class="section__title">"Nhận chuyển giúp"</h2>
            <p class="muted">
                "Chọn tệp mà đồng đội đã gửi, hoặc quét mã QR trên máy của họ. Máy này giữ hộ, không đọc được nội dung, và tự gửi khi có mạng."
            </p>
            <ChooseFiles />
            <ScanCodes />
            <ul class="carried">
                <For
                    each=move || all.get()
                    key=|one| (one.name.clone(), one.outcome.is_some(), one.is_waiting())
                    children=|one| view! { <CarriedItem one /> }
                />
            </ul>
            <Show when=is_waiting>
                <Button
                    kind=ButtonKind::Secondary
                    wide=true
                    icon=IconName::CloudUp
                    busy=carrier.is_bringing()
                    on_press=move |()| carrier.bring()
                    testid="take-bring"
                >
                    "Gửi ngay"
                </Button>
            </Show>
        </section>
    }
}

#[component]
fn ChooseFiles() -> impl IntoView {
    let carrier = Carrier::expect();
    let notices = Notices::expect();
    let choose = move |event: ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let list = input.files();
        let files: Vec<web_sys::File> =
            list.iter().flat_map(|list| (0..list.length()).filter_map(|number| list.get(number))).collect();
        // The same file can be chosen again.
        input.set_value("");
        spawn_local(async move {
            for file in files {
                let outcome = match read(&file).await {
                    Some(bytes) => carrier.take(&bytes, false).await.map_err(|error| error.to_string()),
                    None => Err("Trình duyệt không mở được tệp này. Chọn lại tệp.".to_owned()),
                };
                if let Err(sentence) = outcome {
                    notices.fail(sentence);
                }
            }
            carrier.bring();
        });
    };
    view! {
        <label class="button file-button" data-kind="primary" data-wide="">
            <Icon name=IconName::Plus />
            <span class="button__label">"Chọn tệp"</span>
            // No list of types: phones grey out what they do not know.
            <input class="visually-hidden" type="file" multiple=true on:change=choose data-testid="take-file" />
        </label>
    }
}

async fn read(file: &web_sys::File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
