//! The facts that a tap writes, built from what was tapped.

use std::collections::BTreeMap;

use domain::campaign::Channel;
use domain::coverage::AreaView;
use domain::document::Kind;
use domain::replica::Change;
use domain::service::{Origin, Step};
use domain::visit::{Correction, Difficulty, Link, Outcome, Proficiency, Solution, Visit, VisitResult};
use domain::{Day, DocId, Value};

/// Builds the facts of one member on one day. Ids are handed in, so that it can be tried out without a browser.
pub struct Scribe<F> {
    pub area: DocId,
    pub me: DocId,
    pub today: Day,
    pub new_id: F,
}

impl<F: Fn() -> DocId> Scribe<F> {
    fn record(&self, kind: Kind, fields: BTreeMap<String, Value>) -> Change {
        Change::Record { id: (self.new_id)(), kind, scope: self.area, fields }
    }

    pub fn outcome(&self, channel: Channel, resident: DocId, step: Step, origin: Origin) -> Change {
        self.record(Kind::Outcome, Outcome::fields_at(channel, resident, self.me, self.today, step, origin))
    }

    pub fn visit(
        &self,
        household: DocId,
        result: VisitResult,
        come_back_at: Option<u64>,
        difficulties: &[Difficulty],
        note: &str,
    ) -> Change {
        let fields = Visit::fields(household, self.me, self.today, result, come_back_at, difficulties, note);
        self.record(Kind::Visit, fields)
    }

    pub fn proficiency(&self, resident: DocId) -> Change {
        self.record(Kind::Proficiency, Proficiency::fields(resident, self.me, self.today))
    }

    pub fn solution(&self, household: DocId, difficulty: Difficulty) -> Change {
        self.record(Kind::Solution, Solution::fields(household, self.me, self.today, difficulty))
    }

    /// What is said of two residents: `Kind::Link`, `Kind::Apart`.
    pub fn pair(&self, kind: Kind, residents: [DocId; 2]) -> Change {
        self.record(kind, Link::fields_of(&residents, self.me))
    }

    pub fn correction(&self, fact: DocId, by_lead: bool) -> Change {
        self.record(Kind::Correction, Correction::fields(fact, self.me, by_lead))
    }

    /// Whoever was helped was met. Once a day is enough.
    pub fn met_today(&self, view: &AreaView, household: DocId) -> Option<Change> {
        let household_view = view.households.get(&household)?;
        let is_met = household_view
            .visits
            .iter()
            .any(|visit| visit.result == VisitResult::Met && visit.member == self.me && visit.day == self.today);
        (!is_met).then(|| self.visit(household, VisitResult::Met, None, &[], ""))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use domain::coverage::Shown;
    use domain::{Document, InstallId, Stamp};

    use super::super::Undo;
    use super::*;

    const AREA: DocId = DocId::from_u128(1);
    const ME: DocId = DocId::from_u128(2);
    const HOUSEHOLD: DocId = DocId::from_u128(3);
    const RESIDENT: DocId = DocId::from_u128(4);

    fn scribe(day: i32) -> Scribe<impl Fn() -> DocId> {
        let last = Cell::new(100);
        let new_id = move || {
            last.set(last.get() + 1);
            DocId::from_u128(last.get())
        };
        let today = Day::at_ms(1_795_194_000_000).plus(day);
        Scribe { area: AREA, me: ME, today, new_id }
    }

    /// The area as it is after `changes`.
    fn view_after(changes: Vec<Change>) -> AreaView {
        let at = Stamp { ms: 1_795_194_000_000, counter: 0, install: InstallId(9) };
        let mut documents =
            vec![Document::description(HOUSEHOLD, Kind::Household).with(at, [("head", "Lý Văn Sơn".into())])];
        for change in changes {
            if let Change::Record { id, kind, fields, .. } = change {
                documents.push(Document::fact(id, kind, at, fields));
            }
        }
        let shown = documents.iter().map(|doc| Shown { doc, accepted: None });
        let campaign = domain::campaign::Campaign {
            serves: domain::campaign::AgeRule { years: 15, inclusive: true },
            counts: domain::campaign::AgeRule { years: 15, inclusive: true },
            quota: Some(15),
            ..domain::campaign::Campaign::asking_nothing()
        };
        AreaView::build(shown, &campaign, Day::at_ms(1_795_194_000_000))
    }

    #[test]
    fn whoever_is_helped_was_met_once_a_day() {
        let today = scribe(0);
        let first = today.met_today(&view_after(Vec::new()), HOUSEHOLD).expect("the first help of a day");
        let view = view_after(vec![first]);
        assert!(view.households[&HOUSEHOLD].reached);
        assert_eq!(today.met_today(&view, HOUSEHOLD), None);
        assert!(scribe(1).met_today(&view, HOUSEHOLD).is_some());
    }

    #[test]
    fn a_knock_without_an_answer_is_no_meeting() {
        let today = scribe(0);
        let absent = today.visit(HOUSEHOLD, VisitResult::Absent, None, &[], "");
        assert!(today.met_today(&view_after(vec![absent]), HOUSEHOLD).is_some());
    }

    #[test]
    fn taking_back_a_tap_leaves_the_door_as_it_was() {
        let today = scribe(0);
        let met = today.met_today(&view_after(Vec::new()), HOUSEHOLD).expect("the first help of a day");
        let changes = vec![today.outcome(Channel::Home, RESIDENT, Step::Activated, Origin::NewlyInstalled), met];
        let undo = Undo::of(AREA, &changes);
        assert_eq!(undo.facts().len(), 2);
        let all = changes.into_iter().chain(undo.facts().iter().map(|fact| today.correction(*fact, false)));
        assert!(!view_after(all.collect()).households[&HOUSEHOLD].reached);
    }
}
