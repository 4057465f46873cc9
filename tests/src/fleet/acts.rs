//! What people do with the app: the writes of its screens, and some that no screen offers.

use std::collections::BTreeMap;

use domain::erasure::Reason;
use domain::people::Role;
use domain::replica::{Change, Event, Replica};
use domain::service::{Origin, Step};
use domain::visit::{Correction, Difficulty, Link, Outcome, Proficiency, Visit, VisitResult};
use domain::{Day, DocId, Document, Kind, Value};

use super::fixture::{COMMUNE, marker};
use super::phone::Version;
use super::world::World;

/// What two phones with one state of chance call their records.
pub const CLONED: u128 = 0xbad_0000_0000;

/// The services as the plan of the fixture wants them, and steps on the way.
const STEPS: [Step; 5] =
    [Step::Activated, Step::CardIntegrated, Step::SignatureActivated, Step::SubmittedAtPolice, Step::Registered];

/// What one person sees of one area before deciding what to write.
pub struct Desk {
    pub member: DocId,
    pub role: Role,
    pub area: DocId,
    pub today: Day,
    pub households: Vec<DocId>,
    pub residents: Vec<DocId>,
    routes: Vec<DocId>,
    /// Everyone's facts here that still count, with their kind.
    facts: Vec<(DocId, Kind)>,
    /// Facts by this member.
    own: Vec<DocId>,
}

impl World {
    pub fn act(&mut self, phone: usize) {
        self.join_again(phone);
        let tabs = self.phones[phone].open_tabs();
        let Some(&tab) = self.rng.pick(&tabs) else { return };
        let Some(open) = &self.phones[phone].tabs[tab] else { return };
        let roll = self.rng.below(100);
        if roll < 6 {
            let tray: Vec<DocId> = open.replica.refused().map(|(id, _)| id).collect();
            if let Some(&id) = self.rng.pick(&tray) {
                self.phones[phone].decided.insert(id);
                let event = if self.rng.chance(600) { Event::Retry(id) } else { Event::Discard(id) };
                self.trace.note(self.at_ms, ("tray", phone, id), || format!("p{phone:02} decides on {id}"));
                return self.deliver(phone, tab, event);
            }
        }
        if roll < 10 {
            return self.deliver(phone, tab, Event::SyncNow);
        }
        if roll < 14 && self.plan.capsules {
            return self.hand_over(phone, tab);
        }
        let person = &self.phones[phone].person;
        if person.role == Role::Coordinator {
            let changes = self.coordinate();
            return self.write(phone, tab, changes);
        }
        // Only an area whose download is complete is on the screen.
        let is_shown = |area: &&DocId| open.replica.meta().scopes.get(area).is_some_and(|state| state.complete);
        let areas: Vec<DocId> = self.areas.iter().filter(is_shown).copied().collect();
        let Some(&area) = self.rng.pick(&areas) else { return };
        let wall_ms = self.phones[phone].wall_ms(self.at_ms);
        let desk = Desk::look(&open.replica, person.member, person.role, area, wall_ms);
        let is_hostile = self.rng.chance(self.plan.hostile);
        self.score.hostile += u64::from(is_hostile);
        let version = self.phones[phone].version;
        for changes in if is_hostile { self.attack(&desk) } else { self.work(&desk, version) } {
            if self.phones[phone].tabs[tab].is_some() {
                self.write(phone, tab, changes);
            }
        }
    }

    pub fn write(&mut self, phone: usize, tab: usize, changes: Vec<Change>) {
        self.words += 1;
        let ticket = self.words;
        self.trace.note(self.at_ms, ("write", phone, tab, ticket), || {
            let words: Vec<String> = changes.iter().map(words).collect();
            format!("p{phone:02}.{tab} writes {ticket}: {}", words.join("; "))
        });
        self.note_for_filter(phone, &changes);
        self.phones[phone].tickets.insert(ticket, changes.clone());
        self.deliver(phone, tab, Event::Write { ticket, changes });
    }

