//! The area that a lead works in: which it is, choosing another, and what stands there until its list is here.

use std::sync::Arc;

use domain::DocId;
use domain::coverage::AreaView;
use leptos::prelude::*;

use crate::components::{ChipOption, EmptyState, FilterChips, IconName, Progress};
use crate::state::{AppState, Download};

use super::NoArea;

/// The area being worked in, with everything on this phone; empty when there is none.
pub fn view(state: AppState) -> Signal<Arc<AreaView>> {
    let area = state.area();
    Signal::derive(move || area.get().map(|area| state.view(area).get()).unwrap_or_default())
}

pub fn area_name(state: AppState, area: Option<DocId>) -> Option<String> {
    let area = area?;
    state.areas().with(|areas| areas.iter().find(|known| known.id == area).map(|known| known.name.clone()))
}

/// Shown only where there is a choice.
#[component]
pub fn AreaChooser() -> impl IntoView {
    let state = AppState::expect();
    let (mine, area) = (state.my_areas(), state.area());
    let options = move || {
        let option = |id: &DocId| {
            ChipOption::new(id.to_string(), area_name(state, Some(*id)).unwrap_or_else(|| "Chưa rõ tên".to_owned()))
        };
        mine.with(|mine| mine.iter().map(option).collect::<Vec<_>>())
    };
    view! {
        <Show when=move || mine.with(|mine| mine.len() > 1)>
            <FilterChips
                label="Địa bàn"
                options=Signal::derive(options)
                selected=Signal::derive(move || area.get().map(|area| area.to_string()).unwrap_or_default())
                on_select=move |key: String| area.set(key.parse().ok())
                testid="area-chooser"
            />
        </Show>
    }
}

/// Instead of figures while there is no household.
#[component]
pub fn Arriving() -> impl IntoView {
    let state = AppState::expect();
    move || {
        let Some(area) = state.area().get() else { return view! { <NoArea /> }.into_any() };
        match state.download(area).get() {
            Download::Running { have, total } => view! {
                <Progress label="Đang tải danh sách của địa bàn" value=have max=total />
            }
            .into_any(),
            Download::Complete => view! {
                <EmptyState
                    icon=IconName::List
                    title="Địa bàn này chưa có hộ nào"
                    detail="Cán bộ xã, phường nhập danh sách hộ; cũng có thể thêm từng hộ ở màn hình Tuyến."
                />
            }
            .into_any(),
        }
    }
}
