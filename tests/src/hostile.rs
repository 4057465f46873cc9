//! Hostile requests over raw HTTP by the hundred thousand, against the real server process: `cargo xtask hostile`.
//!
//! Forged authority, honest traffic made wrong, every route with ids of others, wrong HTTP. An independent judge reads the
//! server's file before and after each batch: who may not, has changed nothing.

mod attack;
mod floods;
mod forge;
mod honest;
mod mutate;
mod rights;
mod routes;
mod score;
mod stored;
mod targets;
mod wire;
pub mod world;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;
use server::app::wall_ms;
use server::config::DATABASE;
use server::store::SqliteStore;
use tempfile::TempDir;

use crate::field::{Office, binary};
use crate::fleet::rng::Rng;
use attack::{Batch, Came, Cursors, marks};
use floods::{Flood, Sizes};
use honest::{Book, Honest, with};
use rights::Judge;
pub use score::Scoreboard;
use stored::{Scope, Stored};
use targets::Targets;
use wire::{Line, Request};
use world::{Crew, Person};

/// Requests of one batch: few enough to say which of them did it.
const BATCH: u64 = 600;
/// Requests against one server process and its data; then all begins anew, so that areas keep their size.
const ROUND: u64 = 50_000;
const MEMORY_BYTES_MAX: u64 = 256 * 1_048_576;
const HONEST_MAX: Duration = Duration::from_secs(1);
/// Violations after which more of them say nothing new.
const WRONG_MAX: usize = 50;
const RECEIPTS_MAX: usize = 500;

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub requests: u64,
    pub seed: u64,
    /// Bomb, stalled bodies and slow heads at the end.
    pub floods: bool,
    /// Whether a slow answer to an honest phone is a violation: only where nothing else runs on the machine.
    pub judges_time: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { requests: 100_000, seed: 1, floods: true, judges_time: true }
    }
}

/// Runs the attack. `tell` hears how many requests are done.
pub async fn run(options: &Options, mut tell: impl FnMut(u64, &Scoreboard)) -> Result<Scoreboard> {
    let started = Instant::now();
    let (mut score, book) = (Scoreboard::default(), Book::default());
    let mut round = 0;
    while score.requests < options.requests && score.wrong.len() < WRONG_MAX {
        let left = options.requests - score.requests;
        let mut siege = Siege::begin(options, round, &book).await?;
        siege.attack(left.min(ROUND), &mut score, &mut tell).await?;
        if options.floods && score.requests >= options.requests {
            siege.flood(&mut score).await;
        }
        siege.end(&mut score).await?;
        round += 1;
    }
    let times = with(&book, |notes| std::mem::take(&mut notes.took));
    score.take_times(times);
    let slow = score.floods.iter().map(|(_, took)| *took).chain([score.honest_max]).any(|took| took > HONEST_MAX);
    if options.judges_time && slow {
        score.wrong.push(format!("an honest phone waited longer than {} s", HONEST_MAX.as_secs()));
    }
    if score.past_limiter() * 2 < score.requests {
        score.wrong.push("the limiter kept back more than half: little was tried".to_owned());
    }
    score.seconds = started.elapsed().as_secs_f64();
    Ok(score)
}

/// One server process with its data, and everybody around it.
struct Siege {
    options: Options,
    round: u64,
    folder: TempDir,
    office: Office,
    people: Vec<Person>,
    honest: Honest,
    book: Book,
    cursors: Cursors,
    receipts: Vec<String>,
    batches: u64,
}

impl Siege {
    async fn begin(options: &Options, round: u64, book: &Book) -> Result<Self> {
        let folder = TempDir::with_prefix("tung-nha-hostile-")?;
        let data = folder.path().join("data");
        std::fs::create_dir(&data)?;
        let people = world::people();
        world::build(&data, &people).await?;
        let office = Office::new(&binary()?, &data, &folder.path().join("server.log"))?;
        // Else a minute would be over after some thousand requests of these few phones.
        let mut office = office.with_options(&["--requests-per-minute", "60000"]);
        office.start().await?;
        let honest: Vec<&Person> = people.iter().filter(|person| person.crew == Crew::Honest).collect();
        let honest = Honest::begin(&honest, office.port(), book, options.seed ^ round);
        Ok(Self {
            options: *options,
            round,
            folder,
            office,
            people,
            honest,
            book: Arc::clone(book),
            cursors: Cursors::default(),
            receipts: Vec::new(),
            batches: 0,
        })
    }

