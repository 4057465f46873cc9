//! A phone without a browser: the real replica, a disk in memory, and HTTP.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use domain::people::Role;
use domain::protocol::{ErrorCode, ErrorReply, SyncReply, SyncRequest};
use domain::replica::{Batch, Change, Effect, Event, Meta, Now, Replica, Row, SendError, Snapshot};
use domain::service::{Origin, Step};
use domain::visit::{Outcome, Visit, VisitResult};
use domain::{Day, DocId, Kind, Value};
use reqwest::Client;
use server::app::wall_ms;
use tokio::sync::watch;

use super::commune::{COMMUNE, Person};
use super::{Book, Promises, Truth};
use crate::fleet::rng::Rng;

const STEPS: [Step; 3] = [Step::Activated, Step::CardIntegrated, Step::SignatureActivated];
/// Nobody records more than this without a connection here.
const UNSENT_MAX: usize = 40;
/// Requests kept to be sent once more at the end.
const KEPT_MAX: usize = 3;
const SETTLE_MAX: Duration = Duration::from_mins(1);

pub struct Phone {
    person: Person,
    replica: Replica,
    meta: Meta,
    rows: BTreeMap<DocId, Row>,
    client: Client,
    url: String,
    book: Book,
    rng: Rng,
    opened: Instant,
    /// Whether the last request was answered by the server.
    is_heard: bool,
    taken: Vec<SyncRequest>,
}

impl Phone {
    pub fn new(person: Person, url: String, book: Book, seed: u64) -> Result<Self> {
        let meta = Meta::new(person.install);
        Ok(Self {
            replica: Replica::open(Snapshot { meta: meta.clone(), rows: Vec::new() }),
            meta,
            rows: BTreeMap::new(),
            client: Client::builder().timeout(Duration::from_secs(30)).no_proxy().build()?,
            url: format!("{url}/api/sync"),
            book,
            rng: Rng::new(seed ^ (person.index as u64) << 32),
            opened: Instant::now(),
            is_heard: false,
            taken: Vec::new(),
            person,
        })
    }

    pub fn index(&self) -> usize {
        self.person.index
    }

