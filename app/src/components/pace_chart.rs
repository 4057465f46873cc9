//! A target over time, to be read in one look: the line so far, the level that is wanted, and where it is going.

use leptos::prelude::*;

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 132.0;
const LEFT: f64 = 4.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 18.0;

/// All in the chart's own units: days since the start, and what is counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaceChartData {
    pub points: Vec<(f64, f64)>,
    /// The level that is wanted.
    pub needed: Option<f64>,
    /// The last day and what will have been reached by then at the present pace.
    pub expected: Option<(f64, f64)>,
    pub start_label: String,
    pub end_label: String,
    pub needed_label: String,
    /// The whole chart in words.
    pub description: String,
}

#[component]
pub fn PaceChart(
    data: PaceChartData,
    #[prop(into, default = "pace-chart".to_owned())] testid: String,
) -> impl IntoView {
    let scale = Scale::of(&data);
    let line = scale.path(&data.points);
    let last = data.points.last().copied().unwrap_or_default();
    let area = data.points.first().map(|(first, _)| {
        let (left, right, floor) = (scale.x(*first), scale.x(last.0), HEIGHT - BOTTOM);
        format!("{line}L{right:.1} {floor:.1}L{left:.1} {floor:.1}z")
    });
    let going = data.expected.map(|end| scale.path(&[last, end]));
    let needed = data.needed.map(|needed| scale.y(needed));
    let (x, y) = (scale.x(last.0), scale.y(last.1));
    view! {
        <svg
            class="pace-chart"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            role="img"
            aria-label=data.description
            data-testid=testid
        >
            <path class="pace-chart__area" d=area />
            {needed.map(|y| view! {
                <line class="pace-chart__needed" x1=LEFT x2=WIDTH - LEFT y1=y y2=y />
                <text class="pace-chart__label" x=LEFT y=y - 4.0>{data.needed_label}</text>
            })}
            {going.map(|path| view! { <path class="pace-chart__going" d=path /> })}
            <path class="pace-chart__line" d=line />
            <circle class="pace-chart__now" cx=x cy=y r="3.5" />
            <line class="pace-chart__axis" x1=LEFT x2=WIDTH - LEFT y1=HEIGHT - BOTTOM y2=HEIGHT - BOTTOM />
            <text class="pace-chart__label" x=LEFT y=HEIGHT - 4.0>{data.start_label}</text>
            <text class="pace-chart__label" x=WIDTH - LEFT y=HEIGHT - 4.0 text-anchor="end">{data.end_label}</text>
        </svg>
    }
}

/// From days and counts to the drawing.
struct Scale {
    days: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn of(data: &PaceChartData) -> Self {
        let values = || {
            let points = data.points.iter().map(|(_, value)| *value);
            points.chain(data.needed).chain(data.expected.map(|(_, value)| value))
        };
        let days = data.points.iter().map(|(day, _)| *day).chain(data.expected.map(|(day, _)| day));
        // A plan that starts from thousands would otherwise show a flat line.
        let low = data.points.first().map_or(0.0, |(_, value)| *value);
        let high = values().fold(low + 1.0, f64::max);
        Self { days: days.fold(1.0, f64::max), low: values().fold(low, f64::min), high }
    }

    fn x(&self, day: f64) -> f64 {
        LEFT + (WIDTH - 2.0 * LEFT) * day / self.days
    }

    fn y(&self, value: f64) -> f64 {
        let room = HEIGHT - TOP - BOTTOM;
        TOP + room - room * (value - self.low) / (self.high - self.low)
    }

    fn path(&self, points: &[(f64, f64)]) -> String {
        let point = |(day, value): &(f64, f64)| format!("{:.1} {:.1}", self.x(*day), self.y(*value));
        let points: Vec<String> = points.iter().map(point).collect();
        format!("M{}", points.join("L"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_stays_within_its_frame() {
        let data = PaceChartData {
            points: vec![(0.0, 8_824.0), (60.0, 9_500.0)],
            needed: Some(12_315.0),
            expected: Some((150.0, 20_000.0)),
            ..PaceChartData::default()
        };
        let scale = Scale::of(&data);
        for (day, value) in [(0.0, 8_824.0), (60.0, 9_500.0), (150.0, 20_000.0), (150.0, 12_315.0)] {
            assert!((LEFT..=WIDTH - LEFT).contains(&scale.x(day)));
            assert!((TOP..=HEIGHT - BOTTOM).contains(&scale.y(value)), "{value}");
        }
    }
}
