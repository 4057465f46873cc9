//! Reports: made from what is on this phone, frozen as facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::DocId;
use domain::daily::Daily;
use domain::document::Kind;
use domain::replica::Change;
use domain::report::{self, Figures, Report, Sent, Subject, Team, Wanted};
use domain::summary::Summary;
use leptos::prelude::*;

use super::{AppState, NotSaved};

impl AppState {
    /// What came about when, by area; for leads and coordinators.
    pub fn dailies(&self) -> Signal<Arc<BTreeMap<DocId, Daily>>> {
        self.office.dailies.into()
    }

    /// Reports that were sent, of all areas and of the commune.
    pub fn sent_reports(&self) -> Signal<Arc<Vec<Sent>>> {
        self.office.sent.into()
    }

    /// The figures of an area with everything on this phone, or the sum of what the office has counted. Reactive.
    pub fn figures_of(&self, area: Option<DocId>) -> (Summary, Daily) {
        let campaign = self.office.campaign.get();
        if let Some(area) = area.filter(|area| self.office.my_areas.with(|mine| mine.contains(area))) {
            let view = self.view(area).get();
            return (Summary::of(&view, &campaign), Daily::of(&view, &campaign));
        }
        let (mut summary, mut daily) = (Summary::default(), Daily::default());
        let is_wanted = |id: &DocId| area.is_none_or(|area| area == *id);
        self.office
            .summaries
            .with(|all| all.iter().filter(|(id, _)| is_wanted(id)).for_each(|(_, of)| summary.add(of)));
        self.office.dailies.with(|all| all.iter().filter(|(id, _)| is_wanted(id)).for_each(|(_, of)| daily.add(of)));
        (summary, daily)
    }

    /// Makes a report of an area, or of the commune with a row for every area. Reactive.
    pub fn make_report(&self, area: Option<DocId>, wanted: Wanted<'_>) -> Option<Report> {
        let (campaign, commune, now_ms) = (self.office.campaign.get(), self.office.commune.get()?, self.now_ms());
        let (members, phones, areas) =
            (self.office.members.get(), self.office.phone_states.get(), self.office.areas.get());
        let team = Team { members: &members, phones: &phones };
        let synced_ms = self.sources.status.with(|status| status.last_sync_ms);
        let subject = match area {
            Some(id) => {
                let area = areas.iter().find(|area| area.id == id)?;
                Subject::of_area(area, &commune, team, now_ms, synced_ms)
            }
            None => Subject::of_commune(&commune, team, now_ms, synced_ms),
        };
        let (summary, daily) = self.figures_of(area);
        let (summaries, dailies) = (self.office.summaries.get(), self.office.dailies.get());
        let nothing = Daily::default();
        let part = |of: &domain::place::Area| {
            let summary = summaries.get(&of.id)?;
            Some(Figures { summary, daily: dailies.get(&of.id).unwrap_or(&nothing) })
        };
        let parts: Vec<_> = match area {
            Some(_) => Vec::new(),
            None => areas.iter().map(|of| (of.name.clone(), part(of))).collect(),
        };
        let sent = self.office.sent.get();
        let before = report::previous(sent.iter(), area, wanted, now_ms).map(|sent| &sent.report);
        let figures = Figures { summary: &summary, daily: &daily };
        Some(report::make(&campaign, &subject, figures, &parts, wanted, before, now_ms))
    }

    /// Chốt số: from now on this is what was reported.
    pub async fn freeze_report(&self, area: Option<DocId>, report: &Report) -> Result<DocId, NotSaved> {
        let (me, commune) =
            untrack(|| (self.me(), self.sources.enrolment.with(|own| own.as_ref().map(|own| own.commune))));
        let commune = commune.ok_or(NotSaved::NotReady)?;
        let fields = Sent::fields(me, area, report).ok_or(NotSaved::Invalid("Báo cáo quá dài nên chưa chốt được."))?;
        let id = super::runtime::random_id();
        let change = Change::Record { id, kind: Kind::Report, scope: DocId::figures(commune), fields };
        self.write(vec![change]).await?;
        Ok(id)
    }
}