    /// Writes and sends until it is told to stop.
    pub async fn work(mut self, mut stop: watch::Receiver<bool>) -> Self {
        self.join().await;
        while !*stop.borrow_and_update() {
            let is_shown = self.replica.meta().scopes.get(&self.person.area).is_some_and(|state| state.complete);
            if is_shown && self.replica.unsent_len() < UNSENT_MAX {
                for _ in 0..self.rng.between(1, 3) {
                    self.write().await;
                }
            }
            self.deliver(Event::SyncNow).await;
            let wait = if self.is_heard { self.rng.between(2, 20) } else { self.rng.between(5, 25) };
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        self
    }

    /// Sends what is unsent and fetches what there is. Also answers whether it came to an end.
    pub async fn settle(mut self) -> (Self, bool) {
        self.join().await;
        let started = Instant::now();
        let mut quiet = 0;
        while started.elapsed() < SETTLE_MAX {
            self.deliver(Event::SyncNow).await;
            let is_done = self.is_heard && self.replica.unsent_len() == 0 && !self.replica.is_busy();
            quiet = if is_done { quiet + 1 } else { 0 };
            if quiet == 2 {
                return (self, true);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        (self, false)
    }

    async fn join(&mut self) {
        if self.replica.meta().enrolment.is_none() {
            let enrolment = self.person.enrolment();
            self.deliver(Event::Joined(enrolment)).await;
        }
    }

    /// Hands an event to the replica and does what it wants done, until it wants nothing more.
    async fn deliver(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let mono_ms = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
            let entropy = self.rng.next();
            for effect in self.replica.handle(event, Now { wall_ms: wall_ms(), mono_ms }, entropy) {
                match effect {
                    Effect::Persist(batch) => {
                        self.store(&batch);
                        events.push_back(Event::Persisted(Ok(())));
                    }
                    Effect::Send { request, body, .. } => {
                        let outcome = self.send(&body).await;
                        events.push_back(Event::Reply { request, outcome });
                    }
                    Effect::Diverged { .. } => self.book().traffic.diverged += 1,
                    Effect::NotSaved(..) | Effect::Wipe { .. } => {
                        let what = format!("phone {}: {effect:?}", self.person.index);
                        self.book().traffic.strange.push(what);
                    }
                    // Here somebody asks for news all the time.
                    Effect::Saved(_) | Effect::Wake { .. } | Effect::HandedOver { .. } | Effect::Changed => {}
                }
            }
        }
    }

    fn store(&mut self, batch: &Batch) {
        self.meta = batch.meta.clone();
        for (id, row) in &batch.rows {
            match row {
                Some(row) => drop(self.rows.insert(*id, row.clone())),
                None => drop(self.rows.remove(id)),
            }
        }
    }

    async fn send(&mut self, request: &SyncRequest) -> Result<Box<SyncReply>, SendError> {
        self.is_heard = false;
        self.book().traffic.requests += 1;
        let text = match self.post(request).await {
            Ok(text) => text,
            Err(error) => {
                let mut book = self.book();
                let count = if error.is_connect() { &mut book.traffic.unreachable } else { &mut book.traffic.cut_off };
                *count += 1;
                return Err(SendError::NoNetwork);
            }
        };
        // The shape decides, as in the app.
        if let Ok(reply) = serde_json::from_str::<Box<SyncReply>>(&text) {
            self.book().answered(request, &reply);
            self.is_heard = true;
            if !request.push.is_empty() && (self.taken.len() < KEPT_MAX || self.rng.chance(50)) {
                self.taken.truncate(KEPT_MAX - 1);
                self.taken.push(request.clone());
            }
            return Ok(reply);
        }
        let error = match serde_json::from_str::<ErrorReply>(&text) {
            Ok(ErrorReply { error }) if error.code == ErrorCode::DeviceUnknown => SendError::DeviceUnknown,
            Ok(ErrorReply { error }) if error.code.is_busy() => SendError::Busy,
            Ok(_) => SendError::Server,
            Err(_) => SendError::NoNetwork,
        };
        self.book().traffic.errors.push(text.chars().take(300).collect());
        Err(error)
    }

    async fn post(&self, request: &SyncRequest) -> Result<String, reqwest::Error> {
        let cookie = format!("tn_device={}", self.person.token());
        self.client.post(&self.url).header("cookie", cookie).json(request).send().await?.text().await
    }

    pub async fn send_again(&mut self) -> Result<()> {
        for mut request in std::mem::take(&mut self.taken) {
            // What it fetched then is of no interest now.
            request.cursors.clear();
            self.post(&request).await?;
        }
        Ok(())
    }

    fn book(&self) -> MutexGuard<'_, Promises> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What people write.
impl Phone {
    async fn write(&mut self) {
        let change = self.change();
        if let Some(Change::Record { id, .. }) = &change {
            let id = *id;
            self.book().facts.insert(id);
        }
        let ticket = self.rng.next();
        let changes: Vec<Change> = change.into_iter().collect();
        self.deliver(Event::Write { ticket, changes }).await;
    }

    fn change(&mut self) -> Option<Change> {
        let (member, scope) = (self.person.member, self.person.area);
        let day = Day::at_ms(self.replica.corrected_ms(wall_ms()));
        let of_kind = |kind: Kind| -> Vec<DocId> {
            self.replica.shown(scope).filter(|shown| shown.doc.kind == kind).map(|shown| shown.doc.id).collect()
        };
        let (households, residents) = (of_kind(Kind::Household), of_kind(Kind::Resident));
        let household = *self.rng.pick(&households)?;
        let resident = *self.rng.pick(&residents)?;
        let note = format!("{}-{}", self.person.index, self.rng.next());
        let id = DocId::random(self.rng.bits());
        Some(match self.rng.below(100) {
            0..35 => {
                let fields = Visit::fields(household, member, day, VisitResult::Met, None, &[], &note);
                Change::Record { id, kind: Kind::Visit, scope, fields }
            }
            35..70 => {
                let step = *self.rng.pick(&STEPS)?;
                let fields = Outcome::fields(resident, member, day, step, Origin::NewlyInstalled);
                Change::Record { id, kind: Kind::Outcome, scope, fields }
            }
            70..92 => {
                let fields = BTreeMap::from([("note".to_owned(), Value::text(note))]);
                Change::Describe { id: household, kind: Kind::Household, scope, fields }
            }
            _ => {
                let name = format!("Nàng {}", self.rng.below(30));
                let id = DocId::resident(household, &name, Some(1980));
                let fields = BTreeMap::from([
                    ("household".to_owned(), household.into()),
                    ("name".to_owned(), name.into()),
                    ("birth_year".to_owned(), Value::Int(1980)),
                ]);
                Change::Describe { id, kind: Kind::Resident, scope, fields }
            }
        })
    }
}

/// What must hold once all is sent.
impl Phone {
    /// The phone has exactly what the server has, also when it is opened anew from its disk.
    pub fn check(&self, truth: &Truth) -> Vec<String> {
        let rows = self.rows.iter().map(|(id, row)| (*id, row.clone())).collect();
        let replica = Replica::open(Snapshot { meta: self.meta.clone(), rows });
        let index = self.person.index;
        let mut wrong = Vec::new();
        let status = replica.status();
        if status.unsent > 0 || status.refused > 0 {
            wrong.push(format!("phone {index} still has {} unsent, {} refused", status.unsent, status.refused));
        }
        let mut held = BTreeSet::from([COMMUNE, self.person.area]);
        if self.person.role >= Role::Lead {
            held.insert(DocId::figures(COMMUNE));
        }
        for scope in held {
            if replica.digest(scope) != truth.digest(scope) {
                wrong.push(format!("phone {index} has another digest of {scope}"));
            }
            let missing = truth
                .documents(scope)
                .filter(|stored| replica.row(stored.doc.id).is_none_or(|row| row.base.as_ref() != Some(&stored.doc)));
            wrong.extend(missing.map(|stored| format!("phone {index} lacks {} as the server has it", stored.doc.id)));
        }
        if replica.meta().epoch.as_deref() != Some(truth.epoch()) {
            wrong.push(format!("phone {index} knows another epoch"));
        }
        wrong
    }
}
