//! A commune with two areas, five people and their phones, in memory; and the routes without a port.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::campaign::{AgeRule, Campaign, ServiceGoal};
use domain::coverage::{AreaView, Shown};
use domain::erasure::Reason;
use domain::people::Role;
use domain::protocol::{
    PROTOCOL, Page, PhoneReport, Pulled, Push, SCHEMA, ScopeContent, ScopeCursor, SyncReply, SyncRequest, Verdict,
};
use domain::service::{Origin, Service, Step};
use domain::summary::Summary;
use domain::visit::Outcome;
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};
use server::app::App;
use server::area_cache::AreaCache;
use server::handlers::files::AppFiles;
use server::store::{ScopeRow, SecretHash, SqliteStore, Store, Stored, Tx};
use server::sync::SyncError;
use server::{admin, router};
use tower::ServiceExt;

pub const NOW: u64 = 1_790_000_000_000;
pub const MINUTE: u64 = 60_000;

pub const COMMUNE: DocId = DocId::from_u128(0xc0);
pub const AREA_A: DocId = DocId::from_u128(0xa);
pub const AREA_B: DocId = DocId::from_u128(0xb);
pub const MEMBER_A: DocId = DocId::from_u128(0x1a);
pub const LEAD_A: DocId = DocId::from_u128(0x2a);
pub const MEMBER_B: DocId = DocId::from_u128(0x1b);
pub const MEMBER_AB: DocId = DocId::from_u128(0x1ab);
pub const COORDINATOR: DocId = DocId::from_u128(0x3c);
pub const CAMPAIGN: DocId = DocId::from_u128(0xca);

static COUNTER: AtomicU64 = AtomicU64::new(1);

