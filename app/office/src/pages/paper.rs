//! Paper that came back (`/danh-sach/nhap-phieu`): which sheet, who went and when, then line by line, keyboard first.

mod find;
mod line;
mod start;

use std::collections::BTreeMap;
use std::sync::Arc;

use app::components::{Button, ButtonKind, SelectField, TextField};
use domain::handout::LineCode;
use domain::handout::paper::PaperLine;
use domain::people::Role;
use domain::protocol::{PaperReply, PaperSheet, PaperSource, TakeBackReply, TakeBackRequest};
use domain::{Day, DocId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::frame::Frame;
use crate::notices::Notices;
use crate::office::sentence;

use find::FindLine;
use line::LineForm;
use start::ChooseSheet;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    sheet: RwSignal<Option<Arc<PaperSheet>>>,
    /// The lines as they are now, by their place on the sheet.
    lines: RwSignal<BTreeMap<usize, PaperLine>>,
    /// Who went, and on which day: the keys of the fields.
    member: RwSignal<String>,
    day: RwSignal<String>,
    /// The line that is being typed in.
    open: RwSignal<Option<usize>>,
    /// What was typed in since the sheet was opened, newest first.
    typed: RwSignal<Vec<Typed>>,
    /// Where the next line's code is typed.
    code: NodeRef<leptos::html::Input>,
    /// The number in the address was opened: once is meant, not again for the next sheet.
    came_with_number: StoredValue<bool>,
    /// Taken hold of while the page is made: a tap has no context to find them in.
    notices: Notices,
}

/// A line that was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Typed {
    place: usize,
    written: Vec<DocId>,
    already: u64,
}

impl Desk {
    fn new() -> Self {
        Self {
            sheet: RwSignal::new(None),
            lines: RwSignal::new(BTreeMap::new()),
            member: RwSignal::new(String::new()),
            day: RwSignal::new(String::new()),
            open: RwSignal::new(None),
            typed: RwSignal::new(Vec::new()),
            code: NodeRef::new(),
            came_with_number: StoredValue::new(false),
            notices: Notices::expect(),
        }
    }

    fn take_in(self, sheet: PaperSheet) {
        self.lines.set(sheet.lines.iter().cloned().enumerate().collect());
        let first = if sheet.helpers.len() == 1 { sheet.helpers.first() } else { None };
        self.member.set(first.map(|helper| helper.id.to_string()).unwrap_or_default());
        self.day.set(sheet.printed_on.unwrap_or(sheet.today).to_string());
        self.open.set(None);
        self.typed.set(Vec::new());
        self.sheet.set(Some(Arc::new(sheet)));
    }

    /// Who went and when, once both are said.
    fn round(self) -> Option<(DocId, Day)> {
        Some((self.member.get().parse().ok()?, self.day.get().parse().ok()?))
    }

    /// "12-KM · Số nhà 12/3, Nông Văn Đức".
    fn title(self, place: usize) -> String {
        let source = self.sheet.with_untracked(|sheet| sheet.as_ref().map(|sheet| sheet.source));
        let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let code = match source {
            Some(PaperSource::Handout(handout)) => LineCode::of(handout, number).to_string(),
            _ => number.to_string(),
        };
        let words = self.lines.with(|lines| lines.get(&place).map(house)).unwrap_or_default();
        format!("{code} · {words}")
    }

    fn wrote(self, place: usize, reply: PaperReply) {
        self.lines.update(|lines| {
            lines.insert(place, reply.line);
        });
        self.typed.update(|typed| typed.insert(0, Typed { place, written: reply.written, already: reply.already }));
        self.next();
    }

    /// Ready for the next line.
    fn next(self) {
        self.open.set(None);
        if let Some(code) = self.code.get_untracked() {
            code.set_value("");
            let _ = code.focus();
        }
    }
}

fn house(line: &PaperLine) -> String {
    match line.house_no.as_str() {
        "" => line.head.clone(),
        number => format!("Số nhà {number}, {}", line.head),
    }
}

