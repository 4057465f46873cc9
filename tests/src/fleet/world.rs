//! One run: a queue of what is to happen, in virtual time, on one thread.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::rc::Rc;
use std::sync::Arc;

use domain::DocId;
use domain::replica::{Batch, SendError, Snapshot, StoreError};
use server::store::StoreResult;

use super::adversary::{Villain, Watch};
use super::capsules::Capsule;
use super::fixture::{Fixture, villain_token};
use super::invariant::Invariant;
use super::network::Packet;
use super::office::Office;
use super::oracle::Oracle;
use super::phone::Phone;
use super::plan::{MINUTE_MS, Options, Plan, START_MS};
use super::rng::Rng;
use super::scoreboard::Scoreboard;
use super::trace::Trace;
use super::{Report, Violation};

/// After all faults have ended, a fleet that is not at rest within this is stuck. The longest wait between two tries is
/// five minutes.
const REST_MS: u64 = 40 * MINUTE_MS;

pub enum Happening {
    Open {
        phone: usize,
        tab: usize,
    },
    Close {
        phone: usize,
    },
    Act {
        phone: usize,
    },
    SetClock {
        phone: usize,
        skew_ms: i64,
    },
    Wake {
        phone: usize,
        tab: usize,
        life: u64,
    },
    Store {
        phone: usize,
        tab: usize,
        life: u64,
        batch: Box<Batch>,
    },
    Stored {
        phone: usize,
        tab: usize,
        life: u64,
        outcome: Result<(), StoreError>,
    },
    News {
        phone: usize,
        tab: usize,
        life: u64,
        snapshot: Box<Snapshot>,
    },
    Arrive(Packet),
    Answer {
        phone: usize,
        tab: usize,
        life: u64,
        request: u64,
        outcome: Result<Rc<str>, SendError>,
    },
    BackUp,
    Restore,
    LosePhone {
        phone: usize,
    },
    Leave {
        phone: usize,
    },
    Evict {
        phone: usize,
    },
    Rot {
        phone: usize,
    },
    Replace {
        phone: usize,
    },
    Rejoin {
        phone: usize,
    },
    Move,
    /// Half of another area comes to this one.
    Split {
        to: DocId,
    },
    JoinDoubles,
    /// Somebody brings a capsule: with their own phone, or with nobody's.
    Carry {
        capsule: Rc<Capsule>,
        carrier: Option<usize>,
    },
    /// The system stops a phone's pages, and lets them go on.
    Freeze {
        phone: usize,
        length_ms: u64,
        stops_clock: bool,
    },
    Thaw {
        phone: usize,
    },
    /// Somebody on a phone's line refuses by content from now on.
    Filter {
        phone: usize,
    },
    /// The office's computer has another time from now on.
    OfficeClock {
        skew_ms: i64,
    },
    /// The server's file is put back to an earlier one, and nobody says so.
    RollBack,
    /// A phone of the adversary speaks.
    Strike {
        villain: usize,
    },
    /// A phone of the adversary brings back what it was sent, with the receipts.
    Replay {
        villain: usize,
    },
    /// Some of its members lose their rights.
    EndVillains,
    Heal,
}

