//! From what is typed to a line: its code, or words of the house number and the head.

use app::components::element_id;
use domain::handout::paper::PaperLine;
use domain::handout::{BadCode, LineCode};
use domain::protocol::PaperSource;
use domain::text::fold;
use leptos::prelude::*;

use super::{Desk, house};

const SHOWN_MAX: usize = 8;

/// What somebody means by what they typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Line(usize),
    Some(Vec<usize>),
    Nothing(String),
}

fn find<'a>(
    typed: &str,
    source: PaperSource,
    count: usize,
    lines: impl Iterator<Item = (usize, &'a PaperLine)>,
) -> Found {
    if let PaperSource::Handout(number) = source {
        match LineCode::read(typed, number, count) {
            Ok(line) => return Found::Line(usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1)),
            Err(BadCode::NotACode) if typed.trim().chars().all(|letter| letter.is_ascii_digit()) => {
                return Found::Nothing("Gõ thêm hai chữ cái in sau số dòng.".to_owned());
            }
            Err(BadCode::NotACode) => {}
            Err(bad) => return Found::Nothing(bad.to_string()),
        }
    }
    let wanted = fold(typed);
    let fits = |line: &PaperLine| !line.is_gone && fold(&house(line)).contains(&wanted);
    let found: Vec<usize> = lines.filter(|(_, line)| fits(line)).map(|(place, _)| place).take(SHOWN_MAX).collect();
    match found.as_slice() {
        [] => Found::Nothing("Không có hộ nào khớp. Xem lại mã dòng, hoặc gõ số nhà, tên chủ hộ.".to_owned()),
        [only] => Found::Line(*only),
        _ => Found::Some(found),
    }
}

#[component]
pub fn FindLine(desk: Desk) -> impl IntoView {
    let id = element_id("code");
    let answer = RwSignal::new(None::<Found>);
    let open = move |place: usize| {
        answer.set(None);
        desk.open.set(Some(place));
    };
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = desk.code.get_untracked().map(|code| code.value()).unwrap_or_default();
        let source = desk.sheet.with_untracked(|sheet| sheet.as_ref().map(|sheet| sheet.source));
        let (Some(source), false) = (source, typed.trim().is_empty()) else { return };
        let found = desk.lines.with_untracked(|lines| {
            find(&typed, source, lines.len(), lines.iter().map(|(place, line)| (*place, line)))
        });
        match found {
            Found::Line(place) => open(place),
            other => answer.set(Some(other)),
        }
    };
    // The form is made once who went is said: the hands go to the keyboard then.
    Effect::new(move |_| {
        if let Some(code) = desk.code.get() {
            let _ = code.focus();
        }
    });
    let choice = move |place: usize| {
        view! {
            <li>
                <button class="button" type="button" data-kind="secondary" on:click=move |_| open(place)>
                    <span class="button__label">{desk.title(place)}</span>
                </button>
            </li>
        }
    };
    view! {
        <form class="field" on:submit=search data-testid="paper-find">
            <label class="field__label" for=id.clone()>"Mã dòng"</label>
            <input
                class="field__control"
                id=id
                node_ref=desk.code
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                enterkeyhint="next"
                data-testid="paper-code"
            />
            <p class="field__hint">"Ví dụ 12-KM, gõ liền cũng được: 12km. Không rõ mã thì gõ số nhà hoặc tên chủ hộ. Bấm Enter."</p>
            <p class="field__error" role="alert">
                {move || match answer.get() {
                    Some(Found::Nothing(sentence)) => Some(sentence),
                    _ => None,
                }}
            </p>
            {move || match answer.get() {
                Some(Found::Some(places)) => Some(view! {
                    <ul class="cluster paper__list" role="list" data-testid="paper-choices">
                        {places.into_iter().map(choice).collect_view()}
                    </ul>
                }),
                _ => None,
            }}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use domain::DocId;

    use super::*;

    fn line(number: u128, house_no: &str, head: &str) -> PaperLine {
        PaperLine {
            household: DocId::from_u128(number),
            house_no: house_no.to_owned(),
            head: head.to_owned(),
            people: Vec::new(),
            visits: Vec::new(),
            is_gone: false,
        }
    }

    fn found(typed: &str, source: PaperSource) -> Found {
        let lines = [line(1, "12/3", "Nông Văn Đức"), line(2, "14", "Nông Thị Mỷ")];
        find(typed, source, lines.len(), lines.iter().enumerate())
    }

    #[test]
    fn a_code_opens_its_line_and_a_mistyped_one_is_told() {
        let sheet = PaperSource::Handout(27);
        assert_eq!(found(&LineCode::of(27, 2).to_string().to_lowercase(), sheet), Found::Line(1));
        assert!(matches!(found(&LineCode::of(28, 2).to_string(), sheet), Found::Nothing(_)));
        assert!(matches!(found("2", sheet), Found::Nothing(_)));
    }

    #[test]
    fn words_find_a_household_with_and_without_a_code() {
        for source in [PaperSource::Handout(27), PaperSource::Area(DocId::from_u128(9))] {
            assert_eq!(found("nong van duc", source), Found::Line(0));
            assert_eq!(found("nông", source), Found::Some(vec![0, 1]));
            assert!(matches!(found("Bàn Thị Hoa", source), Found::Nothing(_)));
        }
        assert_eq!(found("14", PaperSource::Area(DocId::from_u128(9))), Found::Line(1));
    }
}
