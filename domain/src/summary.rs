//! The figures of an area. They hold no names, and they add up: a commune's figures are the sum of its areas'.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::campaign::{Campaign, Channel, Denominator};
use crate::coverage::{AreaView, DoorState, First, ResidentView};
use crate::document::{Document, Kind};
use crate::service::{Origin, Service, Step};
use crate::{DocId, Value};

/// Households by how they were reached; each is counted in exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DoorCounts {
    pub reached: u64,
    pub not_yet: u64,
    pub absent: u64,
    pub come_back: u64,
    pub refused: u64,
    pub moved_away: u64,
}

impl DoorCounts {
    pub fn total(&self) -> u64 {
        self.reached + self.not_yet + self.absent + self.come_back + self.refused + self.moved_away
    }

    fn count(&mut self, state: DoorState) {
        let slot = match state {
            DoorState::Reached | DoorState::Done => &mut self.reached,
            DoorState::NotYet => &mut self.not_yet,
            DoorState::Absent => &mut self.absent,
            DoorState::ComeBack => &mut self.come_back,
            DoorState::Refused => &mut self.refused,
            DoorState::MovedAway => &mut self.moved_away,
        };
        *slot += 1;
    }

    fn add(&mut self, other: &Self) {
        self.reached += other.reached;
        self.not_yet += other.not_yet;
        self.absent += other.absent;
        self.come_back += other.come_back;
        self.refused += other.refused;
        self.moved_away += other.moved_away;
    }
}

/// People who have reached a step, by how they came to it: `stock` is the sum of `new`, `pre_existing` and `self_done`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepCount {
    /// All who have it.
    #[serde(skip_serializing_if = "is_zero")]
    pub stock: u64,
    /// Cài mới since the plan was issued.
    #[serde(skip_serializing_if = "is_zero")]
    pub new: u64,
    /// Had it before: said so, renewed it, or was helped to it before the plan was issued.
    #[serde(skip_serializing_if = "is_zero")]
    pub pre_existing: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub self_done: u64,
    /// Gia hạn: work, counted beside the stock and not in it (X16).
    #[serde(skip_serializing_if = "is_zero")]
    pub renewed: u64,
    /// [`StepCount::added`] less `new`: mostly nothing, and figures of before there was this field have none.
    #[serde(skip_serializing_if = "is_zero")]
    pub added_beside_new: i64,
}

pub(crate) fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

impl StepCount {
    /// Counts one person by how they came to the step. `start` is what the plan says was there already.
    pub(crate) fn count(&mut self, first: First, campaign: &Campaign, start: Option<&Denominator>) {
        let in_plan = campaign.issued_on.is_none_or(|issued| first.when.day >= issued);
        let is_new = first.origin == Origin::NewlyInstalled && in_plan;
        let counted_on = start.and_then(|start| start.as_of);
        let is_added = matches!(first.origin, Origin::NewlyInstalled | Origin::SelfDone)
            && counted_on.map_or(in_plan, |counted| first.when.day > counted);
        self.added_beside_new += i64::from(is_added) - i64::from(is_new);
        self.stock += 1;
        match first.origin {
            Origin::NewlyInstalled if is_new => self.new += 1,
            Origin::SelfDone => self.self_done += 1,
            // Who renews had one before.
            Origin::NewlyInstalled | Origin::PreExisting | Origin::Renewed => self.pre_existing += 1,
        }
    }

    /// Who came to it after the count that the plan starts from, helped or alone, and is not in it. The plans ask who has a
    /// signature (BK26:33) and say how many had one when it was counted (BK26:150, "hiện có"): on its own day, which is over
    /// then, else just before the plan.
    pub fn added(&self) -> u64 {
        self.new.saturating_add_signed(self.added_beside_new)
    }