#[component]
pub fn PaperPage() -> impl IntoView {
    let desk = Desk::new();
    view! {
        <Frame title="Nhập phiếu giấy" page="paper" role=Role::Lead wide=true>
            {move || match desk.sheet.get() {
                None => view! { <ChooseSheet desk /> }.into_any(),
                Some(sheet) => view! { <Sheet desk sheet /> }.into_any(),
            }}
        </Frame>
    }
}

#[component]
fn Sheet(desk: Desk, sheet: Arc<PaperSheet>) -> impl IntoView {
    let title = match sheet.source {
        PaperSource::Handout(number) => format!("Phiếu số {number} – {}", sheet.area_name),
        PaperSource::Area(_) => sheet.area_name.clone(),
    };
    let helpers: Vec<(String, String)> =
        sheet.helpers.iter().map(|helper| (helper.id.to_string(), helper.name.clone())).collect();
    let helpers = std::iter::once((String::new(), "Chọn người đi".to_owned())).chain(helpers).collect::<Vec<_>>();
    let is_ready = Memo::new(move |_| desk.round().is_some());
    let form = Arc::clone(&sheet);
    view! {
        <section class="section" data-testid="paper-sheet">
            <h2 class="section__title">{title}</h2>
            <div class="paper__round">
                <SelectField label="Người đi" value=desk.member options=Signal::stored(helpers) testid="paper-member" />
                <TextField label="Ngày trên phiếu" kind="date" value=desk.day testid="paper-day" />
            </div>
            <Show
                when=move || is_ready.get()
                fallback=|| view! { <p class="muted">"Chọn người đi và ngày ghi trên phiếu rồi nhập từng dòng."</p> }
            >
                <FindLine desk />
            </Show>
        </section>
        {move || {
            let place = desk.open.get().filter(|_| is_ready.get())?;
            let sheet = Arc::clone(&form);
            Some(view! { <LineForm desk sheet place /> })
        }}
        <TypedLines desk area=sheet.area />
        <div class="cluster">
            <Button kind=ButtonKind::Quiet on_press=move |()| desk.sheet.set(None) testid="paper-close">"Nhập phiếu khác"</Button>
        </div>
    }
}

/// What was typed in so far, to be checked against the paper and taken back.
#[component]
fn TypedLines(desk: Desk, area: DocId) -> impl IntoView {
    let count = Memo::new(move |_| desk.typed.with(Vec::len));
    let row = move |typed: Typed| {
        let (written, already) = (typed.written.len(), typed.already);
        let known = (already > 0).then(|| format!(", {already} việc đã có trên máy"));
        let place = typed.place;
        let take_back = move |()| take_back(desk, area, typed.clone());
        view! {
            <li class="paper__typed" data-testid="paper-typed" data-written=written.to_string() data-already=already.to_string()>
                <span><strong>{move || desk.title(place)}</strong> ": đã ghi " {written} " việc" {known}</span>
                {(written > 0).then(|| view! {
                    <Button kind=ButtonKind::Quiet on_press=take_back testid="paper-take-back">"Bỏ dòng này"</Button>
                })}
            </li>
        }
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="section">
                <h2 class="section__title">"Vừa nhập (" {move || count.get()} " dòng)"</h2>
                <ul class="rows paper__list" role="list">
                    <For each=move || desk.typed.get() key=Clone::clone children=row />
                </ul>
            </section>
        </Show>
    }
}

fn take_back(desk: Desk, area: DocId, typed: Typed) {
    let household = desk.lines.with_untracked(|lines| lines.get(&typed.place).map(|line| line.household));
    let Some(household) = household else { return };
    spawn_local(async move {
        let request = TakeBackRequest { area, household, facts: typed.written.clone() };
        match app::sync::ask::<TakeBackReply>("/api/lists/paper/take-back", &request).await {
            Ok(reply) => {
                desk.lines.update(|lines| {
                    lines.insert(typed.place, reply.line);
                });
                desk.typed.update(|all| all.retain(|other| *other != typed));
                desk.notices.say("Đã bỏ dòng này. Nhập lại nếu cần.");
                desk.next();
            }
            Err(error) => desk.notices.fail(sentence(&error)),
        }
    });
}