    /// A text that is written once in a run, with the mark of its area.
    pub fn text(&mut self, area: DocId) -> Value {
        self.words += 1;
        Value::text(format!("{}{}", marker(area), self.words))
    }

    pub fn new_id(&mut self) -> DocId {
        DocId::random(self.rng.bits())
    }

    /// What a member or a lead does at a door: one or a few writes.
    fn work(&mut self, desk: &Desk, version: Version) -> Vec<Vec<Change>> {
        let is_lead = desk.role == Role::Lead;
        if version == Version::Newer && self.rng.chance(300) {
            return vec![self.write_as_a_newer_version(desk)];
        }
        match self.rng.below(100) {
            0..35 => self.visit(desk),
            35..47 => vec![self.add_people(desk)],
            74..77 => vec![self.move_within(desk)],
            67..72 if is_lead => vec![self.divide(desk)],
            72..74 if is_lead => vec![self.erase(desk)],
            // These came after the first version.
            47..55 if version != Version::Older => vec![self.correct(desk, is_lead)],
            55..60 if version != Version::Older => vec![self.record(desk, Kind::Proficiency, Proficiency::fields)],
            60..67 if version != Version::Older => vec![self.link(desk)],
            _ => vec![self.edit(desk)],
        }
        .into_iter()
        .filter(|changes| !changes.is_empty())
        .collect()
    }

    fn visit(&mut self, desk: &Desk) -> Vec<Vec<Change>> {
        let Some(&household) = self.rng.pick(&desk.households) else { return Vec::new() };
        let result = *self.rng.pick(&VisitResult::ALL).unwrap_or(&VisitResult::Met);
        let difficulties = if self.rng.chance(200) { vec![Difficulty::NoOtp] } else { Vec::new() };
        let Value::Text(note) = self.text(desk.area) else { return Vec::new() };
        let fields = Visit::fields(household, desk.member, self.day(desk), result, None, &difficulties, &note);
        let mut writes = vec![vec![self.fact(desk, Kind::Visit, fields)]];
        for _ in 0..self.rng.below(4) {
            let Some(&resident) = self.rng.pick(&desk.residents) else { break };
            let step = *self.rng.pick(&STEPS).unwrap_or(&Step::Registered);
            let origin = *self.rng.pick(&Origin::ALL).unwrap_or(&Origin::NewlyInstalled);
            let fields = Outcome::fields(resident, desk.member, self.day(desk), step, origin);
            writes.push(vec![self.fact(desk, Kind::Outcome, fields)]);
        }
        writes
    }

    /// Mostly today; some visits are noted the day after.
    fn day(&mut self, desk: &Desk) -> Day {
        if self.rng.chance(900) { desk.today } else { desk.today.plus(-1) }
    }

    pub fn fact(&mut self, desk: &Desk, kind: Kind, fields: BTreeMap<String, Value>) -> Change {
        Change::Record { id: self.new_id(), kind, scope: desk.area, fields }
    }

    fn record(
        &mut self,
        desk: &Desk,
        kind: Kind,
        fields: fn(DocId, DocId, Day) -> BTreeMap<String, Value>,
    ) -> Vec<Change> {
        let Some(&resident) = self.rng.pick(&desk.residents) else { return Vec::new() };
        vec![self.fact(desk, kind, fields(resident, desk.member, desk.today))]
    }

    /// Several people edit the same few documents.
    fn edit(&mut self, desk: &Desk) -> Vec<Change> {
        let (kind, ids, names) = if self.rng.chance(600) {
            (Kind::Household, &desk.households, ["note", "phone", "house_no"])
        } else {
            (Kind::Resident, &desk.residents, ["note", "phone", "relation"])
        };
        let few = &ids[..ids.len().min(3)];
        let ids = if self.rng.chance(700) { few } else { ids };
        let Some(&id) = self.rng.pick(ids) else { return Vec::new() };
        let mut fields = BTreeMap::new();
        for _ in 0..=self.rng.below(2) {
            let name = self.rng.pick(&names).copied().unwrap_or("note");
            fields.insert(name.to_owned(), self.text(desk.area));
            if self.hostile.contains(&id) {
                self.claimed_words.insert(self.words);
            }
        }
        vec![Change::Describe { id, kind, scope: desk.area, fields }]
    }

