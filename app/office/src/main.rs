//! The office's list pages (`/danh-sach`): what a coordinator does with lists, and what goes out on paper. A program of its
//! own, so that no member's phone downloads it. It asks the server for everything and keeps nothing in the browser.
//!
//! The same file runs twice: in the page, and in a Web Worker that reads files, so that the page never stands still.

mod file_chooser;
mod frame;
mod messages;
mod notices;
mod office;
mod pages;
mod reader;
mod worker;

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use office::Office;
use pages::{DoublesPage, HandoutsPage, HoldersPage, HomePage, ImportPage, NotFoundPage, PaperPage};

fn main() {
    console_error_panic_hook::set_once();
    if web_sys::window().is_none() {
        worker::serve();
        return;
    }
    leptos::mount::mount_to_body(Pages);
}

/// Everything under this address is ours; links to anywhere else leave for the app.
const BASE: &str = "/danh-sach";

#[component]
fn Pages() -> impl IntoView {
    app::apply_text_size();
    Office::provide();
    notices::provide();
    view! {
        <Router base=BASE>
            <Routes fallback=NotFoundPage>
                <Route path=path!("") view=HomePage />
                <Route path=path!("nhap") view=ImportPage />
                <Route path=path!("doi-chieu") view=HoldersPage />
                <Route path=path!("nghi-trung") view=DoublesPage />
                <Route path=path!("in") view=HandoutsPage />
                <Route path=path!("nhap-phieu") view=PaperPage />
            </Routes>
        </Router>
    }
}
