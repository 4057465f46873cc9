//! The doubtful rows, one at a time: the list's row beside those whom it may mean. Keys: 1 to 5 this one, 0 none of them,
//! arrows to and fro.

use app::components::{Button, ButtonKind, IconName, grouped};
use domain::matching::Reason;
use domain::protocol::{HolderCandidate, HolderDoubt, ListedPerson};
use leptos::prelude::*;

use super::work::{Answer, Work};

#[component]
pub fn Review(work: Work) -> impl IntoView {
    let at = RwSignal::new(0_usize);
    let count = Memo::new(move |_| work.preview.with(|preview| preview.doubtful.len()));
    let doubt = Memo::new(move |_| work.preview.with(|preview| preview.doubtful.get(at.get()).cloned()));
    let go = move |forward: bool| {
        at.update(|at| {
            *at = if forward { (*at + 1).min(count.get_untracked().saturating_sub(1)) } else { at.saturating_sub(1) }
        });
    };
    let answer = move |chosen: Answer| {
        let Some(doubt) = doubt.get_untracked() else { return };
        work.answer(doubt.row, chosen);
        go(true);
    };
    let press = window_event_listener(leptos::ev::keydown, move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || is_typing() {
            return;
        }
        let Some(doubt) = doubt.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowRight" => go(true),
            "ArrowLeft" => go(false),
            "0" => answer(Answer::Nobody),
            key => {
                let chosen = key.parse::<usize>().ok().and_then(|number| doubt.candidates.get(number.checked_sub(1)?));
                if let Some(chosen) = chosen {
                    answer(Answer::This(chosen.resident));
                }
            }
        }
    });
    on_cleanup(move || press.remove());
    let namesakes = Memo::new(move |_| work.lone_namesakes());
    let take_all = move |()| {
        work.answers.update(|answers| {
            answers.extend(namesakes.get_untracked().into_iter().map(|(row, id)| (row, Answer::This(id))));
        });
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="section" aria-label="Cần xem">
                <h2 class="section__title">"Cần xem"</h2>
                <Show when=move || !namesakes.with(Vec::is_empty)>
                    <div class="holders__all">
                        <p>
                            {move || format!("{} dòng chỉ có một người cùng tên, cùng năm sinh trong xã, phường. Người ngoài danh sách có thể trùng tên: chỉ nhận cả khi tin danh sách này chỉ gồm người của xã, phường.", grouped(namesakes.with(Vec::len)))}
                        </p>
                        <Button kind=ButtonKind::Secondary on_press=take_all testid="take-namesakes">"Nhận cả"</Button>
                    </div>
                </Show>
                <div class="holders__steps">
                    <Button kind=ButtonKind::Quiet icon=IconName::Back on_press=move |()| go(false) testid="review-back">"Trước"</Button>
                    <span class="num" data-testid="review-place" aria-live="polite">
                        {move || format!("{} / {}", grouped(at.get() + 1), grouped(count.get()))}
                    </span>
                    <Button kind=ButtonKind::Quiet icon=IconName::Forward on_press=move |()| go(true) testid="review-next">"Sau"</Button>
                </div>
                {move || doubt.get().map(|doubt| view! { <Card work doubt on_answer=Callback::new(answer) /> })}
                <p class="muted holders__keys">"Phím 1–5: đúng người đó. Phím 0: không phải ai. Phím ← →: trước, sau."</p>
            </section>
        </Show>
    }
}

