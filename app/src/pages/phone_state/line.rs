//! One thing about the phone: how it is, in a sentence, and where it is bad the one thing to do.

use leptos::prelude::*;

use super::install::InstallHint;
use crate::components::{Button, ButtonKind, ButtonLink, Icon, IconName};
use crate::state::AppState;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    Good,
    /// Work can go on; better seen to.
    Watch,
    /// Work could be lost or stop.
    Bad,
}

impl Health {
    fn key(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Watch => "watch",
            Self::Bad => "bad",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Good => IconName::CheckCircle,
            Self::Watch => IconName::Warning,
            Self::Bad => IconName::Error,
        }
    }

    /// For those who don't see the icon.
    fn spoken(self) -> &'static str {
        match self {
            Self::Good => "Tốt: ",
            Self::Watch => "Nên xem: ",
            Self::Bad => "Cần làm: ",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Todo {
    Words(&'static str),
    SendNow,
    /// To what the server refused, or to a new invite.
    Phone(&'static str),
    Install,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub key: &'static str,
    pub health: Health,
    pub name: &'static str,
    pub says: String,
    pub todo: Option<Todo>,
}

impl Line {
    pub fn good(key: &'static str, name: &'static str, says: impl Into<String>) -> Self {
        Self { key, health: Health::Good, name, says: says.into(), todo: None }
    }

    pub fn watch(key: &'static str, name: &'static str, says: impl Into<String>, todo: Todo) -> Self {
        Self { key, health: Health::Watch, name, says: says.into(), todo: Some(todo) }
    }

    pub fn bad(key: &'static str, name: &'static str, says: impl Into<String>, todo: Todo) -> Self {
        Self { key, health: Health::Bad, name, says: says.into(), todo: Some(todo) }
    }
}

#[component]
pub fn Lines(#[prop(into)] lines: Signal<Vec<Line>>) -> impl IntoView {
    view! {
        <ul class="state-lines" role="list">
            <For each=move || lines.get() key=Clone::clone children=|line| view! { <OneLine line /> } />
        </ul>
    }
}

#[component]
fn OneLine(line: Line) -> impl IntoView {
    view! {
        <li class="state-line" data-state=line.health.key() data-testid=format!("state-{}", line.key)>
            <Icon name=line.health.icon() />
            <div class="state-line__body">
                <p class="state-line__name">
                    <span class="visually-hidden">{line.health.spoken()}</span>
                    {line.name}
                </p>
                <p class="state-line__says">{line.says}</p>
                {line.todo.map(what_to_do)}
            </div>
        </li>
    }
}

fn what_to_do(todo: Todo) -> AnyView {
    match todo {
        Todo::Words(words) => view! { <p class="state-line__todo">{words}</p> }.into_any(),
        Todo::Phone(words) => view! {
            <ButtonLink kind=ButtonKind::Secondary href="/may" testid="state-to-phone">{words}</ButtonLink>
        }
        .into_any(),
        Todo::Install => view! { <InstallHint /> }.into_any(),
        Todo::SendNow => {
            let state = AppState::expect();
            let is_sending = Signal::derive(move || state.status().get().is_sending);
            view! {
                <Button
                    kind=ButtonKind::Secondary
                    icon=IconName::Refresh
                    busy=is_sending
                    on_press=move |()| state.sync_now()
                    testid="state-send"
                >
                    "Gửi ngay"
                </Button>
            }
            .into_any()
        }
    }
}
