//! A question from the bottom edge: the rest of the page waits behind it.

use leptos::{ev, html, prelude::*};

use super::{IconButton, IconName, element_id};

/// Modal sheet over a `<dialog>`: focus stays inside, Esc and the back gesture close it, and so does the dimmed page.
#[component]
pub fn Sheet(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] title: Signal<String>,
    /// The caller closes by setting `open`; the sheet never closes on its own.
    #[prop(into)]
    on_close: Callback<()>,
    #[prop(into, default = "sheet".to_owned())] testid: String,
    /// Made anew each time the sheet opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let id = element_id("sheet");
    let title_id = id.clone();
    let is_open = Memo::new(move |_| open.get());
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if is_open.get() {
            // Fails only for a dialog that is already open or out of the page: nothing to do in either case.
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    // Another question in the same sheet begins at its top.
    Effect::new(move |_| {
        title.track();
        if let Some(dialog) = dialog.get_untracked() {
            dialog.set_scroll_top(0);
        }
    });
    let cancel = move |event: ev::Event| {
        event.prevent_default();
        on_close.run(());
    };
    let closed = move |_| {
        if is_open.get_untracked() {
            on_close.run(());
        }
    };
    let click = move |event: ev::MouseEvent| {
        // The dialog's own box is covered by its content, so a click that hits the dialog hit the backdrop.
        if event.target() == event.current_target() {
            on_close.run(());
        }
    };
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-labelledby=id
            data-testid=testid
            data-state=move || if is_open.get() { "open" } else { "closed" }
            on:cancel=cancel
            on:close=closed
            on:click=click
        >
            <div class="sheet__box">
                <header class="sheet__head">
                    <h2 class="sheet__title" id=title_id tabindex="-1" autofocus="">{title}</h2>
                    <IconButton icon=IconName::Close label="Đóng" on_press=on_close testid="sheet-close" />
                </header>
                <div class="sheet__body">
                    <Show when=move || is_open.get()>{children()}</Show>
                </div>
            </div>
        </dialog>
    }
}
