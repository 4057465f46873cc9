//! From the replica to the screen: which signals there are, and what makes each of them look again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::coverage::AreaView;
use domain::replica::{Enrolment, Replica, Status};
use domain::{Day, DocId};
use gloo_storage::{LocalStorage as Preferences, Storage as _};
use leptos::prelude::*;

use super::office::Office;
use super::{AppState, Boot, Scopes, runtime};

const AREA_KEY: &str = "tung-nha.area";

/// Written by the runtime only.
#[derive(Clone, Copy)]
pub struct Sources {
    pub boot: RwSignal<Boot>,
    pub status: RwSignal<Status>,
    pub enrolment: RwSignal<Option<Enrolment>>,
    pub scopes: RwSignal<Scopes>,
    /// Anything at all has changed.
    pub changed: Trigger,
    /// How often the documents of a scope have changed, with everything on this phone and as confirmed by the server.
    shown: RwSignal<Versions>,
    confirmed: RwSignal<Versions>,
    pub day: RwSignal<Day>,
    pub divergences: RwSignal<u32>,
    /// People counted for this member in areas that this phone does not hold.
    pub elsewhere: RwSignal<u64>,
}

/// By scope, plus what counts for all.
#[derive(Clone, Debug, Default)]
struct Versions {
    all: u64,
    by_scope: BTreeMap<DocId, u64>,
}

impl Versions {
    fn of(&self, scope: DocId) -> (u64, u64) {
        (self.all, self.by_scope.get(&scope).copied().unwrap_or(0))
    }

    fn bump(&mut self, scopes: &BTreeSet<DocId>) {
        for scope in scopes {
            *self.by_scope.entry(*scope).or_default() += 1;
        }
    }
}

/// The scopes that a batch touches.
#[derive(Debug, Default)]
pub struct Touched {
    pub shown: BTreeSet<DocId>,
    pub confirmed: BTreeSet<DocId>,
}

impl Touched {
    pub fn of(batch: &domain::replica::Batch, replica: &Replica) -> Self {
        let mut touched = Self::default();
        for (id, new) in &batch.rows {
            let old = replica.row(*id);
            let confirms = |row: Option<&domain::replica::Row>| row.map(|row| (row.base.clone(), row.accepted));
            let is_confirmed = confirms(old) != confirms(new.as_ref());
            for scope in [old.map(|row| row.scope), new.as_ref().map(|row| row.scope)].into_iter().flatten() {
                touched.shown.insert(scope);
                if is_confirmed {
                    touched.confirmed.insert(scope);
                }
            }
        }
        touched
    }
}

impl Sources {
    pub fn new() -> Self {
        Self {
            boot: RwSignal::new(Boot::Loading { have: 0, total: None }),
            status: RwSignal::new(Status::default()),
            enrolment: RwSignal::new(None),
            scopes: RwSignal::new(Scopes::default()),
            changed: Trigger::new(),
            shown: RwSignal::new(Versions::default()),
            confirmed: RwSignal::new(Versions::default()),
            day: RwSignal::new(Day::at_ms(runtime::now().wall_ms)),
            divergences: RwSignal::new(0),
            elsewhere: RwSignal::new(0),
        }
    }

    /// A memo's dependency on the documents of a scope.
    pub fn track(self, scope: DocId) {
        // Read and not only tracked: a memo listens to nothing before its first run.
        Memo::new(move |_| self.shown.with(|versions| versions.of(scope))).get();
    }

    pub fn touch(self, touched: &Touched) {
        if !touched.shown.is_empty() {
            self.shown.update(|versions| versions.bump(&touched.shown));
        }
        if !touched.confirmed.is_empty() {
            self.confirmed.update(|versions| versions.bump(&touched.confirmed));
        }
    }

    /// Everything may be different: another tab has stored.
    pub fn touch_all(self) {
        self.shown.update(|versions| versions.all += 1);
        self.confirmed.update(|versions| versions.all += 1);
    }

