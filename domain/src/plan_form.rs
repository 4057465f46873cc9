//! A plan as a coordinator types it: text that may still be wrong, by the place where it stands. [`PlanForm::read`] makes a
//! [`Campaign`] of it, or says of every place what is wrong there; nothing that is typed is corrected silently.

mod basics;
mod people;
mod place;
mod read;
mod slots;
mod targets;
mod typed;

use serde::{Deserialize, Serialize};

pub use basics::OVER;
pub use place::{AgePart, At, CountPart, GroupPart, Rows, ServicePart, SlotPart, TargetPart, Whom};
pub use slots::{MONTHLY, ONCE, WEEKLY};
pub use targets::{AT_LEAST, GONE, MORE_THAN, NEW, NUMBER, PERCENT, STOCK};
pub use typed::whole as whole_number;

use crate::campaign::{Campaign, Unit};

/// What a box holds that is ticked; one that is not is empty.
pub const YES: &str = "yes";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanForm {
    /// What is typed or chosen, in the order of the places.
    texts: Vec<(At, String)>,
    /// The rows of each list in order, by a number that stays with a row while others come and go.
    rows: [Vec<u32>; Rows::ALL.len()],
    /// A province's communes: not edited, passed on.
    units: Vec<Unit>,
}

/// What is wrong at a place, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub at: At,
    pub sentence: &'static str,
}

impl PlanForm {
    /// Nothing typed yet.
    pub fn empty() -> Self {
        Self::of(&Campaign::asking_nothing())
    }

    pub fn of(plan: &Campaign) -> Self {
        let mut form = Self { units: plan.units.clone(), ..Self::default() };
        form.show_basics(plan);
        form.show_count(None, plan.denominator.as_ref());
        plan.groups.iter().for_each(|group| form.show_group(group));
        plan.targets.iter().for_each(|target| form.show_target(target, &plan.groups));
        plan.report_slots.iter().for_each(|slot| form.show_slot(slot));
        for provider in &plan.providers {
            let row = form.add_row(Rows::Providers);
            form.set(At::Provider(row), provider.as_str());
        }
        form
    }

    /// From what stands on a screen. Texts without a row are left out.
    pub fn typed(mut texts: Vec<(At, String)>, rows: [Vec<u32>; Rows::ALL.len()], units: Vec<Unit>) -> Self {
        texts.retain(|(at, _)| at.row().is_none_or(|(list, row)| rows[list as usize].contains(&row)));
        texts.sort_by_key(|(at, _)| *at);
        Self { texts, rows, units }
    }

    pub fn texts(&self) -> &[(At, String)] {
        &self.texts
    }

    pub fn rows(&self, list: Rows) -> &[u32] {
        &self.rows[list as usize]
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Empty where nothing was typed.
    pub fn text(&self, at: At) -> &str {
        self.find(at).map_or("", |place| &self.texts[place].1)
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, at: At) -> bool {
        self.text(at) == YES
    }

    pub fn set(&mut self, at: At, text: impl Into<String>) {
        match self.find(at) {
            Ok(place) => self.texts[place].1 = text.into(),
            Err(place) => self.texts.insert(place, (at, text.into())),
        }
    }

    /// A new row at the end of a list, with what its fields hold at first.
    pub fn add_row(&mut self, list: Rows) -> u32 {
        let row = self.rows(list).iter().max().map_or(0, |last| last + 1);
        self.rows[list as usize].push(row);
        for (at, text) in blank_row(list, row) {
            self.set(at, text);
        }
        row
    }

    fn tick(&mut self, at: At, is_ticked: bool) {
        self.set(at, if is_ticked { YES } else { "" });
    }

    fn find(&self, at: At) -> Result<usize, usize> {
        self.texts.binary_search_by_key(&at, |(known, _)| *known)
    }
}

/// The places of a new row with what they hold at first.
pub fn blank_row(list: Rows, row: u32) -> Vec<(At, &'static str)> {
    match list {
        Rows::Groups => people::blank_group(row),
        Rows::Targets => targets::blank(row),
        Rows::Slots => slots::blank(row),
        Rows::Providers => vec![(At::Provider(row), "")],
    }
}

#[cfg(test)]
mod tests;
