//! What the server derives: an area's figures, counted anew in the transaction that changed it, and when phones came in.

use std::collections::BTreeMap;

use domain::campaign::Campaign;
use domain::coverage::{AreaView, Shown};
use domain::daily::Daily;
use domain::planted::{Mistake, is_planted};
use domain::protocol::PhoneReport;
use domain::summary::{PhoneState, Summary};
use domain::{Day, DocId, Document, Kind, Value};

use super::carry;
use super::ledger::Ledger;
use super::loaded::Loaded;
use super::{erasing, renames};
use crate::area_cache::{AreaCache, AreaDocuments};
use crate::store::{Device, StoreResult, Tx};

/// How old the office's knowledge of a phone may get.
const PHONE_STATE_MS: u64 = 5 * 60 * 1000;

/// Erases what erasures name, carries on what concerns people who have moved, then counts every area that this transaction has changed. The areas
/// go back into the cache after the commit.
pub async fn recount<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    cache: &AreaCache,
    commune: DocId,
) -> StoreResult<Vec<(DocId, AreaDocuments)>> {
    recount_loaded(ledger, Loaded::new(cache), commune).await
}

/// The same with areas that are loaded already.
pub async fn recount_loaded<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    mut loaded: Loaded<'_>,
    commune: DocId,
) -> StoreResult<Vec<(DocId, AreaDocuments)>> {
    erasing::carry_out(ledger, &mut loaded).await?;
    carry::carry_on(ledger, &mut loaded, commune).await?;
    renames::forget_erased(ledger, &mut loaded).await?;
    let areas = ledger.areas_to_count();
    if areas.is_empty() {
        return Ok(loaded.into_areas());
    }
    let campaign = current_campaign(ledger, commune).await?;
    for area in areas {
        loaded.load(ledger, area).await?;
        if let Some((campaign, documents)) = campaign.as_ref().zip(loaded.get(area)) {
            let counted = count(ledger, documents, campaign);
            write_figures(ledger, commune, area, &counted).await?;
        }
    }
    Ok(loaded.into_areas())
}

/// The plan that figures follow.
pub async fn current_campaign<T: Tx>(ledger: &mut Ledger<'_, T>, commune: DocId) -> StoreResult<Option<Campaign>> {
    let campaigns = ledger.tx().documents_of(commune, &Kind::Campaign).await?;
    Ok(Campaign::current(campaigns.iter().filter_map(|stored| Campaign::read(&stored.doc))))
}

/// What an area's documents come to.
pub struct Counted {
    pub summary: Summary,
    pub daily: Daily,
}

fn count<T: Tx>(ledger: &Ledger<'_, T>, area: &AreaDocuments, campaign: &Campaign) -> Counted {
    let shown = area.documents.iter().map(|(id, (accepted, doc))| {
        let pushed = if is_planted(Mistake::SummaryFromPushed) { ledger.pushed().get(id) } else { None };
        Shown { doc: pushed.unwrap_or(doc), accepted: Some(*accepted) }
    });
    let view = AreaView::build(shown, campaign, Day::at_ms(ledger.now_ms));
    Counted { summary: Summary::of(&view, campaign), daily: Daily::of(&view, campaign) }
}

/// Writes the figures of an area, those documents that differ.
pub async fn write_figures<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    commune: DocId,
    area: DocId,
    counted: &Counted,
) -> StoreResult<()> {
    let id = DocId::summary(area);
    let before = ledger.tx().documents(&[id]).await?.into_iter().next();
    let mut months = before.as_ref().map(|before| month_ids(&before.doc)).unwrap_or_default();
    let daily = counted.daily.months();
    for month in daily.keys().filter(|month| !months.contains_key(*month)).cloned().collect::<Vec<_>>() {
        // Not to be guessed: nobody can put another document there first.
        let moment = ledger.stamp();
        let secret = format!("{} {}", moment.ms, moment.counter);
        months.insert(month.clone(), DocId::derived(area, &["daily", &month, &secret]));
    }
    for (month, id) in &months {
        // A month whose last record was taken back stays, empty.
        let figures = daily.get(month).cloned().unwrap_or_default();
        let fields =
            [("area", Value::from(area)), ("month", Value::text(month.clone())), ("figures", figures.to_value())];
        write_derived(ledger, commune, *id, Kind::Daily, &fields).await?;
    }
    let months = Value::Map(months.into_iter().map(|(month, id)| (month, Value::from(id))).collect());
    let basis = Value::text(basis(ledger.now_ms));
    let fields = [
        ("area", Value::from(area)),
        ("basis", basis.clone()),
        ("figures", counted.summary.to_value()),
        ("months", months),
    ];
    let credits = counted.summary.credits();
    let known = before.as_ref().and_then(|before| Summary::read(&before.doc)).map(|(_, summary)| summary.credits());
    if known.as_ref() != Some(&credits) || before.is_some_and(|before| before.doc.value("basis") != Some(&basis)) {
        ledger.tx().set_credits(commune, area, &credits).await?;
    }
    write_derived(ledger, commune, id, Kind::Summary, &fields).await
}

