//! All that a report is made from, as the office and every lead's phone hold it. Both go through here, so that they
//! cannot make two different reports of the same documents.

use std::collections::BTreeMap;

use super::{Figures, Report, Sent, Subject, Team, Wanted, make, previous};
use crate::DocId;
use crate::campaign::Campaign;
use crate::daily::Daily;
use crate::people::Member;
use crate::place::{Area, Commune};
use crate::summary::{PhoneState, Summary};

#[derive(Clone, Copy, Debug)]
pub struct Office<'a> {
    pub campaign: &'a Campaign,
    pub commune: &'a Commune,
    /// In the order in which they are listed.
    pub areas: &'a [Area],
    pub members: &'a BTreeMap<DocId, Member>,
    pub phones: &'a BTreeMap<DocId, PhoneState>,
    pub summaries: &'a BTreeMap<DocId, Summary>,
    pub dailies: &'a BTreeMap<DocId, Daily>,
    pub sent: &'a [Sent],
}

impl Office<'_> {
    /// The figures of an area as the office has counted them, or the sum of all areas.
    pub fn figures(&self, area: Option<DocId>) -> (Summary, Daily) {
        let (mut summary, mut daily) = (Summary::default(), Daily::default());
        let is_wanted = |id: &DocId| area.is_none_or(|area| area == *id);
        self.summaries.iter().filter(|(id, _)| is_wanted(id)).for_each(|(_, of)| summary.add(of));
        self.dailies.iter().filter(|(id, _)| is_wanted(id)).for_each(|(_, of)| daily.add(of));
        (summary, daily)
    }

    /// A report of an area, or of the commune with a row for every area. `figures` are the unit's own, which a lead's phone
    /// counts itself. `None` when there is no such area.
    pub fn report(
        &self,
        area: Option<DocId>,
        figures: Figures<'_>,
        wanted: Wanted<'_>,
        now_ms: u64,
        synced_ms: Option<u64>,
    ) -> Option<Report> {
        let team = Team { members: self.members, phones: self.phones };
        let subject = match area {
            Some(id) => {
                let area = self.areas.iter().find(|area| area.id == id)?;
                Subject::of_area(area, self.commune, team, now_ms, synced_ms)
            }
            None => Subject::of_commune(self.commune, team, now_ms, synced_ms),
        };
        let nothing = Daily::default();
        let part = |of: &Area| {
            let summary = self.summaries.get(&of.id)?;
            Some(Figures { summary, daily: self.dailies.get(&of.id).unwrap_or(&nothing) })
        };
        let parts: Vec<_> = match area {
            Some(_) => Vec::new(),
            None => self.areas.iter().map(|of| (of.name.clone(), part(of))).collect(),
        };
        let before = previous(self.sent, area, wanted, now_ms).map(|sent| &sent.report);
        Some(make(self.campaign, &subject, figures, &parts, wanted, before, now_ms))
    }
}
