//! Whose households: those of my routes, of one route, or of the whole area.

use domain::DocId;
use domain::coverage::AreaView;
use leptos::prelude::*;

use super::{Walk, place};
use crate::components::{Choice, ChoiceOption, IconName, Sheet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Mine,
    Whole,
    One(DocId),
}

impl Scope {
    /// The name in the URL.
    pub fn key(self) -> String {
        match self {
            Scope::Mine => "cua-toi".to_owned(),
            Scope::Whole => "ca-dia-ban".to_owned(),
            Scope::One(route) => route.to_string(),
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "cua-toi" => Some(Scope::Mine),
            "ca-dia-ban" => Some(Scope::Whole),
            route => route.parse().ok().map(Scope::One),
        }
    }

    /// Own routes; who has none sees the whole area.
    pub fn usual(view: &AreaView, me: DocId) -> Self {
        if view.routes.iter().any(|route| route.members.contains(&me)) { Scope::Mine } else { Scope::Whole }
    }

    pub fn has_route(self, view: &AreaView, route: Option<DocId>, me: DocId) -> bool {
        match self {
            Scope::Whole => true,
            Scope::One(wanted) => route == Some(wanted),
            Scope::Mine => view.routes.iter().any(|known| Some(known.id) == route && known.members.contains(&me)),
        }
    }

    /// What the screen is called.
    pub fn title(self, view: &AreaView, area: &str, me: DocId) -> String {
        let name_of = |id: DocId| view.routes.iter().find(|route| route.id == id).map(|route| route.name.clone());
        match self {
            Scope::Whole => format!("Cả {area}"),
            Scope::One(route) => name_of(route).unwrap_or_else(|| "Tuyến".to_owned()),
            Scope::Mine => {
                let mut mine = view.routes.iter().filter(|route| route.members.contains(&me));
                match (mine.next(), mine.next()) {
                    (Some(only), None) => only.name.clone(),
                    _ => "Tuyến của tôi".to_owned(),
                }
            }
        }
    }
}

#[component]
pub fn ScopeSheet(is_open: RwSignal<bool>) -> impl IntoView {
    let walk: Walk = expect_context();
    let options = Signal::derive(move || options(walk));
    let selected = Signal::derive(move || Some(key(walk.area, walk.scope.get())));
    let choose = move |chosen: String| {
        is_open.set(false);
        let Some((area, scope)) = chosen.split_once(' ') else { return };
        let (Ok(area), Some(scope)) = (area.parse::<DocId>(), Scope::from_key(scope)) else { return };
        place::show(walk, scope, None);
        if area != walk.area {
            walk.state.area().set(Some(area));
        }
    };
    view! {
        <Sheet open=is_open title="Xem hộ nào" on_close=move |()| is_open.set(false) testid="route-sheet">
            <Choice legend="Tuyến, địa bàn trên máy này" options selected on_choose=choose testid="route-choice" />
        </Sheet>
    }
}

fn key(area: DocId, scope: Scope) -> String {
    format!("{area} {}", scope.key())
}

/// For every area on this phone: my routes, each route, all of it.
fn options(walk: Walk) -> Vec<ChoiceOption> {
    let me = walk.state.me();
    let names = walk.state.areas().get();
    let mut options = Vec::new();
    for area in walk.state.my_areas().get().iter() {
        let name = names.iter().find(|known| known.id == *area).map_or("Địa bàn", |known| known.name.as_str());
        if walk.state.point_channel(*area).is_some() {
            let point = ChoiceOption::new(key(*area, Scope::Whole), name);
            options.push(point.detail("Điểm hỗ trợ").icon(IconName::People));
            continue;
        }
        walk.state.view(*area).with(|view| {
            let count = |scope: Scope| format!("{name} · {} hộ", super::list::walk(view, scope, me).len());
            if Scope::usual(view, me) == Scope::Mine {
                let label = "Tuyến của tôi";
                options.push(
                    ChoiceOption::new(key(*area, Scope::Mine), label).detail(count(Scope::Mine)).icon(IconName::Person),
                );
            }
            for route in &view.routes {
                let scope = Scope::One(route.id);
                options.push(
                    ChoiceOption::new(key(*area, scope), route.name.clone()).detail(count(scope)).icon(IconName::Map),
                );
            }
            let label = format!("Cả {name}");
            options.push(
                ChoiceOption::new(key(*area, Scope::Whole), label).detail(count(Scope::Whole)).icon(IconName::List),
            );
        });
    }
    options
}
