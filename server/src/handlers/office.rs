//! `GET /api/lists/office`: what the office's list pages know of the commune before anything is asked.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::Kind;
use domain::people::{Member, Role};
use domain::place::{Area, Commune};
use domain::protocol::{OfficeArea, OfficeMember, OfficeReply};

use crate::app::Shared;
use crate::auth::DeviceToken;
use crate::devices;
use crate::error::Error;
use crate::readings::Reader;
use crate::store::{SecretHash, Store, Tx};
use crate::sync::{self, Session};

/// Who is asking, with their rights at this moment. A phone that was shut out is nobody.
pub(crate) async fn open<S: Store>(app: &Shared<S>, token: SecretHash) -> Result<Session, Error> {
    let now_ms = app.now_ms();
    app.syncs.take(token, now_ms).map_err(|retry_after_s| Error::TooMany { retry_after_s })?;
    let mut tx = app.store.read().await?;
    let session = sync::open(&mut tx, token, now_ms).await?;
    tx.commit().await?;
    if session.device.revoked.is_some() {
        return Err(Error::DeviceUnknown);
    }
    if devices::is_active_due(&session.device, now_ms) {
        let work = Arc::clone(app);
        tokio::spawn(async move { devices::note_active(&work.store, token, now_ms).await }).await?;
    }
    Ok(session)
}

/// The same, for what only a coordinator may do.
pub(crate) async fn open_as_coordinator<S: Store>(app: &Shared<S>, token: SecretHash) -> Result<Session, Error> {
    let session = open(app, token).await?;
    if session.grant.role == Role::Coordinator { Ok(session) } else { Err(Error::NotForYou) }
}

pub async fn read<S: Store>(
    State(app): State<Shared<S>>,
    DeviceToken(token): DeviceToken,
) -> Result<Json<OfficeReply>, Error> {
    let session = open(&app, token).await?;
    let reader = Reader::of(&session, app.now_ms());
    let grant = session.grant;
    let mut tx = app.store.read().await?;
    let commune = tx.documents(&[grant.commune]).await?.into_iter().find_map(|stored| Commune::read(&stored.doc));
    let areas = tx.documents_of(grant.commune, &Kind::Area).await?;
    let members = tx.documents_of(grant.commune, &Kind::Member).await?;
    tx.commit().await?;
    let is_mine = |area: &Area| grant.role == Role::Coordinator || grant.areas.contains(&area.id);
    let mut areas: Vec<Area> = areas.iter().filter_map(|stored| Area::read(&stored.doc)).filter(is_mine).collect();
    areas.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    let is_near = |member: &Member| {
        grant.role == Role::Coordinator
            || member.id == grant.member
            || (grant.role == Role::Lead && member.areas.iter().any(|area| grant.areas.contains(area)))
    };
    let members: Vec<Member> = members.iter().filter_map(|stored| Member::read(&stored.doc)).filter(is_near).collect();
    // In a task of its own, like all that writes.
    let (work, named) = (Arc::clone(&app), members.len());
    tokio::spawn(async move { reader.note(&work.store, "read_office", named).await }).await??;
    Ok(Json(OfficeReply {
        member: grant.member,
        name: members.iter().find(|member| member.id == grant.member).map(|own| own.name.clone()).unwrap_or_default(),
        role: grant.role,
        commune: grant.commune,
        commune_title: commune.map(|commune| commune.title()).unwrap_or_default(),
        areas: areas
            .into_iter()
            .map(|area| OfficeArea { id: area.id, name: area.name, kind: area.kind.name().to_owned() })
            .collect(),
        members: members
            .into_iter()
            .map(|member| OfficeMember { id: member.id, name: member.name, role: member.role, areas: member.areas })
            .collect(),
    }))
}
