//! What has happened in an area before the demo begins: what people had already, and some days of the team's work.

use domain::people::Resident;
use domain::service::{Origin, Step};
use domain::visit::{Difficulty, Outcome, Proficiency, Visit, VisitResult};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};

use super::dice::Dice;
use super::households::adults;

const DAY_MS: u64 = 24 * 3_600_000;
const MINUTE_MS: u64 = 60_000;

/// A route and the members who have been at work on it, with the share of doors they have reached.
#[derive(Clone, Debug)]
pub struct Work {
    pub route: DocId,
    pub members: Vec<DocId>,
    pub doors_percent: u64,
}

/// A pen that writes facts one after another, each a little later than the one before.
pub struct Pen<'d> {
    install: InstallId,
    at_ms: u64,
    dice: &'d mut Dice,
}

impl<'d> Pen<'d> {
    /// Starts twelve days ago, so that everything is in the past.
    pub fn new(install: InstallId, now_ms: u64, dice: &'d mut Dice) -> Self {
        Self { install, at_ms: now_ms.saturating_sub(12 * DAY_MS), dice }
    }

    fn write(&mut self, kind: Kind, fields: impl FnOnce(Day) -> std::collections::BTreeMap<String, Value>) -> Document {
        self.at_ms += MINUTE_MS;
        let stamp = Stamp { ms: self.at_ms, counter: 0, install: self.install };
        Document::fact(DocId::random(self.dice.bits()), kind, stamp, fields(Day::at_ms(self.at_ms)))
    }

    fn outcome(&mut self, resident: DocId, member: DocId, step: Step, origin: Origin) -> Document {
        self.write(Kind::Outcome, |day| Outcome::fields(resident, member, day, step, origin))
    }

    /// What the lead found in the providers' lists when the plan began.
    pub fn had_already(&mut self, documents: &[Document], lead: DocId) -> Vec<Document> {
        let mut facts = Vec::new();
        for resident in adults(documents) {
            let has_level_2 = self.dice.percent(55);
            if !has_level_2 {
                continue;
            }
            facts.push(self.outcome(resident.id, lead, Step::Activated, Origin::PreExisting));
            if self.dice.percent(45) {
                facts.push(self.outcome(resident.id, lead, Step::CardIntegrated, Origin::PreExisting));
            }
            if self.dice.percent(48) {
                facts.push(self.outcome(resident.id, lead, Step::SignatureActivated, Origin::PreExisting));
            }
            // These came from a list of some minutes, not of a day's walk.
            self.at_ms = self.at_ms.saturating_sub(2 * MINUTE_MS);
        }
        facts
    }

    /// The doors of a route that were visited, and what came of it.
    pub fn walked(&mut self, documents: &[Document], had: &[Document], work: &Work) -> Vec<Document> {
        let mut facts = Vec::new();
        let doors: Vec<DocId> = documents
            .iter()
            .filter(|doc| doc.kind == Kind::Household && doc.link("route") == Some(work.route))
            .map(|doc| doc.id)
            .collect();
        let residents = adults(documents);
        for door in doors {
            if work.members.is_empty() || !self.dice.percent(work.doors_percent) {
                continue;
            }
            let member = self.dice.pick(&work.members);
            let result = self.dice.pick(&[
                VisitResult::Met,
                VisitResult::Met,
                VisitResult::Met,
                VisitResult::Absent,
                VisitResult::ComeBack,
                VisitResult::Absent,
                VisitResult::Refused,
            ]);
            facts.push(self.visit(door, member, result));
            if result == VisitResult::Met {
                let at_home: Vec<&Resident> =
                    residents.iter().filter(|resident| resident.household == Some(door)).collect();
                self.help(&at_home, had, member, &mut facts);
            }
        }
        facts
    }

    fn visit(&mut self, door: DocId, member: DocId, result: VisitResult) -> Document {
        const MET: [Difficulty; 6] = [
            Difficulty::NoOtp,
            Difficulty::SimNotOwner,
            Difficulty::ForgotPasscode,
            Difficulty::NoLevel2,
            Difficulty::OldPhone,
            Difficulty::Afraid,
        ];
        let mut difficulties = Vec::new();
        if result == VisitResult::Met && self.dice.percent(35) {
            difficulties.push(self.dice.pick(&MET));
        }
        let come_back_at = (result == VisitResult::ComeBack).then_some(self.at_ms + 2 * DAY_MS);
        self.write(Kind::Visit, |day| Visit::fields(door, member, day, result, come_back_at, &difficulties, ""))
    }

    fn help(&mut self, at_home: &[&Resident], had: &[Document], member: DocId, facts: &mut Vec<Document>) {
        let has = |resident: DocId, step: Step| {
            had.iter().any(|fact| fact.link("resident") == Some(resident) && fact.text("step") == Some(step.name()))
        };
        for resident in at_home {
            if !self.dice.percent(45) {
                continue;
            }
            for step in [Step::Activated, Step::CardIntegrated, Step::SignatureActivated] {
                let is_lucky = self.dice.percent(75);
                if !has(resident.id, step) {
                    if !is_lucky {
                        break;
                    }
                    facts.push(self.outcome(resident.id, member, step, Origin::NewlyInstalled));
                }
            }
        }
        if let Some(resident) = at_home.first().filter(|_| self.dice.percent(30)) {
            let id = resident.id;
            facts.push(self.write(Kind::Proficiency, |day| Proficiency::fields(id, member, day)));
        }
    }
}
