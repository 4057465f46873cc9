//! What has happened in an area before the demo begins: what people had already, and two weeks of the team's work, up to
//! yesterday, so that every report has something to tell.

use std::collections::{BTreeMap, BTreeSet};

use domain::campaign::Campaign;
use domain::people::Resident;
use domain::service::{Origin, Service, Step};
use domain::visit::{Difficulty, Outcome, Proficiency, Solution, Visit, VisitResult};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};

use super::dice::Dice;

pub const WORK_DAYS: usize = 14;
const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;
/// From one door to the next.
const WALK_MS: u64 = 40 * MINUTE_MS;
const CERTIFICATE_DAYS: i32 = 365;

/// A route and the members who have been at work on it, with the share of doors they have reached.
#[derive(Clone, Debug)]
pub struct Work {
    pub route: DocId,
    pub members: Vec<DocId>,
    pub doors_percent: u64,
}

/// Who has which service from before the team came.
type Had = BTreeSet<(DocId, Service)>;

/// A pen that writes facts one after another, each a little later than the one before.
pub struct Pen<'a> {
    pub plan: &'a Campaign,
    pub install: InstallId,
    pub today: Day,
    pub dice: &'a mut Dice,
    at_ms: u64,
    facts: Vec<Document>,
}

impl<'a> Pen<'a> {
    pub fn new(plan: &'a Campaign, install: InstallId, today: Day, dice: &'a mut Dice) -> Self {
        Self { plan, install, today, dice, at_ms: 0, facts: Vec::new() }
    }

    /// Everything that was written.
    pub fn finish(self) -> Vec<Document> {
        self.facts
    }

    fn go_to(&mut self, day: Day, hour: u64) {
        self.at_ms = u64::try_from(day.start_ms()).unwrap_or(0) + hour * HOUR_MS;
    }

    fn day(&self) -> Day {
        Day::at_ms(self.at_ms)
    }

    fn write(&mut self, kind: Kind, fields: BTreeMap<String, Value>) {
        let stamp = Stamp { ms: self.at_ms, counter: 0, install: self.install };
        self.facts.push(Document::fact(DocId::random(self.dice.bits()), kind, stamp, fields));
    }

    fn outcome(&mut self, resident: DocId, member: DocId, step: Step, origin: Origin) {
        self.at_ms += MINUTE_MS;
        let fields = Outcome::fields(resident, member, self.day(), step, origin);
        self.write(Kind::Outcome, fields);
    }

    /// A signature, most often with its provider and its last day.
    fn signature(&mut self, resident: DocId, member: DocId, step: Step, origin: Origin, expires_on: Day) {
        self.at_ms += MINUTE_MS;
        let mut fields = Outcome::fields(resident, member, self.day(), step, origin);
        if !self.plan.providers.is_empty() && self.dice.percent(80) {
            let names: Vec<&str> = self.plan.providers.iter().map(String::as_str).collect();
            fields.insert("provider".to_owned(), self.dice.pick(&names).into());
            fields.insert("expires_on".to_owned(), Value::text(expires_on.to_string()));
        }
        self.write(Kind::Outcome, fields);
    }

    /// The last day of a certificate from before: some have ended or are about to.
    fn old_expiry(&mut self) -> Day {
        let (from, to) = match self.dice.between(1, 100) {
            1..=3 => (-20, -1),
            4..=11 => (2, 28),
            _ => (40, 330),
        };
        self.today.plus(i32::try_from(self.dice.between(from, to)).unwrap_or(0))
    }

    /// What the lead found in the providers' lists on the evening before the first walk.
    pub fn had_already(&mut self, residents: &[Resident], lead: DocId) -> Had {
        let plan = self.plan;
        let mut had = Had::new();
        let asks_for_more = plan.services.len() > 1;
        for resident in residents {
            if !self.dice.percent(55) {
                continue;
            }
            for goal in &plan.services {
                let percent = match goal.service {
                    Service::EidLevel2 => 100,
                    Service::HealthRecord => 45,
                    Service::PublicSignature if asks_for_more => 48,
                    Service::PublicSignature => 85,
                };
                if !self.dice.percent(percent) {
                    continue;
                }
                // A list of some minutes, not a day's walk.
                self.go_to(self.today.plus(-days(WORK_DAYS) - 1), 20);
                had.insert((resident.id, goal.service));
                if goal.service == Service::PublicSignature {
                    let expires_on = self.old_expiry();
                    self.signature(resident.id, lead, goal.done, Origin::PreExisting, expires_on);
                } else {
                    self.outcome(resident.id, lead, goal.done, Origin::PreExisting);
                }
            }
        }
        had
    }

