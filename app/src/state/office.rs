//! What the office sends to every phone of a commune, typed: plan, people, areas, figures.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use domain::campaign::Campaign;
use domain::daily::Daily;
use domain::people::Member;
use domain::place::{Area, Commune};
use domain::replica::Refused;
use domain::report::Sent;
use domain::summary::{PhoneState, Summary};
use domain::{DocId, Document};
use leptos::prelude::*;

use super::refresh::Sources;
use super::runtime::Runtime;

#[derive(Clone, Copy)]
pub struct Office {
    pub campaign: Memo<Arc<Campaign>>,
    pub commune: Memo<Option<Commune>>,
    pub members: Memo<Arc<BTreeMap<DocId, Member>>>,
    pub areas: Memo<Arc<Vec<Area>>>,
    pub my_areas: Memo<Arc<Vec<DocId>>>,
    pub summaries: Memo<Arc<BTreeMap<DocId, Summary>>>,
    /// By area, its months joined.
    pub dailies: Memo<Arc<BTreeMap<DocId, Daily>>>,
    pub sent: Memo<Arc<Vec<Sent>>>,
    pub phone_states: Memo<Arc<BTreeMap<DocId, PhoneState>>>,
    pub refused: Memo<Arc<Vec<(DocId, Refused)>>>,
}

impl Office {
    pub fn new(sources: Sources, runtime: StoredValue<Rc<Runtime>, LocalStorage>) -> Self {
        let reader = Reader { sources, runtime };
        let areas = Memo::new(move |_| {
            let mut areas: Vec<Area> = reader.commune(Area::read);
            areas.sort_by(|a, b| (a.order, &a.name, a.id).cmp(&(b.order, &b.name, b.id)));
            Arc::new(areas)
        });
        Self {
            areas,
            campaign: Memo::new(move |_| {
                let current = Campaign::current(reader.commune(Campaign::read));
                Arc::new(current.unwrap_or_else(Campaign::asking_nothing))
            }),
            commune: Memo::new(move |_| reader.commune(Commune::read).pop()),
            members: Memo::new(move |_| {
                let members: Vec<Member> = reader.commune(Member::read);
                Arc::new(members.into_iter().map(|member| (member.id, member)).collect())
            }),
            my_areas: Memo::new(move |_| Arc::new(reader.my_areas(&areas.get()))),
            summaries: Memo::new(move |_| Arc::new(reader.figures(Summary::read).into_iter().collect())),
            dailies: Memo::new(move |_| {
                let mut dailies: BTreeMap<DocId, Daily> = BTreeMap::new();
                for (area, month) in reader.figures(Daily::read) {
                    dailies.entry(area).or_default().add(&month);
                }
                Arc::new(dailies)
            }),
            sent: Memo::new(move |_| Arc::new(reader.figures(Sent::read))),
            phone_states: Memo::new(move |_| {
                let states: Vec<PhoneState> = reader.figures(PhoneState::read);
                Arc::new(states.into_iter().map(|state| (state.member, state)).collect())
            }),
            refused: Memo::new(move |_| {
                sources.changed.track();
                let list = runtime.with_value(|runtime| {
                    runtime.read(|replica| replica.refused().map(|(id, refused)| (id, refused.clone())).collect())
                });
                Arc::new(list.unwrap_or_default())
            }),
        }
    }
}

#[derive(Clone, Copy)]
struct Reader {
    sources: Sources,
    runtime: StoredValue<Rc<Runtime>, LocalStorage>,
}

impl Reader {
    fn own_commune(self) -> Option<DocId> {
        self.sources.enrolment.with(|own| own.as_ref().map(|own| own.commune))
    }

    fn commune<T>(self, of: fn(&Document) -> Option<T>) -> Vec<T> {
        self.own_commune().map(|scope| self.scope(scope, of)).unwrap_or_default()
    }

    fn figures<T>(self, of: fn(&Document) -> Option<T>) -> Vec<T> {
        self.own_commune().map(|scope| self.scope(DocId::figures(scope), of)).unwrap_or_default()
    }

    fn scope<T>(self, scope: DocId, of: fn(&Document) -> Option<T>) -> Vec<T> {
        self.sources.track(scope);
        self.runtime
            .with_value(|runtime| {
                runtime.read(|replica| replica.shown(scope).filter_map(|shown| of(shown.doc)).collect())
            })
            .unwrap_or_default()
    }

    fn my_areas(self, areas: &[Area]) -> Vec<DocId> {
        let Some(commune) = self.own_commune() else { return Vec::new() };
        let figures = DocId::figures(commune);
        let mut mine: Vec<DocId> = self
            .sources
            .scopes
            .with(|scopes| scopes.keys().copied().filter(|scope| *scope != commune && *scope != figures).collect());
        mine.sort_by_key(|id| (areas.iter().position(|area| area.id == *id).unwrap_or(usize::MAX), *id));
        mine
    }
}
