//! Chỉ tiêu of an area and of each of its members, where they differ from the plan's.

use domain::DocId;
use domain::number::grouped;
use domain::people::Role;
use domain::plan_form::whole_number;
use domain::text::name_key;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, Notice, NoticeKind, TextField};
use crate::state::QuotaOf;

use super::Commune;

/// One number that can be set.
#[derive(Clone)]
struct Line {
    of: QuotaOf,
    label: String,
    typed: RwSignal<String>,
}

#[component]
pub fn Quotas(commune: Commune, area: DocId) -> impl IntoView {
    let role = commune.state.role();
    let usual = move || match commune.campaign.with(|plan| plan.quota) {
        Some(quota) => format!("Để trống thì theo kế hoạch: {} người. Ghi 0 nếu không giao.", grouped(quota.into())),
        None => "Để trống thì theo kế hoạch: không giao chỉ tiêu.".to_owned(),
    };
    view! {
        <Show when=move || role.get() == Role::Coordinator>
            <details class="commune-quota" data-testid="commune-quota">
                <summary><h3>"Chỉ tiêu riêng"</h3></summary>
                <p class="muted">{usual}</p>
                <QuotaForm commune area />
            </details>
        </Show>
    }
}

/// Made once for each opening of the sheet: figures that arrive meanwhile take nothing away that is being typed.
#[component]
fn QuotaForm(commune: Commune, area: DocId) -> impl IntoView {
    let lines = StoredValue::new(lines(commune, area));
    let has_tried = RwSignal::new(false);
    let is_saving = RwSignal::new(false);
    // Said here: the line at the bottom of the page is behind the sheet.
    let is_saved = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);
    let read = move || -> Result<Vec<(QuotaOf, Option<u32>)>, &'static str> {
        lines.with_value(|lines| {
            lines.iter().map(|line| Ok((line.of, whole_number(&line.typed.get_untracked())?))).collect()
        })
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        has_tried.set(true);
        let Ok(quotas) = read() else { return };
        if is_saving.get_untracked() {
            return;
        }
        is_saving.set(true);
        is_saved.set(false);
        failure.set(None);
        spawn_local(async move {
            let saved = commune.state.set_quotas(&quotas).await;
            // The sheet may be closed by now.
            is_saving.try_set(false);
            is_saved.try_set(saved.is_ok());
            failure.try_set(saved.err().map(|why| why.sentence()));
        });
    };
    let fields = lines.with_value(|lines| lines.iter().map(|line| field(line, has_tried)).collect_view());
    view! {
        <form class="form" novalidate on:submit=save>
            {fields}
            {move || failure.get().map(|title| view! { <Notice kind=NoticeKind::Error title /> })}
            <p role="status" data-testid="quota-saved">{move || is_saved.get().then_some("Đã lưu trên máy")}</p>
            <Button submit=true kind=ButtonKind::Secondary busy=is_saving testid="quota-save">"Lưu chỉ tiêu riêng"</Button>
        </form>
    }
}

fn field(line: &Line, has_tried: RwSignal<bool>) -> impl IntoView + use<> {
    let typed = line.typed;
    let error = Signal::derive(move || {
        let wrong = typed.with(|typed| whole_number(typed).err())?;
        has_tried.get().then(|| wrong.to_owned())
    });
    let testid = match line.of {
        QuotaOf::Area(_) => "quota-area",
        QuotaOf::Member(_) => "quota-member",
    };
    view! { <TextField label=line.label.clone() value=typed inputmode="numeric" error testid /> }
}

/// The area, then its members by name.
fn lines(commune: Commune, area: DocId) -> Vec<Line> {
    let typed = |quota: Option<u32>| RwSignal::new(quota.map(|quota| grouped(quota.into())).unwrap_or_default());
    let (areas, members) = (commune.state.areas().get_untracked(), commune.state.members().get_untracked());
    let own = areas.iter().find(|known| known.id == area).map(|known| Line {
        of: QuotaOf::Area(area),
        label: "Mỗi người của địa bàn này".to_owned(),
        typed: typed(known.quota),
    });
    let mut team: Vec<_> = members.values().filter(|member| member.areas.contains(&area)).collect();
    team.sort_by_cached_key(|member| (name_key(&member.name), member.id));
    let team = team.into_iter().map(|member| Line {
        of: QuotaOf::Member(member.id),
        label: format!("Riêng {}", member.name),
        typed: typed(member.quota),
    });
    own.into_iter().chain(team).collect()
}
