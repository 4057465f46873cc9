//! What the apps of released versions say, word for word as they said it (`tests/released/`), is taken as it was then, and
//! they can read the answers. `tests/released/README.md` says how a release is added.

mod old;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use domain::merge::merge;
use domain::{DocId, Document};
use serde::Deserialize;
use serde_json::Value;
use server::app::App;
use server::area_cache::AreaCache;
use server::handlers::files::AppFiles;
use server::store::SqliteStore;
use server::{admin, invite, router};

use crate::helpers::*;

/// The server's clock stands where it stood at each request.
static CLOCK: AtomicU64 = AtomicU64::new(0);

/// A document that was there before the recording.
#[derive(Deserialize)]
struct Seed {
    scope: DocId,
    n: u64,
    d: Document,
}

#[derive(Deserialize)]
struct Recorded {
    at_ms: u64,
    phone: String,
    method: String,
    path: String,
    body: Value,
    status: u16,
    /// Who joined.
    member: Option<DocId>,
    /// The verdicts that it got then.
    #[serde(default)]
    results: Vec<Value>,
}

/// A phone of the recording, as it is known here.
#[derive(Default)]
struct Replayed {
    cookie: String,
    /// Where it stands in each scope, by this server's count.
    cursors: BTreeMap<String, String>,
}

fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released");
    let entries = fs::read_dir(folder).expect("a folder of recordings");
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|it| it.is_dir()).collect();
    found.sort();
    found
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The commune as the recording found it.
async fn seeded(mut seed: Vec<Seed>, now_ms: u64) -> World {
    let store = SqliteStore::in_memory().await.expect("a store");
    admin::initialise(&store, 0xe0, domain::InstallId(0x5e)).await.expect("an instance");
    let commune = seed.iter().find(|one| one.d.kind == domain::Kind::Commune).expect("a commune").scope;
    admin::add_commune(&store, commune).await.expect("a commune");
    let world = World { store, cache: AreaCache::default() };
    // The commune's own documents bring its areas into being.
    seed.sort_by_key(|one| (one.scope != commune, one.scope, one.n));
    for scope in seed.chunk_by(|a, b| a.scope == b.scope) {
        let documents: Vec<Document> = scope.iter().map(|one| one.d.clone()).collect();
        world.write(scope[0].scope, &documents, now_ms).await;
    }
    world
}

/// The body with what only this server can know: a fresh invite, its own cursors.
async fn put_in_place(world: &World, request: &Recorded, phone: &Replayed) -> Value {
    let mut body = request.body.clone();
    if let Some(member) = request.member {
        let code = invite::create(&world.store, member, invite::LIFE_MS, request.at_ms).await.expect("an invite");
        body["code"] = code.into();
    }
    for place in body.get_mut("cursors").and_then(Value::as_array_mut).into_iter().flatten() {
        let known = place["scope"].as_str().and_then(|scope| phone.cursors.get(scope));
        place["cursor"] = if place["cursor"].is_null() { Value::Null } else { known.cloned().into() };
    }
    body
}

fn is_accepted(verdict: &Value) -> Result<(), String> {
    match verdict["r"].as_str() {
        Some("ok" | "merged") => Ok(()),
        _ => Err(verdict["code"].as_str().unwrap_or_default().to_owned()),
    }
}

async fn send(router: &Router, request: &Recorded, phone: &mut Replayed, body: &Value, what: &str) -> Answer {
    CLOCK.store(request.at_ms, Ordering::SeqCst);
    let asked = match request.method.as_str() {
        "GET" => {
            let mut asked = get(&request.path);
            asked.headers_mut().insert("cookie", phone.cookie.parse().expect("a cookie"));
            asked
        }
        _ => post(&request.path, Some(&phone.cookie), body),
    };
    let answer = ask(router, asked).await;
    assert_eq!(answer.status.as_u16(), request.status, "{what}: {}", String::from_utf8_lossy(&answer.body));
    answer
}

/// Checks the verdicts of a sync against those of then; the old app reads the answer.
fn check_sync(request: &Recorded, phone: &mut Replayed, answer: &Answer, what: &str) {
    let reply: old::SyncReply = serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(reply.results.len(), request.results.len(), "{what}");
    let now = answer.json();
    let now = now["results"].as_array().expect("results");
    for (then, now) in request.results.iter().zip(now) {
        assert_eq!((&then["id"], &then["rev"]), (&now["id"], &now["rev"]), "{what}");
        assert_eq!(is_accepted(then), is_accepted(now), "{what}: {}", now["id"]);
    }
    for scope in reply.scopes {
        if let old::ScopeContent::Page(page) = scope.content {
            phone.cursors.insert(scope.scope, page.cursor);
        }
    }
}

async fn nothing_is_lost(world: &World, request: &Recorded, what: &str) {
    let pushed = request.body["push"].as_array().into_iter().flatten();
    for (push, verdict) in pushed.zip(&request.results) {
        if is_accepted(verdict).is_err() {
            continue;
        }
        let doc: Document = serde_json::from_value(push["doc"].clone()).expect("a document");
        let stored = world.stored(doc.id).await.unwrap_or_else(|| panic!("{what}: {} is not stored", doc.id)).doc;
        assert_eq!(merge(&stored, &doc), stored, "{what}: something of {} is not stored", doc.id);
    }
}

async fn replay(release: &Path) {
    let requests: Vec<Recorded> = read(&release.join("requests.json"));
    let world = seeded(read(&release.join("seed.json")), requests[0].at_ms - MINUTE).await;
    let clock = || CLOCK.load(Ordering::SeqCst);
    let router = router::build(App::with_clock(world.store.clone(), AppFiles::None, clock));
    let mut phones: BTreeMap<String, Replayed> = BTreeMap::new();
    for (number, request) in requests.iter().enumerate() {
        let what = format!("{}, request {number} ({})", release.display(), request.path);
        let phone = phones.entry(request.phone.clone()).or_default();
        let body = put_in_place(&world, request, phone).await;
        let answer = send(&router, request, phone, &body, &what).await;
        match request.path.as_str() {
            "/api/join" => {
                let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default();
                cookie.clone_into(&mut phone.cookie);
                let _: old::JoinReply = serde_json::from_slice(&answer.body).unwrap_or_else(|e| panic!("{what}: {e}"));
            }
            "/api/sync" => {
                check_sync(request, phone, &answer, &what);
                nothing_is_lost(&world, request, &what).await;
                if !request.results.is_empty() {
                    // As if the answer had been lost: the phone sends the same again.
                    let again = send(&router, request, phone, &body, &what).await;
                    check_sync(request, phone, &again, &what);
                }
            }
            "/api/invites" => {
                let _: old::InviteReply =
                    serde_json::from_slice(&answer.body).unwrap_or_else(|e| panic!("{what}: {e}"));
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn what_released_apps_say_is_taken_as_it_was_then() {
    let releases = releases();
    assert!(!releases.is_empty(), "no recordings");
    for release in releases {
        replay(&release).await;
    }
}
