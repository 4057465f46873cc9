//! A phone without a browser: the replica with a store that a test can look into, fill up or kill.

use std::collections::BTreeMap;

use domain::people::Role;
use domain::protocol::{
    Page, Pulled, PushResult, Rejection, ScopeContent, ScopeReply, SyncReply, SyncRequest, Verdict,
};
use domain::replica::{Batch, Change, Effect, Enrolment, Event, Now, Replica, Row, SendError, Snapshot, StoreError};
use domain::{DocId, Document, InstallId, Kind, Stamp, Value};

pub const AREA: DocId = DocId::from_u128(0xa1);
pub const HOUSEHOLD: DocId = DocId::from_u128(0x10);
pub const ME: DocId = DocId::from_u128(0x77);
/// Noon in Vietnam, 2026-05-06.
pub const NOON_MS: u64 = 1_778_043_600_000;
pub const DAY_MS: u64 = 86_400_000;
pub const INSTALL: InstallId = InstallId(0xfeed);

/// A replica with a disk that is always in step, and a server that answers as the test says.
pub struct Phone {
    pub replica: Replica,
    pub disk: BTreeMap<DocId, Row>,
    pub meta: domain::replica::Meta,
    pub now: Now,
    /// The request on its way.
    pub sent: Option<(u64, SyncRequest)>,
    pub effects: Vec<Effect>,
    pub tickets: u64,
    /// Chance, for those tests that count requests.
    pub entropy: u64,
}

impl Phone {
    pub fn new() -> Self {
        let mut meta = domain::replica::Meta::new(INSTALL);
        meta.enrolment = Some(Enrolment {
            member: ME,
            commune: DocId::from_u128(0xc),
            role: Role::Member,
            name: "Lò Thị Ban".to_owned(),
            commune_name: "Xã Mường Thử".to_owned(),
        });
        let snapshot = Snapshot { meta: meta.clone(), rows: Vec::new() };
        let now = Now { wall_ms: NOON_MS, mono_ms: 0 };
        let disk = BTreeMap::new();
        Self {
            replica: Replica::open(snapshot),
            disk,
            meta,
            now,
            sent: None,
            effects: Vec::new(),
            tickets: 0,
            entropy: 0,
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { meta: self.meta.clone(), rows: self.disk.iter().map(|(id, row)| (*id, row.clone())).collect() }
    }

    /// Memory is gone, the disk stays.
    pub fn restart(&mut self) {
        self.replica = Replica::open(self.snapshot());
        self.now.mono_ms = 0;
        self.sent = None;
    }

    pub fn pass(&mut self, ms: u64) {
        self.now.wall_ms += ms;
        self.now.mono_ms += ms;
    }

    pub fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if batch.meta.generation != self.meta.generation + 1 {
            return Err(StoreError::Outdated(Box::new(self.snapshot())));
        }
        self.meta = batch.meta.clone();
        for (id, row) in &batch.rows {
            match row {
                Some(row) => self.disk.insert(*id, row.clone()),
                None => self.disk.remove(id),
            };
        }
        Ok(())
    }

    /// Runs an event and all that follows from it on the phone itself.
    pub fn handle(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.replica.handle(event, self.now, self.entropy) {
                match effect {
                    Effect::Persist(batch) => events.insert(0, Event::Persisted(self.commit(&batch))),
                    Effect::Send { request, body, .. } => self.sent = Some((request, *body)),
                    effect => self.effects.push(effect),
                }
            }
        }
    }

    pub fn write(&mut self, changes: Vec<Change>) {
        self.tickets += 1;
        self.handle(Event::Write { ticket: self.tickets, changes });
        assert!(
            self.effects.iter().any(|effect| matches!(effect, Effect::Saved(ticket) if *ticket == self.tickets)),
            "the write is saved"
        );
    }

    pub fn describe(&mut self, name: &str, value: &str) {
        let fields = BTreeMap::from([(name.to_owned(), Value::text(value))]);
        self.write(vec![Change::Describe { id: HOUSEHOLD, kind: Kind::Household, scope: AREA, fields }]);
    }

    pub fn record(&mut self, id: u128, fields: BTreeMap<String, Value>) {
        self.write(vec![Change::Record { id: DocId::from_u128(id), kind: Kind::Visit, scope: AREA, fields }]);
    }

    /// Asks for a sync and gives back what is sent.
    pub fn sync(&mut self) -> SyncRequest {
        self.handle(Event::SyncNow);
        self.sent.clone().expect("a request").1
    }

    pub fn answer(&mut self, reply: SyncReply) {
        let (request, _) = self.sent.take().expect("a request");
        self.handle(Event::Reply { request, outcome: Ok(Box::new(reply)) });
    }

    pub fn fail(&mut self, error: SendError) {
        let (request, _) = self.sent.take().expect("a request");
        self.handle(Event::Reply { request, outcome: Err(error) });
    }

    /// The hello and its empty answer.
    pub fn greet(&mut self, server_ms: u64) {
        assert!(self.sync().push.is_empty(), "the first request only greets");
        self.answer(reply(server_ms, Vec::new(), Vec::new()));
    }

    /// The same by the server of that epoch.
    pub fn greet_as(&mut self, epoch: &str) {
        assert!(self.sync().push.is_empty(), "the first request only greets");
        let mut answer = reply(self.now.wall_ms, Vec::new(), Vec::new());
        epoch.clone_into(&mut answer.epoch);
        self.answer(answer);
    }

    pub fn mine(&self, id: DocId) -> Option<&Document> {
        self.replica.row(id)?.mine.as_ref().map(|mine| &mine.doc)
    }

    pub fn base(&self, id: DocId) -> Option<&Document> {
        self.replica.row(id)?.base.as_ref()
    }
}

pub fn reply(server_ms: u64, results: Vec<PushResult>, docs: Vec<Document>) -> SyncReply {
    let docs = docs.into_iter().map(|doc| Pulled { accepted: 1, doc, receipt: None }).collect();
    let page = Page { docs, cursor: "e1.9".to_owned(), more: false, left: 0, digest: None, unreadable: 0 };
    SyncReply {
        protocol: 1,
        epoch: "e1".to_owned(),
        server_ms,
        results,
        scopes: vec![ScopeReply { scope: AREA, content: ScopeContent::Page(page) }],
        credited_elsewhere: None,
        capsule_key: None,
        min_schema: 0,
    }
}

/// The page of the only scope of a reply.
pub fn page(reply: &mut SyncReply) -> &mut Page {
    match &mut reply.scopes[0].content {
        ScopeContent::Page(page) => page,
        other => panic!("no page: {other:?}"),
    }
}

pub fn all(request: &SyncRequest, verdict: &Verdict) -> Vec<PushResult> {
    request.push.iter().map(|push| PushResult { id: push.id, rev: push.rev, verdict: verdict.clone() }).collect()
}

pub fn pushed(request: &SyncRequest) -> Vec<Document> {
    request.push.iter().map(|push| serde_json::from_str(push.doc.get()).expect("a document")).collect()
}

pub fn rejected(code: Rejection) -> Verdict {
    Verdict::Rejected { code }
}

pub fn by_a_colleague(name: &str, value: &str, ms: u64) -> Document {
    let stamp = Stamp { ms, counter: 0, install: InstallId(0xbeef) };
    Document::description(HOUSEHOLD, Kind::Household).with(stamp, [(name, Value::text(value))])
}
