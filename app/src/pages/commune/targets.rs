//! The plan's targets against figures: how far, what is still missing, and what the number is made of.

use domain::attainment::Attainment;
use domain::campaign::{Campaign, Counted, Denominator, Measure, Target};
use domain::number::grouped;
use domain::pace::Pace;
use domain::summary::Summary;
use leptos::prelude::*;

use crate::components::TargetBar;

use super::Commune;
use super::pace::PaceLine;

/// A target's bar and the sentences under it, ready to draw.
#[derive(Clone, Debug, PartialEq)]
struct TargetRow {
    key: String,
    label: String,
    /// Value, mark and end of the bar.
    scale: (Option<f64>, f64, f64),
    value_label: String,
    target_label: String,
    deadline: Option<String>,
    is_met: Option<bool>,
    missing: String,
    made_of: Vec<String>,
    pace: Option<Pace>,
}

#[component]
pub fn Targets(commune: Commune) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let (plan, total) = (commune.campaign.get(), commune.total.get());
        let targets = plan.targets.iter().enumerate();
        let (daily, today) = (commune.daily.get(), commune.state.today());
        let pace = |target| Pace::of(target, &plan, &total, &daily, today);
        targets.map(|(index, target)| row(index, target, &plan, &total, pace(target))).collect::<Vec<_>>()
    });
    let denominator = move || commune.campaign.with(|plan| denominator_words(plan));
    let listed = move || commune.total.with(|total| commune.campaign.with(|plan| listed_words(plan, total)));
    view! {
        <section class="section">
            <h2 class="section__title">"Chỉ tiêu của kế hoạch"</h2>
            <Show
                when=move || !rows.with(Vec::is_empty)
                fallback=|| view! { <p class="muted">"Kế hoạch không ghi chỉ tiêu bằng số."</p> }
            >
                <ul class="commune__targets" role="list">
                    <For each=move || rows.get() key=|row| row.key.clone() children=card />
                </ul>
            </Show>
            <p class="muted" data-testid="commune-denominator">{denominator} " " {listed}</p>
        </section>
    }
}

fn card(row: TargetRow) -> impl IntoView {
    let TargetRow {
        label,
        scale: (value, mark, end),
        value_label,
        target_label,
        deadline,
        is_met,
        missing,
        made_of,
        pace,
        ..
    } = row;
    let lines = made_of.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <li class="commune-target" data-testid="commune-target">
            <TargetBar label value target=mark max=end value_label target_label deadline is_met />
            <p class="commune-target__missing" data-testid="target-missing">{missing}</p>
            {pace.map(|pace| view! { <PaceLine pace /> })}
            <ul class="commune-target__parts muted" role="list">{lines}</ul>
        </li>
    }
}

#[expect(clippy::cast_precision_loss, reason = "people of a commune stay far below 2^52")]
fn row(index: usize, target: &Target, plan: &Campaign, total: &Summary, pace: Option<Pace>) -> TargetRow {
    let attained = Attainment::of(target, plan, total);
    let (value, mark, end) = attained.scale();
    let made_of = made_of(target, &attained);
    let label = if target.label.is_empty() { target.measure.label() } else { target.label.clone() };
    let missing = missing_words(&attained);
    TargetRow {
        // Whatever is shown is part of the key: a changed row is drawn anew.
        key: format!("{index} {missing} {label} {made_of:?} {:?} {pace:?}", target.deadline),
        label,
        scale: (value.map(|value| value as f64), mark as f64, end as f64),
        value_label: attained.value_label().unwrap_or_else(|| "chưa rõ".to_owned()),
        target_label: attained.target_label(),
        deadline: target.deadline.map(|day| format!("đến {}", day.vietnamese())),
        is_met: attained.is_met(),
        missing,
        made_of,
        pace,
    }
}

fn missing_words(attained: &Attainment) -> String {
    let unit = attained.unit;
    let needed = attained.needed.map(grouped).unwrap_or_default();
    let whole = attained.of.map(|of| format!(" trên {}", grouped(of))).unwrap_or_default();
    match attained.missing() {
        None => "Chưa tính được còn thiếu bao nhiêu: kế hoạch chưa ghi số dân để tính tỷ lệ.".to_owned(),
        Some(0) => format!("Đã đạt: {} {unit}, cần {needed}{whole}.", grouped(attained.value)),
        Some(missing) => {
            format!("Còn thiếu {} {unit}: đã có {}, cần {needed}{whole}.", grouped(missing), grouped(attained.value))
        }
    }
}

