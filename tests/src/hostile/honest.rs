//! Phones that work honestly beside the attack: what they send must arrive, and soon.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{Day, DocId};
use serde_json::{Value, json};
use server::app::wall_ms;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::wire::{Line, Request};
use super::world::Person;
use crate::fleet::rng::Rng;

const PAUSE: Duration = Duration::from_millis(250);
/// A visit with every so many requests: the others ask for news.
const WRITES_EVERY: u64 = 8;

#[derive(Debug, Default)]
pub struct Notes {
    /// How long each answer took.
    pub took: Vec<Duration>,
    /// What they wrote.
    pub written: BTreeSet<DocId>,
    pub confirmed: BTreeSet<DocId>,
    pub wrong: Vec<String>,
}

pub type Book = Arc<Mutex<Notes>>;

pub fn with<T>(book: &Book, look: impl FnOnce(&mut Notes) -> T) -> T {
    look(&mut book.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Phones at work.
pub struct Honest {
    stop: watch::Sender<bool>,
    phones: Vec<JoinHandle<()>>,
}

impl Honest {
    pub fn begin(people: &[&Person], port: u16, book: &Book, seed: u64) -> Self {
        let stop = watch::Sender::new(false);
        let phones = people.iter().enumerate().map(|(index, person)| {
            let phone = Phone {
                person: (*person).clone(),
                line: Line::new(port),
                rng: Rng::new(seed ^ 0x0405_u64 << 32 ^ index as u64),
                cursors: Vec::new(),
                book: Arc::clone(book),
            };
            tokio::spawn(phone.work(stop.subscribe()))
        });
        Self { phones: phones.collect(), stop }
    }

    pub async fn end(self) {
        self.stop.send_replace(true);
        for phone in self.phones {
            let _ = phone.await;
        }
    }
}

struct Phone {
    person: Person,
    line: Line,
    rng: Rng,
    cursors: Vec<(String, String)>,
    book: Book,
}

impl Phone {
    async fn work(mut self, mut stop: watch::Receiver<bool>) {
        let mut number = 0;
        while !*stop.borrow_and_update() {
            self.sync(number % WRITES_EVERY == 1).await;
            number += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn sync(&mut self, writes: bool) {
        let id = DocId::random(self.rng.bits());
        let mut push = Vec::new();
        if writes {
            let now_ms = wall_ms();
            let fields = json!({
                "household": DocId::household(self.person.areas[0], "hộ 1"), "member": self.person.member,
                "day": Day::at_ms(now_ms).to_string(), "result": "met",
            });
            let at = format!("{now_ms:x}-0-{:x}", self.person.install.0);
            let doc = json!({"id": id, "k": "visit", "at": at, "f": fields});
            push.push(json!({"id": id, "rev": 1, "scope": self.person.areas[0], "doc": doc}));
            with(&self.book, |notes| notes.written.insert(id));
        }
        let body = json!({
            "protocol": 1, "schema": 1, "install": format!("{:x}", self.person.install.0), "push": push,
            "cursors": self.cursors.iter().map(|(scope, cursor)| json!({"scope": scope, "cursor": cursor})).collect::<Vec<_>>(),
            "phone": {"unsent": 0, "refused": 0, "app": "thử"},
        });
        let request = Request::json("/api/sync", &body).with_token(&self.person.token());
        let started = Instant::now();
        let answer = self.line.ask(&request).await;
        let took = started.elapsed();
        let reply: Option<Value> = match &answer {
            Ok(answer) if answer.status == 200 => serde_json::from_slice(&answer.body).ok(),
            _ => None,
        };
        with(&self.book, |notes| {
            notes.took.push(took);
            let Some(reply) = &reply else {
                let what =
                    answer.map_or_else(|error| format!("{error:#}"), |answer| format!("status {}", answer.status));
                notes.wrong.push(format!("an honest phone was not served: {what}"));
                return;
            };
            if writes && reply["results"][0]["r"] == "ok" {
                notes.confirmed.insert(id);
            } else if writes {
                notes.wrong.push(format!("an honest visit was refused: {}", reply["results"][0]));
            }
        });
        if let Some(reply) = reply {
            learn(&mut self.cursors, &reply);
        }
    }
}

/// Keeps the newest cursor of every scope.
pub fn learn(cursors: &mut Vec<(String, String)>, reply: &Value) {
    for scope in reply["scopes"].as_array().into_iter().flatten() {
        let (Some(id), Some(cursor)) = (scope["scope"].as_str(), scope["cursor"].as_str()) else { continue };
        cursors.retain(|(known, _)| known != id);
        cursors.push((id.to_owned(), cursor.to_owned()));
    }
}
