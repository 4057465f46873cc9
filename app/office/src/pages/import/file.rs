//! Choosing the file, or dropping it onto the page.

use app::components::{Icon, IconName};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::work::Work;

#[component]
pub fn FileChooser(work: Work) -> impl IntoView {
    let choose = move |event: ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take(work, file);
        }
        // The same file can be chosen again.
        input.set_value("");
    };
    let is_over = RwSignal::new(false);
    let drop = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            take(work, file);
        }
    };
    let hover = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(true);
    };
    view! {
        <label
            class="office-file"
            data-state=move || if is_over.get() { "over" } else { "ready" }
            on:drop=drop
            on:dragover=hover
            on:dragleave=move |_| is_over.set(false)
        >
            <Icon name=IconName::Table />
            <span>"Chọn tệp, hoặc kéo tệp vào đây"</span>
            <input
                class="office-file__input"
                type="file"
                accept=".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt,.htm,.html"
                on:change=choose
                data-testid="import-choose"
            />
        </label>
    }
}

fn take(work: Work, file: web_sys::File) {
    spawn_local(async move {
        match JsFuture::from(file.array_buffer()).await.map(JsCast::dyn_into::<js_sys::ArrayBuffer>) {
            Ok(Ok(bytes)) => work.open(file.name(), bytes),
            _ => work.failed.set(Some("Trình duyệt không mở được tệp này. Chọn lại tệp.".to_owned())),
        }
    });
}
