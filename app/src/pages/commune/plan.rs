//! The plan: its name, its days, and when the next report is due.

use domain::Day;
use domain::campaign::Campaign;
use domain::due::Due;
use domain::people::Role;
use domain::span::left;
use leptos::prelude::*;

use crate::components::{ButtonKind, ButtonLink, Icon, IconName, Notice, NoticeKind};
use crate::pages::report;
use crate::state::AppState;

use super::Commune;

#[component]
pub fn Plan(commune: Commune) -> impl IntoView {
    let campaign = commune.campaign;
    let name = move || {
        campaign.with(|plan| if plan.name.is_empty() { "Chưa có kế hoạch".to_owned() } else { plan.name.clone() })
    };
    let today = move || commune.state.today();
    let due = move || campaign.with(|plan| due_words(plan, commune.now_ms.get()));
    let is_undated = Memo::new(move |_| campaign.with(|plan| !plan.name.is_empty() && plan.issued_on.is_none()));
    view! {
        <section class="card stack" data-testid="commune-plan">
            <h2 class="section__title">{name}</h2>
            <p class="commune__line">
                <Icon name=IconName::Calendar />
                <span>{move || campaign.with(|plan| period_words(plan, today()))}</span>
            </p>
            <p class="commune__line" data-testid="commune-due">
                <Icon name=IconName::Clock />
                <span>{due}</span>
            </p>
            <ButtonLink href=report::HREF kind=ButtonKind::Secondary icon=IconName::Table testid="make-report">
                "Lập báo cáo"
            </ButtonLink>
            <Show when=move || is_undated.get()>
                <Notice
                    kind=NoticeKind::Warning
                    title="Kế hoạch chưa ghi ngày ban hành"
                    detail="Chưa có ngày này nên mọi lượt cài đặt do tổ hỗ trợ đều tính là cài mới."
                />
            </Show>
            <EditPlan />
        </section>
    }
}

/// For coordinators, whose plan it is.
#[component]
pub fn EditPlan() -> impl IntoView {
    let state = AppState::expect();
    let (role, campaign) = (state.role(), state.campaign());
    let words = move || campaign.with(|plan| if plan.name.is_empty() { "Lập kế hoạch" } else { "Sửa kế hoạch" });
    view! {
        <Show when=move || role.get() == Role::Coordinator>
            <div>
                <ButtonLink
                    href="/phuong/ke-hoach"
                    kind=ButtonKind::Secondary
                    icon=IconName::Edit
                    testid="commune-edit-plan"
                >
                    {words}
                </ButtonLink>
            </div>
        </Show>
    }
}

/// "Từ 01/06/2026 đến 31/10/2026, còn 12 ngày".
fn period_words(plan: &Campaign, today: Day) -> String {
    let period = match (plan.starts_on, plan.ends_on) {
        (Some(start), Some(end)) => format!("Từ {} đến {}", start.vietnamese(), end.vietnamese()),
        (Some(start), None) => format!("Từ {}", start.vietnamese()),
        (None, Some(end)) => format!("Đến {}", end.vietnamese()),
        (None, None) => return "Kế hoạch không ghi thời hạn".to_owned(),
    };
    let until_start = plan.starts_on.map(|start| start.since(today)).filter(|days| *days > 0);
    let until_end = plan.ends_on.map(|end| end.since(today));
    match (until_start, until_end) {
        (Some(days), _) => format!("{period}, bắt đầu sau {days} ngày"),
        (None, Some(0)) => format!("{period}, hôm nay là ngày cuối"),
        (None, Some(days)) if days > 0 => format!("{period}, còn {days} ngày"),
        (None, Some(_)) => format!("{period}, đã kết thúc"),
        (None, None) => period,
    }
}

/// "Báo cáo tới: Thứ Tư 25/11/2026, trước 11h00 (còn 3 ngày), gửi Phòng Văn hóa - Xã hội".
fn due_words(plan: &Campaign, now_ms: u64) -> String {
    let Some(due) = Due::next(&plan.report_slots, now_ms) else {
        return "Kế hoạch không ghi kỳ báo cáo".to_owned();
    };
    let left = left(due.at_ms, now_ms).map(|left| format!(" ({left})")).unwrap_or_default();
    let to = if due.slot.to.is_empty() { String::new() } else { format!(", gửi {}", due.slot.to) };
    format!("Báo cáo tới: {}{left}{to}", due.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_still_a_day_of_the_plan() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let mut plan = super::super::targets::sample();
        plan.starts_on = Some(day("2026-06-01"));
        plan.ends_on = Some(day("2026-10-31"));
        let words = |today| period_words(&plan, day(today)).split(", ").nth(1).map(str::to_owned);
        assert_eq!(words("2026-05-30").as_deref(), Some("bắt đầu sau 2 ngày"));
        assert_eq!(words("2026-10-30").as_deref(), Some("còn 1 ngày"));
        assert_eq!(words("2026-10-31").as_deref(), Some("hôm nay là ngày cuối"));
        assert_eq!(words("2026-11-01").as_deref(), Some("đã kết thúc"));
    }
}
