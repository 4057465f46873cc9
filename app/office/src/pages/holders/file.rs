//! Choosing the file and reading it.

use app::components::Icon;
use app::components::IconName;
use domain::import::{HolderList, Options, read_holders};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::work::{ReadFile, Stage, Work};

#[component]
pub fn FileChooser(work: Work) -> impl IntoView {
    let choose = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input.as_ref().and_then(|input| input.files()?.get(0)) else { return };
        // The same file can be chosen again.
        if let Some(input) = input {
            input.set_value("");
        }
        work.stage.set(Stage::Running { label: "Đang đọc tệp" });
        spawn_local(async move { work.take_file(read(file).await) });
    };
    view! {
        <label class="holders__file">
            <Icon name=IconName::Table />
            <span>"Chọn tệp Excel, ODS hoặc CSV"</span>
            <input type="file" accept=".xlsx,.xls,.ods,.csv,.txt,.htm,.html" on:change=choose data-testid="holders-file" />
        </label>
    }
}

/// Reads the sheet with the most people in it.
async fn read(file: web_sys::File) -> Result<ReadFile, String> {
    let gone = |_| "Trình duyệt không mở được tệp này. Chọn lại tệp.".to_owned();
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(gone)?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    let name = file.name();
    let book = sheet::read(&name, &bytes).map_err(|error| error.to_string())?;
    let mut best: Option<(String, HolderList)> = None;
    let mut why = None;
    for sheet in book.sheets {
        match read_holders(&sheet.rows, &Options::default()) {
            Ok(list) if best.as_ref().is_none_or(|(_, known)| known.holders.len() < list.holders.len()) => {
                best = Some((sheet.name, list));
            }
            Ok(_) => {}
            Err(error) => why = why.or(Some(error.to_string())),
        }
    }
    match best {
        Some((sheet, list)) if !list.holders.is_empty() => Ok(ReadFile { name, sheet, list }),
        _ => Err(why.unwrap_or_else(|| "Không thấy người nào trong tệp này".to_owned()) + "."),
    }
}