    fn file(&self) -> PathBuf {
        self.office.data().join(DATABASE)
    }

    async fn attack(
        &mut self,
        requests: u64,
        score: &mut Scoreboard,
        tell: &mut impl FnMut(u64, &Scoreboard),
    ) -> Result<()> {
        let end = score.requests + requests;
        let mut before = Stored::read(&self.file()).await?;
        while score.requests < end && score.wrong.len() < WRONG_MAX {
            let crew = Crew::ATTACKERS[usize::try_from(self.batches)? % Crew::ATTACKERS.len()];
            let seed = self.options.seed ^ self.round << 40 ^ self.batches << 20;
            let targets = Arc::new(Targets::of(&before, &self.people, self.receipts.clone()));
            let batch = Batch {
                port: self.office.port(),
                senders: self.of(crew),
                targets,
                cursors: Arc::clone(&self.cursors),
                requests: BATCH.min(end - score.requests).max(6),
                seed,
            };
            let came = batch.run().await;
            let after = Stored::read(&self.file()).await?;
            self.judge(crew, &before, &after, &came, score)?;
            self.receipts.extend(came.receipts);
            self.receipts.truncate(RECEIPTS_MAX);
            self.batches += 1;
            before = after;
            tell(score.requests, score);
        }
        Ok(())
    }

    fn of(&self, crew: Crew) -> Vec<&Person> {
        self.people.iter().filter(|person| person.crew == crew).collect()
    }

    fn judge(&self, crew: Crew, before: &Stored, after: &Stored, came: &Came, score: &mut Scoreboard) -> Result<()> {
        let honest = with(&self.book, |notes| {
            score.wrong.append(&mut notes.wrong);
            notes.written.clone()
        });
        score.requests += came.sent.len() as u64;
        for (_, _, status) in &came.sent {
            *score.statuses.entry(*status).or_default() += 1;
        }
        for (verdict, count) in &came.verdicts {
            *score.verdicts.entry(verdict.clone()).or_default() += count;
        }
        let is_changed = |(id, entry): &(&_, &stored::Entry)| {
            !honest.contains(id) && before.documents.get(id).is_none_or(|before| before.text != entry.text)
        };
        score.changed += after.documents.iter().filter(is_changed).count() as u64;

        let mut wrong = Vec::new();
        let judge = Judge { before, after, senders: self.of(crew), honest: &honest, now_ms: wall_ms() };
        for found in judge.wrongs() {
            score.unauthorised += 1;
            let id = found.id.to_string();
            let about = |request: &Request| String::from_utf8_lossy(&request.body).contains(&id);
            let place = came.sent.iter().position(|(_, request, status)| *status == 200 && about(request));
            wrong.push((format!("{crew:?}: {} ({id})", found.what), place));
        }
        let readable = self.readable_marks(crew, before, after);
        for (mark, place) in came.marks.iter().filter(|(mark, _)| !readable.contains(mark)) {
            score.leaked += 1;
            wrong.push((format!("{crew:?}: a name of {mark:04x} in an answer"), Some(*place)));
        }
        score.failed += came.wrong.len() as u64;
        wrong.extend(came.wrong.iter().map(|(what, place)| (format!("{crew:?}: {what}"), Some(*place))));
        if !wrong.is_empty() {
            let file = self.keep(came, &wrong)?;
            score.wrong.extend(wrong.into_iter().map(|(what, _)| format!("{what}: {}", file.display())));
        }
        Ok(())
    }

