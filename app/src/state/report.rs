//! Reports: made from what is on this phone, frozen as facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::DocId;
use domain::daily::Daily;
use domain::document::Kind;
use domain::replica::Change;
use domain::report::{Figures, Office, Report, Sent, Wanted};
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

    /// Makes a report of an area, with everything on this phone, or of the commune. Reactive.
    pub fn make_report(&self, area: Option<DocId>, wanted: Wanted<'_>) -> Option<Report> {
        let office = self.office;
        let (campaign, commune) = (office.campaign.get(), office.commune.get()?);
        let (areas, members, phones) = (office.areas.get(), office.members.get(), office.phone_states.get());
        let (summaries, dailies, sent) = (office.summaries.get(), office.dailies.get(), office.sent.get());
        let known = Office {
            campaign: &campaign,
            commune: &commune,
            areas: &areas,
            members: &members,
            phones: &phones,
            summaries: &summaries,
            dailies: &dailies,
            sent: &sent,
        };
        let held = area.filter(|area| office.my_areas.with(|mine| mine.contains(area)));
        let (summary, daily) = match held {
            Some(area) => {
                let view = self.view(area).get();
                (Summary::of(&view, &campaign), Daily::of(&view, &campaign))
            }
            None => known.figures(area),
        };
        let synced_ms = self.sources.status.with(|status| status.last_sync_ms);
        known.report(area, Figures { summary: &summary, daily: &daily }, wanted, self.now_ms(), synced_ms)
    }

    /// Chốt số: from now on this is what was reported.
    pub async fn freeze_report(&self, area: Option<DocId>, report: &Report) -> Result<DocId, NotSaved> {
        let me = untrack(|| self.me());
        let commune = self.own_commune().ok_or(NotSaved::NotReady)?;
        let fields = Sent::fields(me, area, report).ok_or(NotSaved::Invalid("Báo cáo quá dài nên chưa chốt được."))?;
        let id = super::runtime::random_id();
        let change = Change::Record { id, kind: Kind::Report, scope: DocId::figures(commune), fields };
        self.write(vec![change]).await?;
        Ok(id)
    }
}
