//! Which households are listed and which are chosen.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::DocId;
use domain::coverage::AreaView;
use domain::division::{self, Stretch};
use leptos::prelude::*;

use super::super::UNROUTED;
use super::ALL;

/// A row of the list: the head of a stretch, named by its first household, or a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    Head(DocId),
    Door(DocId),
}

/// Choosing from one door to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Off,
    First,
    Last(DocId),
}

#[derive(Clone, Copy)]
pub struct Picker {
    pub view: Signal<Arc<AreaView>>,
    /// A route's id, or `all`, or `none`.
    pub source: RwSignal<String>,
    stretches: Memo<Arc<Vec<Stretch>>>,
    pub items: Memo<Vec<Item>>,
    selected: RwSignal<BTreeSet<DocId>>,
    span: RwSignal<Span>,
}

impl Picker {
    pub fn new(view: Signal<Arc<AreaView>>, source: String) -> Self {
        let source = RwSignal::new(source);
        let stretches = Memo::new(move |_| view.with(|view| source.with(|source| Arc::new(listed(view, source)))));
        let items = Memo::new(move |_| {
            let items = |stretch: &Stretch| {
                let head = stretch.households.first().map(|first| Item::Head(*first));
                head.into_iter().chain(stretch.households.iter().map(|id| Item::Door(*id))).collect::<Vec<_>>()
            };
            stretches.with(|stretches| stretches.iter().flat_map(items).collect())
        });
        Self { view, source, stretches, items, selected: RwSignal::default(), span: RwSignal::new(Span::Off) }
    }

    /// Another route's households. What is no longer seen is no longer chosen.
    pub fn show(self, source: String) {
        self.source.set(source);
        self.clear();
    }

    pub fn clear(self) {
        self.selected.update(BTreeSet::clear);
        self.span.set(Span::Off);
    }

    pub fn count(self) -> usize {
        self.selected.with(BTreeSet::len)
    }

    pub fn has_any(self) -> bool {
        self.count() > 0
    }

    /// In walking order; a household that has left the list meanwhile stays out.
    pub fn chosen(self) -> Vec<DocId> {
        let doors = self.doors();
        self.selected.with_untracked(|selected| doors.into_iter().filter(|id| selected.contains(id)).collect())
    }

    pub fn is_chosen(self, id: DocId) -> bool {
        self.selected.with(|selected| selected.contains(&id))
    }

    pub fn stretch(self, first: DocId) -> Option<Stretch> {
        self.stretches.with(|all| all.iter().find(|stretch| stretch.households.first() == Some(&first)).cloned())
    }

    /// All of a stretch, or none of it when all are chosen already.
    pub fn toggle_stretch(self, first: DocId) {
        let Some(stretch) = untrack(|| self.stretch(first)) else { return };
        self.selected.update(|selected| {
            if stretch.households.iter().all(|id| selected.contains(id)) {
                stretch.households.iter().for_each(|id| _ = selected.remove(id));
            } else {
                selected.extend(stretch.households);
            }
        });
    }

    pub fn tap(self, id: DocId) {
        match self.span.get_untracked() {
            Span::Off => self.selected.update(|selected| {
                if !selected.remove(&id) {
                    selected.insert(id);
                }
            }),
            Span::First => {
                self.selected.update(|selected| _ = selected.insert(id));
                self.span.set(Span::Last(id));
            }
            Span::Last(first) => {
                let between = between(&self.doors(), first, id);
                self.selected.update(|selected| selected.extend(between));
                self.span.set(Span::Off);
            }
        }
    }

    pub fn is_spanning(self) -> bool {
        self.span.get() != Span::Off
    }

    /// Waits for the other end of this one.
    pub fn is_span_start(self, id: DocId) -> bool {
        self.span.get() == Span::Last(id)
    }

    pub fn toggle_span(self) {
        self.span.update(|span| *span = if *span == Span::Off { Span::First } else { Span::Off });
    }

    pub fn span_words(self) -> &'static str {
        match self.span.get() {
            Span::Off => "Chọn từ nhà… đến nhà…",
            Span::First => "Chạm nhà đầu đoạn",
            Span::Last(_) => "Chạm nhà cuối đoạn",
        }
    }

    fn doors(self) -> Vec<DocId> {
        self.stretches.with_untracked(|all| all.iter().flat_map(|stretch| stretch.households.clone()).collect())
    }
}

fn listed(view: &AreaView, source: &str) -> Vec<Stretch> {
    let wanted: Option<Option<DocId>> = match source {
        ALL => None,
        UNROUTED => Some(None),
        id => Some(id.parse().ok()),
    };
    let route = |id: &DocId| division::route_of(view, view.households.get(id).and_then(|door| door.household.route));
    let mut walk = division::walk(view);
    walk.retain(|id| wanted.is_none_or(|wanted| route(id) == wanted));
    division::stretches(view, &walk)
}

/// Both ends and all between them, whichever was tapped first.
fn between(doors: &[DocId], one: DocId, other: DocId) -> Vec<DocId> {
    let place = |wanted: DocId| doors.iter().position(|id| *id == wanted);
    match (place(one), place(other)) {
        (Some(one), Some(other)) => doors[one.min(other)..=one.max(other)].to_vec(),
        _ => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_may_be_tapped_from_either_end() {
        let doors: Vec<DocId> = (1..=5).map(DocId::from_u128).collect();
        assert_eq!(between(&doors, doors[1], doors[3]), doors[1..=3]);
        assert_eq!(between(&doors, doors[3], doors[1]), doors[1..=3]);
        assert_eq!(between(&doors, doors[2], doors[2]), [doors[2]]);
        assert_eq!(between(&doors, DocId::from_u128(9), doors[0]), [doors[0]]);
    }
}