    pub fn add(&mut self, other: &Self) {
        self.added_beside_new += other.added_beside_new;
        self.stock += other.stock;
        self.new += other.new;
        self.renewed += other.renewed;
        self.pre_existing += other.pre_existing;
        self.self_done += other.self_done;
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberCount {
    /// People brought to completion: what counts towards the fifteen.
    pub credited: u64,
    pub visits: u64,
}

/// People of one of the plan's groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupCount {
    pub people: u64,
    pub steps: BTreeMap<Step, StepCount>,
}

/// What was done in one place: at doors, at the health station.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelCount {
    /// People whom a helper worked with here.
    pub helped: u64,
    /// Of each service, people newly brought to what the plan calls done, here.
    pub new: BTreeMap<Service, u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub doors: DoorCounts,
    pub done_households: u64,
    pub proficient_households: u64,
    pub priority_households: u64,
    pub priority_reached: u64,
    pub people: u64,
    /// Within the age that the campaign serves, or of unknown age.
    pub eligible: u64,
    /// Known to be within the age that shares are counted of.
    pub adults: u64,
    pub age_unknown: u64,
    /// With every service that the plan asks for; nobody who is known to be too young for the plan's shares.
    pub complete: u64,
    pub steps: BTreeMap<Step, StepCount>,
    pub routes: BTreeMap<DocId, DoorCounts>,
    pub members: BTreeMap<DocId, MemberCount>,
    pub groups: BTreeMap<String, GroupCount>,
    pub channels: BTreeMap<Channel, ChannelCount>,
    /// Certificates by provider; a person may hold several (X8).
    pub certificates: BTreeMap<String, u64>,
    /// People by the month in which the last of their certificates ends: "2026-07".
    pub expiries: BTreeMap<String, u64>,
    /// Households that met a difficulty, by its code, and of these where it is settled.
    pub difficulties: BTreeMap<String, u64>,
    pub solved: BTreeMap<String, u64>,
}

impl Summary {
    pub fn of(view: &AreaView, campaign: &Campaign) -> Self {
        let mut summary = Self::default();
        for household in view.households.values() {
            let coverage = household.coverage();
            summary.doors.count(coverage);
            if let Some(route) = household.household.route {
                summary.routes.entry(route).or_default().count(coverage);
            }
            summary.done_households += u64::from(household.state == DoorState::Done);
            summary.proficient_households += u64::from(household.has_proficient);
            summary.priority_households += u64::from(household.is_priority());
            summary.priority_reached += u64::from(household.is_priority() && household.reached);
            for visit in &household.visits {
                summary.members.entry(visit.member).or_default().visits += 1;
            }
            for (difficulty, is_solved) in &household.difficulties {
                *summary.difficulties.entry(difficulty.name().to_owned()).or_default() += 1;
                if *is_solved {
                    *summary.solved.entry(difficulty.name().to_owned()).or_default() += 1;
                }
            }
        }
        for person in view.people() {
            summary.count_person(person, campaign);
        }
        summary
    }

    fn count_person(&mut self, person: &ResidentView, campaign: &Campaign) {
        if person.resident.gone == Some(crate::people::Gone::Deleted) {
            return;
        }
        if let Some(member) = person.credit {
            self.members.entry(member).or_default().credited += 1;
        }
        if person.resident.gone.is_some() {
            return;
        }
        self.people += 1;
        self.eligible += u64::from(person.eligible != Some(false));
        self.adults += u64::from(person.adult == Some(true));
        self.age_unknown += u64::from(person.adult.is_none());
        self.count_in_groups(person, campaign);
        if person.adult == Some(false) {
            return;
        }
        self.complete += u64::from(person.complete);
        for (step, first) in firsts(person) {
            self.steps.entry(step).or_default().count(first, campaign, campaign.denominator.as_ref());
        }
        for (&step, _) in renewals(person) {
            self.steps.entry(step).or_default().renewed += 1;
        }
        for certificate in &person.certificates {
            *self.certificates.entry(certificate.provider.clone()).or_default() += 1;
        }
        if let Some(day) = person.expires_on() {
            let (year, month, _) = day.ymd();
            *self.expiries.entry(format!("{year:04}-{month:02}")).or_default() += 1;
        }
        self.count_in_channels(person, campaign);
    }

    /// Groups have ages of their own ("học sinh từ đủ 15"): whoever is served counts.
    fn count_in_groups(&mut self, person: &ResidentView, campaign: &Campaign) {
        if person.eligible == Some(false) {
            return;
        }
        for key in &person.groups {
            let Some(of_plan) = campaign.groups.iter().find(|group| group.key == *key) else { continue };
            let group = self.groups.entry(key.clone()).or_default();
            group.people += 1;
            for (step, first) in firsts(person) {
                group.steps.entry(step).or_default().count(first, campaign, of_plan.denominator.as_ref());
            }
            for (&step, _) in renewals(person) {
                group.steps.entry(step).or_default().renewed += 1;
            }
        }
    }

    fn count_in_channels(&mut self, person: &ResidentView, campaign: &Campaign) {
        for channel in &person.channels {
            self.channels.entry(*channel).or_default().helped += 1;
        }
        for (step, first) in firsts(person).filter(|(step, _)| campaign.done_step(step.service()) == Some(*step)) {
            let mut count = StepCount::default();
            count.count(first, campaign, None);
            if count.new > 0 {
                *self.channels.entry(first.channel).or_default().new.entry(step.service()).or_default() += count.new;
            }
        }
    }

