//! The form on the screen, and what is wrong with it.

use std::sync::Arc;

use domain::campaign::{Channel, Unit};
use domain::plan_form::{At, GONE, PlanForm, Wrong};
use leptos::prelude::*;

use super::cells::{BasicsCells, Cells, CountCells, GroupCells, List, ServiceCells, SlotCells, TargetCells};

#[derive(Clone, Copy)]
pub struct Fields {
    pub basics: BasicsCells,
    pub services: [ServiceCells; 3],
    pub denominator: CountCells,
    pub groups: List<GroupCells>,
    pub targets: List<TargetCells>,
    pub slots: List<SlotCells>,
    pub providers: List<RwSignal<String>>,
    pub channels: RwSignal<Vec<Channel>>,
    pub units: RwSignal<Vec<Unit>>,
}

impl Fields {
    fn new(typed: PlanForm) -> Self {
        Self {
            basics: Cells::new(typed.basics),
            services: typed.services.map(Cells::new),
            denominator: Cells::new(typed.denominator),
            groups: List::new(typed.groups),
            targets: List::new(typed.targets),
            slots: List::new(typed.slots),
            providers: List::new(typed.providers),
            channels: RwSignal::new(typed.channels),
            units: RwSignal::new(typed.units),
        }
    }

    fn typed(self) -> PlanForm {
        PlanForm {
            basics: self.basics.typed(),
            services: self.services.map(Cells::typed),
            denominator: self.denominator.typed(),
            groups: self.groups.typed(),
            targets: self.targets.typed(),
            slots: self.slots.typed(),
            providers: self.providers.typed(),
            channels: self.channels.get(),
            units: self.units.get(),
        }
    }

    fn fill(self, typed: PlanForm) {
        self.basics.fill(typed.basics);
        self.services.into_iter().zip(typed.services).for_each(|(cells, typed)| cells.fill(typed));
        self.denominator.fill(typed.denominator);
        self.groups.fill(typed.groups);
        self.targets.fill(typed.targets);
        self.slots.fill(typed.slots);
        self.providers.fill(typed.providers);
        self.channels.set(typed.channels);
        self.units.set(typed.units);
    }
}

/// `Copy`: every part of the page has it.
#[derive(Clone, Copy)]
pub struct Form {
    pub fields: Fields,
    typed: Memo<Arc<PlanForm>>,
    /// Empty until saving was tried: nobody is told off while typing.
    wrong: Memo<Vec<Wrong>>,
    has_tried: RwSignal<bool>,
}

impl Form {
    pub fn new(typed: PlanForm) -> Self {
        let fields = Fields::new(typed);
        let has_tried = RwSignal::new(false);
        let typed = Memo::new(move |_| Arc::new(fields.typed()));
        let wrong = Memo::new(move |_| {
            if has_tried.get() { typed.with(|typed| typed.read().err().unwrap_or_default()) } else { Vec::new() }
        });
        Self { fields, typed, wrong, has_tried }
    }

    /// Reactive.
    pub fn typed(self) -> Arc<PlanForm> {
        self.typed.get()
    }

    pub fn fill(self, typed: PlanForm) {
        self.has_tried.set(false);
        self.fields.fill(typed);
    }

    /// From now on what is wrong is said.
    pub fn try_to_save(self) {
        self.has_tried.set(true);
    }

    /// How many fields have to be mended.
    pub fn wrong_len(self) -> usize {
        self.wrong.with(Vec::len)
    }

    /// What is wrong with a field.
    pub fn error(self, at: At) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|wrong| wrong.iter().find(|wrong| wrong.at == at).map(|wrong| wrong.sentence.to_owned()))
        })
    }

    /// Deletes a group; the targets that were about it have to be seen to.
    pub fn delete_group(self, row: u32) {
        let deleted = row.to_string();
        for target in self.fields.targets.ids.get_untracked() {
            let group = self.fields.targets.cells(target).map(|target| target.group);
            if let Some(group) = group.filter(|group| group.with_untracked(|group| *group == deleted)) {
                group.set(GONE.to_owned());
            }
        }
        self.fields.groups.delete(row);
    }
}
