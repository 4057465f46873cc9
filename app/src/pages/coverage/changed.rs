//! Names, years of birth and phone numbers that members changed after others had set them: before, now, and the way back.

use domain::coverage::AreaView;
use domain::renamed::Renamed;
use domain::{Day, DocId, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Shell;
use crate::components::{Button, ButtonKind, EmptyState, IconName};
use crate::notices::Notices;

use super::Coverage;
use super::area::area_name;

/// The name in the URL.
pub const KEY: &str = "da-doi";

pub fn href() -> String {
    format!("/dia-ban?xem={KEY}")
}

/// A changed value with what stands there now.
type Line = (Renamed, Value);

#[component]
pub fn ChangedPage(coverage: Coverage) -> impl IntoView {
    let lines = Memo::new(move |_| {
        coverage.view.with(|view| {
            let owned = |(kept, now): (&Renamed, Value)| (kept.clone(), now);
            view.renamed_now().into_iter().map(owned).collect::<Vec<Line>>()
        })
    });
    let key = |(kept, now): &Line| (kept.id, kept.at.ms, shown(now));
    view! {
        <Shell
            title="Tên đã đổi"
            page="coverage-changed"
            subtitle=Signal::derive(move || area_name(coverage.state, coverage.area.get()))
            back="/dia-ban".to_owned()
            tabs=false
        >
            <Show when=move || lines.with(Vec::is_empty)>
                <EmptyState icon=IconName::CheckCircle title="Không còn mục nào cần xem" />
            </Show>
            <ul class="doubles" role="list">
                <For each=move || lines.get() key children=move |line| view! { <ChangedLine coverage line /> } />
            </ul>
        </Shell>
    }
}

#[component]
fn ChangedLine(coverage: Coverage, line: Line) -> impl IntoView {
    let (notices, area) = (Notices::expect(), coverage.area);
    let (kept, now) = line;
    let (id, member) = (kept.id, kept.member);
    let change = format!("{}: {} → {}", label(&kept.field), shown(&kept.before), shown(&now));
    let day = Day::at_ms(kept.at.ms).vietnamese();
    let (whose, href) = coverage.view.with_untracked(|view| whose(view, kept.of));
    let put_back = move |()| {
        let Some(area) = area.get_untracked() else { return };
        let (kept, now) = (kept.clone(), now.clone());
        spawn_local(async move {
            notices.tell("Đã đổi lại như trước", coverage.state.put_back(area, &kept, now).await);
        });
    };
    let let_stand = move |()| {
        let Some(area) = area.get_untracked() else { return };
        spawn_local(async move {
            notices.tell("Đã giữ như bây giờ", coverage.state.let_stand(area, id).await);
        });
    };
    view! {
        <li class="card double" data-testid="changed" data-id=id.to_string()>
            <a class="double__name" href=href>{whose}</a>
            <p data-testid="changed-what">{change}</p>
            <p class="muted">{move || format!("{} đổi ngày {day}", coverage.member_name(member))}</p>
            <div class="double__answers">
                <Button wide=true kind=ButtonKind::Secondary on_press=put_back testid="changed-back">"Đổi lại"</Button>
                <Button wide=true kind=ButtonKind::Quiet on_press=let_stand testid="changed-keep">"Giữ như bây giờ"</Button>
            </div>
        </li>
    }
}

/// The person or household it is about, as they are called now, and where to find them.
fn whose(view: &AreaView, of: DocId) -> (String, String) {
    if let Some(door) = view.households.get(&of) {
        let home = &door.household;
        return (format!("Hộ {} {}", home.house_no, home.head), format!("/ho/{of}"));
    }
    let name = view.residents.get(&of).map(|person| person.resident.name.clone()).unwrap_or_default();
    let home = view.household_of(of).map(|door| door.household.id);
    let href = home.map_or_else(|| format!("/diem/{of}"), |home| format!("/ho/{home}"));
    (if name.is_empty() { "Chưa có tên".to_owned() } else { name }, href)
}

fn label(field: &str) -> &'static str {
    match field {
        "name" => "Tên",
        "head" => "Chủ hộ",
        "house_no" => "Số nhà",
        "birth_year" => "Năm sinh",
        "phone" => "Số điện thoại",
        _ => "Mục khác",
    }
}

fn shown(value: &Value) -> String {
    match (value.as_text().map(str::trim), value.as_int()) {
        (Some(text), _) if !text.is_empty() => text.to_owned(),
        (None, Some(number)) => number.to_string(),
        _ => "để trống".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_was_taken_away_is_told_as_empty() {
        assert_eq!(shown(&Value::text("Nông Thị Mỷ")), "Nông Thị Mỷ");
        assert_eq!(shown(&Value::Int(1950)), "1950");
        assert_eq!(shown(&Value::text(" ")), "để trống");
        assert_eq!(shown(&Value::Null), "để trống");
    }

    #[test]
    fn every_watched_field_has_a_label() {
        for kind in [domain::Kind::Household, domain::Kind::Resident] {
            for field in domain::renamed::watched(&kind) {
                assert_ne!(label(field), "Mục khác", "{field}");
            }
        }
    }
}