    /// Marks of all that somebody of this crew may read, before the batch or after it.
    fn readable_marks(&self, crew: Crew, before: &Stored, after: &Stored) -> BTreeSet<u16> {
        let mut readable = BTreeSet::new();
        for person in self.people.iter().filter(|person| person.crew == crew && !person.is_revoked) {
            for stored in [before, after] {
                let (role, areas) = stored.rights(person.member);
                let may_read = |scope: &_| match stored.scopes.get(scope) {
                    Some((Scope::Area, commune)) => {
                        *commune == person.commune && (role == "coordinator" || areas.contains(scope))
                    }
                    Some((_, commune)) => *commune == person.commune,
                    None => false,
                };
                let texts = stored.documents.values().filter(|entry| may_read(&entry.scope));
                readable.extend(texts.flat_map(|entry| marks(entry.text.as_bytes())));
            }
        }
        readable
    }

    /// Writes the requests of a batch into a file: those that did it first, then the others in their order.
    fn keep(&self, came: &Came, wrong: &[(String, Option<usize>)]) -> Result<PathBuf> {
        let shown = |(member, request, status): &(_, Request, u16)| {
            json!({
                "member": member, "status": status, "method": request.method, "path": request.path,
                "headers": request.headers, "body": String::from_utf8_lossy(&request.body),
            })
        };
        let found: Vec<_> = wrong
            .iter()
            .map(|(what, place)| json!({"what": what, "request": place.and_then(|place| came.sent.get(place)).map(shown)}))
            .collect();
        let all: Vec<_> = came.sent.iter().map(shown).collect();
        let name = format!("tung-nha-hostile-{}-{}-{}.json", self.options.seed, self.round, self.batches);
        let path = std::env::temp_dir().join(name);
        let told = json!({"seed": self.options.seed, "wrong": found, "log": self.office.log(), "requests": all});
        std::fs::write(&path, serde_json::to_vec_pretty(&told)?)?;
        Ok(path)
    }

    async fn flood(&self, score: &mut Scoreboard) {
        let sizes = if self.options.judges_time {
            Sizes { bomb_bytes: 500_000_000, stalled_bodies: 1_000, slow_heads: 2_000, held: Duration::from_secs(20) }
        } else {
            Sizes { bomb_bytes: 50_000_000, stalled_bodies: 100, slow_heads: 200, held: Duration::from_secs(2) }
        };
        let tokens: Vec<String> = self.of(Crew::Members).into_iter().map(Person::token).collect();
        let mut rng = Rng::new(self.options.seed);
        for flood in Flood::ALL {
            let before = with(&self.book, |notes| notes.took.len());
            if let Err(error) = flood.come(self.office.port(), sizes, &tokens, &mut rng).await {
                score.wrong.push(format!("{flood:?}: {error:#}"));
            }
            let slowest = with(&self.book, |notes| {
                score.wrong.append(&mut notes.wrong);
                notes.took.drain(before..).max()
            });
            score.floods.extend(slowest.map(|took| (flood.label(), took)));
        }
    }

    async fn end(mut self, score: &mut Scoreboard) -> Result<()> {
        self.honest.end().await;
        let port = self.office.port();
        if Line::new(port).ask(&Request::new("GET", "/api/health/live")).await.is_err() {
            score.wrong.push("the server is not alive at the end".to_owned());
        }
        let memory = self.office.pid().and_then(memory_bytes_max).unwrap_or(0);
        score.memory_bytes = score.memory_bytes.max(memory);
        if memory > MEMORY_BYTES_MAX {
            score.wrong.push(format!("the server took {} MB of memory", memory / 1_048_576));
        }
        let log = std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default();
        if log.contains("panicked") {
            score.wrong.push(format!("the server panicked: {}", self.office.log()));
        }
        self.office.stop().await?;
        let file = self.office.data().join(DATABASE);
        let stored = Stored::read(&file).await?;
        let lost = with(&self.book, |notes| {
            score.wrong.append(&mut notes.wrong);
            notes.written.clear();
            std::mem::take(&mut notes.confirmed).into_iter().filter(|id| !stored.documents.contains_key(id)).count()
        });
        if lost > 0 {
            score.wrong.push(format!("{lost} confirmed visits of honest phones are gone"));
        }
        if let Err(error) = SqliteStore::inspect(&file).await {
            score.wrong.push(format!("the file is not whole: {error}"));
        }
        Ok(())
    }
}

/// The most that a process ever held, as Linux tells it.
fn memory_bytes_max(pid: i32) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1_024)
}