/// Keys belong to the field that somebody types in.
fn is_typing() -> bool {
    let tag = document().active_element().map(|element| element.tag_name());
    tag.is_some_and(|tag| matches!(tag.as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}

#[component]
fn Card(work: Work, doubt: HolderDoubt, on_answer: Callback<Answer>) -> impl IntoView {
    let HolderDoubt { row, candidates } = doubt;
    let answered = Memo::new(move |_| work.answers.with(|answers| answers.get(&row).copied()));
    let holder = work.holder(row).map(|holder| {
        let unknown = || "chưa rõ".to_owned();
        let address = [holder.address.as_str(), holder.cell.as_deref().unwrap_or_default()].join(" ").trim().to_owned();
        let lines = [
            ("Năm sinh", holder.birth_year.map_or_else(unknown, |year| year.to_string())),
            ("Điện thoại", holder.phone.clone().unwrap_or_else(unknown)),
            ("Địa chỉ", Some(address).filter(|address| !address.is_empty()).unwrap_or_else(unknown)),
            ("Nhà cung cấp", holder.provider.clone().unwrap_or_else(|| "—".to_owned())),
        ];
        view! { <Facts title=holder.name.clone() lines=lines.to_vec() /> }
    });
    let one = move |(number, candidate): (usize, HolderCandidate)| {
        view! { <Candidate work number candidate answered on_answer /> }
    };
    let none_state = move || if answered.get() == Some(Answer::Nobody) { "chosen" } else { "open" };
    view! {
        <article class="card review" data-testid="review" data-row=row.to_string()>
            <div class="review__side">
                <p class="review__where muted">{format!("Dòng {} của danh sách", row + 1)}</p>
                {holder}
            </div>
            <div class="review__candidates">
                {candidates.into_iter().enumerate().map(|(at, candidate)| one((at + 1, candidate))).collect_view()}
                <div class="review__none" data-state=none_state>
                    <Button wide=true kind=ButtonKind::Secondary icon=IconName::Close on_press=move |()| on_answer.run(Answer::Nobody) testid="review-none">
                        "Không phải"
                    </Button>
                </div>
                <Show when=move || answered.with(Option::is_some)>
                    <Button kind=ButtonKind::Quiet on_press=move |()| work.forget_answer(row) testid="review-forget">"Bỏ câu trả lời này"</Button>
                </Show>
            </div>
        </article>
    }
}

#[component]
fn Candidate(
    work: Work,
    number: usize,
    candidate: HolderCandidate,
    answered: Memo<Option<Answer>>,
    on_answer: Callback<Answer>,
) -> impl IntoView {
    let id = candidate.resident;
    let person = work.person(id).map(|person| {
        view! { <Facts title=format!("{number}. {}", person.name) lines=person_lines(&person) /> }
    });
    let state = move || if answered.get() == Some(Answer::This(id)) { "chosen" } else { "open" };
    view! {
        <div class="review__side" data-state=state data-testid="candidate">
            {person}
            <Reasons reasons=candidate.reasons />
            <Button wide=true icon=IconName::Check on_press=move |()| on_answer.run(Answer::This(id)) testid="review-same">"Đúng người này"</Button>
        </div>
    }
}

/// What agrees, and what does not.
#[component]
pub fn Reasons(reasons: Vec<Reason>) -> impl IntoView {
    let word = |reason: Reason| {
        let side = if reason.speaks_for() { "for" } else { "against" };
        view! { <li class="review__reason" data-state=side>{reason.label()}</li> }
    };
    view! { <ul class="review__reasons" role="list">{reasons.into_iter().map(word).collect_view()}</ul> }
}

/// A name and what is known beneath it.
#[component]
pub fn Facts(title: String, lines: Vec<(&'static str, String)>) -> impl IntoView {
    let line = |(name, value): (&'static str, String)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    view! {
        <h3 class="review__name">{title}</h3>
        <dl class="review__facts">{lines.into_iter().map(line).collect_view()}</dl>
    }
}

/// A resident as both review pages show one.
pub fn person_lines(person: &ListedPerson) -> Vec<(&'static str, String)> {
    let steps: Vec<String> =
        person.steps.iter().map(|step| format!("{}: {}", step.service().short_label(), step.label())).collect();
    let home = match person.head.as_str() {
        "" => person.house_no.clone(),
        head => format!("{} · hộ {head}", person.house_no).trim_start_matches(" · ").to_owned(),
    };
    vec![
        ("Năm sinh", person.birth_year.map_or_else(|| "chưa rõ".to_owned(), |year| year.to_string())),
        ("Điện thoại", person.phone.clone().unwrap_or_else(|| "chưa rõ".to_owned())),
        ("Địa chỉ", format!("{home}, {}", person.area_name).trim_start_matches(", ").to_owned()),
        ("Đã ghi", if steps.is_empty() { "—".to_owned() } else { steps.join("; ") }),
    ]
}
