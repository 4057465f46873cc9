//! The verbs of a visit. Every tap is one write, and every write can be taken back.

mod mend;

use domain::coverage::AreaView;
use domain::document::Kind;
use domain::replica::Change;
use domain::service::{Origin, Step};
use domain::visit::{Correction, Difficulty, Outcome, Proficiency, Visit, VisitResult};
use domain::{Day, DocId};

use leptos::prelude::*;

use super::people::note as note_text;
use super::{AppState, NotSaved};

/// What takes a write back: more changes, made when they are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    area: DocId,
    facts: Vec<DocId>,
    /// Facts that a correction took away and that are recorded anew.
    again: Vec<Change>,
}

impl Undo {
    fn of(area: DocId, changes: &[Change]) -> Self {
        let facts = changes.iter().filter_map(|change| match change {
            Change::Record { id, .. } => Some(*id),
            _ => None,
        });
        Self { area, facts: facts.collect(), again: Vec::new() }
    }

    /// Whether there is nothing to write: a colleague's record that a lead took away is theirs to write anew.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.again.is_empty()
    }

    /// Taken back by writing these.
    pub(super) fn by_writing(area: DocId, again: Vec<Change>) -> Self {
        Self { area, facts: Vec::new(), again }
    }
}

impl AppState {
    /// Records that a resident reached a step; the household counts as met today.
    pub async fn record_step(
        &self,
        area: DocId,
        household: DocId,
        resident: DocId,
        step: Step,
        origin: Origin,
    ) -> Result<Undo, NotSaved> {
        let change = self.scribe(area).outcome(resident, step, origin);
        self.write_at_meeting(area, household, vec![change]).await
    }

    /// Records a knock.
    pub async fn record_visit(
        &self,
        area: DocId,
        household: DocId,
        result: VisitResult,
        come_back_at: Option<u64>,
        difficulties: Vec<Difficulty>,
        note: String,
    ) -> Result<Undo, NotSaved> {
        let note = note_text(&note)?;
        let change = self.scribe(area).visit(household, result, come_back_at, &difficulties, &note);
        self.write_undoable(area, vec![change]).await
    }

    /// Records that a resident can do it alone, or takes that back.
    pub async fn set_proficient(
        &self,
        area: DocId,
        household: DocId,
        resident: DocId,
        yes: bool,
    ) -> Result<Undo, NotSaved> {
        let view = self.view(area).get_untracked();
        let known = view.residents.get(&resident).and_then(|person| person.proficiency);
        match (yes, known) {
            (true, None) => {
                let change = self.scribe(area).proficiency(resident);
                self.write_at_meeting(area, household, vec![change]).await
            }
            (false, Some(fact)) => self.correct(area, fact).await,
            (true, Some(_)) | (false, None) => Ok(Undo { area, facts: Vec::new(), again: Vec::new() }),
        }
    }

    /// Takes back what was just recorded.
    pub async fn undo(&self, undo: Undo) -> Result<(), NotSaved> {
        let scribe = self.scribe(undo.area);
        let mut changes: Vec<Change> = undo.facts.iter().map(|fact| scribe.correction(*fact, false)).collect();
        changes.extend(undo.again);
        self.write(changes).await
    }

    /// Says that a record was wrong. One's own, or as a lead anyone's; undoing records one's own anew.
    pub async fn correct(&self, area: DocId, fact: DocId) -> Result<Undo, NotSaved> {
        let (correction, again) = self.taking_back(area, fact)?;
        self.write(vec![correction]).await?;
        Ok(Undo { area, facts: Vec::new(), again })
    }

    /// Writes what was done for somebody, and with it that the household was met today, unless that is known or just
    /// being written.
    pub(super) async fn write_at_meeting(
        &self,
        area: DocId,
        household: DocId,
        mut changes: Vec<Change>,
    ) -> Result<Undo, NotSaved> {
        let view = self.view(area).get_untracked();
        let is_being_written = self.meetings.with_value(|doors| doors.contains(&household));
        let meeting = if is_being_written { None } else { self.scribe(area).met_today(&view, household) };
        let is_first = meeting.is_some();
        changes.extend(meeting);
        if is_first {
            self.meetings.update_value(|doors| {
                doors.insert(household);
            });
        }
        let written = self.write_undoable(area, changes).await;
        if is_first {
            self.meetings.update_value(|doors| {
                doors.remove(&household);
            });
        }
        written
    }

    async fn write_undoable(&self, area: DocId, changes: Vec<Change>) -> Result<Undo, NotSaved> {
        let undo = Undo::of(area, &changes);
        self.write(changes).await?;
        Ok(undo)
    }

    fn me_now(&self) -> DocId {
        untrack(|| self.me())
    }

    fn scribe(&self, area: DocId) -> Scribe<fn() -> DocId> {
        Scribe { area, me: self.me_now(), today: Day::at_ms(self.now_ms()), new_id: super::runtime::random_id }
    }
}

/// Builds the facts of one member on one day. Ids are handed in, so that it can be tried out without a browser.
struct Scribe<F> {
    area: DocId,
    me: DocId,
    today: Day,
    new_id: F,
}

impl<F: Fn() -> DocId> Scribe<F> {
    fn record(&self, kind: Kind, fields: std::collections::BTreeMap<String, domain::Value>) -> Change {
        Change::Record { id: (self.new_id)(), kind, scope: self.area, fields }
    }

    fn outcome(&self, resident: DocId, step: Step, origin: Origin) -> Change {
        self.record(Kind::Outcome, Outcome::fields(resident, self.me, self.today, step, origin))
    }

    fn visit(
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

    fn proficiency(&self, resident: DocId) -> Change {
        self.record(Kind::Proficiency, Proficiency::fields(resident, self.me, self.today))
    }

    fn correction(&self, fact: DocId, by_lead: bool) -> Change {
        self.record(Kind::Correction, Correction::fields(fact, self.me, by_lead))
    }

    /// Whoever was helped was met. Once a day is enough.
    fn met_today(&self, view: &AreaView, household: DocId) -> Option<Change> {
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
        let changes = vec![today.outcome(RESIDENT, Step::Activated, Origin::NewlyInstalled), met];
        let undo = Undo::of(AREA, &changes);
        assert_eq!(undo.facts.len(), 2);
        let all = changes.into_iter().chain(undo.facts.iter().map(|fact| today.correction(*fact, false)));
        assert!(!view_after(all.collect()).households[&HOUSEHOLD].reached);
    }
}
