//! Signals beside what they hold: one for every field, so that a key typed in one redraws no other.

use std::collections::BTreeMap;

use domain::campaign::Weekday;
use domain::plan_form::{Basics, CountForm, GroupForm, Rows, ServiceForm, SlotForm, TargetForm};
use leptos::prelude::*;

/// Signals that hold what was typed.
pub trait Cells: Copy + Send + Sync + 'static {
    type Typed;

    fn new(typed: Self::Typed) -> Self;
    /// Reactive.
    fn typed(self) -> Self::Typed;
    fn fill(self, typed: Self::Typed);
}

impl<T: Clone + Send + Sync + 'static> Cells for RwSignal<T> {
    type Typed = T;

    fn new(typed: T) -> Self {
        RwSignal::new(typed)
    }

    fn typed(self) -> T {
        self.get()
    }

    fn fill(self, typed: T) {
        self.set(typed);
    }
}

/// A struct of signals beside a struct of what they hold.
macro_rules! cells {
    ($cells:ident of $typed:ident { $($field:ident: $type:ty),* $(,)? }) => {
        #[derive(Clone, Copy)]
        pub struct $cells {
            $(pub $field: RwSignal<$type>),*
        }

        impl Cells for $cells {
            type Typed = $typed;

            fn new(typed: $typed) -> Self {
                Self { $($field: RwSignal::new(typed.$field)),* }
            }

            fn typed(self) -> $typed {
                $typed { $($field: self.$field.get()),* }
            }

            fn fill(self, typed: $typed) {
                $(self.$field.set(typed.$field);)*
            }
        }
    };
}

cells!(BasicsCells of Basics {
    name: String,
    issued_on: String,
    starts_on: String,
    ends_on: String,
    serves_years: String,
    serves_over: bool,
    counts_years: String,
    counts_over: bool,
    quota: String,
    unit_kind: String,
    data_controller: String,
    retention_days: String,
});
cells!(ServiceCells of ServiceForm { asked: bool, done: String, label: String });
cells!(CountCells of CountForm { people: String, as_of: String, source: String, already: String });
cells!(GroupCells of GroupForm {
    key: String,
    label: String,
    people: String,
    as_of: String,
    source: String,
    already: String,
});
cells!(TargetCells of TargetForm {
    label: String,
    measure: String,
    group: String,
    counted: String,
    comparator: String,
    amount: String,
    unit: String,
    deadline: String,
});
cells!(SlotCells of SlotForm {
    rhythm: String,
    weekdays: Vec<Weekday>,
    day_of_month: String,
    once: String,
    before_hour: String,
    from: String,
    to: String,
    channel: String,
    link: String,
});

impl GroupCells {
    pub fn count(self) -> CountCells {
        CountCells { people: self.people, as_of: self.as_of, source: self.source, already: self.already }
    }
}

/// The rows of a list. A row keeps its signals as long as the page lives, so that it can be typed in while others go.
#[derive(Clone, Copy)]
pub struct List<C: Cells> {
    pub ids: RwSignal<Vec<u32>>,
    cells: StoredValue<BTreeMap<u32, C>>,
}

impl<C: Cells> List<C> {
    pub fn new(typed: Rows<C::Typed>) -> Self {
        let list = Self { ids: RwSignal::default(), cells: StoredValue::default() };
        list.fill(typed);
        list
    }

    pub fn cells(self, row: u32) -> Option<C> {
        self.cells.with_value(|cells| cells.get(&row).copied())
    }

    /// A new row at the end; its number was no other row's.
    pub fn add(self, typed: C::Typed) -> u32 {
        let row = self.cells.with_value(|cells| cells.keys().next_back().map_or(0, |last| last + 1));
        let new = C::new(typed);
        self.put(row, new);
        self.ids.update(|ids| ids.push(row));
        row
    }

    fn put(self, row: u32, new: C) {
        self.cells.update_value(|cells| {
            cells.insert(row, new);
        });
    }

    pub fn delete(self, row: u32) {
        self.ids.update(|ids| ids.retain(|id| *id != row));
    }

    /// Reactive.
    pub fn typed(self) -> Rows<C::Typed> {
        self.ids.get().into_iter().filter_map(|row| Some((row, self.cells(row)?.typed()))).collect()
    }

    pub fn fill(self, typed: Rows<C::Typed>) {
        let ids: Vec<u32> = typed.keys().copied().collect();
        for (row, typed) in typed {
            match self.cells(row) {
                Some(cells) => cells.fill(typed),
                None => self.put(row, C::new(typed)),
            }
        }
        self.ids.set(ids);
    }
}
