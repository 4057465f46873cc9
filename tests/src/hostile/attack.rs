//! One batch: some hundred requests of one crew over a few connections, and what came back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Day, DocId};
use serde_json::{Value, json};
use server::app::wall_ms;

use super::forge::Forger;
use super::honest::learn;
use super::targets::Targets;
use super::wire::{Line, Request};
use super::world::{Crew, Person};
use super::{mutate, routes};
use crate::fleet::rng::Rng;

/// How many requests are under way at once.
const LINES: usize = 6;
/// Before four hexadecimal digits: where a name comes from, see `world::mark`.
const MARK: &[u8] = b"Zq";

/// Where each attacker stands in each scope. It lasts longer than a batch.
pub type Cursors = Arc<Mutex<BTreeMap<DocId, Vec<(String, String)>>>>;

#[derive(Debug, Default)]
pub struct Came {
    /// Requests as they were sent, by whom, and the status that came back; 0 for none.
    pub sent: Vec<(DocId, Request, u16)>,
    /// Verdicts on pushed documents.
    pub verdicts: BTreeMap<String, u64>,
    /// Marks of names in answers, with the place of one such request in `sent`.
    pub marks: BTreeMap<u16, usize>,
    pub receipts: Vec<String>,
    pub wrong: Vec<(String, usize)>,
}

pub struct Batch<'a> {
    pub port: u16,
    pub senders: Vec<&'a Person>,
    pub targets: Arc<Targets>,
    pub cursors: Cursors,
    pub requests: u64,
    pub seed: u64,
}

impl Batch<'_> {
    pub async fn run(self) -> Came {
        let came: Arc<Mutex<Came>> = Arc::default();
        let lanes = (0..LINES).map(|lane| {
            let lane = Lane {
                line: Line::new(self.port),
                senders: self.senders.iter().map(|person| (*person).clone()).collect(),
                targets: Arc::clone(&self.targets),
                cursors: Arc::clone(&self.cursors),
                came: Arc::clone(&came),
                rng: Rng::new(self.seed ^ (lane as u64) << 48),
            };
            tokio::spawn(lane.work(self.requests / LINES as u64))
        });
        for lane in lanes.collect::<Vec<_>>() {
            if let Err(error) = lane.await {
                hold(&came).wrong.push((format!("an attacker failed: {error}"), 0));
            }
        }
        std::mem::take(&mut *hold(&came))
    }
}

struct Lane {
    line: Line,
    senders: Vec<Person>,
    targets: Arc<Targets>,
    cursors: Cursors,
    came: Arc<Mutex<Came>>,
    rng: Rng,
}

impl Lane {
    async fn work(mut self, requests: u64) {
        for _ in 0..requests {
            let Some(person) = self.rng.pick(&self.senders).cloned() else { return };
            let request = self.request(&person);
            let answer = self.line.ask(&request).await;
            let (status, body) = match answer {
                Ok(answer) => (answer.status, answer.body),
                Err(error) => {
                    let mut came = hold(&self.came);
                    let place = came.sent.len();
                    came.wrong.push((format!("no answer to {} {}: {error:#}", request.method, request.path), place));
                    came.sent.push((person.member, request, 0));
                    continue;
                }
            };
            self.note(&person, request, status, &body);
        }
    }

    fn request(&mut self, person: &Person) -> Request {
        let targets = Arc::clone(&self.targets);
        let forger = Forger { person, targets: &targets, now_ms: wall_ms() };
        let rng = &mut self.rng;
        let mut request = match rng.below(100) {
            0..45 => {
                let push = (0..rng.between(1, 3)).map(|_| forger.push(rng)).collect();
                sync(person, &self.cursors, push, rng)
            }
            45..60 => sync(person, &self.cursors, vec![own_visit(person, rng)], rng),
            60..65 => sync(person, &self.cursors, Vec::new(), rng),
            _ => forger.ask(rng),
        };
        let is_stranger = person.crew == Crew::Strangers;
        if is_stranger && rng.chance(700) {
            if rng.chance(700) {
                request = request.with("cookie", &routes::cookie(rng));
            }
        } else {
            request = request.with_token(&person.token());
        }
        if rng.chance(250) {
            mutate::body(&mut request, rng);
        }
        if rng.chance(120) {
            routes::distort(&mut request, rng);
        }
        request
    }