    /// All who are counted in the steps: adults, and those whose age nobody knows. Shares are of these.
    pub fn counted(&self) -> u64 {
        self.adults + self.age_unknown
    }

    /// Adds another area's figures.
    pub fn add(&mut self, other: &Self) {
        self.doors.add(&other.doors);
        self.done_households += other.done_households;
        self.proficient_households += other.proficient_households;
        self.priority_households += other.priority_households;
        self.priority_reached += other.priority_reached;
        self.people += other.people;
        self.eligible += other.eligible;
        self.adults += other.adults;
        self.age_unknown += other.age_unknown;
        self.complete += other.complete;
        for (step, count) in &other.steps {
            self.steps.entry(*step).or_default().add(count);
        }
        for (route, count) in &other.routes {
            self.routes.entry(*route).or_default().add(count);
        }
        for (member, count) in &other.members {
            let slot = self.members.entry(*member).or_default();
            slot.credited += count.credited;
            slot.visits += count.visits;
        }
        for (key, group) in &other.groups {
            let slot = self.groups.entry(key.clone()).or_default();
            slot.people += group.people;
            for (step, count) in &group.steps {
                slot.steps.entry(*step).or_default().add(count);
            }
        }
        for (channel, count) in &other.channels {
            let slot = self.channels.entry(*channel).or_default();
            slot.helped += count.helped;
            add_each(&mut slot.new, &count.new);
        }
        add_each(&mut self.certificates, &other.certificates);
        add_each(&mut self.expiries, &other.expiries);
        add_each(&mut self.difficulties, &other.difficulties);
        add_each(&mut self.solved, &other.solved);
    }

    /// How many people are credited to each member, those with none left out.
    pub fn credits(&self) -> BTreeMap<DocId, u64> {
        let credited = self.members.iter().filter(|(_, count)| count.credited > 0);
        credited.map(|(member, count)| (*member, count.credited)).collect()
    }

    /// As the value of a summary document's field `figures`.
    pub fn to_value(&self) -> Value {
        Value::from_serialize(self).unwrap_or(Value::Null)
    }

    /// The area and its figures from a summary document.
    pub fn read(document: &Document) -> Option<(DocId, Self)> {
        if document.kind != Kind::Summary {
            return None;
        }
        Some((document.link("area")?, document.value("figures")?.parse()?))
    }
}

fn add_each<K: Ord + Clone>(sums: &mut BTreeMap<K, u64>, other: &BTreeMap<K, u64>) {
    for (key, number) in other {
        *sums.entry(key.clone()).or_default() += number;
    }
}

/// How each step of each service came about for this person.
pub(crate) fn firsts(person: &ResidentView) -> impl Iterator<Item = (Step, First)> {
    person.services.iter().flatten().flat_map(|state| state.firsts.iter().map(|(step, first)| (*step, *first)))
}

/// When each step was first renewed.
pub(crate) fn renewals(person: &ResidentView) -> impl Iterator<Item = (&Step, &crate::Moment)> {
    person.services.iter().flatten().flat_map(|state| state.renewals.iter())
}

/// When a member's phone last came in, from a phone state document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneState {
    pub member: DocId,
    /// Milliseconds since 1970.
    pub last_sync_ms: u64,
    pub unsent: u64,
    pub refused: u64,
    /// Areas in which it does not have what the server has, also after it has asked for all anew.
    pub diverged: u64,
}

impl PhoneState {
    pub fn read(document: &Document) -> Option<Self> {
        if document.kind != Kind::PhoneState {
            return None;
        }
        let number = |name| document.int(name).and_then(|value| u64::try_from(value).ok());
        Some(Self {
            member: document.link("member")?,
            last_sync_ms: number("last_sync_ms")?,
            unsent: number("unsent").unwrap_or(0),
            refused: number("refused").unwrap_or(0),
            diverged: number("diverged").unwrap_or(0),
        })
    }

    /// What [`PhoneState::read`] reads.
    pub fn fields(&self) -> [(&'static str, Value); 5] {
        let number = |value: u64| Value::Int(i64::try_from(value).unwrap_or(i64::MAX));
        [
            ("member", Value::from(self.member)),
            ("last_sync_ms", number(self.last_sync_ms)),
            ("unsent", number(self.unsent)),
            ("refused", number(self.refused)),
            ("diverged", number(self.diverged)),
        ]
    }
}
