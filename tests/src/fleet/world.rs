//! One run: a queue of what is to happen, in virtual time, on one thread.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::rc::Rc;

use domain::DocId;
use domain::people::Member;
use domain::replica::{Batch, SendError, Snapshot, StoreError};
use server::store::StoreResult;

use super::fixture::Fixture;
use super::network::Packet;
use super::office::Office;
use super::oracle::Oracle;
use super::phone::Phone;
use super::plan::{MINUTE_MS, Options, Plan, SECOND_MS, START_MS};
use super::rng::Rng;
use super::scoreboard::Scoreboard;
use super::trace::Trace;
use super::{Report, Violation};

/// After all faults have ended, a fleet that is not at rest within this is stuck. The longest wait between two tries is
/// five minutes.
const REST_MS: u64 = 40 * MINUTE_MS;

pub enum Happening {
    Open { phone: usize, tab: usize },
    Close { phone: usize },
    Act { phone: usize },
    SetClock { phone: usize, skew_ms: i64 },
    Wake { phone: usize, tab: usize, life: u64 },
    Store { phone: usize, tab: usize, life: u64, batch: Box<Batch> },
    Stored { phone: usize, tab: usize, life: u64, outcome: Result<(), StoreError> },
    News { phone: usize, tab: usize, life: u64, snapshot: Box<Snapshot> },
    Arrive(Packet),
    Answer { phone: usize, tab: usize, life: u64, request: u64, outcome: Result<Rc<str>, SendError> },
    BackUp,
    Restore,
    LosePhone { phone: usize },
    Move,
    Heal,
}

struct Entry {
    at_ms: u64,
    /// Those of one moment happen in the order in which they were planned.
    order: u64,
    what: Happening,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (self.at_ms, self.order) == (other.at_ms, other.order)
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at_ms, self.order).cmp(&(other.at_ms, other.order))
    }
}

pub struct World {
    pub seed: u64,
    pub plan: Plan,
    pub rng: Rng,
    pub fixture: Rc<Fixture>,
    /// Milliseconds since the run began.
    pub at_ms: u64,
    queue: BinaryHeap<Reverse<Entry>>,
    planned: u64,
    pub packets_under_way: u64,
    pub lives: u64,
    pub phones: Vec<Phone>,
    pub office: Office,
    /// Who works where, as the server has it now.
    pub team: BTreeMap<DocId, Vec<DocId>>,
    /// The newest number seen in each scope of each epoch.
    pub numbers: BTreeMap<(String, DocId), u64>,
    /// Requests that the server took whole, to be sent again at the end.
    pub taken: Vec<(usize, Rc<str>)>,
    pub restores: u64,
    /// From where to where somebody has moved, or may have.
    pub moved: BTreeSet<(DocId, DocId)>,
    /// How often each member was given other areas.
    pub reassigned: BTreeMap<DocId, u32>,
    pub oracle: Oracle,
    /// Faults have ended.
    pub is_well: bool,
    pub words: u64,
    pub trace: Trace,
    pub score: Scoreboard,
    pub violations: Vec<Violation>,
}

/// Every phone is noted once in five minutes, and a round takes seconds.
const ROUNDS_MAX: usize = 6;

impl World {
    pub async fn new(seed: u64, options: &Options, fixture: Rc<Fixture>) -> StoreResult<Self> {
        let mut rng = Rng::new(seed);
        let plan = Plan::draw(seed, options, &mut rng);
        let office = Office::open(&fixture, &plan).await?;
        let phones =
            fixture.people.iter().cloned().enumerate().map(|(index, person)| Phone::new(index, person)).collect();
        let team = fixture.people.iter().map(|person| (person.member, person.areas.clone())).collect();
        let mut world = Self {
            seed,
            plan,
            rng,
            fixture,
            at_ms: 0,
            queue: BinaryHeap::new(),
            planned: 0,
            packets_under_way: 0,
            lives: 0,
            phones,
            office,
            team,
            numbers: BTreeMap::new(),
            taken: Vec::new(),
            restores: 0,
            moved: BTreeSet::new(),
            reassigned: BTreeMap::new(),
            oracle: Oracle::default(),
            is_well: false,
            words: 0,
            trace: Trace::new(options.tells),
            score: Scoreboard::default(),
            violations: Vec::new(),
        };
        world.schedule();
        Ok(world)
    }

    pub fn server_ms(&self) -> u64 {
        START_MS + self.at_ms
    }

    pub fn after(&mut self, wait_ms: u64, what: Happening) {
        self.planned += 1;
        self.packets_under_way += u64::from(matches!(what, Happening::Arrive(_)));
        self.queue.push(Reverse(Entry { at_ms: self.at_ms + wait_ms, order: self.planned, what }));
    }

    pub fn violate(&mut self, check: &'static str, subject: Option<DocId>, what: String) {
        self.trace.note(self.at_ms, (check, &what), || format!("VIOLATION {check}: {what}"));
        self.violations.push(Violation { seed: self.seed, check, subject, what, story: Vec::new() });
    }