/// What figures depend on besides documents: how this version counts, and the year, which makes people a year older.
fn basis(now_ms: u64) -> String {
    /// To be raised with every change in what is counted, or in what is kept of it.
    const COUNTING: u32 = 4;
    format!("{COUNTING}/{}", Day::at_ms(now_ms).year())
}

/// The areas of a commune that were last counted in another year or by another version.
pub async fn outdated<T: Tx>(tx: &mut T, commune: DocId, now_ms: u64) -> StoreResult<Vec<DocId>> {
    let basis = basis(now_ms);
    let summaries = tx.documents_of(DocId::figures(commune), &Kind::Summary).await?;
    let outdated = summaries
        .iter()
        .filter(|stored| stored.doc.value("figures").is_some() && stored.doc.text("basis") != Some(basis.as_str()));
    let outdated: Vec<DocId> = outdated.filter_map(|stored| stored.doc.link("area")).collect();
    // The communes of a province are no areas of its own: their figures come from elsewhere.
    Ok(tx.scopes(&outdated).await?.into_iter().map(|row| row.id).collect())
}

/// Where the days of each month are kept.
fn month_ids(summary: &Document) -> BTreeMap<String, DocId> {
    let Some(Value::Map(months)) = summary.value("months") else { return BTreeMap::new() };
    let id = |(month, id): (&String, &Value)| Some((month.clone(), id.as_text()?.parse().ok()?));
    months.iter().filter_map(id).collect()
}

/// Whether the office should hear of this phone: now and then, and when it begins or ends to hold something back. A time
/// in the future is from a clock that was wrong.
pub fn is_phone_state_due(device: &Device, phone: &PhoneReport, now_ms: u64) -> bool {
    now_ms < device.last_seen_ms
        || now_ms >= device.last_seen_ms.saturating_add(PHONE_STATE_MS)
        || (phone.unsent == 0) != (device.unsent == 0)
        || phone.diverged != device.diverged
}

/// Notes that the phone came in, with what it still holds, for its lead.
pub async fn note_phone<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    device: &Device,
    phone: &PhoneReport,
    commune: DocId,
) -> StoreResult<()> {
    const APP_CHARS_MAX: usize = 64;
    let app: String = phone.app.chars().filter(|letter| !letter.is_control()).take(APP_CHARS_MAX).collect();
    let device = Device {
        last_seen_ms: ledger.now_ms,
        unsent: phone.unsent,
        refused: phone.refused,
        diverged: phone.diverged,
        app: app.clone(),
        ..device.clone()
    };
    ledger.tx().put_device(&device).await?;
    write_phone_state(ledger, device.member, commune, Some(app)).await
}

/// What the lead is told of a member's phones. A member with two phones has one line: the sum of what both hold back. A
/// phone that holds something back and is silent must not hide behind the other; one that was shut out counts no more.
pub async fn write_phone_state<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    member: DocId,
    commune: DocId,
    app: Option<String>,
) -> StoreResult<()> {
    let id = DocId::phone_state(member);
    let devices = ledger.tx().devices_of(member).await?;
    let live = || devices.iter().filter(|device| device.revoked.is_none());
    let newest = live().map(|device| device.last_seen_ms).filter(|at_ms| *at_ms > 0).max();
    let told = ledger.tx().documents(&[id]).await?.into_iter().next();
    let told = told.and_then(|stored| PhoneState::read(&stored.doc)).map(|state| state.last_sync_ms);
    // One that was enrolled again and has not come in since was last seen when it was told.
    let seen = |device: &Device| Some(device.last_seen_ms).filter(|at_ms| *at_ms > 0).or(told);
    let holding_back = live().filter(|device| device.unsent > 0).filter_map(seen).min();
    let Some(last_sync_ms) = holding_back.or(newest).or(told) else {
        // Nothing of this member has ever come in.
        return Ok(());
    };
    let state = PhoneState {
        member,
        last_sync_ms: last_sync_ms.min(ledger.now_ms),
        unsent: live().map(|device| u64::from(device.unsent)).sum(),
        refused: live().map(|device| u64::from(device.refused)).sum(),
        diverged: live().map(|device| u64::from(device.diverged)).sum(),
    };
    let mut fields = state.fields().to_vec();
    fields.extend(app.map(|app| ("app", Value::from(app))));
    write_derived(ledger, commune, id, Kind::PhoneState, &fields).await
}

/// Sets those fields that differ; a document that says the same already does not move.
async fn write_derived<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    commune: DocId,
    id: DocId,
    kind: Kind,
    fields: &[(&str, Value)],
) -> StoreResult<()> {
    let figures = DocId::figures(commune);
    let before = ledger.tx().documents(&[id]).await?.into_iter().next();
    if before.as_ref().is_some_and(|before| before.scope != figures) {
        tracing::error!(document = %id, "a derived document's id is taken in another scope");
        return Ok(());
    }
    let mut doc = before.as_ref().map_or_else(|| Document::description(id, kind), |before| before.doc.clone());
    let changed: Vec<_> = fields.iter().filter(|(name, value)| doc.value(name) != Some(value)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let stamp = ledger.stamp();
    for (name, value) in changed {
        doc.set((*name).to_owned(), value.clone(), stamp);
    }
    ledger.put_derived(figures, before.as_ref(), doc).await
}