pub struct Entry {
    pub at_ms: u64,
    /// Those of one moment happen in the order in which they were planned.
    order: u64,
    pub what: Happening,
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
    pub fixture: Arc<Fixture>,
    /// Milliseconds since the run began.
    pub at_ms: u64,
    pub queue: BinaryHeap<Reverse<Entry>>,
    planned: u64,
    /// Requests and capsules on their way.
    pub packets_under_way: u64,
    pub lives: u64,
    pub phones: Vec<Phone>,
    pub villains: Vec<Villain>,
    /// What the office stores, as it was when the adversary last spoke.
    pub watch: Watch,
    pub office: Office,
    /// Every area that there has ever been, also one that a restore has undone.
    pub areas: Vec<DocId>,
    /// Who works where, as the server has it now.
    pub team: BTreeMap<DocId, Vec<DocId>>,
    /// The newest number seen in each scope of each epoch.
    pub numbers: BTreeMap<(String, DocId), u64>,
    /// What was the newest before several requests were served at once, while they are.
    pub floor: Option<BTreeMap<(String, DocId), u64>>,
    /// Requests that the server took whole, to be sent again at the end.
    pub taken: Vec<(usize, Rc<str>)>,
    pub restores: u64,
    /// The office's time minus the true one.
    pub office_skew_ms: i64,
    /// Its file was put back without a word at least once.
    pub was_rolled_back: bool,
    /// The epoch of such a file, until the office has found it out.
    pub unseen_epoch: Option<String>,
    pub are_villains_ended: bool,
    /// When the server was last restored.
    pub restored_ms: u64,
    /// From where to where somebody has moved, or may have.
    pub moved: BTreeSet<(DocId, DocId)>,
    /// People of two areas who were joined: the link, the area where they are, the one to go back to, and who it is.
    pub joined: Vec<(DocId, DocId, DocId, DocId)>,
    /// How often each member was given other areas.
    pub reassigned: BTreeMap<DocId, u32>,
    /// Members with the areas that were taken from them, also by a restore.
    pub left_areas: BTreeSet<(DocId, DocId)>,
    /// Documents that somebody has written to against the rules.
    pub hostile: BTreeSet<DocId>,
    /// What was then written about these on the screens of an area, which need not be theirs.
    pub claimed_words: BTreeSet<u64>,
    /// Documents of another area that somebody has claimed by force, with the area that they were claimed for.
    pub claimed: BTreeSet<(DocId, DocId)>,
    pub oracle: Oracle,
    /// How often the figures were looked at since the server's last fault.
    pub looked_at: u32,
    /// The newest numbers of each area, of its figures and of the commune with its plan, of those looked at.
    pub judged: BTreeMap<DocId, (u64, u64, u64)>,
    /// Faults have ended.
    pub is_well: bool,
    pub words: u64,
    pub trace: Trace,
    pub score: Scoreboard,
    pub violations: Vec<Violation>,
}

/// Every phone is noted once in five minutes, and a round takes seconds: among two hundred phones somebody's five minutes
/// end in one round of two.
const ROUNDS_MAX: usize = 60;