    /// Plans what does not depend on anything else: sessions, clocks, partitions, the server's fate.
    fn schedule(&mut self) {
        let length_ms = self.plan.length_ms;
        for phone in 0..self.phones.len() {
            let is_wrong = self.rng.chance(self.plan.wrong_clock);
            if is_wrong {
                let skew_ms = self.wrong_by();
                self.phones[phone].set_clock(skew_ms);
                self.score.wrong_clocks += 1;
            }
            if self.rng.chance(self.plan.partition) {
                let from = self.rng.below(length_ms);
                self.phones[phone].cut_off.push((from, from + self.rng.between(length_ms / 4, length_ms)));
                self.score.partitions += 1;
            }
            // Two phones of each run are used in two tabs at once.
            self.phones[phone].has_two_tabs = phone % 10 == 7;
            self.schedule_sessions(phone);
        }
        if self.plan.restores {
            let backup = self.rng.between(length_ms / 10, length_ms / 2);
            let restore = self.rng.between(length_ms / 2, length_ms * 9 / 10);
            self.after(backup, Happening::BackUp);
            self.after(restore, Happening::Restore);
        }
        if self.plan.phone_lost {
            // A member's phone, never a lead's.
            let phone = self.phones.len() - 1;
            let at = self.rng.between(length_ms / 4, length_ms);
            self.after(at, Happening::LosePhone { phone });
        }
        for _ in 0..self.plan.moves {
            let at = self.rng.below(length_ms);
            self.after(at, Happening::Move);
        }
        self.after(length_ms, Happening::Heal);
    }

    fn schedule_sessions(&mut self, phone: usize) {
        for _ in 0..self.plan.sessions {
            let opens = self.rng.below(self.plan.length_ms * 95 / 100);
            self.after(opens, Happening::Open { phone, tab: 0 });
            if self.phones[phone].has_two_tabs {
                self.after(opens + SECOND_MS, Happening::Open { phone, tab: 1 });
            }
            let mut at = opens;
            for _ in 0..self.plan.writes {
                at += self.rng.between(300, 25 * SECOND_MS);
                self.after(at, Happening::Act { phone });
            }
            if self.rng.chance(self.plan.clock_jump) {
                let skew_ms = if self.rng.chance(300) { 0 } else { self.wrong_by() };
                let when = self.rng.between(opens, at);
                self.after(when, Happening::SetClock { phone, skew_ms });
            }
            let closes = at + self.rng.between(SECOND_MS, 100 * SECOND_MS);
            self.phones[phone].sessions.push((opens, closes));
            self.after(closes, Happening::Close { phone });
        }
    }

    /// Seconds, hours or up to 400 days, both ways.
    fn wrong_by(&mut self) -> i64 {
        let reach = *self.rng.pick(&[50 * SECOND_MS, 60 * MINUTE_MS, 400 * 24 * 60 * MINUTE_MS]).unwrap_or(&0);
        let by = self.rng.below(reach).cast_signed();
        if self.rng.chance(500) { by } else { -by }
    }

    pub async fn run(mut self) -> StoreResult<Report> {
        let give_up_ms = self.plan.length_ms + REST_MS;
        while !self.is_at_rest() {
            if self.at_ms > give_up_ms {
                self.report_stuck();
                break;
            }
            self.step().await?;
        }
        // In a round the office may note who came in. When it noted nothing, everybody has heard of everything.
        for _ in 0..ROUNDS_MAX {
            let before = self.office.figures_seq().await?;
            self.everybody_syncs().await?;
            if self.office.figures_seq().await? == before {
                break;
            }
        }
        super::checks::all(&mut self).await?;
        self.office.close().await;
        let fingerprint = self.trace.fingerprint();
        Ok(Report { score: self.score, violations: self.violations, fingerprint, lines: self.trace.into_lines() })
    }

    async fn step(&mut self) -> StoreResult<()> {
        let Some(Reverse(Entry { at_ms, what, .. })) = self.queue.pop() else {
            self.violate("I5", None, "nothing will ever happen again".to_owned());
            self.at_ms = u64::MAX / 2;
            return Ok(());
        };
        self.at_ms = at_ms;
        match what {
            Happening::Open { phone, tab } => self.open(phone, tab),
            Happening::Close { phone } => self.close(phone),
            Happening::Act { phone } => self.act(phone),
            Happening::SetClock { phone, skew_ms } => self.set_clock(phone, skew_ms),
            Happening::Wake { phone, tab, life } => self.wake(phone, tab, life),
            Happening::Store { phone, tab, life, batch } => self.store(phone, tab, life, &batch),
            Happening::Stored { phone, tab, life, outcome } => self.stored(phone, tab, life, outcome),
            Happening::News { phone, tab, life, snapshot } => self.news(phone, tab, life, snapshot),
            Happening::Arrive(packet) => {
                self.packets_under_way -= 1;
                self.arrive(packet).await?;
            }
            Happening::Answer { phone, tab, life, request, outcome } => {
                self.answer(phone, tab, life, request, outcome);
            }
            Happening::BackUp => {
                self.trace.note(self.at_ms, "backup", || "the server is backed up".to_owned());
                self.office.back_up().await?;
            }
            Happening::Restore => self.restore().await?,
            Happening::LosePhone { phone } => {
                self.trace.note(self.at_ms, ("lost", phone), || format!("p{phone:02} is reported lost"));
                self.phones[phone].is_gone = true;
                self.office.report_lost(self.phones[phone].person.member, self.server_ms()).await?;
            }
            Happening::Move => self.move_somebody().await?,
            Happening::Heal => self.heal(),
        }
        Ok(())
    }

