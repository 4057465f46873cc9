//! Nghi trùng over the whole commune, side by side: joined, kept apart, parted again.

use std::sync::Arc;

use app::components::{Button, ButtonKind, EmptyState, IconName, LoadingScreen, Notice, NoticeKind, grouped};
use app::sync;
use domain::DocId;
use domain::protocol::{DoublePair, DoublesChanged, DoublesReply, JoinDoubles, PartDoubles};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::holders::{Facts, Reasons, person_lines};
use crate::frame::Frame;
use crate::notices::Notices;
use crate::office::sentence;

#[derive(Clone, Copy)]
struct Desk {
    /// `None` until the server has answered.
    reply: RwSignal<Option<Arc<DoublesReply>>>,
    failed: RwSignal<Option<String>>,
    is_busy: RwSignal<bool>,
    notices: Notices,
}

impl Desk {
    fn ask(self) {
        spawn_local(async move {
            match sync::get::<DoublesReply>("/api/lists/doubles").await {
                Ok(reply) => {
                    self.failed.set(None);
                    self.reply.set(Some(Arc::new(reply)));
                }
                Err(error) => self.failed.set(Some(sentence(&error))),
            }
        });
    }

    fn join(self, a: DocId, b: DocId, keep: DocId) {
        self.say("/api/lists/doubles/join", JoinDoubles { a, b, keep }, "Đã gộp thành một người");
    }

    fn part(self, a: DocId, b: DocId) {
        self.say("/api/lists/doubles/part", PartDoubles { a, b }, "Đã ghi là hai người");
    }

    fn say(self, path: &'static str, what: impl serde::Serialize + 'static, words: &'static str) {
        self.is_busy.set(true);
        spawn_local(async move {
            match sync::ask::<DoublesChanged>(path, &what).await {
                Ok(_) => {
                    self.notices.say(words);
                    self.ask();
                }
                Err(error) => self.notices.fail(sentence(&error)),
            }
            self.is_busy.set(false);
        });
    }
}

#[component]
pub fn DoublesPage() -> impl IntoView {
    let desk = Desk {
        reply: RwSignal::new(None),
        failed: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        notices: Notices::expect(),
    };
    desk.ask();
    view! {
        <Frame title="Nghi trùng" page="doubles" wide=true>
            {move || desk.failed.get().map(|sentence| view! {
                <Notice
                    kind=NoticeKind::Error
                    title="Chưa tìm được"
                    detail=Some(sentence)
                    action=Some("Thử lại".to_owned())
                    on_action=Callback::new(move |()| desk.ask())
                />
            })}
            {move || match desk.reply.get() {
                None if desk.failed.with(Option::is_none) => {
                    view! { <LoadingScreen label="Đang so danh sách các địa bàn…" value=0 max=0 /> }.into_any()
                }
                None => ().into_any(),
                Some(reply) => view! { <Found desk reply /> }.into_any(),
            }}
        </Frame>
    }
}

#[component]
fn Found(desk: Desk, reply: Arc<DoublesReply>) -> impl IntoView {
    let pairs = reply.doubles.clone();
    let told = match (pairs.len(), reply.more) {
        (0, _) => None,
        (count, 0) => Some(format!("{} cặp giống nhau, cần xem có phải một người.", grouped(count))),
        (count, more) => Some(format!(
            "{} cặp giống nhau nhất; còn {} cặp nữa hiện ra sau khi xem xong.",
            grouped(count),
            grouped(more)
        )),
    };
    let empty = pairs.is_empty().then(|| {
        view! {
            <EmptyState icon=IconName::CheckCircle title="Không còn ai giống nhau cần xem" />
        }
    });
    let people = Arc::clone(&reply);
    let pair = move |pair: DoublePair| view! { <Pair desk reply=Arc::clone(&people) pair /> };
    let of_groups = Arc::clone(&reply);
    let group = move |group: Vec<DocId>| view! { <Group desk reply=Arc::clone(&of_groups) group /> };
    let joined = (!reply.joined.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2 class="section__title">"Đã gộp"</h2>
                <ul class="doubles" role="list">{reply.joined.clone().into_iter().map(group).collect_view()}</ul>
            </section>
        }
    });
    view! {
        {told.map(|told| view! { <p data-testid="doubles-told">{told}</p> })}
        {empty}
        <ul class="doubles" role="list">{pairs.into_iter().map(pair).collect_view()}</ul>
        {joined}
    }
}

fn side(reply: &DoublesReply, id: DocId) -> impl IntoView {
    reply.people.get(&id).map(|person| {
        view! {
            <div class="double__side"><Facts title=person.name.clone() lines=person_lines(person) /></div>
        }
    })
}

#[component]
fn Pair(desk: Desk, reply: Arc<DoublesReply>, pair: DoublePair) -> impl IntoView {
    let DoublePair { a, b, reasons } = pair;
    let area = |id: DocId| reply.people.get(&id).map(|person| (person.area, person.area_name.clone()));
    let (here, there) = (area(a), area(b));
    let is_across = here.as_ref().map(|(id, _)| id) != there.as_ref().map(|(id, _)| id);
    let busy = Signal::from(desk.is_busy);
    let join = move |keep: DocId, words: String, testid: &'static str| {
        view! { <Button wide=true busy on_press=move |()| desk.join(a, b, keep) testid=testid>{words}</Button> }
    };
    let name = |area: Option<(DocId, String)>| area.map(|(_, name)| name).unwrap_or_default();
    let answers = if is_across {
        // One of the two moves to the other's area, so the coordinator says where the person lives.
        let live = |area| format!("Một người, ở {}", name(area));
        vec![join(a, live(here), "join-here"), join(b, live(there), "join-there")]
    } else {
        vec![join(a, "Đúng một người".to_owned(), "join")]
    };
    view! {
        <li class="card double" data-testid="double">
            <Reasons reasons />
            <div class="double__sides">{side(&reply, a)} {side(&reply, b)}</div>
            <div class="double__answers">
                {answers}
                <Button wide=true busy kind=ButtonKind::Secondary on_press=move |()| desk.part(a, b) testid="part">"Không phải"</Button>
            </div>
        </li>
    }
}

#[component]
fn Group(desk: Desk, reply: Arc<DoublesReply>, group: Vec<DocId>) -> impl IntoView {
    let ends = group.first().copied().zip(group.last().copied());
    let sides = group.iter().map(|id| side(&reply, *id)).collect_view();
    view! {
        <li class="card double" data-testid="joined">
            <div class="double__sides">{sides}</div>
            <Button
                kind=ButtonKind::Secondary
                busy=Signal::from(desk.is_busy)
                on_press=move |()| {
                    if let Some((a, b)) = ends {
                        desk.part(a, b);
                    }
                }
                testid="part"
            >
                "Tách ra"
            </Button>
        </li>
    }
}
