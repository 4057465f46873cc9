//! Door counts as the coverage bar draws them.

use domain::number::{grouped, percent_whole};
use domain::summary::DoorCounts;
use leptos::prelude::*;

use crate::components::{BarSegment, DoorState, StackedBar};

/// How far a whole area or commune has come.
#[component]
pub fn DoorsCard(#[prop(into)] doors: Signal<DoorCounts>, testid: &'static str) -> impl IntoView {
    view! {
        <section class="card">
            <StackedBar
                segments=Signal::derive(move || segments(&doors.get()))
                total=Signal::derive(move || count(doors.get().total()))
                label=Signal::derive(move || reached_words(&doors.get()))
                testid
            />
        </section>
    }
}

/// "Đã tiếp cận 23 trên 330 hộ (7%)"
pub fn reached_words(doors: &DoorCounts) -> String {
    let share = percent_whole(doors.reached, doors.total()).unwrap_or_else(|| "—".to_owned());
    format!("Đã tiếp cận {} trên {} hộ ({share})", grouped(doors.reached), grouped(doors.total()))
}

/// Components count in `usize`.
pub fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// All states, in the order in which a door goes through them.
pub fn segments(doors: &DoorCounts) -> Vec<BarSegment> {
    let parts = [
        (DoorState::Reached, doors.reached),
        (DoorState::NotYet, doors.not_yet),
        (DoorState::Absent, doors.absent),
        (DoorState::Appointment, doors.come_back),
        (DoorState::Refused, doors.refused),
        (DoorState::MovedAway, doors.moved_away),
    ];
    parts.into_iter().map(|(state, number)| BarSegment::new(state, count(number))).collect()
}

/// Only the states that occur, for bars that stand in a list.
pub fn segments_met(doors: &DoorCounts) -> Vec<BarSegment> {
    let mut segments = segments(doors);
    segments.retain(|segment| segment.value > 0);
    segments
}

/// `all` without `part`.
pub fn rest(all: DoorCounts, part: &DoorCounts) -> DoorCounts {
    DoorCounts {
        reached: all.reached.saturating_sub(part.reached),
        not_yet: all.not_yet.saturating_sub(part.not_yet),
        absent: all.absent.saturating_sub(part.absent),
        come_back: all.come_back.saturating_sub(part.come_back),
        refused: all.refused.saturating_sub(part.refused),
        moved_away: all.moved_away.saturating_sub(part.moved_away),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_in_a_list_names_only_what_occurs() {
        let doors = DoorCounts { reached: 3, absent: 1, ..DoorCounts::default() };
        assert_eq!(segments(&doors).len(), 6);
        assert_eq!(segments_met(&doors).len(), 2);
        assert_eq!(rest(doors, &doors), DoorCounts::default());
    }
}
