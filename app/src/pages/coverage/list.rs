//! Whom to go to next, row by row, each leading to its door: priority households that nobody has met, households with
//! open difficulties, people whose signature ends.

use domain::DocId;
use domain::coverage::{AreaView, DoorState as Door, HouseholdView, Renewal};
use domain::people::Resident;
use domain::text::fold;
use domain::visit::Difficulty;
use leptos::prelude::*;

use crate::app::Shell;
use crate::components::{
    DoorState, EmptyState, HOUSEHOLD_ROW_PX, HouseholdRow, HouseholdRowData, IconName, WindowedList,
};
use crate::pages::door::month_words;

use super::Coverage;
use super::area::area_name;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Priority,
    Difficulties,
    Renewals,
    /// The people in records that need a second look: see `review`.
    Bursts,
}

impl List {
    const ALL: [List; 4] = [List::Priority, List::Difficulties, List::Renewals, List::Bursts];

    /// The name in the URL.
    fn key(self) -> &'static str {
        match self {
            List::Priority => "uu-tien",
            List::Difficulties => "vuong-mac",
            List::Renewals => "gia-han",
            List::Bursts => "cach-ghi",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.key() == key)
    }

    pub fn href(self) -> String {
        format!("/dia-ban?xem={}", self.key())
    }

    fn title(self, count: usize) -> String {
        match self {
            List::Priority => format!("{count} hộ ưu tiên chưa tiếp cận"),
            List::Difficulties => format!("{count} hộ còn khó khăn, vướng mắc"),
            List::Renewals => format!("{count} người cần gia hạn chữ ký số"),
            List::Bursts => format!("{count} người cần xem lại cách ghi"),
        }
    }

    /// For screen readers, and when the list is empty.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            List::Priority => ("Hộ ưu tiên chưa tiếp cận", "Hộ ưu tiên nào cũng đã được tiếp cận"),
            List::Difficulties => ("Hộ còn khó khăn, vướng mắc", "Không còn khó khăn, vướng mắc nào cần xử lý"),
            List::Renewals => ("Người cần gia hạn chữ ký số", "Chưa có ai cần gia hạn chữ ký số"),
            List::Bursts => ("Người cần xem lại cách ghi", "Không có lượt ghi nào cần xem lại"),
        }
    }

    /// Households in walking order; people in the order in which their signatures end.
    fn keys(self, coverage: Coverage) -> Vec<DocId> {
        let today = coverage.state.today();
        coverage.view.with(|view| match self {
            List::Priority => doors(view, |door| door.is_priority() && !door.reached),
            List::Difficulties => doors(view, |door| door.open_difficulties().next().is_some()),
            List::Renewals => view.renewals(today).into_iter().map(|(_, resident)| resident).collect(),
            List::Bursts => view.people_in_bursts(),
        })
    }

    fn row(self, coverage: Coverage, id: DocId) -> Option<HouseholdRowData> {
        let today = coverage.state.today();
        coverage.view.with(|view| match self {
            List::Priority => {
                let door = view.households.get(&id)?;
                let reasons: Vec<&str> = door.household.priorities.iter().map(|why| why.label()).collect();
                Some(HouseholdRowData { priority: true, ..door_row(door, &reasons) })
            }
            List::Difficulties => {
                let door = view.households.get(&id)?;
                let open: Vec<&str> = door.open_difficulties().map(Difficulty::label).collect();
                Some(HouseholdRowData { priority: door.is_priority(), ..door_row(door, &open) })
            }
            List::Renewals => {
                let person = view.residents.get(&id)?;
                Some(person_row(&person.resident, view.household_of(id), renewal_words(person.renewal(today)?)))
            }
            List::Bursts => {
                let person = view.residents.get(&id)?;
                let door = view.household_of(id);
                let state = door.map_or(DoorState::NotYet, |door| door_state(door.coverage()));
                Some(HouseholdRowData { state, ..person_row(&person.resident, door, String::new()) })
            }
        })
    }
}

