//! Choosing a list's file, or dropping it onto the page.

use app::components::{Icon, IconName};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// What the worker can read (`sheet::read`).
const KINDS: &str = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt,.htm,.html";
const GONE: &str = "Trình duyệt không mở được tệp này. Chọn lại tệp.";

/// A file as the person gave it.
pub struct ChosenFile {
    pub name: String,
    pub bytes: js_sys::ArrayBuffer,
}

/// `on_file` is told the file, or the sentence why it cannot be opened.
#[component]
pub fn FileChooser(#[prop(into)] on_file: Callback<Result<ChosenFile, String>>, testid: &'static str) -> impl IntoView {
    let choose = move |event: ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        take(input.files(), on_file);
        // The same file can be chosen again.
        input.set_value("");
    };
    let is_over = RwSignal::new(false);
    let drop = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        take(event.data_transfer().and_then(|data| data.files()), on_file);
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
            <input class="office-file__input" type="file" accept=KINDS on:change=choose data-testid=testid />
        </label>
    }
}

fn take(files: Option<web_sys::FileList>, on_file: Callback<Result<ChosenFile, String>>) {
    let Some(file) = files.and_then(|files| files.get(0)) else { return };
    spawn_local(async move {
        let bytes = JsFuture::from(file.array_buffer()).await.ok().and_then(|buffer| buffer.dyn_into().ok());
        let chosen = bytes.map(|bytes| ChosenFile { name: file.name(), bytes });
        on_file.run(chosen.ok_or_else(|| GONE.to_owned()));
    });
}
