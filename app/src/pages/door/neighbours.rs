//! On to the next door without going back to the list.

use domain::DocId;
use leptos::prelude::*;

use super::Door;
use crate::components::{Icon, IconName};
use crate::pages::route::{self, Scope, list};

#[component]
pub fn Neighbours(household: DocId) -> impl IntoView {
    let door: Door = expect_context();
    let around = Memo::new(move |_| {
        let now_ms = door.state.now_ms();
        let me = door.state.me();
        door.view.with(|view| {
            let scope = route::last_scope().unwrap_or_else(|| Scope::usual(view, me));
            let mut walk = list::walk(view, scope, me);
            if !walk.contains(&household) {
                // Found by searching, outside the route.
                walk.clone_from(&view.walk);
            }
            (list::previous(&walk, household), list::next(view, &walk, household, now_ms))
        })
    });
    let name = move |id: DocId| {
        door.view.with(|view| {
            view.households.get(&id).map(|view| {
                let household = &view.household;
                [household.house_no.as_str(), household.head.as_str()]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · ")
            })
        })
    };
    view! {
        <nav class="door-nav" aria-label="Các hộ bên cạnh">
            {move || around.get().0.map(|id| view! {
                // Doors replace each other, so that "back" leads to the list.
                <a class="door-nav__previous" href=format!("/ho/{id}") prop:replace=true aria-label="Hộ trước" data-testid="previous-household">
                    <Icon name=IconName::Back />
                </a>
            })}
            {move || match around.get().1 {
                Some(id) => view! {
                    <a class="door-nav__next" href=format!("/ho/{id}") prop:replace=true data-testid="next-household">
                        <span class="door-nav__words">
                            <span class="door-nav__label">"Hộ tiếp theo"</span>
                            <span class="door-nav__name">{name(id)}</span>
                        </span>
                        <Icon name=IconName::Forward />
                    </a>
                }.into_any(),
                None => view! {
                    <a class="door-nav__next" href=route::last_url() data-testid="route-finished">
                        <span class="door-nav__words"><span class="door-nav__name">"Đã đến hết các hộ, về danh sách"</span></span>
                        <Icon name=IconName::List />
                    </a>
                }.into_any(),
            }}
        </nav>
    }
}
