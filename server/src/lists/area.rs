//! Which area a list goes into.

use domain::place::{Area, AreaKind, is_same_area};
use domain::protocol::AreaChoice;
use domain::text::{clean, fold};
use domain::{Body, DocId, Document, Kind, Stamp, Value};

use super::{ImportError, NAME_CHARS_MAX};
use crate::app::random_id;
use crate::store::{Store, StoreResult, Tx};
use crate::sync::Author;
use crate::sync::ledger::Ledger;

/// The area that a list means by `name`; a new one where there is none.
pub async fn area_named<S: Store>(store: &S, commune: DocId, name: &str) -> StoreResult<AreaChoice> {
    let mut tx = store.read().await?;
    let stored = tx.documents_of(commune, &Kind::Area).await?;
    tx.commit().await?;
    let areas: Vec<Area> = stored.iter().filter_map(|stored| Area::read(&stored.doc)).collect();
    let mut known = areas.iter().filter(|area| is_same_area(&area.name, name));
    if let Some(only) = known.next().filter(|_| known.next().is_none()) {
        return Ok(AreaChoice::Known(only.id));
    }
    let as_others = areas.iter().map(|area| area.kind).find(|kind| !kind.is_support_point());
    let kind = AreaKind::told_by(name).or(as_others).unwrap_or_default();
    Ok(AreaChoice::New { name: name.to_owned(), kind: kind.name().to_owned() })
}

pub(super) enum Found {
    Known(DocId),
    /// There already, without a name that anybody gave it: a restore from backup has made it again (`sync::carry`). With
    /// what the list tells of it, under a list's stamp.
    Nameless(DocId, Document),
    /// With its document, still without a stamp of its own.
    New(DocId, Document),
}

impl Found {
    pub fn id(&self) -> DocId {
        match self {
            Found::Known(id) | Found::Nameless(id, _) | Found::New(id, _) => *id,
        }
    }

    /// `None` for an area that does not exist yet.
    pub fn known(&self) -> Option<DocId> {
        match self {
            Found::Known(id) | Found::Nameless(id, _) => Some(*id),
            Found::New(..) => None,
        }
    }
}

/// The area that was chosen. A new one whose name is known already is the known one.
pub(super) async fn find<T: Tx>(
    tx: &mut T,
    commune: DocId,
    choice: &AreaChoice,
    now_ms: u64,
) -> Result<Found, ImportError> {
    let stored = tx.documents_of(commune, &Kind::Area).await?;
    let areas: Vec<Area> = stored.iter().filter_map(|stored| Area::read(&stored.doc)).collect();
    match choice {
        AreaChoice::Known(id) => {
            let is_place = |area: &&Area| area.id == *id && area.commune.is_none();
            areas.iter().find(is_place).map(|area| Found::Known(area.id)).ok_or(ImportError::NoArea)
        }
        AreaChoice::New { name, kind } => {
            let name = clean(name);
            let kind = AreaKind::from_name(kind).filter(|kind| *kind != AreaKind::Commune);
            let is_fine =
                !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX && !name.contains(char::is_control);
            let kind = kind.filter(|_| is_fine).ok_or(ImportError::BadName)?;
            if areas.iter().any(|area| area.kind == AreaKind::Commune) {
                // A province, which holds no lists.
                return Err(ImportError::NoArea);
            }
            if let Some(known) = areas.iter().find(|area| fold(&area.name) == fold(&name)) {
                return Ok(Found::Known(known.id));
            }
            // The same name gives the same area, whoever imports it first.
            let id = DocId::derived(commune, &["area", &fold(&name)]);
            let order = areas.iter().map(|area| area.order).max().unwrap_or(0).saturating_add(1);
            let fields = [("name", Value::from(name)), ("kind", kind.name().into()), ("order", order.into())];
            let told = |id: DocId, stamp: Stamp| Document::description(id, Kind::Area).with(stamp, fields);
            if let Some(area) = stored.iter().find(|stored| stored.doc.id == id) {
                let is_named = stamp_of_name(&area.doc) >= Some(Stamp::of_list(now_ms));
                let known = || Found::Nameless(id, told(id, Stamp::of_list(now_ms)));
                return Ok(if is_named { Found::Known(id) } else { known() });
            }
            // Whoever knows the name knows the id, and may have put something else there.
            let is_taken = !tx.locate(&[id]).await?.is_empty();
            let id = if is_taken { random_id() } else { id };
            Ok(Found::New(id, told(id, Stamp::of_list(0))))
        }
    }
}

fn stamp_of_name(area: &Document) -> Option<Stamp> {
    match &area.body {
        Body::Description(registers) => registers.get("name").map(|register| register.stamp),
        Body::Fact { .. } => None,
    }
}

/// Writes what the list tells of its area, as far as that is new.
pub(super) async fn write<T: Tx>(
    ledger: &mut Ledger<'_, T>,
    commune: DocId,
    found: &Found,
    author: Author,
) -> StoreResult<()> {
    let (Found::Nameless(id, document) | Found::New(id, document)) = found else { return Ok(()) };
    let before = ledger.tx().documents(&[*id]).await?.into_iter().next();
    let document = match &before {
        Some(before) => domain::merge::merge(&before.doc, document),
        None => stamped(document, ledger.stamp()),
    };
    ledger.put(commune, before.as_ref(), document, author).await?;
    Ok(())
}

fn stamped(document: &Document, stamp: Stamp) -> Document {
    let mut document = document.clone();
    if let Body::Description(registers) = &mut document.body {
        for register in registers.values_mut() {
            register.stamp = stamp;
        }
    }
    document
}