    async fn restore(&mut self) -> StoreResult<()> {
        let epoch = self.rng.bits();
        if !self.office.restore(epoch, self.server_ms()).await? {
            return Ok(());
        }
        self.trace.note(self.at_ms, "restore", || "THE SERVER IS RESTORED from its backup".to_owned());
        self.restores += 1;
        self.score.restores += 1;
        self.taken.clear();
        self.refresh_team().await?;
        for phone in self.phones.iter().filter(|phone| !phone.is_gone) {
            for row in phone.disk.rows.values().filter(|row| self.fixture.areas.contains(&row.scope)) {
                if let Some(base) = &row.base {
                    self.oracle.held.push((phone.index, row.scope, base.clone()));
                }
            }
        }
        Ok(())
    }

    pub async fn refresh_team(&mut self) -> StoreResult<()> {
        let team = self.office.team().await?;
        self.team = team.iter().filter_map(|(id, doc)| Some((*id, Member::read(doc)?.areas))).collect();
        Ok(())
    }

    /// From here on the network is good and every phone that lives is open. What is still under way arrives soon.
    fn heal(&mut self) {
        self.trace.note(self.at_ms, "heal", || "ALL IS WELL from here on".to_owned());
        self.is_well = true;
        let entries = std::mem::take(&mut self.queue).into_sorted_vec();
        for Reverse(mut entry) in entries.into_iter().rev() {
            match entry.what {
                Happening::Act { .. }
                | Happening::SetClock { .. }
                | Happening::Close { .. }
                | Happening::Open { .. }
                | Happening::Restore
                | Happening::Move
                | Happening::LosePhone { .. } => continue,
                Happening::Arrive(_) => entry.at_ms = entry.at_ms.min(self.at_ms + self.rng.below(MINUTE_MS)),
                _ => {}
            }
            self.queue.push(Reverse(entry));
        }
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_gone {
                self.phones[phone].close();
            } else if self.phones[phone].open_tabs().is_empty() {
                let wait = self.rng.below(10 * SECOND_MS);
                self.after(wait, Happening::Open { phone, tab: 0 });
            } else if self.rng.chance(500) {
                // The browser tells half of them that the network is back; the others find out by themselves.
                self.sync_now(phone);
            }
        }
    }

    fn is_at_rest(&self) -> bool {
        self.is_well
            && self.packets_under_way == 0
            && self.living().all(|phone| Self::has_settled(phone, self.plan.length_ms))
    }

    pub fn living(&self) -> impl Iterator<Item = &Phone> {
        self.phones.iter().filter(|phone| !phone.is_gone)
    }

    /// Nothing to store, to send or to wait for, and an answer since `since_ms`.
    fn has_settled(phone: &Phone, since_ms: u64) -> bool {
        let mut tabs = phone.tabs.iter().flatten().peekable();
        tabs.peek().is_some()
            && tabs.all(|tab| {
                let status = tab.replica.status();
                !tab.replica.is_busy()
                    && status.unsent == 0
                    && status.last_sync_ms.is_some_and(|last| last >= START_MS + since_ms)
            })
    }

    fn report_stuck(&mut self) {
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_gone || Self::has_settled(&self.phones[phone], self.plan.length_ms) {
                continue;
            }
            self.score.stuck += 1;
            let states: Vec<String> =
                self.phones[phone].tabs.iter().flatten().map(|tab| format!("{:?}", tab.replica.status())).collect();
            self.violate("I5", None, format!("p{phone:02} is stuck: {}", states.join(", ")));
        }
        self.score.stuck += u64::from(self.score.stuck == 0);
    }

    async fn everybody_syncs(&mut self) -> StoreResult<()> {
        self.at_ms += SECOND_MS;
        let since_ms = self.at_ms;
        for phone in 0..self.phones.len() {
            if !self.phones[phone].is_gone {
                self.sync_now(phone);
            }
        }
        while !self.living().all(|phone| Self::has_settled(phone, since_ms)) && self.at_ms < since_ms + 10 * MINUTE_MS {
            self.step().await?;
        }
        Ok(())
    }
}
