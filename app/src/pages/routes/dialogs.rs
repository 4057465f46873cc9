//! What is asked about a route: its name, its members, whether it should go.

use std::collections::BTreeSet;

use domain::DocId;
use domain::division;
use domain::place::Route;
use domain::text::name_key;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, CheckField, Choice, ChoiceOption, IconName, Sheet, TextField, grouped};

use super::Division;

/// What the sheet over the list asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    None,
    Add,
    More(DocId),
    Rename(DocId),
    Assign(DocId),
    Delete(DocId),
}

impl Dialog {
    fn route(self) -> Option<DocId> {
        match self {
            Self::None | Self::Add => None,
            Self::More(id) | Self::Rename(id) | Self::Assign(id) | Self::Delete(id) => Some(id),
        }
    }
}

#[component]
pub fn Dialogs(division: Division, dialog: RwSignal<Dialog>) -> impl IntoView {
    let name = move || {
        let id = dialog.get().route();
        division.view.with_untracked(|view| {
            view.routes.iter().find(|route| Some(route.id) == id).map(|route| route.name.clone()).unwrap_or_default()
        })
    };
    let title = move || match dialog.get() {
        Dialog::None => String::new(),
        Dialog::Add => "Thêm tuyến".to_owned(),
        Dialog::More(_) => name(),
        Dialog::Rename(_) => format!("Đổi tên {}", name()),
        Dialog::Assign(_) => format!("Phân công {}", name()),
        Dialog::Delete(_) => format!("Bỏ {}?", name()),
    };
    view! {
        <Sheet
            open=Signal::derive(move || dialog.get() != Dialog::None)
            title=Signal::derive(title)
            on_close=move |()| dialog.set(Dialog::None)
            testid="route-sheet"
        >
            {move || match dialog.get() {
                Dialog::None => ().into_any(),
                Dialog::Add => view! { <NameForm division dialog route=None /> }.into_any(),
                Dialog::More(route) => view! { <More dialog route /> }.into_any(),
                Dialog::Rename(route) => view! { <NameForm division dialog route=Some(route) /> }.into_any(),
                Dialog::Assign(route) => view! { <Assign division dialog route /> }.into_any(),
                Dialog::Delete(route) => view! { <Delete division dialog route /> }.into_any(),
            }}
        </Sheet>
    }
}

fn find(division: Division, id: DocId) -> Option<Route> {
    division.view.with_untracked(|view| view.routes.iter().find(|route| route.id == id).cloned())
}

#[component]
fn More(dialog: RwSignal<Dialog>, route: DocId) -> impl IntoView {
    let options = vec![
        ChoiceOption::new("rename", "Đổi tên").icon(IconName::Edit),
        ChoiceOption::new("delete", "Bỏ tuyến này")
            .icon(IconName::Trash)
            .detail("Các hộ vẫn còn, trở về chưa phân tuyến"),
    ];
    let choose = move |key: String| {
        dialog.set(if key == "rename" { Dialog::Rename(route) } else { Dialog::Delete(route) });
    };
    view! { <Choice legend="Làm gì với tuyến này" options on_choose=choose testid="route-choice" /> }
}

/// A new route, or another name for one.
#[component]
fn NameForm(division: Division, dialog: RwSignal<Dialog>, route: Option<DocId>) -> impl IntoView {
    let known = route.and_then(|id| find(division, id)).map(|route| route.name);
    let first = known.unwrap_or_else(|| division.view.with_untracked(|view| division::next_name(&view.routes)));
    let name = RwSignal::new(first);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let save = move || {
        let Some(area) = division.area.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        let typed = name.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let outcome = match route {
                Some(route) => division.state.rename_route(area, route, &typed).await,
                None => division.state.add_route(area, &typed, &[]).await,
            };
            busy.try_set(false);
            match outcome {
                Ok(undo) => {
                    dialog.set(Dialog::None);
                    division.notices.say_saved(format!("Đã lưu {}", typed.trim()), Some(undo));
                }
                Err(why) => {
                    error.try_set(Some(why.sentence()));
                }
            }
        });
    };
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); save(); }>
            <TextField
                label="Tên tuyến"
                value=name
                hint="Có thể đặt theo ngõ, theo xóm: Ngõ 12, Xóm Trên".to_owned()
                error
                required=true
                testid="route-name"
            />
            <div class="sheet__actions">
                <Button submit=true busy testid="route-save">"Lưu"</Button>
            </div>
        </form>
    }
}

