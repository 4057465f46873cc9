//! Named lists that leave the program: only for those entitled, noted with a reason before they are given out.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Grant;
use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::handout::{BadReason, Handout, List, Taken, door_list, helped_list};
use domain::people::{Member, Role};
use domain::place::{Area, Commune, Route};
use domain::protocol::{DeskRoute, HandoutDesk, HandoutNote, HandoutRequest, WantedList};
use domain::summary::Summary;
use domain::tally::quota;
use domain::{Day, DocId, Document, Kind};

use crate::app::random_id;
use crate::error::Error;
use crate::readings::Reader;
use crate::store::{AuditLine, HandoutKind, HandoutRow, SecretHash, Store, StoreResult, Tx};
use crate::sync::{self, Session};

/// Numbers left out after a restore from backup: papers with these may be about, and nobody remembers what is on them.
const LOST_NUMBERS: u64 = 100;
/// As far back as the page shows.
const LOG_LINES_MAX: usize = 500;

/// Why no list was given out.
#[derive(Debug, thiserror::Error)]
pub enum HandoutError {
    /// Out of reach and not there give the same answer.
    #[error("Danh sách này không thuộc phạm vi của bạn. Hỏi tổ trưởng của địa bàn hoặc cán bộ xã, phường.")]
    OutOfReach,
    #[error("Danh sách này không có ai. Không có gì để in.")]
    Empty,
    #[error("Chưa có kế hoạch nào. Cán bộ xã, phường lập kế hoạch trước.")]
    NoPlan,
    #[error(transparent)]
    Reason(#[from] BadReason),
}

/// Notes who takes which list and why, then answers the list. One transaction: rights, list and note are of one moment, and
/// a list that could not be noted is not given out.
pub async fn give<S: Store>(
    store: &S,
    token: SecretHash,
    request: &HandoutRequest,
    now_ms: u64,
) -> Result<Handout, Error> {
    let words = request.reason.checked_words(&request.words).map_err(HandoutError::from)?;
    let mut tx = store.write().await?;
    let session = open(&mut tx, token, now_ms).await?;
    let commune = Team::read(&mut tx, session.grant.commune).await?;
    let campaign = commune.campaign.as_ref().ok_or(HandoutError::NoPlan)?;
    let (what, list) = match request.what {
        WantedList::Doors { area, route } => {
            doors(&mut tx, &session.grant, &commune, campaign, area, route, now_ms).await?
        }
        WantedList::Helped { member, with_phones } => {
            helped(&mut tx, &session.grant, &commune, campaign, member, with_phones, now_ms).await?
        }
    };
    let people = list.people();
    if people == 0 {
        return Err(HandoutError::Empty.into());
    }
    let grant = &session.grant;
    let row = HandoutRow {
        number: next_number(&mut tx, session.instance.restored_ms).await?,
        id: random_id(),
        commune: grant.commune,
        member: grant.member,
        what,
        reason: request.reason,
        words: words.clone(),
        people,
        created_ms: now_ms,
    };
    tx.put_handout(&row).await?;
    let subject = match &row.what {
        HandoutKind::Doors { area, .. } => *area,
        HandoutKind::Helped { .. } => grant.commune,
    };
    tx.audit(&note(&session, "handout", Some(row.id), subject, now_ms)).await?;
    tx.commit().await?;
    let by = commune.names.get(&grant.member).cloned().unwrap_or_default();
    let mark = Taken { number: row.number, by, role: grant.role, at_ms: now_ms, reason: row.reason, words };
    Ok(Handout { taken: mark, commune: commune.title, campaign: campaign.name.clone(), list })
}

async fn doors<T: Tx>(
    tx: &mut T,
    grant: &Grant,
    commune: &Team,
    campaign: &Campaign,
    area: DocId,
    route: Option<DocId>,
    now_ms: u64,
) -> Result<(HandoutKind, List), Error> {
    let known = commune.areas.get(&area).filter(|_| leads(grant, area)).ok_or(HandoutError::OutOfReach)?;
    let view = area_view(tx, area, campaign, now_ms).await?;
    if route.is_some_and(|route| !view.routes.iter().any(|known| known.id == route)) {
        return Err(HandoutError::OutOfReach.into());
    }
    let (list, lines) = door_list(&known.name, &view, route, campaign);
    Ok((HandoutKind::Doors { area, route, lines }, List::Doors(list)))
}

async fn helped<T: Tx>(
    tx: &mut T,
    grant: &Grant,
    commune: &Team,
    campaign: &Campaign,
    member: DocId,
    with_phones: bool,
    now_ms: u64,
) -> Result<(HandoutKind, List), Error> {
    let helper = commune.members.get(&member).ok_or(HandoutError::OutOfReach)?;
    let is_near = helper.areas.iter().any(|area| grant.areas.contains(area));
    let is_allowed = match grant.role {
        Role::Coordinator => true,
        Role::Lead => member == grant.member || is_near,
        Role::Member => member == grant.member,
    };
    if !is_allowed {
        return Err(HandoutError::OutOfReach.into());
    }
    let worked_in = match grant.role {
        Role::Coordinator => areas_of_work(tx, commune, helper).await?,
        Role::Lead | Role::Member => grant.areas.clone(),
    };
    let mut areas = Vec::new();
    for area in worked_in.iter().filter_map(|area| commune.areas.get(area)) {
        areas.push((area.clone(), area_view(tx, area.id, campaign, now_ms).await?));
    }
    let known: Vec<Area> = commune.areas.values().cloned().collect();
    let quota = quota(Some(helper), &known, campaign);
    let list = helped_list(member, &areas, &commune.names, campaign, quota, with_phones);
    Ok((HandoutKind::Helped { member, with_phones }, List::Helped(list)))
}

/// Where a member may have helped somebody: where they work now, where the figures know them, and the support points, at
/// which nobody knocks. Reading every area of a commune would keep phones waiting.
async fn areas_of_work<T: Tx>(tx: &mut T, commune: &Team, helper: &Member) -> StoreResult<Vec<DocId>> {
    let summaries = tx.documents_of(DocId::figures(commune.id), &Kind::Summary).await?;
    let known: Vec<DocId> = summaries
        .iter()
        .filter_map(|stored| Summary::read(&stored.doc))
        .filter(|(_, summary)| summary.members.contains_key(&helper.id))
        .map(|(area, _)| area)
        .collect();
    let is_of_work =
        |area: &&Area| known.contains(&area.id) || helper.areas.contains(&area.id) || area.kind.is_support_point();
    Ok(commune.areas.values().filter(is_of_work).map(|area| area.id).collect())
}

async fn next_number<T: Tx>(tx: &mut T, restored_ms: Option<u64>) -> StoreResult<u64> {
    let newest = tx.newest_handout().await?;
    let (number, at_ms) = newest.map_or((0, 0), |newest| (newest.number, newest.created_ms));
    let lost = if restored_ms.is_some_and(|restored| restored > at_ms) { LOST_NUMBERS } else { 0 };
    Ok(number + lost + 1)
}

/// What may be taken out by whoever asks, and what was.
pub(crate) async fn desk<S: Store>(store: &S, session: &Session, now_ms: u64) -> StoreResult<HandoutDesk> {
    let grant = &session.grant;
    let mut tx = store.read().await?;
    let commune = Team::read(&mut tx, grant.commune).await?;
    let log = tx.handouts_of(grant.commune, LOG_LINES_MAX).await?;
    let mut routes = BTreeMap::new();
    for area in commune.areas.values().filter(|area| leads(grant, area.id)) {
        let mut own: Vec<Route> = read(&mut tx, area.id, &Kind::Route, Route::read).await?;
        own.retain(|route| !route.deleted);
        own.sort_by(|a, b| (a.order, &a.name, a.id).cmp(&(b.order, &b.name, b.id)));
        routes.insert(area.id, own);
    }
    tx.commit().await?;
    let is_mine = |row: &HandoutRow| match &row.what {
        HandoutKind::Doors { area, .. } => row.member == grant.member || leads(grant, *area),
        HandoutKind::Helped { .. } => row.member == grant.member || grant.role == Role::Coordinator,
    };
    let log: Vec<_> = log.iter().filter(|row| is_mine(row)).collect();
    let takers: BTreeSet<DocId> = log.iter().map(|row| row.member).collect();
    Reader::of(session, now_ms).note(store, "read_handouts", takers.len()).await?;
    let log = log.into_iter().map(|row| commune.note(row, &routes)).collect();
    let named = |area: DocId, route: Route| DeskRoute { area, id: route.id, name: route.name };
    let routes = routes.into_iter().flat_map(|(area, own)| own.into_iter().map(move |route| named(area, route)));
    Ok(HandoutDesk { routes: routes.collect(), log })
}

/// Whether the doors of an area are this member's to take out, and what comes back on paper theirs to type in.
pub(crate) fn leads(grant: &Grant, area: DocId) -> bool {
    match grant.role {
        Role::Coordinator => true,
        Role::Lead => grant.areas.contains(&area),
        Role::Member => false,
    }
}

/// Who is asking, in the transaction that serves them.
pub(crate) async fn open<T: Tx>(tx: &mut T, token: SecretHash, now_ms: u64) -> Result<Session, Error> {
    let session = sync::open(tx, token, now_ms).await?;
    if session.device.revoked.is_some() { Err(Error::DeviceUnknown) } else { Ok(session) }
}

pub(crate) fn note(
    session: &Session,
    action: &'static str,
    document: Option<DocId>,
    scope: DocId,
    now_ms: u64,
) -> AuditLine {
    AuditLine {
        member: Some(session.grant.member),
        install: session.device.install,
        action,
        document,
        scope: Some(scope),
        seq: None,
        people: None,
        received_ms: now_ms,
    }
}

pub(crate) async fn area_view<T: Tx>(
    tx: &mut T,
    area: DocId,
    campaign: &Campaign,
    now_ms: u64,
) -> StoreResult<AreaView> {
    let documents = tx.all_documents(area).await?;
    let shown = documents.iter().map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
    Ok(AreaView::build(shown, campaign, Day::at_ms(now_ms)))
}

/// The commune's own documents, typed.
pub(crate) struct Team {
    pub id: DocId,
    /// "Phường Bắc Kạn".
    pub title: String,
    pub campaign: Option<Campaign>,
    pub areas: BTreeMap<DocId, Area>,
    pub members: BTreeMap<DocId, Member>,
    pub names: BTreeMap<DocId, String>,
}

impl Team {
    pub async fn read<T: Tx>(tx: &mut T, id: DocId) -> StoreResult<Self> {
        let own = read(tx, id, &Kind::Commune, Commune::read).await?.pop();
        let campaign = Campaign::current(read(tx, id, &Kind::Campaign, Campaign::read).await?);
        let areas = read(tx, id, &Kind::Area, Area::read).await?;
        let members = read(tx, id, &Kind::Member, Member::read).await?;
        Ok(Self {
            id,
            title: own.map(|commune| commune.title()).unwrap_or_default(),
            campaign,
            areas: areas.into_iter().map(|area| (area.id, area)).collect(),
            names: members.iter().map(|member| (member.id, member.name.clone())).collect(),
            members: members.into_iter().map(|member| (member.id, member)).collect(),
        })
    }

