//! Somebody who is on no list: a name, a year, where they live if they say so; then straight to their services.

use domain::text::clean;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::search::{Found, namesakes};
use super::{PersonRow, Point};
use crate::components::{Button, Notice, NoticeKind, Sheet, TextField};
use crate::notices::Notices;
use crate::pages::resident_form::{Address, Groups};

#[component]
pub fn AddSheet() -> impl IntoView {
    let point: Point = expect_context();
    view! {
        <Sheet
            open=point.is_adding
            title="Thêm người tại điểm"
            on_close=move |()| point.give_up()
            testid="point-add-sheet"
        >
            <AddForm />
        </Sheet>
    }
}

#[component]
fn AddForm() -> impl IntoView {
    let point: Point = expect_context();
    let (state, fields, draft) = (point.state, point.walk_in, point.draft);
    if fields.name.with_untracked(String::is_empty) {
        fields.name.set(typed_name(&point.text.get_untracked()));
    }
    let this_year = i64::from(untrack(|| state.today()).year());
    let has_tried = RwSignal::new(false);
    let is_saving = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let name_error = Signal::derive(move || {
        (has_tried.get() && fields.name.with(|name| name.trim().is_empty())).then(|| "Chưa có họ tên".to_owned())
    });
    let year_error = Signal::derive(move || {
        let wrong = fields.typed().birth_year(this_year).err()?;
        has_tried.get().then(|| wrong.to_owned())
    });
    let (navigate, notices) = (use_navigate(), Notices::expect());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        has_tried.set(true);
        let typed = untrack(|| fields.typed());
        let Ok(birth_year) = typed.birth_year(this_year) else { return };
        if typed.name.trim().is_empty() || is_saving.get_untracked() {
            return;
        }
        is_saving.set(true);
        failure.set(None);
        let (navigate, forget) = (navigate.clone(), draft.forgetter());
        spawn_local(async move {
            match state.add_walk_in(point.area, typed.form(birth_year, None)).await {
                Ok(id) => {
                    forget();
                    notices.say_saved(format!("Đã lưu trên máy: {}", clean(&typed.name)), None);
                    navigate(&format!("/diem/{id}"), NavigateOptions::default());
                }
                Err(why) => {
                    is_saving.set(false);
                    failure.set(Some(why.sentence()));
                }
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit data-testid="point-add-form">
            <Show when=move || draft.restored().get()>
                <Notice title="Đã lấy lại những gì đang ghi dở" testid="draft-restored" />
            </Show>
            <TextField label="Họ và tên" value=fields.name required=true error=name_error testid="walk-in-name" />
            <Namesakes name=fields.name />
            <TextField
                label="Năm sinh"
                value=fields.year
                inputmode="numeric"
                hint="Bốn chữ số. Chưa rõ thì để trống."
                error=year_error
                testid="walk-in-year"
            />
            <Address value=fields.address />
            <Groups chosen=fields.groups />
            {move || failure.get().map(|title| view! { <Notice kind=NoticeKind::Error title testid="form-error" /> })}
            <Button submit=true wide=true busy=is_saving testid="form-save">"Lưu, ghi dịch vụ"</Button>
            <p class="muted">"Không ghi số căn cước, số thẻ BHYT, mật khẩu hay mã OTP."</p>
        </form>
    }
}

/// People on the list who go by that name: most often the one who stands here.
#[component]
fn Namesakes(name: RwSignal<String>) -> impl IntoView {
    const SHOWN_MAX: usize = 3;
    let point: Point = expect_context();
    let same = Memo::new(move |_| {
        let mut same = namesakes(point.state, &name.get());
        same.truncate(SHOWN_MAX);
        same
    });
    view! {
        <Show when=move || !same.with(Vec::is_empty)>
            <Notice
                kind=NoticeKind::Warning
                title="Trên máy đã có người tên này"
                detail="Nếu là cùng một người, chạm vào tên để mở."
                testid="same-person"
            />
            // Whoever opens one of them adds nobody.
            <ul class="rows point-rows" role="list" on:click=move |_| point.draft.forget()>
                <For each=move || same.get() key=Clone::clone children=|found: Found| view! { <PersonRow found testid="point-namesake" /> } />
            </ul>
        </Show>
    }
}

/// What was typed into the search, where it can be the beginning of a name.
fn typed_name(text: &str) -> String {
    let is_name = !text.is_empty() && !text.chars().any(|letter| letter.is_ascii_digit());
    if is_name { clean(text) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::typed_name;

    #[test]
    fn letters_that_were_searched_begin_the_name_and_numbers_do_not() {
        assert_eq!(typed_name(" Bàn Thị  Hoa "), "Bàn Thị Hoa");
        assert_eq!(typed_name("12/3"), "");
        assert_eq!(typed_name(""), "");
    }
}
