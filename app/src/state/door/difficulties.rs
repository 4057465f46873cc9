//! Khó khăn, vướng mắc: met at a knock, settled some day.

use domain::DocId;
use domain::replica::Change;
use domain::visit::{Difficulty, Visit, VisitResult};
use leptos::prelude::*;

use super::{AppState, NotSaved, Undo, note_text};

impl AppState {
    /// Writes a knock anew with what was learnt at it, or a knock of now when there is none.
    pub async fn tell_difficulties(
        &self,
        area: DocId,
        household: DocId,
        knock: Option<Visit>,
        difficulties: Vec<Difficulty>,
        note: String,
    ) -> Result<Undo, NotSaved> {
        let note = note_text(&note)?;
        let result = knock.as_ref().map_or(VisitResult::Met, |visit| visit.result);
        let come_back_at = knock.as_ref().and_then(|visit| visit.come_back_at);
        let mut changes = vec![self.scribe(area).visit(household, result, come_back_at, &difficulties, &note)];
        if let Some(knock) = &knock {
            // Told anew with one more, the others have not come back.
            let kept: Vec<Difficulty> =
                difficulties.into_iter().filter(|known| knock.difficulties.contains(known)).collect();
            changes.extend(self.settled_anew(area, household, &kept));
        }
        self.write_in_place_of(area, knock.map(|visit| visit.id), changes).await
    }

    /// Đã giải quyết. It may have been settled on the phone, so it is no visit.
    pub async fn solve(&self, area: DocId, household: DocId, difficulty: Difficulty) -> Result<Undo, NotSaved> {
        let change = self.scribe(area).solution(household, difficulty);
        self.write_undoable(area, vec![change]).await
    }

    /// What says once more that these are settled, of those that are.
    pub(super) fn settled_anew(&self, area: DocId, household: DocId, difficulties: &[Difficulty]) -> Vec<Change> {
        let scribe = self.scribe(area);
        let view = self.view(area).get_untracked();
        let Some(door) = view.households.get(&household) else { return Vec::new() };
        let settled = difficulties.iter().filter(|known| door.difficulties.get(known) == Some(&true));
        settled.map(|difficulty| scribe.solution(household, *difficulty)).collect()
    }
}
