//! Reports made by the office itself, from the figures that it keeps.

use std::collections::BTreeMap;

use domain::campaign::Campaign;
use domain::daily::Daily;
use domain::people::Member;
use domain::place::{Area, Commune};
use domain::report::{Figures, Office, Period, Report, Sent, likely};
use domain::summary::{PhoneState, Summary};
use domain::text::fold;
use domain::{DocId, Document, Kind};

use crate::store::{Store, StoreError, StoreResult, Tx};

/// Why no report was made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("Không có địa bàn “{0}”.")]
    NoSuchArea(String),
    #[error("Chưa có xã, phường hoặc kế hoạch nào trong dữ liệu này.")]
    NothingSetUp,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the office knows of a commune, typed.
struct Known {
    campaign: Campaign,
    commune: Commune,
    areas: Vec<Area>,
    members: BTreeMap<DocId, Member>,
    phones: BTreeMap<DocId, PhoneState>,
    summaries: BTreeMap<DocId, Summary>,
    dailies: BTreeMap<DocId, Daily>,
    sent: Vec<Sent>,
}

/// Makes the report that is due next, or, with a period, that one; of an area by its name, else of the whole commune.
pub async fn make<S: Store>(
    store: &S,
    commune: DocId,
    area: Option<&str>,
    period: Option<Period>,
    now_ms: u64,
) -> Result<Report, ReportError> {
    let known = Known::read(store, commune).await?.ok_or(ReportError::NothingSetUp)?;
    let office = known.office();
    let area = match area {
        None => None,
        Some(name) => {
            let is_wanted = |area: &&Area| fold(&area.name) == fold(name);
            let found = known.areas.iter().find(is_wanted).ok_or_else(|| ReportError::NoSuchArea(name.to_owned()))?;
            Some(found.id)
        }
    };
    let period = period.unwrap_or_else(|| likely(&known.campaign, &known.sent, area, now_ms));
    let wanted = period.wanted(&known.campaign).ok_or(ReportError::NothingSetUp)?;
    let (summary, daily) = office.figures(area);
    let figures = Figures { summary: &summary, daily: &daily };
    office.report(area, figures, wanted, now_ms, None).ok_or(ReportError::NothingSetUp)
}

impl Known {
    async fn read<S: Store>(store: &S, commune: DocId) -> StoreResult<Option<Self>> {
        let mut tx = store.read().await?;
        let figures = DocId::figures(commune);
        let own = read(&mut tx, commune, &Kind::Commune, Commune::read).await?.pop();
        let campaign = Campaign::current(read(&mut tx, commune, &Kind::Campaign, Campaign::read).await?);
        let mut areas = read(&mut tx, commune, &Kind::Area, Area::read).await?;
        areas.sort_by(|a, b| (a.order, &a.name, a.id).cmp(&(b.order, &b.name, b.id)));
        let members = read(&mut tx, commune, &Kind::Member, Member::read).await?;
        let phones = read(&mut tx, figures, &Kind::PhoneState, PhoneState::read).await?;
        let summaries = read(&mut tx, figures, &Kind::Summary, Summary::read).await?;
        let mut dailies: BTreeMap<DocId, Daily> = BTreeMap::new();
        for (area, month) in read(&mut tx, figures, &Kind::Daily, Daily::read).await? {
            dailies.entry(area).or_default().add(&month);
        }
        let sent = read(&mut tx, figures, &Kind::Report, Sent::read).await?;
        tx.commit().await?;
        Ok(own.zip(campaign).map(|(commune, campaign)| Self {
            campaign,
            commune,
            areas,
            members: members.into_iter().map(|member| (member.id, member)).collect(),
            phones: phones.into_iter().map(|phone| (phone.member, phone)).collect(),
            summaries: summaries.into_iter().collect(),
            dailies,
            sent,
        }))
    }

    fn office(&self) -> Office<'_> {
        Office {
            campaign: &self.campaign,
            commune: &self.commune,
            areas: &self.areas,
            members: &self.members,
            phones: &self.phones,
            summaries: &self.summaries,
            dailies: &self.dailies,
            sent: &self.sent,
        }
    }
}

async fn read<T: Tx, V>(tx: &mut T, scope: DocId, kind: &Kind, of: fn(&Document) -> Option<V>) -> StoreResult<Vec<V>> {
    Ok(tx.documents_of(scope, kind).await?.iter().filter_map(|stored| of(&stored.doc)).collect())
}
