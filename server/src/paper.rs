//! What comes back on paper, typed in by a lead or a coordinator: facts of the helper who went, one household at a time.

use std::collections::BTreeMap;

use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::handout::paper::{BadEntry, PaperLine, Planned, Round, plan};
use domain::handout::ticks;
use domain::people::Member;
use domain::plausible::PlausibleDays;
use domain::protocol::{
    PaperHelper, PaperReply, PaperRequest, PaperSheet, PaperSource, TakeBackReply, TakeBackRequest,
};
use domain::visit::Correction;
use domain::{Day, DocId, Document, Kind, Value};

use crate::app::random_id;
use crate::area_cache::{AreaCache, AreaDocuments};
use crate::error::Error;
use crate::handouts::{Team, area_view, leads, note, open as open_session};
use crate::store::{HandoutKind, SecretHash, Store, StoreResult, Stored, Tx};
use crate::sync::ledger::Ledger;
use crate::sync::{Author, Session, figures};

/// More facts than a household's line can make.
const TAKEN_BACK_MAX: usize = 200;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// Out of reach and not there give the same answer.
    #[error("Không có phiếu này trong các địa bàn của bạn. Xem lại số phiếu in ở đầu trang.")]
    NoSuchSheet,
    #[error("Người đi phải là thành viên của địa bàn này. Chọn lại người đi.")]
    NotAHelper,
    #[error("Ngày trên phiếu không thể sau hôm nay. Xem lại ngày.")]
    InTheFuture,
    #[error("Ngày trên phiếu không thể trước ngày in phiếu. Xem lại ngày và số phiếu.")]
    BeforeThePrint,
    #[error("Ngày trên phiếu sớm hơn kế hoạch quá lâu. Xem lại ngày.")]
    LongBeforeThePlan,
    #[error("Chưa có kế hoạch nào. Cán bộ xã, phường lập kế hoạch trước.")]
    NoPlan,
    #[error(transparent)]
    Entry(#[from] BadEntry),
}

/// The list that lies on the desk.
struct Desk {
    session: Session,
    team: Team,
    campaign: Campaign,
    area: DocId,
    handout: Option<DocId>,
    printed_on: Option<Day>,
    /// By the lines of the paper; `None` for an area as it is.
    lines: Option<Vec<DocId>>,
}

/// Opens a sheet. It names people, so it is noted like a list that is given out.
pub async fn open<S: Store>(
    store: &S,
    token: SecretHash,
    source: PaperSource,
    now_ms: u64,
) -> Result<PaperSheet, Error> {
    let mut tx = store.write().await?;
    let desk = Desk::read(&mut tx, token, source, now_ms).await?;
    let view = area_view(&mut tx, desk.area, &desk.campaign, now_ms).await?;
    tx.audit(&note(&desk.session, "paper_open", desk.handout, desk.area, now_ms)).await?;
    tx.commit().await?;
    let lines = desk.lines.as_deref().unwrap_or(&view.walk);
    let mut helpers: Vec<&Member> =
        desk.team.members.values().filter(|member| member.areas.contains(&desk.area)).collect();
    helpers.sort_by_cached_key(|member| (domain::text::name_key(&member.name), member.id));
    Ok(PaperSheet {
        source,
        area: desk.area,
        area_name: desk.team.areas.get(&desk.area).map(|area| area.name.clone()).unwrap_or_default(),
        printed_on: desk.printed_on,
        today: Day::at_ms(now_ms),
        ticks: ticks(&desk.campaign),
        lines: lines.iter().map(|household| PaperLine::of(&view, *household)).collect(),
        helpers: helpers.into_iter().map(|member| PaperHelper { id: member.id, name: member.name.clone() }).collect(),
    })
}