    /// Somebody lives with another household of the same area now.
    fn move_within(&mut self, desk: &Desk) -> Vec<Change> {
        let (Some(&id), Some(&household)) = (self.rng.pick(&desk.residents), self.rng.pick(&desk.households)) else {
            return Vec::new();
        };
        let fields = BTreeMap::from([("household".to_owned(), household.into())]);
        vec![Change::Describe { id, kind: Kind::Resident, scope: desk.area, fields }]
    }

    /// Two phones that type in the same person arrive at the same document.
    fn add_people(&mut self, desk: &Desk) -> Vec<Change> {
        let mut changes = Vec::new();
        let household = if self.rng.chance(400) {
            let id = self.new_id();
            let fields = BTreeMap::from([("head".to_owned(), self.text(desk.area))]);
            changes.push(Change::Describe { id, kind: Kind::Household, scope: desk.area, fields });
            id
        } else {
            let few = &desk.households[..desk.households.len().min(2)];
            let Some(&id) = self.rng.pick(few) else { return changes };
            id
        };
        let name = format!("{}Nàng {}", marker(desk.area), self.rng.below(3));
        let born = 1980 + self.rng.below(2).cast_signed();
        let id = DocId::resident(household, &name, Some(born));
        let fields = BTreeMap::from([
            ("household".to_owned(), household.into()),
            ("name".to_owned(), name.into()),
            ("birth_year".to_owned(), Value::Int(born)),
        ]);
        changes.push(Change::Describe { id, kind: Kind::Resident, scope: desk.area, fields });
        changes
    }

    fn correct(&mut self, desk: &Desk, is_lead: bool) -> Vec<Change> {
        let any: Vec<DocId> = desk.facts.iter().map(|(id, _)| *id).collect();
        let speaks_as_lead = is_lead && self.rng.chance(400);
        let Some(&target) = self.rng.pick(if speaks_as_lead { &any } else { &desk.own }) else { return Vec::new() };
        self.score.parted += u64::from(desk.facts.contains(&(target, Kind::Link)));
        vec![self.fact(desk, Kind::Correction, Correction::fields(target, desk.member, speaks_as_lead))]
    }

    fn link(&mut self, desk: &Desk) -> Vec<Change> {
        let (Some(&one), Some(&other)) = (self.rng.pick(&desk.residents), self.rng.pick(&desk.residents)) else {
            return Vec::new();
        };
        let is_apart = self.rng.chance(300);
        if is_apart {
            self.score.parted += 1;
        } else {
            self.score.linked += 1;
        }
        let kind = if is_apart { Kind::Apart } else { Kind::Link };
        vec![self.fact(desk, kind, Link::fields([one, other], desk.member))]
    }

    fn divide(&mut self, desk: &Desk) -> Vec<Change> {
        let id = match self.rng.pick(&desk.routes) {
            Some(&route) if self.rng.chance(500) => route,
            _ => self.new_id(),
        };
        let fields = BTreeMap::from([("name".to_owned(), self.text(desk.area))]);
        let mut changes = vec![Change::Describe { id, kind: Kind::Route, scope: desk.area, fields }];
        if let Some(&household) = self.rng.pick(&desk.households) {
            let fields = BTreeMap::from([("route".to_owned(), id.into())]);
            changes.push(Change::Describe { id: household, kind: Kind::Household, scope: desk.area, fields });
        }
        changes
    }

    fn erase(&mut self, desk: &Desk) -> Vec<Change> {
        let erased = self.rng.pick(&desk.residents).copied();
        self.score.erasures += u64::from(erased.is_some());
        let (day, reason) = (desk.today, Reason::Asked);
        erased.map(|id| Change::Erase { id, fact: self.new_id(), day, reason }).into_iter().collect()
    }

