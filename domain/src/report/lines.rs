//! The table of a report: which lines a plan asks for, and what each comes to.

use super::{Figures, Line, Report, UnitRow};
use crate::Moment;
use crate::campaign::{Campaign, Channel, Measure};
use crate::daily::Flow;
use crate::service::{Service, Step};
use crate::summary::{StepCount, Summary};

/// Where a line's number comes from.
enum Source {
    /// Summed over days, so it has a period.
    Days(fn(&Flow) -> u64),
    /// The same of one step.
    Step(Step, fn(StepCount) -> u64),
    /// Known as it is today only.
    Today(Box<dyn Fn(&Summary) -> u64>),
}

struct Row {
    key: String,
    label: String,
    unit: &'static str,
    source: Source,
    of: Option<fn(&Summary) -> u64>,
}

impl Row {
    fn new(key: impl Into<String>, label: impl Into<String>, unit: &'static str, source: Source) -> Self {
        Self { key: key.into(), label: label.into(), unit, source, of: None }
    }

    fn of(self, of: fn(&Summary) -> u64) -> Self {
        Self { of: Some(of), ..self }
    }

    fn in_flow(&self, flow: &Flow) -> Option<u64> {
        match &self.source {
            Source::Days(read) => Some(read(flow)),
            Source::Step(step, read) => Some(read(flow.step(*step))),
            Source::Today(_) => None,
        }
    }

    fn cumulative(&self, figures: Figures<'_>, until: &Flow) -> u64 {
        match &self.source {
            Source::Today(read) => read(figures.summary),
            Source::Days(_) | Source::Step(..) => self.in_flow(until).unwrap_or(0),
        }
    }
}

pub(super) fn lines(
    campaign: &Campaign,
    figures: Figures<'_>,
    from: Option<Moment>,
    until: Moment,
    before: Option<&Report>,
) -> Vec<Line> {
    let total = figures.daily.before(until);
    let earlier = from.map(|from| figures.daily.before(from)).unwrap_or_default();
    let line = |row: Row| {
        let reported = before.and_then(|before| before.lines.iter().find(|line| line.key == row.key));
        let now = row.in_flow(&earlier);
        let adjustment = reported.zip(now).map(|(reported, now)| now.cast_signed() - reported.cumulative.cast_signed());
        Line {
            in_period: row.in_flow(&total).zip(now).map(|(total, earlier)| total.saturating_sub(earlier)),
            adjustment,
            cumulative: row.cumulative(figures, &total),
            of: row.of.map(|of| of(figures.summary)).filter(|of| *of > 0),
            key: row.key,
            label: row.label,
            unit: row.unit.to_owned(),
        }
    };
    rows(campaign).into_iter().map(line).collect()
}

pub(super) fn unit_row(campaign: &Campaign, name: &str, figures: Option<Figures<'_>>, until: Moment) -> UnitRow {
    let total = figures.map(|figures| figures.daily.before(until)).unwrap_or_default();
    let figure = |row: Row| figures.map(|figures| row.cumulative(figures, &total));
    UnitRow { name: name.to_owned(), figures: rows(campaign).into_iter().map(figure).collect() }
}

/// The same for every unit and every day of a plan: a spreadsheet that they are pasted into keeps its columns.
fn rows(campaign: &Campaign) -> Vec<Row> {
    let today = |read: fn(&Summary) -> u64| Source::Today(Box::new(read));
    let mut rows = vec![
        Row::new("households", "Tổng số hộ", "hộ", today(|summary| summary.doors.total())),
        Row::new("reached", "Số hộ đã tiếp cận", "hộ", Source::Days(|flow| flow.reached))
            .of(|summary| summary.doors.total()),
        Row::new("visits", "Lượt đến", "lượt", Source::Days(|flow| flow.visits)),
        Row::new("proficient", "Số hộ có ít nhất 01 người thành thạo", "hộ", Source::Days(|flow| flow.proficient))
            .of(|summary| summary.doors.total()),
        Row::new(
            "adults",
            format!("Người {}", campaign.counted_age().label()),
            "người",
            today(|summary| summary.adults),
        ),
    ];
    for service in Service::ALL.into_iter().filter(|service| campaign.done_step(*service).is_some()) {
        rows.extend(of_service(campaign, service));
    }
    if campaign.services.len() > 1 {
        rows.push(
            Row::new("complete", "Người đủ các dịch vụ", "người", Source::Days(|flow| flow.complete))
                .of(Summary::counted),
        );
    }
    rows.extend(of_groups(campaign));
    rows.extend(campaign.channels.iter().filter(|channel| **channel != Channel::Home).map(|channel| {
        let channel = *channel;
        let helped = move |summary: &Summary| summary.channels.get(&channel).map_or(0, |count| count.helped);
        let label = format!("Người được hỗ trợ tại {}", place(channel));
        Row::new(format!("channel.{}", channel.name()), label, "người", Source::Today(Box::new(helped)))
    }));
    rows.extend(of_certificates(campaign));
    rows
}