/// Writes one household's line, what of it is not there already.
pub async fn write<S: Store>(
    store: &S,
    cache: &AreaCache,
    token: SecretHash,
    request: &PaperRequest,
    now_ms: u64,
) -> Result<PaperReply, Error> {
    let mut tx = store.write().await?;
    let desk = Desk::read(&mut tx, token, request.source, now_ms).await?;
    desk.check(request, now_ms)?;
    let view = area_view(&mut tx, desk.area, &desk.campaign, now_ms).await?;
    let round = Round { member: request.member, day: request.day, entered_by: desk.session.grant.member };
    let planned = plan(&view, &ticks(&desk.campaign), &request.entry, &round).map_err(PaperError::from)?;
    let mut pen = Pen::new(&mut tx, &desk.session, desk.area, now_ms).await?;
    let mut written = Vec::with_capacity(planned.facts.len());
    for fact in planned.facts {
        let id = pen.free_id(&fact).await?;
        pen.write(id, fact.kind, fact.fields).await?;
        written.push(id);
    }
    let counted = pen.finish(cache, desk.session.grant.commune).await?;
    tx.commit().await?;
    let line = desk.line_after(&view, &counted, request.entry.household, now_ms);
    keep(cache, counted);
    Ok(PaperReply { written, already: planned.already, line })
}

/// Takes back what was typed in by mistake: a correction by a lead, as anywhere else.
pub async fn take_back<S: Store>(
    store: &S,
    cache: &AreaCache,
    token: SecretHash,
    request: &TakeBackRequest,
    now_ms: u64,
) -> Result<TakeBackReply, Error> {
    if request.facts.len() > TAKEN_BACK_MAX {
        return Err(Error::TooLarge);
    }
    let mut tx = store.write().await?;
    let desk = Desk::read(&mut tx, token, PaperSource::Area(request.area), now_ms).await?;
    let view = area_view(&mut tx, desk.area, &desk.campaign, now_ms).await?;
    let counting = counting_facts(&view, request.household);
    let stored = tx.documents(&request.facts).await?;
    let is_typed = |stored: &&Stored| {
        stored.scope == desk.area
            && stored.doc.link(domain::visit::ENTERED_BY).is_some()
            && counting.contains(&stored.doc.id)
    };
    let targets: Vec<DocId> = stored.iter().filter(is_typed).map(|stored| stored.doc.id).collect();
    let mut pen = Pen::new(&mut tx, &desk.session, desk.area, now_ms).await?;
    for target in &targets {
        let fields = Correction::fields(*target, desk.session.grant.member, true);
        pen.write(random_id(), Kind::Correction, fields).await?;
    }
    let counted = pen.finish(cache, desk.session.grant.commune).await?;
    tx.commit().await?;
    let taken_back = u64::try_from(targets.len()).unwrap_or(u64::MAX);
    let line = desk.line_after(&view, &counted, request.household, now_ms);
    keep(cache, counted);
    Ok(TakeBackReply { taken_back, line })
}

/// Areas as they were just counted.
type Areas = Vec<(DocId, AreaDocuments)>;

fn keep(cache: &AreaCache, counted: Areas) {
    for (area, documents) in counted {
        cache.put(area, documents);
    }
}

/// Every fact about a household and its people that counts.
fn counting_facts(view: &AreaView, household: DocId) -> Vec<DocId> {
    let Some(door) = view.households.get(&household) else { return Vec::new() };
    let people = door.residents.iter().filter_map(|id| view.residents.get(id));
    let outcomes = people.flat_map(|person| person.outcomes.iter().map(|fact| fact.id));
    door.visits.iter().map(|visit| visit.id).chain(outcomes).collect()
}