    fn note(&self, row: &HandoutRow, routes: &BTreeMap<DocId, Vec<Route>>) -> HandoutNote {
        let name = |id: &DocId| self.names.get(id).cloned().unwrap_or_default();
        let (what, with_phones, doors_of) = match &row.what {
            HandoutKind::Helped { member, with_phones } => {
                (format!("Danh sách hỗ trợ của {}", name(member)), *with_phones, None)
            }
            HandoutKind::Doors { area, route, .. } => {
                let place = self.areas.get(area).map(|area| area.name.as_str()).unwrap_or_default();
                let of_area = routes.get(area).map(Vec::as_slice).unwrap_or_default();
                let route = of_area.iter().find(|known| Some(known.id) == *route);
                let route = route.map(|route| format!(" – {}", route.name)).unwrap_or_default();
                (format!("Danh sách hộ {place}{route}"), false, Some(*area))
            }
        };
        let by = name(&row.member);
        let why = row.reason.told(&row.words);
        let HandoutRow { number, people, created_ms, .. } = *row;
        HandoutNote { number, by, what, why, at_ms: created_ms, people, with_phones, doors_of }
    }
}

async fn read<T: Tx, V>(tx: &mut T, scope: DocId, kind: &Kind, of: fn(&Document) -> Option<V>) -> StoreResult<Vec<V>> {
    Ok(tx.documents_of(scope, kind).await?.iter().filter_map(|stored| of(&stored.doc)).collect())
}
