//! Choosing the file. A worker reads it, so that the page goes on.

use app::components::{Icon, IconName};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::work::{ReadFile, Stage, Work};
use crate::messages::{Ask, Told};
use crate::reader::Reader;

const GONE: &str = "Trình duyệt không mở được tệp này. Chọn lại tệp.";

#[component]
pub fn FileChooser(work: Work) -> impl IntoView {
    let choose = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input.as_ref().and_then(|input| input.files()?.get(0)) else { return };
        // The same file can be chosen again.
        if let Some(input) = input {
            input.set_value("");
        }
        read(work, file);
    };
    view! {
        <label class="office-file">
            <Icon name=IconName::Table />
            <span>"Chọn tệp Excel, ODS hoặc CSV"</span>
            <input
                class="office-file__input"
                type="file"
                accept=".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt,.htm,.html"
                on:change=choose
                data-testid="holders-file"
            />
        </label>
    }
}

/// Reads the sheet with the most people in it. The worker lives as long as this takes: it may have held a large file.
fn read(work: Work, file: web_sys::File) {
    work.stage.set(Stage::Running { label: "Đang đọc tệp" });
    work.done.set(0);
    let name = file.name();
    let reader = work.reader;
    let end = move |read: Result<ReadFile, String>| {
        work.take_file(read);
        // Not at once: this very call comes from the worker.
        set_timeout(move || drop(reader.try_set_value(None)), std::time::Duration::ZERO);
    };
    let opened = name.clone();
    reader.set_value(Some(Reader::start(move |told| match told {
        Told::Opened(_) => reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.ask(Ask::Holders);
            }
        }),
        Told::Holders { sheet, list } => end(Ok(ReadFile { name: opened.clone(), sheet, list: *list })),
        Told::Failed(sentence) => end(Err(sentence)),
        _ => {}
    })));
    spawn_local(async move {
        let bytes = JsFuture::from(file.array_buffer()).await.ok().and_then(|buffer| buffer.dyn_into().ok());
        match bytes {
            Some(bytes) => reader.with_value(|reader| {
                if let Some(reader) = reader {
                    reader.open(name, bytes);
                }
            }),
            None => end(Err(GONE.to_owned())),
        }
    });
}