impl Desk {
    async fn read<T: Tx>(tx: &mut T, token: SecretHash, source: PaperSource, now_ms: u64) -> Result<Self, Error> {
        let session = open_session(tx, token, now_ms).await?;
        let team = Team::read(tx, session.grant.commune).await?;
        let (area, handout, printed_on, lines) = match source {
            PaperSource::Area(area) => (area, None, None, None),
            PaperSource::Handout(number) => {
                let row = tx.handout(number).await?.filter(|row| row.commune == session.grant.commune);
                let row = row.ok_or(PaperError::NoSuchSheet)?;
                let HandoutKind::Doors { area, lines, .. } = row.what else {
                    return Err(PaperError::NoSuchSheet.into());
                };
                (area, Some(row.id), Some(Day::at_ms(row.created_ms)), Some(lines))
            }
        };
        if !leads(&session.grant, area) || !team.areas.contains_key(&area) {
            return Err(PaperError::NoSuchSheet.into());
        }
        let campaign = team.campaign.clone().ok_or(PaperError::NoPlan)?;
        Ok(Self { session, team, campaign, area, handout, printed_on, lines })
    }

    fn check(&self, request: &PaperRequest, now_ms: u64) -> Result<(), PaperError> {
        let helper = self.team.members.get(&request.member);
        if !helper.is_some_and(|helper| helper.areas.contains(&self.area)) {
            return Err(PaperError::NotAHelper);
        }
        if request.day > Day::at_ms(now_ms) {
            return Err(PaperError::InTheFuture);
        }
        if self.printed_on.is_some_and(|printed| request.day < printed) {
            return Err(PaperError::BeforeThePrint);
        }
        if !PlausibleDays::of([&self.campaign], now_ms).contains(request.day) {
            return Err(PaperError::LongBeforeThePlan);
        }
        let is_on_it = self.lines.as_ref().is_none_or(|lines| lines.contains(&request.entry.household));
        if is_on_it { Ok(()) } else { Err(BadEntry::NoSuchHousehold.into()) }
    }
}

impl Desk {
    /// A line as it is now; `before` holds still where nothing was written.
    fn line_after(&self, before: &AreaView, counted: &Areas, household: DocId, now_ms: u64) -> PaperLine {
        let Some((_, now)) = counted.iter().find(|(area, _)| *area == self.area) else {
            return PaperLine::of(before, household);
        };
        let shown = now.documents.values().map(|(accepted, doc)| Shown { doc, accepted: Some(*accepted) });
        PaperLine::of(&AreaView::build(shown, &self.campaign, Day::at_ms(now_ms)), household)
    }
}

/// Writes facts into an area through its ledger.
struct Pen<'t, T: Tx> {
    ledger: Ledger<'t, T>,
    area: DocId,
    author: Author,
}

impl<'t, T: Tx> Pen<'t, T> {
    async fn new(tx: &'t mut T, session: &Session, area: DocId, now_ms: u64) -> StoreResult<Self> {
        let commune = session.grant.commune;
        let locks = [commune, DocId::figures(commune), area];
        let ledger = Ledger::lock(tx, session.instance.clone(), &locks, now_ms).await?;
        let author = Author { member: Some(session.grant.member), install: session.device.install, action: "paper" };
        Ok(Self { ledger, area, author })
    }

    /// The first of a fact's ids that is free. A taken one was taken back, or put there by somebody who guessed it: where
    /// it counts, the line was known and is not planned.
    async fn free_id(&mut self, fact: &Planned) -> StoreResult<DocId> {
        let mut attempt = 0;
        loop {
            let id = fact.id(attempt);
            if self.ledger.tx().locate(&[id]).await?.is_empty() {
                return Ok(id);
            }
            attempt += 1;
        }
    }

    async fn write(&mut self, id: DocId, kind: Kind, fields: BTreeMap<String, Value>) -> StoreResult<()> {
        let stamp = self.ledger.stamp();
        self.ledger.put(self.area, None, Document::fact(id, kind, stamp, fields), self.author).await?;
        Ok(())
    }

    /// Counts the area anew, where something was written.
    async fn finish(mut self, cache: &AreaCache, commune: DocId) -> StoreResult<Areas> {
        let counted = figures::recount(&mut self.ledger, cache, commune).await?;
        self.ledger.finish().await?;
        Ok(counted)
    }
}