    /// Brings the plain signals up to date; those that compare by value wake nobody without need.
    pub fn refresh(self, replica: &Replica) {
        let meta = replica.meta();
        set_if_changed(self.status, replica.status());
        set_if_changed(self.enrolment, meta.enrolment.clone());
        set_if_changed(self.elsewhere, meta.credited_elsewhere);
        if self.scopes.with_untracked(|scopes| **scopes != meta.scopes) {
            self.scopes.set(Arc::new(meta.scopes.clone()));
        }
        set_if_changed(self.day, Day::at_ms(replica.corrected_ms(runtime::now().wall_ms)));
        let was_ready = self.boot.with_untracked(|boot| *boot == Boot::Ready);
        set_if_changed(self.boot, boot(replica, was_ready));
    }
}

fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}

/// Pages open once the commune and one area are here; an area that is given later downloads while they are open.
fn boot(replica: &Replica, was_ready: bool) -> Boot {
    let meta = replica.meta();
    let Some(own) = &meta.enrolment else { return Boot::NotJoined };
    let is_complete = |scope: &DocId| meta.scopes.get(scope).is_some_and(|state| state.complete);
    let figures = DocId::figures(own.commune);
    let mut areas = meta.scopes.keys().filter(|scope| **scope != own.commune && **scope != figures);
    let can_work = areas.clone().next().is_none() || areas.any(is_complete);
    if was_ready || (is_complete(&own.commune) && can_work) {
        return Boot::Ready;
    }
    let have = replica.rows().count();
    let left: usize = meta.scopes.values().map(|state| state.left as usize).sum();
    Boot::Loading { have, total: (left > 0).then_some(have + left) }
}

/// Views of one area, shared by all pages.
#[derive(Clone, Copy)]
pub struct AreaMemos {
    pub shown: Memo<Arc<AreaView>>,
    pub confirmed: Memo<Arc<AreaView>>,
}

impl AreaMemos {
    pub fn new(area: DocId, state: AppState) -> Self {
        let sources = state.sources;
        let shown = Memo::new(move |_| sources.shown.with(|versions| versions.of(area)));
        let confirmed = Memo::new(move |_| sources.confirmed.with(|versions| versions.of(area)));
        let is_new = |old: Option<&Arc<AreaView>>, new: Option<&Arc<AreaView>>| match (old, new) {
            (Some(old), Some(new)) => !Arc::ptr_eq(old, new),
            _ => true,
        };
        let shown = move |_: Option<&Arc<AreaView>>| {
            shown.get();
            let (campaign, day) = (state.office.campaign.get(), sources.day.get());
            let view = state.read(|replica| AreaView::build(replica.shown(area), &campaign, day));
            Arc::new(view.unwrap_or_default())
        };
        let confirmed = move |_: Option<&Arc<AreaView>>| {
            confirmed.get();
            let (campaign, day) = (state.office.campaign.get(), sources.day.get());
            let view = state.read(|replica| AreaView::build(replica.confirmed(area), &campaign, day));
            Arc::new(view.unwrap_or_default())
        };
        Self { shown: Memo::new_with_compare(shown, is_new), confirmed: Memo::new_with_compare(confirmed, is_new) }
    }
}

/// The area being worked in: the last one, while this phone still holds it, else the first.
pub fn remembered_area(sources: Sources, office: Office) -> RwSignal<Option<DocId>> {
    let area = RwSignal::new(Preferences::get(AREA_KEY).ok());
    Effect::new(move |_| {
        let mine = office.my_areas.get();
        let current = area.get();
        if sources.boot.with(|boot| *boot != Boot::Ready) {
            return;
        }
        if current.is_some_and(|area| mine.contains(&area)) {
            // A browser that keeps no preferences only forgets the choice.
            let _ = Preferences::set(AREA_KEY, current);
        } else if current != mine.first().copied() {
            area.set(mine.first().copied());
        }
    });
    area
}