/// "trạm y tế", "Công an": within a sentence.
fn place(channel: Channel) -> String {
    match channel {
        Channel::PoliceStation | Channel::OneStopCentre => channel.label().to_owned(),
        _ => channel.label().to_lowercase(),
    }
}

/// Registered, activated and used apart; of the step that counts as done, how it came about.
fn of_service(campaign: &Campaign, service: Service) -> Vec<Row> {
    let is_measured = |step: Step| campaign.targets.iter().any(|target| target.measure == Measure::Step(step));
    let done = campaign.done_step(service);
    // The plans keep what a signature has come to apart (BK26:57, TH26:123); of other services they ask what is done.
    let is_told = |step: &Step| match step {
        Step::Guided => is_measured(*step),
        _ => service == Service::PublicSignature || Some(*step) >= done,
    };
    let name = campaign.service_label(service);
    let mut rows = Vec::new();
    for step in service.steps().iter().copied().filter(is_told) {
        let label = format!("{name}: {}", lower_first(step.label()));
        let of_step = |part: &str, label: String, read: fn(StepCount) -> u64| {
            Row::new(format!("{}.{part}", step.name()), label, "người", Source::Step(step, read))
        };
        rows.push(of_step("stock", label, |count| count.stock).of(Summary::counted));
        if done == Some(step) {
            let new = if service == Service::PublicSignature { "cài mới" } else { "mới làm" };
            rows.push(of_step("new", format!("– trong đó {new}"), |count| count.new));
            rows.push(of_step("pre_existing", "– trong đó đã có từ trước".to_owned(), |count| {
                count.pre_existing
            }));
            rows.push(of_step("self_done", "– trong đó tự làm".to_owned(), |count| count.self_done));
            rows.push(of_step("renewed", "– ngoài ra gia hạn".to_owned(), |count| count.renewed));
        }
    }
    rows
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// For each group the steps that the plan has a target for (X10: guided and installed are two things).
fn of_groups(campaign: &Campaign) -> Vec<Row> {
    let mut rows = Vec::new();
    for group in &campaign.groups {
        let mut steps: Vec<Step> = campaign
            .targets
            .iter()
            .filter(|target| target.group.as_ref() == Some(&group.key))
            .filter_map(|target| match target.measure {
                Measure::Step(step) => Some(step),
                _ => None,
            })
            .collect();
        steps.sort_unstable();
        steps.dedup();
        for step in steps {
            let key = group.key.clone();
            let reached = move |summary: &Summary| {
                let count = summary.groups.get(&key).and_then(|group| group.steps.get(&step));
                count.map_or(0, |count| count.stock)
            };
            let label = format!("{}: {}", group.label, lower_first(step.label()));
            let key = format!("group.{}.{}", group.key, step.name());
            rows.push(Row::new(key, label, "người", Source::Today(Box::new(reached))));
        }
    }
    rows
}

/// Certificates by provider: more than people where somebody has two (X8).
fn of_certificates(campaign: &Campaign) -> Vec<Row> {
    if campaign.done_step(Service::PublicSignature).is_none() || campaign.providers.is_empty() {
        return Vec::new();
    }
    let of_provider = |provider: &String| {
        let (name, key) = (provider.clone(), format!("certificates.{provider}"));
        let held = move |summary: &Summary| summary.certificates.get(&name).copied().unwrap_or(0);
        Row::new(key, format!("Chứng thư số {provider}"), "chứng thư", Source::Today(Box::new(held)))
    };
    let mut rows: Vec<Row> = campaign.providers.iter().map(of_provider).collect();
    let named = campaign.providers.clone();
    let others = move |summary: &Summary| {
        summary.certificates.iter().filter(|(provider, _)| !named.contains(provider)).map(|(_, held)| held).sum()
    };
    rows.push(Row::new(
        "certificates",
        "Chứng thư số khác hoặc chưa rõ nhà cung cấp",
        "chứng thư",
        Source::Today(Box::new(others)),
    ));
    rows
}
