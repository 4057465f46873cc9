//! Choosing households along the walk, one by one, by alley or from one door to another, and moving them to a route.

mod picker;
mod rows;

use domain::DocId;
use domain::division;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::app::Shell;
use crate::components::{
    Button, ButtonKind, ChipOption, Choice, ChoiceOption, EmptyState, FilterChips, IconName, Sheet, WindowedList,
    grouped,
};

use super::{Division, HREF, UNROUTED};
use picker::{Item, Picker};
use rows::{PICK_ROW_PX, pick_row};

const ALL: &str = "all";
const NEW: &str = "new";

#[component]
pub fn Moving(division: Division) -> impl IntoView {
    let query = use_query_map();
    let from = query.with_untracked(|query| query.get("tu")).unwrap_or_else(|| ALL.to_owned());
    let picker = Picker::new(division.view, from);
    let is_asking = RwSignal::new(false);
    let is_empty = Memo::new(move |_| picker.items.with(Vec::is_empty));
    let row = move |item: Item, _place: Signal<usize>| pick_row(picker, item);
    let bottom = move || {
        view! {
            <div class="routes__bar">
                <Button
                    wide=true
                    disabled=Signal::derive(move || picker.count() == 0)
                    on_press=move |()| is_asking.set(true)
                    testid="move-open"
                >
                    {move || match picker.count() {
                        0 => "Chọn hộ để chuyển".to_owned(),
                        count => format!("Chuyển {} hộ sang…", grouped(count)),
                    }}
                </Button>
            </div>
        }
    };
    view! {
        <Shell
            title="Chuyển hộ"
            page="routes-move"
            subtitle=Signal::derive(move || division.area_name())
            back=HREF.to_owned()
            list=true
            tabs=false
            toolbar=move || view! { <Toolbar division picker /> }
            bottom
        >
            <Show
                when=move || !is_empty.get()
                fallback=|| view! { <EmptyState icon=IconName::List title="Không có hộ nào ở đây" /> }
            >
                <WindowedList keys=picker.items row_height_px=PICK_ROW_PX render=row label="Các hộ theo thứ tự đi" testid="move-list" />
            </Show>
            <Sheet
                open=is_asking
                title=Signal::derive(move || format!("Chuyển {} hộ sang", grouped(picker.count())))
                on_close=move |()| is_asking.set(false)
                testid="move-sheet"
            >
                <Targets division picker is_asking />
            </Sheet>
        </Shell>
    }
}

/// Whose households are listed, and how they are chosen.
#[component]
fn Toolbar(division: Division, picker: Picker) -> impl IntoView {
    let options = move || {
        division.view.with(|view| {
            let sizes = division::sizes(view);
            let size = |route: Option<DocId>| sizes.get(&route).copied().unwrap_or(0);
            let mut options = vec![ChipOption::new(ALL, "Tất cả").count(view.households.len())];
            if size(None) > 0 {
                options.push(ChipOption::new(UNROUTED, "Chưa phân tuyến").count(size(None)));
            }
            let routes = view.routes.iter();
            options.extend(
                routes.map(|route| ChipOption::new(route.id.to_string(), &route.name).count(size(Some(route.id)))),
            );
            options
        })
    };
    view! {
        <FilterChips
            label="Hộ của tuyến"
            options=Signal::derive(options)
            selected=picker.source
            on_select=move |key: String| picker.show(key)
            testid="move-source"
        />
        <div class="routes__tools">
            <button
                class="routes__span"
                type="button"
                aria-pressed=move || picker.is_spanning().to_string()
                data-testid="move-span"
                on:click=move |_| picker.toggle_span()
            >
                {move || picker.span_words()}
            </button>
            <Show when=move || picker.has_any()>
                <Button kind=ButtonKind::Quiet on_press=move |()| picker.clear() testid="move-clear">
                    {move || format!("Bỏ chọn {}", grouped(picker.count()))}
                </Button>
            </Show>
        </div>
    }
}

/// Where to: the routes, a new one, or none.
#[component]
fn Targets(division: Division, picker: Picker, is_asking: RwSignal<bool>) -> impl IntoView {
    let new_name = division.view.with_untracked(|view| division::next_name(&view.routes));
    let options = division.view.with_untracked(|view| {
        let sizes = division::sizes(view);
        let detail = |route: &domain::place::Route| {
            let members = division.member_names(&route.members).join(", ");
            let count = grouped(sizes.get(&Some(route.id)).copied().unwrap_or(0));
            if members.is_empty() { format!("{count} hộ") } else { format!("{count} hộ · {members}") }
        };
        let routes =
            view.routes.iter().map(|route| ChoiceOption::new(route.id.to_string(), &route.name).detail(detail(route)));
        let mut options: Vec<ChoiceOption> = routes.collect();
        options.push(ChoiceOption::new(NEW, format!("Tuyến mới: {new_name}")).icon(IconName::Plus));
        options.push(ChoiceOption::new(UNROUTED, "Bỏ khỏi tuyến").icon(IconName::Dash));
        options
    });
    let choose = move |key: String| {
        let Some(area) = division.area.get_untracked() else { return };
        let (households, name) = (picker.chosen(), new_name.clone());
        let count = grouped(households.len());
        is_asking.set(false);
        picker.clear();
        division.save(format!("Đã chuyển {count} hộ"), async move {
            match key.as_str() {
                NEW => division.state.add_route(area, &name, &households).await,
                key => division.state.move_households(area, &households, key.parse().ok()).await,
            }
        });
    };
    view! { <Choice legend="Chọn tuyến nhận" options on_choose=choose testid="move-target" /> }
}
