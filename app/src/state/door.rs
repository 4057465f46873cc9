//! The verbs of a visit. Every tap is one write, and every write can be taken back.

mod difficulties;
mod doubles;
mod kept;
mod mend;
mod scribe;

use domain::campaign::Channel;
use domain::replica::Change;
use domain::service::{Origin, Step};
use domain::visit::{Difficulty, VisitResult};
use domain::{Day, DocId};

use leptos::prelude::*;

pub use mend::Told;
use scribe::Scribe;

use super::people::note as note_text;
use super::{AppState, NotSaved};

/// Where a helper and a person are together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// At the door of this household: whoever is helped there was met.
    AtDoor(DocId),
    /// At a support point, where the person came to: nobody knocked, so there is no visit.
    AtPoint(Channel),
}

impl Meeting {
    pub fn channel(self) -> Channel {
        match self {
            Self::AtDoor(_) => Channel::Home,
            Self::AtPoint(channel) => channel,
        }
    }
}

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

    #[cfg(test)]
    fn facts(&self) -> &[DocId] {
        &self.facts
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
    /// Records that a resident reached a step; at a door the household counts as met today.
    pub async fn record_step(
        &self,
        area: DocId,
        meeting: Meeting,
        resident: DocId,
        step: Step,
        origin: Origin,
    ) -> Result<Undo, NotSaved> {
        let change = self.scribe(area).outcome(meeting.channel(), resident, step, origin);
        self.write_at_meeting(area, meeting, vec![change]).await
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
        meeting: Meeting,
        resident: DocId,
        yes: bool,
    ) -> Result<Undo, NotSaved> {
        let view = self.view(area).get_untracked();
        let known = view.residents.get(&resident).and_then(|person| person.proficiency);
        match (yes, known) {
            (true, None) => {
                let change = self.scribe(area).proficiency(resident);
                self.write_at_meeting(area, meeting, vec![change]).await
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

    /// Writes what was done for somebody, and at a door with it that the household was met today, unless that is known or
    /// just being written.
    async fn write_at_meeting(
        &self,
        area: DocId,
        meeting: Meeting,
        mut changes: Vec<Change>,
    ) -> Result<Undo, NotSaved> {
        let Meeting::AtDoor(household) = meeting else { return self.write_undoable(area, changes).await };
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
