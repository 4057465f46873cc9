//! One door in a list: the number as it hangs on the wall, who lives there, how far we are.

use leptos::prelude::*;

use super::{DoorState, Icon, IconName, ServiceState};

/// Height of a row at the usual text size, for the windowed list.
pub const HOUSEHOLD_ROW_PX: f64 = 92.0;
/// More people than this are told as "+2".
const PEOPLE_SHOWN_MAX: usize = 5;
/// Longer house numbers are set smaller.
const NUMBER_LONG: usize = 4;

/// What a row shows, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseholdRowData {
    pub href: String,
    pub house_number: String,
    pub head_name: String,
    /// Lane or hamlet; may be empty.
    pub place: String,
    /// What belongs to the state, such as the hour of an appointment; may be empty.
    pub detail: String,
    pub state: DoorState,
    /// The word for the state where a list needs a finer one; empty for the usual.
    pub words: String,
    /// Three services for each resident.
    pub people: Vec<[ServiceState; 3]>,
    pub priority: bool,
    pub unsent: bool,
}

impl HouseholdRowData {
    fn number(&self) -> String {
        if self.house_number.is_empty() { "—".to_owned() } else { self.house_number.clone() }
    }

    fn state_words(&self) -> String {
        if self.words.is_empty() { self.state.label().to_owned() } else { self.words.clone() }
    }

    fn number_size(&self) -> &'static str {
        if self.house_number.chars().count() > NUMBER_LONG { "long" } else { "short" }
    }

    /// The marks in words; who is too young is no work.
    fn people_words(&self) -> String {
        let marks = self.people.iter().flatten();
        let due = marks.filter(|state| **state != ServiceState::NotApplicable);
        let (done, all) = due.fold((0, 0), |(done, all), state| (done + usize::from(state.is_finished()), all + 1));
        format!("{} người, xong {done} trên {all} việc", self.people.len())
    }
}

/// A row that is one link.
#[component]
pub fn HouseholdRow(
    #[prop(into)] row: Signal<HouseholdRowData>,
    #[prop(into, default = "household-row".to_owned())] testid: String,
) -> impl IntoView {
    let field = move |read: fn(&HouseholdRowData) -> String| move || row.with(read);
    let state = move || row.with(|row| row.state);
    let after_state = move || {
        row.with(|row| {
            let parts = ["", row.detail.as_str(), row.place.as_str()].into_iter();
            let parts = parts.enumerate().filter(|(place, part)| *place == 0 || !part.is_empty());
            parts.map(|(_, part)| part).collect::<Vec<_>>().join(" · ")
        })
    };
    view! {
        <a
            class="household-row"
            href=field(|row| row.href.clone())
            data-testid=testid
            data-state=move || state().key()
            data-unsent=move || row.with(|row| row.unsent.then_some(""))
        >
            <span class="household-row__plate" data-size=move || row.with(HouseholdRowData::number_size)>
                <span class="visually-hidden">"Số nhà "</span>
                {field(HouseholdRowData::number)}
            </span>
            <span class="household-row__body">
                <span class="household-row__name">{field(|row| row.head_name.clone())}</span>
                <span class="household-row__state">
                    {move || view! { <Icon name=state().icon() /> }}
                    <span>{field(HouseholdRowData::state_words)} {after_state}</span>
                </span>
            </span>
            <span class="household-row__side">
                <span class="household-row__flags">
                    <Show when=move || row.with(|row| row.unsent)>
                        <Icon name=IconName::CloudUp label="Chưa gửi" />
                    </Show>
                    <Show when=move || row.with(|row| row.priority)>
                        <span class="household-row__priority"><Icon name=IconName::Flag label="Ưu tiên" /></span>
                    </Show>
                </span>
                <PeopleMarks row />
            </span>
        </a>
    }
}

#[component]
fn PeopleMarks(row: Signal<HouseholdRowData>) -> impl IntoView {
    let marks =
        move || row.with(|row| row.people.iter().take(PEOPLE_SHOWN_MAX).copied().map(person_mark).collect_view());
    let more = move || {
        let hidden = row.with(|row| row.people.len().saturating_sub(PEOPLE_SHOWN_MAX));
        (hidden > 0).then(|| view! { <span class="household-row__more num">{format!("+{hidden}")}</span> })
    };
    view! {
        <span class="household-row__people" role="img" aria-label=move || row.with(HouseholdRowData::people_words)>
            {marks}
            {more}
        </span>
    }
}

fn person_mark(services: [ServiceState; 3]) -> impl IntoView {
    let dots = services.map(|state| view! { <i class="household-row__dot" data-state=state.key()></i> });
    view! { <span class="household-row__person">{dots}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_counted_as_a_person_but_not_as_work() {
        let row = HouseholdRowData {
            people: vec![
                [ServiceState::Done, ServiceState::PreExisting, ServiceState::None],
                [ServiceState::NotApplicable; 3],
            ],
            ..HouseholdRowData::default()
        };
        assert_eq!(row.people_words(), "2 người, xong 2 trên 3 việc");
    }
}
