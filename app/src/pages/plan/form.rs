//! The form on the screen: a signal for every place, so that a key typed in one redraws no other.

use std::sync::Arc;

use domain::campaign::Unit;
use domain::plan_form::{At, GONE, PlanForm, Rows, TargetPart, Wrong, blank_row};
use leptos::prelude::*;

/// What is typed, and what of it has to be mended.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    form: PlanForm,
    /// Empty until saving was tried: nobody is told off while typing.
    wrong: Vec<Wrong>,
}

/// `Copy`: every part of the page has it.
#[derive(Clone, Copy)]
pub struct Form {
    /// Those of deleted rows stay: nothing is counted of them.
    cells: StoredValue<Vec<(At, ArcRwSignal<String>)>>,
    rows: [RwSignal<Vec<u32>>; Rows::ALL.len()],
    units: StoredValue<Vec<Unit>>,
    has_tried: RwSignal<bool>,
    seen: Memo<Arc<Seen>>,
}

impl Form {
    pub fn new(typed: PlanForm) -> Self {
        let cells = StoredValue::new(Vec::new());
        let rows = Rows::ALL.map(|_| RwSignal::default());
        let units = StoredValue::new(Vec::new());
        let has_tried = RwSignal::new(false);
        let seen = Memo::new(move |_| {
            // The rows first: with a new one there are new cells.
            let rows = rows.map(|rows| rows.get());
            let text = |(at, cell): &(At, ArcRwSignal<String>)| (*at, cell.get());
            let texts = cells.with_value(|cells| cells.iter().map(text).collect());
            let form = PlanForm::typed(texts, rows, units.get_value());
            let wrong = if has_tried.get() { form.read().err().unwrap_or_default() } else { Vec::new() };
            Arc::new(Seen { form, wrong })
        });
        let form = Self { cells, rows, units, has_tried, seen };
        form.fill(&typed);
        form
    }

    pub fn fill(self, typed: &PlanForm) {
        self.has_tried.set(false);
        self.units.set_value(typed.units().to_vec());
        for (at, text) in typed.texts() {
            self.kept(*at).set(text.clone());
        }
        for list in Rows::ALL {
            self.rows(list).set(typed.rows(list).to_vec());
        }
    }

    /// What is typed, whole. Reactive.
    pub fn typed(self) -> PlanForm {
        self.with(PlanForm::clone)
    }

    /// Reactive.
    pub fn with<T>(self, of: impl FnOnce(&PlanForm) -> T) -> T {
        self.seen.with(|seen| of(&seen.form))
    }

    /// What is typed at a place, to be read and written by a field. Goes with the field; what it holds stays.
    pub fn cell(self, at: At) -> RwSignal<String> {
        self.kept(at).into()
    }

    fn kept(self, at: At) -> ArcRwSignal<String> {
        let find = |cells: &Vec<(At, ArcRwSignal<String>)>| {
            cells.iter().find(|(known, _)| *known == at).map(|(_, cell)| cell.clone())
        };
        self.cells.with_value(find).unwrap_or_else(|| {
            let cell = ArcRwSignal::new(String::new());
            self.cells.update_value(|cells| cells.push((at, cell.clone())));
            cell
        })
    }

    pub fn rows(self, list: Rows) -> RwSignal<Vec<u32>> {
        self.rows[list as usize]
    }

    /// A new row at the end; its number was no other row's.
    pub fn add_row(self, list: Rows) -> u32 {
        let of_list = |(at, _): &(At, ArcRwSignal<String>)| at.row().filter(|(of, _)| *of == list).map(|(_, row)| row);
        let known = self.cells.with_value(|cells| cells.iter().filter_map(of_list).max());
        let row = known.map_or(0, |last| last + 1);
        for (at, text) in blank_row(list, row) {
            self.kept(at).set(text.to_owned());
        }
        self.rows(list).update(|rows| rows.push(row));
        row
    }

    /// The targets that were about a deleted group have to be seen to.
    pub fn delete_row(self, list: Rows, row: u32) {
        if list == Rows::Groups {
            for target in self.rows(Rows::Targets).get_untracked() {
                let group = self.kept(At::Target(target, TargetPart::Group));
                if group.with_untracked(|group| *group == row.to_string()) {
                    group.set(GONE.to_owned());
                }
            }
        }
        self.rows(list).update(|rows| rows.retain(|known| *known != row));
    }

    /// From now on what is wrong is said.
    pub fn try_to_save(self) {
        self.has_tried.set(true);
    }

    /// How many places have to be mended.
    pub fn wrong_len(self) -> usize {
        self.seen.with(|seen| seen.wrong.len())
    }

    pub fn error(self, at: At) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.seen.with(|seen| seen.wrong.iter().find(|wrong| wrong.at == at).map(|wrong| wrong.sentence.to_owned()))
        })
    }
}