#[component]
pub fn ListPage(coverage: Coverage, list: List) -> impl IntoView {
    let keys = Memo::new(move |_| list.keys(coverage));
    let (label, nothing) = list.words();
    let row = move |id: DocId, _place: Signal<usize>| {
        let data = Memo::new(move |_| {
            let found = list.row(coverage, id).unwrap_or_default();
            HouseholdRowData { unsent: coverage.state.unsent(id), ..found }
        });
        view! { <HouseholdRow row=data testid=format!("listed-{}", list.key()) /> }
    };
    view! {
        <Shell
            title=Signal::derive(move || list.title(keys.with(Vec::len)))
            page="coverage-list"
            subtitle=Signal::derive(move || area_name(coverage.state, coverage.area.get()))
            back="/dia-ban".to_owned()
            list=true
            tabs=false
        >
            <Show
                when=move || !keys.with(Vec::is_empty)
                fallback=move || view! { <EmptyState icon=IconName::CheckCircle title=nothing /> }
            >
                <WindowedList keys row_height_px=HOUSEHOLD_ROW_PX render=row label />
            </Show>
        </Shell>
    }
}

fn doors(view: &AreaView, is_wanted: impl Fn(&HouseholdView) -> bool) -> Vec<DocId> {
    view.walk.iter().copied().filter(|id| view.households.get(id).is_some_and(&is_wanted)).collect()
}

fn door_row(door: &HouseholdView, reasons: &[&str]) -> HouseholdRowData {
    HouseholdRowData {
        href: format!("/ho/{}", door.household.id),
        house_number: door.household.house_no.clone(),
        head_name: door.household.head.clone(),
        place: first_of(reasons),
        state: door_state(door.coverage()),
        ..HouseholdRowData::default()
    }
}

/// Somebody who came to a support point lives in no household of the list.
fn person_row(person: &Resident, door: Option<&HouseholdView>, words: String) -> HouseholdRowData {
    let house = door.map(|door| &door.household);
    HouseholdRowData {
        href: house.map_or_else(|| format!("/diem/{}", person.id), |house| format!("/ho/{}", house.id)),
        house_number: house.map(|house| house.house_no.clone()).unwrap_or_default(),
        head_name: person.name.clone(),
        place: match house {
            Some(house) if fold(&house.head) == fold(&person.name) => "chủ hộ".to_owned(),
            Some(house) => format!("hộ {}", house.head),
            None => person.address.clone(),
        },
        state: DoorState::Appointment,
        words,
        ..HouseholdRowData::default()
    }
}

fn renewal_words(renewal: Renewal) -> String {
    match renewal {
        Renewal::Ended(day) => format!("Đã hết hạn {}", month_words(day)),
        Renewal::EndsSoon(day) => format!("Hết hạn {}", month_words(day)),
    }
}

/// The first and how many more: a row has room for one.
fn first_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, more @ ..] => format!("{first} +{}", more.len()),
    }
}

fn door_state(state: Door) -> DoorState {
    match state {
        Door::NotYet => DoorState::NotYet,
        Door::Absent => DoorState::Absent,
        Door::ComeBack => DoorState::Appointment,
        Door::Refused => DoorState::Refused,
        Door::MovedAway => DoorState::MovedAway,
        Door::Reached | Door::Done => DoorState::Reached,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_found_by_the_name_in_its_address() {
        for list in List::ALL {
            assert_eq!(List::from_key(list.key()), Some(list));
        }
        assert_eq!(List::from_key("khac"), None);
    }

    #[test]
    fn a_row_has_room_for_one_reason() {
        assert_eq!(first_of(&["Hộ nghèo", "Người cao tuổi", "Chưa có điện thoại"]), "Hộ nghèo +2");
        assert_eq!(first_of(&[]), "");
    }
}