    /// What no honest screen offers.
    fn attack(&mut self, desk: &Desk) -> Vec<Vec<Change>> {
        let foreign = self.areas.iter().copied().find(|area| *area != desk.area).unwrap_or(desk.area);
        // No area's mark: where these words end up is the server's to decide.
        self.words += 1;
        let text = Value::text(format!("lạ-{}", self.words));
        let describe = |id: DocId, kind: Kind, scope: DocId, name: &str, value: Value| {
            vec![Change::Describe { id, kind, scope, fields: BTreeMap::from([(name.to_owned(), value)]) }]
        };
        let changes = match self.rng.below(8) {
            // A household of another area, claimed for this one and for its own.
            0 => {
                let id = DocId::household(foreign, "hộ 0");
                if foreign != desk.area {
                    self.claimed.insert((id, desk.area));
                }
                describe(id, Kind::Household, desk.area, "note", text)
            }
            1 => describe(self.new_id(), Kind::Household, foreign, "note", text),
            // Too long.
            2 => {
                let long = format!("{}{}", text.as_text().unwrap_or_default(), "à".repeat(40_000));
                describe(self.new_id(), Kind::Household, desk.area, "note", Value::text(long))
            }
            // Another member's name under one's own record.
            3 => {
                let other = DocId::from_u128(desk.member.as_u128() ^ 1);
                let fields = Proficiency::fields(self.new_id(), other, desk.today);
                vec![self.fact(desk, Kind::Proficiency, fields)]
            }
            4 => {
                let target = desk.facts.first().map_or(desk.area, |(id, _)| *id);
                vec![self.fact(desk, Kind::Correction, Correction::fields(target, desk.member, true))]
            }
            // A figure, a colleague's rights.
            5 => describe(DocId::summary(desk.area), Kind::Summary, desk.area, "figures", text),
            6 => describe(desk.member, Kind::Member, COMMUNE, "role", "coordinator".into()),
            // Two phones with one state of chance, as after copying a browser's profile.
            _ => {
                let id = DocId::from_u128(CLONED + desk.area.as_u128());
                let fields = Proficiency::fields(self.new_id(), desk.member, desk.today);
                vec![Change::Record { id, kind: Kind::Proficiency, scope: desk.area, fields }]
            }
        };
        self.hostile.extend(changes.iter().map(|change| match change {
            Change::Describe { id, .. } | Change::Record { id, .. } | Change::Erase { id, .. } => *id,
        }));
        vec![changes]
    }
}

impl Desk {
    fn look(replica: &Replica, member: DocId, role: Role, area: DocId, wall_ms: u64) -> Self {
        let today = Day::at_ms(replica.corrected_ms(wall_ms));
        let mut desk = Self {
            member,
            role,
            area,
            today,
            households: Vec::new(),
            residents: Vec::new(),
            routes: Vec::new(),
            facts: Vec::new(),
            own: Vec::new(),
        };
        for shown in replica.shown(area) {
            desk.take(shown.doc);
        }
        desk
    }

    fn take(&mut self, doc: &Document) {
        match doc.kind {
            Kind::Household => self.households.push(doc.id),
            Kind::Resident if !doc.erased => self.residents.push(doc.id),
            Kind::Route => self.routes.push(doc.id),
            Kind::Visit | Kind::Outcome | Kind::Proficiency | Kind::Link | Kind::Apart => {
                self.facts.push((doc.id, doc.kind.clone()));
                if doc.link("member") == Some(self.member) {
                    self.own.push(doc.id);
                }
            }
            _ => {}
        }
    }
}

fn words(change: &Change) -> String {
    match change {
        Change::Describe { id, kind, fields, .. } => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| {
                    format!("{name}={}", value.as_text().unwrap_or("…").chars().take(40).collect::<String>())
                })
                .collect();
            format!("{} {id} {}", kind.name(), fields.join(" "))
        }
        Change::Record { id, kind, .. } => format!("{} {id}", kind.name()),
        Change::Erase { id, .. } => format!("erase {id}"),
    }
}
