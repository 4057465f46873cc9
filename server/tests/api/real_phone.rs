//! The real replica against the real server, without a disk, a browser or a port.

use std::collections::BTreeMap;

use domain::capsule::Content;
use domain::people::Role;
use domain::replica::{Change, Effect, Enrolment, Event, Meta, Now, Replica, Row, SendError, Snapshot};
use domain::{DocId, Kind, Value};
use server::store::SecretHash;

use crate::helpers::*;

pub struct RealPhone {
    pub replica: Replica,
    pub member: DocId,
    pub now: Now,
    /// The server's clock.
    pub server_ms: u64,
    /// What left in the last capsule.
    pub contents: Vec<Content>,
    token: SecretHash,
}

impl RealPhone {
    /// A new phone whose clock is off by `error_ms`.
    pub async fn new(world: &World, member: DocId, error_ms: i64) -> Self {
        let phone = world.phone(member).await;
        let mut meta = Meta::new(phone.install);
        let (name, commune_name) = (String::new(), String::new());
        let role = if member == COORDINATOR { Role::Coordinator } else { Role::Member };
        meta.enrolment = Some(Enrolment { member, commune: COMMUNE, role, name, commune_name });
        let now = Now { wall_ms: NOW.saturating_add_signed(error_ms), mono_ms: 0 };
        let replica = Replica::open(Snapshot { meta, rows: Vec::new() });
        Self { replica, member, now, server_ms: NOW, contents: Vec::new(), token: phone.token }
    }

    pub fn pass(&mut self, ms: u64) {
        self.now.wall_ms += ms;
        self.now.mono_ms += ms;
        self.server_ms += ms;
    }

    /// Runs an event; answers arrive only with a network.
    pub async fn handle(&mut self, world: &World, event: Event, has_network: bool) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.replica.handle(event, self.now, 0) {
                match effect {
                    Effect::Persist(_) => events.push(Event::Persisted(Ok(()))),
                    Effect::Send { request, body, .. } => {
                        let reply = server::sync::sync(&world.store, &world.cache, self.token, &body, self.server_ms);
                        let outcome = match reply.await {
                            Ok(reply) if has_network => Ok(Box::new(reply)),
                            _ => Err(SendError::NoNetwork),
                        };
                        events.insert(0, Event::Reply { request, outcome });
                    }
                    Effect::HandedOver { contents, .. } => self.contents = contents,
                    _ => {}
                }
            }
        }
    }

    pub async fn record(&mut self, world: &World, scope: DocId) -> DocId {
        let id = fresh_id();
        let mut fields = BTreeMap::from([("household".to_owned(), Value::from(fresh_id()))]);
        fields.insert("member".to_owned(), self.member.into());
        fields.insert("day".to_owned(), Value::text(domain::Day::at_ms(self.now.wall_ms).to_string()));
        let change = Change::Record { id, kind: Kind::Visit, scope, fields };
        self.handle(world, Event::Write { ticket: 1, changes: vec![change] }, true).await;
        id
    }

    /// With a network for some minutes.
    pub async fn sync(&mut self, world: &World) {
        for _ in 0..6 {
            self.handle(world, Event::SyncNow, true).await;
            self.pass(5_000);
        }
    }

    /// Settled documents of a scope.
    pub fn settled(&self, scope: DocId) -> usize {
        self.replica.rows().filter(|(_, row)| row.scope == scope && row.base.is_some() && row.mine.is_none()).count()
    }

    /// Documents of a scope, in the tray or out of it.
    pub fn held(&self, scope: DocId) -> usize {
        let is_held = |row: &Row| row.scope == scope && (row.shown().is_some() || row.refused.is_some());
        self.replica.rows().filter(|(_, row)| is_held(row)).count()
    }
}