impl World {
    pub async fn new(seed: u64, options: &Options, fixture: Arc<Fixture>) -> StoreResult<Self> {
        let mut rng = Rng::new(seed);
        let plan = Plan::draw(seed, options, &mut rng);
        let office = Office::open(&fixture, &plan).await?;
        let phones =
            fixture.people.iter().cloned().enumerate().map(|(index, person)| Phone::new(index, person)).collect();
        let villains = fixture.villains.iter().enumerate();
        let villains = villains.map(|(index, person)| Villain::new(person.clone(), villain_token(index))).collect();
        let team = fixture.people.iter().map(|person| (person.member, person.areas.clone())).collect();
        let areas = fixture.areas.clone();
        let mut world = Self {
            seed,
            areas,
            plan,
            rng,
            fixture,
            at_ms: 0,
            queue: BinaryHeap::new(),
            planned: 0,
            packets_under_way: 0,
            lives: 0,
            phones,
            villains,
            watch: Watch::default(),
            office,
            team,
            numbers: BTreeMap::new(),
            taken: Vec::new(),
            restores: 0,
            office_skew_ms: 0,
            was_rolled_back: false,
            unseen_epoch: None,
            are_villains_ended: false,
            floor: None,
            restored_ms: 0,
            moved: BTreeSet::new(),
            joined: Vec::new(),
            reassigned: BTreeMap::new(),
            left_areas: BTreeSet::new(),
            hostile: BTreeSet::new(),
            claimed: BTreeSet::new(),
            claimed_words: BTreeSet::new(),
            oracle: Oracle::default(),
            looked_at: u32::MAX,
            judged: BTreeMap::new(),
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

    /// What the office's clock says.
    pub fn office_ms(&self) -> u64 {
        self.server_ms().saturating_add_signed(self.office_skew_ms)
    }

    pub fn after(&mut self, wait_ms: u64, what: Happening) {
        self.planned += 1;
        self.packets_under_way += u64::from(matches!(what, Happening::Arrive(_) | Happening::Carry { .. }));
        self.queue.push(Reverse(Entry { at_ms: self.at_ms + wait_ms, order: self.planned, what }));
    }

    /// Counts that an invariant was judged.
    pub fn checked(&mut self, invariant: Invariant) {
        self.score.checks[invariant.index()] += 1;
    }

    pub fn violate(&mut self, invariant: Invariant, subject: Option<DocId>, what: String) {
        self.trace.note(self.at_ms, (invariant, &what), || format!("VIOLATION of {invariant}: {what}"));
        self.violations.push(Violation { seed: self.seed, invariant, subject, what, story: Vec::new() });
    }

    pub async fn run(mut self) -> StoreResult<Report> {
        let give_up_ms = self.plan.length_ms + REST_MS;
        while !self.is_at_rest() {
            if self.at_ms > give_up_ms {
                self.report_stuck(self.plan.length_ms);
                break;
            }
            self.step().await?;
        }
        // In a round the office may note something. When it noted nothing, everybody has heard of everything.
        let (mut rounds, mut has_ended) = (0, self.score.stuck > 0);
        while !has_ended && rounds < ROUNDS_MAX {
            rounds += 1;
            let before = self.office.numbers().await?;
            // Who is stuck within a round has been told of.
            has_ended = !self.everybody_syncs().await? || self.office.numbers().await? == before;
        }
        if !has_ended {
            self.score.stuck += 1;
            let what = format!("after {rounds} rounds of syncs the figures still change with each");
            self.violate(Invariant::Progress, None, what);
        }
        super::checks::all(&mut self).await?;
        self.office.close().await;
        let fingerprint = self.trace.fingerprint();
        Ok(Report { score: self.score, violations: self.violations, fingerprint, lines: self.trace.into_lines() })
    }

    pub async fn step(&mut self) -> StoreResult<()> {
        let Some(Reverse(Entry { at_ms, what, .. })) = self.queue.pop() else {
            self.violate(Invariant::Progress, None, "nothing will ever happen again".to_owned());
            self.at_ms = u64::MAX / 2;
            return Ok(());
        };
        self.at_ms = at_ms;
        let Some(what) = self.puts_off(what) else { return Ok(()) };
        match what {
            Happening::Open { phone, tab } => self.open(self.heir(phone), tab),
            Happening::Close { phone } => self.close(self.heir(phone)),
            Happening::Act { phone } => self.act(self.heir(phone)),
            Happening::SetClock { phone, skew_ms } => self.set_clock(self.heir(phone), skew_ms),
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
            Happening::BackUp => self.back_up().await?,
            Happening::Restore => self.restore().await?,
            Happening::LosePhone { phone } => self.lose_phone(phone).await?,
            Happening::Leave { phone } => self.leave(phone).await?,
            Happening::Evict { phone } => self.evict(self.heir(phone)).await?,
            Happening::Rot { phone } => self.rot(self.heir(phone)).await?,
            Happening::Replace { phone } => self.replace(self.heir(phone)).await?,
            Happening::Rejoin { phone } => self.rejoin(phone).await?,
            Happening::Move => self.move_somebody().await?,
            Happening::Split { to } => self.split(to).await?,
            Happening::JoinDoubles => self.join_or_part_doubles().await?,
            Happening::Carry { capsule, carrier } => {
                self.packets_under_way -= 1;
                self.carry(&capsule, carrier).await?;
            }
            Happening::Freeze { phone, length_ms, stops_clock } => {
                self.freeze(self.heir(phone), length_ms, stops_clock);
            }
            Happening::Thaw { phone } => self.thaw(phone),
            Happening::Filter { phone } => self.put_filter(self.heir(phone)),
            Happening::OfficeClock { skew_ms } => self.set_office_clock(skew_ms),
            Happening::RollBack => self.roll_back().await?,
            Happening::Strike { villain } => self.strike(villain).await?,
            Happening::Replay { villain } => self.replay(villain).await?,
            Happening::EndVillains => self.end_villains().await?,
            Happening::Heal => self.heal().await?,
        }
        Ok(())
    }
}