/// A member to choose.
#[derive(Clone)]
struct Candidate {
    id: DocId,
    name: String,
    /// The other routes that this member already has.
    others: Vec<String>,
}

fn candidates(division: Division, route: &Route) -> Vec<Candidate> {
    let area = division.area.get_untracked();
    let members = division.state.members().get_untracked();
    let view = division.view.get_untracked();
    let is_here =
        |id: &DocId, areas: &[DocId]| area.is_some_and(|area| areas.contains(&area)) || route.members.contains(id);
    let mut team: Vec<Candidate> = members
        .values()
        .filter(|member| is_here(&member.id, &member.areas))
        .map(|member| {
            let others = view.routes.iter().filter(|other| other.id != route.id && other.members.contains(&member.id));
            Candidate {
                id: member.id,
                name: member.name.clone(),
                others: others.map(|other| other.name.clone()).collect(),
            }
        })
        .collect();
    team.sort_by_cached_key(|candidate| (name_key(&candidate.name), candidate.id));
    team
}

#[component]
fn Assign(division: Division, dialog: RwSignal<Dialog>, route: DocId) -> impl IntoView {
    let found = find(division, route);
    let team = found.as_ref().map(|route| candidates(division, route)).unwrap_or_default();
    let chosen =
        RwSignal::new(found.map(|route| route.members.into_iter().collect::<BTreeSet<_>>()).unwrap_or_default());
    let is_empty = team.is_empty();
    let fields = team.into_iter().map(|Candidate { id, name, others }| {
        let hint = (!others.is_empty()).then(|| format!("Đang phụ trách {}", others.join(", ")));
        let change = move |yes: bool| {
            chosen.update(|chosen| {
                if yes {
                    chosen.insert(id)
                } else {
                    chosen.remove(&id)
                };
            });
        };
        view! {
            <CheckField
                label=name
                checked=Signal::derive(move || chosen.with(|chosen| chosen.contains(&id)))
                on_change=change
                hint
                testid="route-member"
            />
        }
    });
    let fields = fields.collect_view();
    let save = move |()| {
        let Some(area) = division.area.get_untracked() else { return };
        let members: Vec<DocId> = chosen.with_untracked(|chosen| chosen.iter().copied().collect());
        dialog.set(Dialog::None);
        division.save("Đã lưu phân công".to_owned(), async move {
            division.state.assign_members(area, route, &members).await
        });
    };
    view! {
        <div class="stack">
            {is_empty.then(|| view! {
                <p class="muted">"Địa bàn này chưa có thành viên. Cán bộ xã, phường thêm thành viên và phân địa bàn."</p>
            })}
            {fields}
            <div class="sheet__actions">
                <Button on_press=save testid="route-save-members">"Lưu phân công"</Button>
            </div>
        </div>
    }
}

#[component]
fn Delete(division: Division, dialog: RwSignal<Dialog>, route: DocId) -> impl IntoView {
    let count = division.view.with_untracked(|view| division::sizes(view).get(&Some(route)).copied().unwrap_or(0));
    let name = find(division, route).map(|route| route.name).unwrap_or_default();
    let words = match count {
        0 => "Tuyến này không có hộ nào.".to_owned(),
        count => format!("{} hộ của tuyến vẫn còn nguyên và trở về “Chưa phân tuyến”.", grouped(count)),
    };
    let delete = move |()| {
        let Some(area) = division.area.get_untracked() else { return };
        dialog.set(Dialog::None);
        division.save(format!("Đã bỏ {name}"), async move { division.state.delete_route(area, route).await });
    };
    view! {
        <p>{words}</p>
        <div class="sheet__actions">
            <Button kind=ButtonKind::Secondary on_press=move |()| dialog.set(Dialog::None)>"Giữ lại"</Button>
            <Button kind=ButtonKind::Danger on_press=delete testid="route-delete">"Bỏ tuyến"</Button>
        </div>
    }
}
