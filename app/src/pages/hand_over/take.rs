//! "Nhận chuyển giúp": files of others, kept sealed and brought to the server when there is a network.

use domain::capsule::{self, CapsuleError};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::kept::CarriedList;
use super::scan_codes::ScanCodes;
use crate::components::{Icon, IconName};
use crate::notices::Notices;
use crate::outbox::{Carrier, TakeFailure};

/// Deflated and sealed, no capsule is larger.
#[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
const FILE_BYTES_MAX: f64 = capsule::PLAIN_BYTES_MAX as f64;

#[component]
pub fn Take() -> impl IntoView {
    view! {
        <section class="section" data-testid="take">
            <h2 class="section__title">"Nhận chuyển giúp"</h2>
            <p class="muted">
                "Chọn tệp mà đồng đội đã gửi, hoặc quét mã QR trên máy của họ. Máy này giữ hộ, không đọc được nội dung, và tự gửi khi có mạng."
            </p>
            <ChooseFiles />
            <ScanCodes />
            <CarriedList />
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
                if let Err(sentence) = keep(carrier, &file).await {
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

async fn keep(carrier: Carrier, file: &web_sys::File) -> Result<(), String> {
    if file.size() > FILE_BYTES_MAX {
        // A film chosen by mistake is not even read: it would fill the memory of the page.
        return Err(TakeFailure::from(CapsuleError::NotACapsule).to_string());
    }
    let bytes = read(file).await.ok_or("Trình duyệt không mở được tệp này. Chọn lại tệp.")?;
    carrier.take(&bytes).await.map_err(|error| error.to_string())
}

async fn read(file: &web_sys::File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