    fn note(&mut self, person: &Person, request: Request, status: u16, body: &[u8]) {
        let reply: Option<Value> =
            (status == 200 && request.path == "/api/sync").then(|| serde_json::from_slice(body).ok()).flatten();
        if let Some(reply) = &reply {
            let mut cursors = self.cursors.lock().unwrap_or_else(PoisonError::into_inner);
            learn(cursors.entry(person.member).or_default(), reply);
        }
        let mut came = hold(&self.came);
        let place = came.sent.len();
        if status >= 500 && status != 503 && status != 507 {
            came.wrong.push((format!("{status} to {} {}", request.method, request.path), place));
        }
        for mark in marks(body) {
            came.marks.entry(mark).or_insert(place);
        }
        if let Some(reply) = &reply {
            for result in reply["results"].as_array().into_iter().flatten() {
                let verdict = result["code"].as_str().or(result["r"].as_str()).unwrap_or("?").to_owned();
                *came.verdicts.entry(verdict).or_default() += 1;
            }
            let pages = reply["scopes"].as_array().into_iter().flatten();
            let receipts = pages.flat_map(|page| page["docs"].as_array().into_iter().flatten());
            let receipts = receipts.filter_map(|pulled| pulled["m"].as_str().map(ToOwned::to_owned)).take(5);
            came.receipts.extend(receipts);
        }
        came.sent.push((person.member, request, status));
    }
}

/// A sync as the sender's phone writes it; now and then its cursors are another's or invented.
fn sync(person: &Person, cursors: &Cursors, push: Vec<Value>, rng: &mut Rng) -> Request {
    let known = cursors.lock().unwrap_or_else(PoisonError::into_inner);
    let mut own: Vec<Value> = known
        .get(&person.member)
        .into_iter()
        .flatten()
        .map(|(scope, cursor)| json!({"scope": scope, "cursor": cursor}))
        .collect();
    if rng.chance(50) {
        let others: Vec<&(String, String)> = known.values().flatten().collect();
        let (scope, cursor) = rng.pick(&others).map(|pair| (*pair).clone()).unwrap_or_default();
        let cursor = if rng.chance(500) { cursor } else { format!("{:x}-{}", rng.next(), rng.next()) };
        own.push(json!({"scope": scope, "cursor": cursor}));
    }
    drop(known);
    let mut body = json!({
        "protocol": 1, "schema": 1, "install": format!("{:x}", person.install.0), "cursors": own, "push": push,
        "phone": {"unsent": rng.below(5), "refused": 0, "app": "thử"},
    });
    if rng.chance(20) {
        body["courier"] = json!({"hash": format!("{:064x}", rng.next())});
    }
    Request::json("/api/sync", &body)
}

/// What the sender may write: a visit of their own.
fn own_visit(person: &Person, rng: &mut Rng) -> Value {
    let id = DocId::random(rng.bits());
    let now_ms = wall_ms();
    let area = person.areas.first().copied().unwrap_or(person.commune);
    let household = DocId::household(area, &format!("hộ {}", rng.below(12)));
    let fields = json!({
        "household": household, "member": person.member, "day": Day::at_ms(now_ms).to_string(), "result": "met",
    });
    let doc = json!({"id": id, "k": "visit", "at": format!("{now_ms:x}-0-{:x}", person.install.0), "f": fields});
    json!({"id": id, "rev": 1, "scope": area, "doc": doc})
}

/// The marks of all names in a text.
pub fn marks(text: &[u8]) -> BTreeSet<u16> {
    let mut found = BTreeSet::new();
    for (place, pair) in text.windows(MARK.len()).enumerate() {
        if pair != MARK {
            continue;
        }
        let digits = text.get(place + 2..place + 6).and_then(|digits| std::str::from_utf8(digits).ok());
        found.extend(digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()));
    }
    found
}

fn hold(came: &Mutex<Came>) -> std::sync::MutexGuard<'_, Came> {
    came.lock().unwrap_or_else(PoisonError::into_inner)
}