    /// The doors of a route that were visited, and what came of it: some every day, until yesterday.
    pub fn walked(&mut self, documents: &[Document], residents: &[Resident], had: &Had, work: &Work) {
        let on_route = |doc: &&Document| doc.kind == Kind::Household && doc.link("route") == Some(work.route);
        let mut doors: Vec<DocId> = documents.iter().filter(on_route).map(|doc| doc.id).collect();
        doors.retain(|_| self.dice.percent(work.doors_percent));
        if work.members.is_empty() {
            return;
        }
        let (count, mut of_the_day) = (doors.len(), 0);
        let mut last_day = None;
        for (index, door) in doors.into_iter().enumerate() {
            let day = self.today.plus(days(index * WORK_DAYS / count) - days(WORK_DAYS));
            of_the_day = if last_day == Some(day) { of_the_day + 1 } else { 0 };
            last_day = Some(day);
            self.go_to(day, 8);
            // From 8 to 20 o'clock, whatever a list brings.
            self.at_ms += (of_the_day * WALK_MS) % (12 * HOUR_MS);
            let at_home: Vec<&Resident> = residents.iter().filter(|one| one.household == Some(door)).collect();
            let member = self.dice.pick(&work.members);
            self.knock(door, &at_home, had, member);
        }
    }

    fn knock(&mut self, door: DocId, at_home: &[&Resident], had: &Had, member: DocId) {
        const RESULTS: [VisitResult; 7] = [
            VisitResult::Met,
            VisitResult::Met,
            VisitResult::Met,
            VisitResult::Absent,
            VisitResult::ComeBack,
            VisitResult::Absent,
            VisitResult::Refused,
        ];
        const MET: [Difficulty; 6] = [
            Difficulty::NoOtp,
            Difficulty::SimNotOwner,
            Difficulty::ForgotPasscode,
            Difficulty::NoLevel2,
            Difficulty::OldPhone,
            Difficulty::Afraid,
        ];
        let result = self.dice.pick(&RESULTS);
        let is_met = result == VisitResult::Met;
        let difficulty = (is_met && self.dice.percent(35)).then(|| self.dice.pick(&MET));
        let come_back_at = (result == VisitResult::ComeBack).then_some(self.at_ms + 2 * DAY_MS);
        let fields = Visit::fields(door, member, self.day(), result, come_back_at, difficulty.as_slice(), "");
        self.write(Kind::Visit, fields);
        if is_met {
            self.help(at_home, had, member);
        }
        if let Some(difficulty) = difficulty.filter(|_| self.dice.percent(40)) {
            self.settle(door, member, difficulty);
        }
    }

    fn help(&mut self, at_home: &[&Resident], had: &Had, member: DocId) {
        for resident in at_home {
            if self.dice.percent(45) {
                self.help_one(resident.id, had, member);
            }
        }
        if let Some(resident) = at_home.first().filter(|_| self.dice.percent(30)) {
            self.at_ms += MINUTE_MS;
            self.write(Kind::Proficiency, Proficiency::fields(resident.id, member, self.day()));
        }
    }

    /// One service after another, until one does not work out.
    fn help_one(&mut self, resident: DocId, had: &Had, member: DocId) {
        let (plan, next_year) = (self.plan, self.day().plus(CERTIFICATE_DAYS));
        for goal in &plan.services {
            let is_signature = goal.service == Service::PublicSignature;
            let chance = self.dice.between(1, 100);
            if had.contains(&(resident, goal.service)) {
                if is_signature && chance <= 20 {
                    self.signature(resident, member, goal.done, Origin::Renewed, next_year);
                }
                continue;
            }
            match chance {
                1..=8 if is_signature => {
                    let expires_on = self.old_expiry();
                    self.signature(resident, member, goal.done, Origin::PreExisting, expires_on);
                }
                9..=12 => self.outcome(resident, member, goal.done, Origin::SelfDone),
                ..=75 if is_signature => {
                    self.signature(resident, member, goal.done, Origin::NewlyInstalled, next_year);
                    // Where registering is enough for the plan, most go on to the end all the same.
                    if Step::SignatureActivated > goal.done && self.dice.percent(70) {
                        self.signature(resident, member, Step::SignatureActivated, Origin::NewlyInstalled, next_year);
                    }
                }
                ..=75 => self.outcome(resident, member, goal.done, Origin::NewlyInstalled),
                _ if is_signature => return self.outcome(resident, member, Step::Guided, Origin::NewlyInstalled),
                _ => return,
            }
        }
    }

    /// Two days later, if that is not still to come.
    fn settle(&mut self, door: DocId, member: DocId, difficulty: Difficulty) {
        self.at_ms += 2 * DAY_MS;
        if self.day() < self.today {
            self.write(Kind::Solution, Solution::fields(door, member, self.day(), difficulty));
        }
    }
}

fn days(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(0)
}
