//! The app on the phone: pages over a replica of the person's areas that works without a network.
//!
//! A library, so that the office's list pages (`app/office`), which no phone downloads, share its components.

mod app;
mod awake;
pub mod components;
pub mod device;
mod drafts;
mod notices;
mod outbox;
mod pages;
mod state;
mod storage;
pub mod sync;
mod update;

use wasm_bindgen::JsCast;

pub use crate::app::apply_text_size;
pub use crate::state::random_id;

/// Draws the app into the page.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show_broken();
    }));
    leptos::mount::mount_to_body(app::App);
}

/// After a panic nothing on screen answers any more, so the screen says so. Everything that was called saved is stored.
fn show_broken() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let (Some(body), Ok(frame)) = (document.body(), document.create_element("div")) else { return };
    let line = |tag: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(text));
        frame.append_child(&element).ok()?;
        Some(element)
    };
    frame.set_class_name("boot");
    let _ = frame.set_attribute("role", "alert");
    let _ = frame.set_attribute("data-testid", "broken");
    line("p", "Ứng dụng vừa gặp lỗi và phải mở lại.");
    line("p", "Những gì đã báo “Đã lưu” vẫn còn nguyên trên máy này.");
    if let Some(link) = line("a", "Mở lại") {
        let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_else(|| "/".to_owned());
        // `external`: the router, which may be what is broken, leaves such links to the browser.
        let _ = link.set_attribute("rel", "external");
        let _ = link.set_attribute("href", &href);
        let _ = link.set_attribute("class", "button");
        if href.contains('#') {
            let _ = link.set_attribute("href", "/");
        }
    }
    body.unchecked_ref::<web_sys::Element>().replace_children_with_node_1(&frame);
}