/// What the value is the sum of, and what it leaves out.
fn made_of(target: &Target, attained: &Attainment) -> Vec<String> {
    let recorded = attained.recorded;
    let mut lines = Vec::new();
    if !matches!(target.measure, Measure::Step(_)) {
        return lines;
    }
    match (target.counted, attained.already) {
        (Counted::Stock, Some(already)) => {
            let added = recorded.added();
            let how = if added == recorded.new { "cài mới" } else { "cài mới, tự làm" };
            lines.push(format!(
                "Theo kế hoạch đã có {}; tổ ghi nhận thêm {} ({how}).",
                grouped(already),
                grouped(added)
            ));
            let known = recorded.stock.saturating_sub(added);
            if known > 0 {
                lines.push(format!("Đã có trước kế hoạch, không cộng thêm: {} người.", grouped(known)));
            }
        }
        (Counted::Stock, None) => {
            let parts =
                [(recorded.new, "cài mới"), (recorded.pre_existing, "đã có từ trước"), (recorded.self_done, "tự làm")];
            if let Some(list) = listing(&parts) {
                lines.push(format!("Theo ghi nhận của tổ: {list}."));
            }
        }
        (Counted::New, _) => {
            lines.push(
                "Chỉ tính cài mới từ ngày ban hành kế hoạch; không tính gia hạn và người đã có từ trước.".to_owned(),
            );
        }
    }
    if recorded.renewed > 0 {
        lines.push(format!("Ngoài ra đã giúp gia hạn cho {} người.", grouped(recorded.renewed)));
    }
    lines
}

fn listing(parts: &[(u64, &str)]) -> Option<String> {
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let words: Vec<String> = parts.map(|(number, what)| format!("{} {what}", grouped(*number))).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn denominator_words(plan: &Campaign) -> String {
    let Some(Denominator { people, as_of, source, .. }) = &plan.denominator else {
        return "Chưa có số dân để tính tỷ lệ.".to_owned();
    };
    let source = if source.is_empty() { String::new() } else { format!(", theo {source}") };
    let day = as_of.map(|day| format!(", ngày {}", day.vietnamese())).unwrap_or_default();
    format!("Tỷ lệ tính trên {} người {}{source}{day}.", grouped(*people), plan.counts.label())
}

/// How much of that number is on the team's own list.
fn listed_words(plan: &Campaign, total: &Summary) -> String {
    let unknown = match total.age_unknown {
        0 => String::new(),
        people => format!(", {} người chưa rõ năm sinh", grouped(people)),
    };
    format!("Danh sách của tổ có {} người {}{unknown}.", grouped(total.adults), plan.counted_age().label())
}

#[cfg(test)]
pub fn sample() -> Campaign {
    use domain::campaign::AgeRule;
    let age = AgeRule { years: 15, inclusive: false };
    Campaign {
        name: "Kế hoạch".to_owned(),
        serves: age,
        counts: age,
        quota: Some(15),
        denominator: Some(Denominator {
            people: 17_592,
            as_of: None,
            source: "Công an phường".to_owned(),
            already: Some(8_824),
        }),
        ..Campaign::asking_nothing()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::campaign::{Amount, Comparator};
    use domain::service::Step;
    use domain::summary::StepCount;

    fn target(counted: Counted, amount: Amount) -> Target {
        Target {
            label: String::new(),
            measure: Measure::Step(Step::SignatureActivated),
            group: None,
            counted,
            comparator: Comparator::MoreThan,
            amount,
            deadline: None,
        }
    }

    #[test]
    fn share_and_quota_say_separately_what_is_missing() {
        let count = StepCount { stock: 800, new: 100, pre_existing: 700, ..StepCount::default() };
        let total = Summary { steps: [(Step::SignatureActivated, count)].into(), ..Summary::default() };
        let share = row(0, &target(Counted::Stock, Amount::BasisPoints(7000)), &sample(), &total, None);
        assert_eq!(share.missing, "Còn thiếu 3.391 người: đã có 8.924, cần 12.315 trên 17.592.");
        assert_eq!(share.made_of[0], "Theo kế hoạch đã có 8.824; tổ ghi nhận thêm 100 (cài mới).");
        assert_eq!(share.made_of[1], "Đã có trước kế hoạch, không cộng thêm: 700 người.");
        let quota = row(1, &target(Counted::New, Amount::Number(3_489)), &sample(), &total, None);
        assert_eq!(quota.missing, "Còn thiếu 3.390 người: đã có 100, cần 3.490.");
    }

    #[test]
    fn a_share_without_a_number_of_people_stays_unknown() {
        let plan = Campaign { denominator: None, ..sample() };
        let share = row(0, &target(Counted::Stock, Amount::BasisPoints(7000)), &plan, &Summary::default(), None);
        assert_eq!((share.is_met, share.scale.0, share.value_label.as_str()), (None, None, "chưa rõ"));
    }
}