/// A number that no other call gave.
pub fn fresh() -> u64 {
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

pub fn fresh_id() -> DocId {
    DocId::random(u128::from(fresh()))
}

pub fn stamp(ms: u64, install: u64) -> Stamp {
    Stamp { ms, counter: 0, install: InstallId(install) }
}

pub struct World {
    pub store: SqliteStore,
    pub cache: AreaCache,
}

/// A phone that keeps nothing but its cursors.
pub struct Phone {
    pub token: SecretHash,
    pub install: InstallId,
    pub cursors: Vec<ScopeCursor>,
}

/// The first request of a phone that has nothing to say.
pub fn hello(install: InstallId) -> SyncRequest {
    SyncRequest {
        protocol: PROTOCOL,
        schema: SCHEMA,
        install,
        cursors: Vec::new(),
        push: Vec::new(),
        phone: PhoneReport::default(),
        courier: None,
    }
}

impl World {
    pub async fn new() -> Self {
        let store = SqliteStore::in_memory().await.expect("a store");
        admin::initialise(&store, 0xe0, InstallId(0x5e)).await.expect("an instance");
        admin::ensure_capsule_key(&store, [0x5e; 32]).await.expect("a key");
        Self::with_store(store, AreaCache::default()).await
    }

    /// In an empty store that has its identity.
    pub async fn with_store(store: SqliteStore, cache: AreaCache) -> Self {
        admin::add_commune(&store, COMMUNE).await.expect("a commune");
        let world = Self { store, cache };
        world.write(COMMUNE, &team(), NOW - 10 * MINUTE).await;
        world
    }

    pub async fn write(&self, scope: DocId, documents: &[Document], now_ms: u64) {
        admin::write_documents(&self.store, &self.cache, scope, documents, "test", now_ms).await.expect("written");
    }

    pub async fn phone(&self, member: DocId) -> Phone {
        self.phone_since(member, NOW).await
    }

    /// A phone that joins at a moment of its own.
    pub async fn phone_since(&self, member: DocId, now_ms: u64) -> Phone {
        let number = fresh();
        let (token, install) = (SecretHash::of(&number.to_be_bytes()), InstallId(number));
        admin::enrol(&self.store, member, install, token, fresh_id(), now_ms).await.expect("enrolled");
        Phone { token, install, cursors: Vec::new() }
    }

    pub async fn sync(&self, phone: &Phone, push: Vec<Push>, now_ms: u64) -> Result<SyncReply, SyncError> {
        let request = SyncRequest { cursors: phone.cursors.clone(), push, ..hello(phone.install) };
        server::sync::sync(&self.store, &self.cache, phone.token, &request, now_ms).await
    }

    /// Pushes documents and answers their verdicts.
    pub async fn push(&self, phone: &Phone, scope: DocId, documents: &[&Document]) -> Vec<Verdict> {
        let push = documents.iter().map(|doc| push(scope, doc)).collect();
        let reply = self.sync(phone, push, NOW).await.expect("a reply");
        reply.results.into_iter().map(|result| result.verdict).collect()
    }

    /// Offers what was pulled before a restore, with the server's proof, and answers the verdicts.
    pub async fn bring(&self, phone: &Phone, held: &[(DocId, Pulled)]) -> Vec<Verdict> {
        let offer = |(scope, pulled): &(DocId, Pulled)| Push { receipt: pulled.receipt, ..push(*scope, &pulled.doc) };
        let reply = self.sync(phone, held.iter().map(offer).collect(), NOW).await.expect("a reply");
        reply.results.into_iter().map(|result| result.verdict).collect()
    }

    /// Everything that the phone lacks, page by page; its cursors move.
    pub async fn pull(&self, phone: &mut Phone) -> Vec<(DocId, Document)> {
        self.pull_proved(phone).await.into_iter().map(|(scope, pulled)| (scope, pulled.doc)).collect()
    }

    /// The same with the server's proofs.
    pub async fn pull_proved(&self, phone: &mut Phone) -> Vec<(DocId, Pulled)> {
        let mut documents = Vec::new();
        loop {
            let reply = self.sync(phone, Vec::new(), NOW).await.expect("a reply");
            let mut more = false;
            for (scope, page) in pages(&reply) {
                documents.extend(page.docs.iter().map(|pulled| (scope, pulled.clone())));
                more |= page.more;
                phone.cursors.retain(|cursor| cursor.scope != scope);
                phone.cursors.push(ScopeCursor { scope, cursor: Some(page.cursor.clone()) });
            }
            if !more {
                return documents;
            }
        }
    }

    pub async fn stored(&self, id: DocId) -> Option<Stored> {
        let mut tx = self.store.read().await.expect("a transaction");
        let found = tx.documents(&[id]).await.expect("documents").into_iter().next();
        tx.commit().await.expect("read");
        found
    }

    pub async fn all(&self, scope: DocId) -> (ScopeRow, Vec<Stored>) {
        let mut tx = self.store.read().await.expect("a transaction");
        let row = tx.scopes(&[scope]).await.expect("scopes").remove(0);
        let documents = tx.all_documents(scope).await.expect("documents");
        tx.commit().await.expect("read");
        (row, documents)
    }

    pub async fn audit_count(&self) -> u64 {
        let mut tx = self.store.read().await.expect("a transaction");
        let count = tx.audit_count().await.expect("a count");
        tx.commit().await.expect("read");
        count
    }

    /// The figures of an area as they are stored.
    pub async fn figures(&self, area: DocId) -> Summary {
        let stored = self.stored(DocId::summary(area)).await.expect("a summary");
        Summary::read(&stored.doc).expect("figures").1
    }

    /// The figures of an area counted from its documents.
    pub async fn recounted(&self, area: DocId) -> Summary {
        let plan = Campaign::read(&self.stored(CAMPAIGN).await.expect("a plan").doc).expect("a plan");
        let (_, documents) = self.all(area).await;
        let shown = documents.iter().map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
        Summary::of(&AreaView::build(shown, &plan, Day::at_ms(NOW)), &plan)
    }

    pub fn router(&self) -> Router {
        router::build(App::with_clock(self.store.clone(), AppFiles::None, || NOW))
    }
}

/// Every document of a store, of any scope.
pub async fn all_documents(store: &SqliteStore) -> Vec<Document> {
    let communes = admin::communes(store).await.expect("communes");
    let mut tx = store.read().await.expect("a transaction");
    let mut all = Vec::new();
    for commune in communes {
        for scope in tx.scopes_of(commune.id).await.expect("scopes") {
            all.extend(tx.all_documents(scope.id).await.expect("documents").into_iter().map(|stored| stored.doc));
        }
    }
    all
}

fn team() -> Vec<Document> {
    let at = stamp(NOW - 20 * MINUTE, 1);
    let named = |id, kind, name: &str| Document::description(id, kind).with(at, [("name", Value::from(name))]);
    let person = |id: DocId, role: Role, areas: &[DocId]| {
        named(id, Kind::Member, "Người của tổ")
            .with(at, [("role", Value::from(role.name())), ("areas", areas.iter().copied().collect())])
    };
    vec![
        named(COMMUNE, Kind::Commune, "Bắc Kạn"),
        named(AREA_A, Kind::Area, "Tổ 1"),
        named(AREA_B, Kind::Area, "Tổ 2"),
        person(MEMBER_A, Role::Member, &[AREA_A]),
        person(LEAD_A, Role::Lead, &[AREA_A]),
        person(MEMBER_B, Role::Member, &[AREA_B]),
        person(MEMBER_AB, Role::Member, &[AREA_A, AREA_B]),
        person(COORDINATOR, Role::Coordinator, &[]),
        campaign(15, at),
    ]
}

/// A plan that asks for a signature from `years` on.
pub fn campaign(years: u32, at: Stamp) -> Document {
    let rule = AgeRule { years, inclusive: true };
    let plan = Campaign {
        name: "Kế hoạch".to_owned(),
        serves: rule,
        counts: rule,
        services: vec![ServiceGoal::new(Service::PublicSignature, Step::SignatureActivated)],
        quota: Some(15),
        ..Campaign::asking_nothing()
    };
    Document::description(CAMPAIGN, Kind::Campaign).with(at, plan.to_fields())
}

pub fn household(head: &str, at: Stamp) -> Document {
    Document::description(fresh_id(), Kind::Household).with(at, [("head", Value::from(head))])
}

pub fn resident(household: DocId, name: &str, birth_year: i64, at: Stamp) -> Document {
    let fields = [("household", household.into()), ("name", Value::from(name)), ("birth_year", Value::Int(birth_year))];
    Document::description(fresh_id(), Kind::Resident).with(at, fields)
}

pub fn signature(resident: DocId, member: DocId, at: Stamp) -> Document {
    let fields = Outcome::fields(resident, member, Day::at_ms(at.ms), Step::SignatureActivated, Origin::NewlyInstalled);
    Document::fact(fresh_id(), Kind::Outcome, at, fields)
}

/// Somebody has the data of a resident or a household erased.
pub fn erasure(of: DocId, member: DocId, at: Stamp) -> Document {
    let fields = domain::erasure::fields((of, &Kind::Resident), member, Day::at_ms(at.ms), Reason::Asked);
    Document::fact(fresh_id(), Kind::Erasure, at, fields)
}

pub fn push(scope: DocId, doc: &Document) -> Push {
    raw_push(scope, doc.id, &serde_json::to_string(doc).expect("JSON"))
}

pub fn raw_push(scope: DocId, id: DocId, body: &str) -> Push {
    let doc = serde_json::value::RawValue::from_string(body.to_owned()).expect("JSON");
    Push { id, rev: 1, scope, doc, receipt: None }
}

pub fn pages(reply: &SyncReply) -> Vec<(DocId, &Page)> {
    reply
        .scopes
        .iter()
        .filter_map(|scope| match &scope.content {
            ScopeContent::Page(page) => Some((scope.scope, page)),
            ScopeContent::Revoked { .. } | ScopeContent::Unknown {} => None,
        })
        .collect()
}

pub fn refused(code: domain::protocol::Rejection) -> Verdict {
    Verdict::Rejected { code }
}

/// What a request got back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().expect("an error's code").to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

pub fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

pub fn post(path: &str, cookie: Option<&str>, body: &impl serde::Serialize) -> Request<Body> {
    let mut request = Request::post(path).header("content-type", "application/json");
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    request.body(Body::from(serde_json::to_vec(body).expect("JSON"))).expect("a request")
}
