//! Fields of the form that are more than a line of text.

use domain::text::fold;
use leptos::prelude::*;

use super::typed::{OTHER, RELATIONS};
use super::{Fields, Whose};
use crate::components::{ChipOption, FilterChips, Notice, NoticeKind, TextField};
use crate::pages::door::secrets;
use crate::state::AppState;

#[component]
pub fn Relation(fields: Fields) -> impl IntoView {
    let options: Vec<ChipOption> = RELATIONS.into_iter().map(|relation| ChipOption::new(relation, relation)).collect();
    view! {
        <div class="form__group chips-wrapped">
            <p class="form__legend">"Quan hệ với chủ hộ"</p>
            <FilterChips
                label="Quan hệ với chủ hộ"
                options
                selected=fields.relation
                on_select=move |key| fields.relation.set(key)
                testid="resident-relation"
            />
            <Show when=move || fields.relation.with(|relation| relation == OTHER)>
                <TextField label="Là gì với chủ hộ" value=fields.other testid="resident-relation-other" />
            </Show>
        </div>
    }
}

/// Where somebody lives who is in no household of the list.
#[component]
pub fn Address(value: RwSignal<String>) -> impl IntoView {
    let warning = Memo::new(move |_| value.with(|text| secrets::warning(text)));
    view! {
        <TextField label="Nơi ở" value hint="Không bắt buộc, ví dụ “Tổ 3, gần chợ”." testid="resident-address" />
        {move || warning.get().map(|title| view! { <Notice kind=NoticeKind::Warning title testid="secret-warning" /> })}
    }
}

/// Somebody of that name lives here already: the same person, or a namesake?
#[component]
pub fn SameName(whose: Whose, fields: Fields) -> impl IntoView {
    let state = AppState::expect();
    let view = state.view(whose.area);
    let namesake = Memo::new(move |_| {
        let wanted = fields.name.with(|name| fold(name));
        view.with(|view| {
            let door = view.households.get(&whose.who.household()?)?;
            let others = door.residents.iter().filter(|id| Some(**id) != whose.who.resident());
            let mut known = others.filter_map(|id| view.residents.get(id)).filter(|person| person.is_present());
            let same = known.find(|person| !wanted.is_empty() && fold(&person.resident.name) == wanted)?;
            Some((same.resident.name.clone(), same.resident.birth_year))
        })
    });
    move || {
        namesake.get().map(|(name, year)| {
            let year = year.map_or_else(|| "chưa rõ năm sinh".to_owned(), |year| format!("sinh {year}"));
            view! {
                <Notice
                    kind=NoticeKind::Warning
                    title=format!("Trong hộ đã có {name}, {year}")
                    detail="Nếu là cùng một người thì không cần thêm. Nếu là người khác trùng tên, ghi năm sinh."
                    testid="same-person"
                />
            }
        })
    }
}
