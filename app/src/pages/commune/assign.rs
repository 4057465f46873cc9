//! "Phân công thành viên": who has this area's list on the phone.

use domain::DocId;
use domain::people::Role;
use domain::text::name_key;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Commune;
use crate::components::CheckField;
use crate::notices::Notices;

#[component]
pub fn Assign(commune: Commune, area: DocId) -> impl IntoView {
    let members = Memo::new(move |_| {
        let mut team: Vec<(DocId, String, Role)> = commune.state.members().with(|members| {
            let team = members.values().filter(|member| member.role < Role::Coordinator);
            team.map(|member| (member.id, member.name.clone(), member.role)).collect()
        });
        team.sort_by_cached_key(|(id, name, _)| (name_key(name), *id));
        team
    });
    view! {
        <details class="door__fold" data-testid="assign">
            <summary>"Phân công thành viên"</summary>
            <div class="stack">
                <p class="muted">
                    "Người được chọn có danh sách của địa bàn này trên máy. Bỏ chọn thì danh sách rời khỏi máy của người đó."
                </p>
                <Show when=move || commune.state.point_channel(area).is_some()>
                    <p class="muted">"Ở điểm hỗ trợ, người được chọn chỉ tìm được người của những địa bàn cũng giao cho mình."</p>
                </Show>
                <For
                    each=move || members.get()
                    key=|(id, ..)| *id
                    children=move |(id, name, role)| view! { <Member commune area id name role /> }
                />
            </div>
        </details>
    }
}

#[component]
fn Member(commune: Commune, area: DocId, id: DocId, name: String, role: Role) -> impl IntoView {
    let state = commune.state;
    let notices = Notices::expect();
    let given = Memo::new(move |_| state.members().with(|members| members.get(&id).map(|known| known.areas.clone())));
    let is_here = Memo::new(move |_| given.with(|areas| areas.as_ref().is_some_and(|areas| areas.contains(&area))));
    let others = move || {
        let areas = given.get().unwrap_or_default();
        let names = state.areas().with(|known| {
            let others = known.iter().filter(|known| known.id != area && areas.contains(&known.id));
            others.map(|known| known.name.clone()).collect::<Vec<_>>()
        });
        let mut words = vec![role.label().to_owned()];
        words.extend(names);
        Some(words.join(" · "))
    };
    let label = name.clone();
    let change = move |yes: bool| {
        let saved = format!("Đã lưu trên máy: {} {name}", if yes { "phân công" } else { "thôi phân công" });
        spawn_local(async move { notices.tell(&saved, state.set_area_of(id, area, yes).await) });
    };
    view! { <CheckField label checked=is_here on_change=change hint=Signal::derive(others) testid=format!("assign-{id}") /> }
}
