//! An adversary: phones with a good cookie that speak to the server by hand. A member, a lead, somebody who was sent to
//! another area, somebody whose phone was shut out. What they may write they may; of everything else the office must keep no
//! trace. Judged on the effect, by a table of rights of its own (`rights`).

mod forge;
mod rights;
mod watch;

use std::collections::BTreeMap;

use domain::document::Body;
use domain::people::{Member, Role};
use domain::protocol::{PROTOCOL, PhoneReport, Push, SCHEMA, ScopeContent, ScopeCursor, SyncReply, SyncRequest};
use domain::receipt::Receipt;
use domain::{Day, DocId, Document, InstallId, Kind};
use serde_json::value::RawValue;
use server::store::{Revoked, SecretHash, StoreResult};
use server::sync::SyncError;

use super::fixture::{COMMUNE, Person};
use super::invariant::Invariant;
use super::network::words_in;
use super::office::Served;
use super::plan::MINUTE_MS;
use super::world::{Happening, World};
use forge::{FLOOD, FLOOD_TAKEN_MAX, Forge, Forged};
use rights::{Brought, Case};
pub use watch::{Change, Watch};

/// Requests after a restore of each phone that bring back what it was sent, and documents in each.
const REPLAYS: u64 = 3;
const REPLAYED: u64 = 60;

/// A phone that is nobody's friend.
#[derive(Debug)]
pub struct Villain {
    pub person: Person,
    token: SecretHash,
    cursors: BTreeMap<DocId, String>,
    /// Documents that it was sent, with their scopes and receipts.
    seen: Vec<(DocId, Document, Option<Receipt>)>,
    said: Vec<SyncRequest>,
    /// Documents of kinds that nobody knows that the office took from it, by day.
    unknown: BTreeMap<Day, u64>,
}

impl Villain {
    pub fn new(person: Person, token: SecretHash) -> Self {
        Self { person, token, cursors: BTreeMap::new(), seen: Vec::new(), said: Vec::new(), unknown: BTreeMap::new() }
    }

    fn learn(&mut self, reply: &SyncReply) {
        for scope in &reply.scopes {
            let ScopeContent::Page(page) = &scope.content else { continue };
            self.cursors.insert(scope.scope, page.cursor.clone());
            self.seen.extend(page.docs.iter().map(|pulled| (scope.scope, pulled.doc.clone(), pulled.receipt)));
        }
    }
}

impl World {
    /// Plans when the adversary speaks, and what befalls its phones.
    pub fn schedule_villains(&mut self) {
        let length_ms = self.plan.length_ms;
        for villain in 0..self.villains.len() {
            for _ in 0..self.plan.strikes {
                let at = self.rng.below(length_ms * 95 / 100);
                self.after(at, Happening::Strike { villain });
            }
        }
        let at = self.rng.between(length_ms / 8, length_ms / 2);
        self.after(at, Happening::EndVillains);
    }

    /// One of them is sent to another area, another one's phone is shut out.
    pub async fn end_villains(&mut self) -> StoreResult<()> {
        let now_ms = self.office_ms();
        if self.plan.strikes > 0 && !self.are_villains_ended {
            // They take along all that they can.
            let leaver = self.villains.len().saturating_sub(2);
            let request = said(&self.villains[leaver], Vec::new(), Vec::new());
            self.speak(leaver, request).await?;
        }
        let [.., sent, shut_out] = self.villains.as_slice() else { return Ok(()) };
        let (sent, shut_out) = (sent.person.clone(), shut_out.person.member);
        if let Some(to) = sent.areas.last() {
            let stamp = domain::Stamp { ms: self.server_ms(), counter: 7, install: super::fixture::OFFICE };
            let areas: domain::Value = [*to].into_iter().collect();
            let doc = Document::description(sent.member, Kind::Member).with(stamp, [("areas", areas)]);
            self.office.write(COMMUNE, &[doc], now_ms).await?;
        }
        self.office.revoke(shut_out, Revoked::Left, now_ms).await?;
        self.are_villains_ended = true;
        self.refresh_team().await
    }

    /// After a restore its members are told again where they belong, and bring back what they were sent before.
    pub fn schedule_replays(&mut self) {
        if self.are_villains_ended {
            self.after(0, Happening::EndVillains);
        }
        for villain in 0..self.villains.len() {
            for _ in 0..REPLAYS {
                let wait = self.rng.below(10 * MINUTE_MS);
                self.after(wait, Happening::Replay { villain });
            }
        }
    }

    pub async fn replay(&mut self, villain: usize) -> StoreResult<()> {
        if self.plan.strikes == 0 {
            return Ok(());
        }
        let Self { rng, villains, .. } = self;
        let sent = &villains[villain].seen;
        let push: Vec<Push> = (0..REPLAYED).filter_map(|_| as_sent(rng.pick(sent)?)).collect();
        let request = said(&villains[villain], push, Vec::new());
        self.speak(villain, request).await
    }

    /// One request by hand, or a flood of them.
    pub async fn strike(&mut self, villain: usize) -> StoreResult<()> {
        if self.plan.floods && villain == 0 && self.rng.chance(250) {
            self.score.floods += 1;
            for _ in 0..2 {
                let request = self.flood(villain);
                self.speak(villain, request).await?;
            }
        }
        let request = self.threaten(villain);
        self.speak(villain, request).await
    }

    /// Says it to the office, and judges what it has changed.
    async fn speak(&mut self, villain: usize, request: SyncRequest) -> StoreResult<()> {
        self.watch.look(&self.office).await?;
        let person = self.rights_of(villain).await?;
        self.score.strikes += 1;
        self.trace.note(self.at_ms, ("strike", villain, request.push.len()), || {
            let docs: Vec<String> =
                request.push.iter().map(|push| push.doc.get().chars().take(160).collect()).collect();
            format!("v{villain} ({:?}) says {}", person.role, docs.join(" and "))
        });
        let served = self.office.serve(self.villains[villain].token, &request, self.office_ms(), None).await?;
        let brought = self.brought(villain, &request);
        match served {
            Served::Reply(reply) => self.villains[villain].learn(&reply),
            Served::Error(SyncError::DeviceUnknown | SyncError::TooLarge) | Served::ClockWrong | Served::Silence => {}
            Served::Error(error) => {
                self.violate(Invariant::Readable, None, format!("a request of v{villain} failed: {error}"));
            }
        }
        self.villains[villain].said.push(request);
        let looked = self.watch.look(&self.office).await?;
        if looked.changes.iter().any(|change| matches!(change.after.kind, Kind::Member | Kind::Area)) {
            // Anybody may bring back a member or an area that a restored office had lost.
            self.refresh_team().await?;
        }
        self.checked(Invariant::WhoMayNot);
        for scope in looked.silent {
            let what = format!("v{villain} has changed {scope}, and no number tells");
            self.violate(Invariant::WhoMayNot, None, what);
        }
        if looked.is_new_epoch && !self.was_rolled_back {
            let what = format!("v{villain} has made the office believe that it was restored");
            self.violate(Invariant::WhoMayNot, None, what);
        }
        let case = Case {
            person: &person,
            install: self.villains[villain].person.install,
            brought: &brought,
            watch: &self.watch,
            changes: &looked.changes,
            now_ms: self.office_ms(),
            was_restored: self.restores > 0,
            has_found_out: looked.is_new_epoch,
        };
        let keeps = |change: &Change| {
            let is_kept = !brought.contains_key(&change.after.id) || case.keeps_older_names(change);
            if is_kept { Ok(()) } else { Err("no older name is kept") }
        };
        let verdicts: Vec<Result<(), &str>> =
            looked.changes.iter().map(|change| case.judge(change).and_then(|()| keeps(change))).collect();
        let unknown = looked.changes.iter().filter(|change| matches!(change.after.kind, Kind::Other(_)));
        let unknown = unknown.filter(|change| brought.contains_key(&change.after.id)).count() as u64;
        let day = Day::at_ms(self.office_ms());
        let today = self.villains[villain].unknown.entry(day).or_default();
        *today += unknown;
        if *today > FLOOD_TAKEN_MAX && self.restores == 0 {
            let what = format!("v{villain} has written {today} documents in a day of kinds that nobody knows");
            self.violate(Invariant::WhoMayNot, None, what);
        }
        for (change, verdict) in looked.changes.iter().zip(verdicts) {
            self.checked(Invariant::WhoMayNot);
            match verdict {
                Ok(()) => self.note_lawful(change, &brought),
                Err(why) => {
                    let (id, kind) = (change.after.id, change.after.kind.name());
                    let of = if change.before.is_some() { "changed" } else { "made" };
                    let (role, areas, scope) = (person.role, &person.areas, change.scope);
                    let proven: Vec<&DocId> =
                        brought.get(&id).into_iter().flatten().flat_map(|it| &it.proven_in).collect();
                    let fields = change.fields();
                    let what = format!(
                        "v{villain} ({role:?} of {areas:?}) has {of} {kind} {id} in {scope}: {why}; {fields}; proven in {proven:?}"
                    );
                    self.violate(Invariant::WhoMayNot, Some(id), what);
                }
            }
        }
        Ok(())
    }

    /// What they may write is there for the other checks too.
    fn note_lawful(&mut self, change: &Change, brought: &BTreeMap<DocId, Vec<Brought>>) {
        let after = &change.after;
        if !brought.contains_key(&after.id) {
            return;
        }
        if change.before.is_none() {
            self.note_squatted(after.id, change.scope);
        }
        self.score.struck += 1;
        match &after.body {
            Body::Fact { .. } => {
                self.oracle.of_others.insert(after.id, after.clone());
            }
            Body::Description(registers) => {
                for (name, register) in registers {
                    let known = self.oracle.fields_of_others.entry((after.id, name.clone())).or_default();
                    if !known.contains(register) {
                        known.push(register.clone());
                    }
                }
            }
        }
    }

    /// Made under the id of a document that a restored office had lost in another area: whoever works in both and brings that
    /// again brings it where its id lives now.
    fn note_squatted(&mut self, id: DocId, scope: DocId) {
        let rows = self.phones.iter().filter_map(|phone| phone.disk.rows.get(&id)).filter(|row| row.scope != scope);
        let texts: Vec<String> = rows.filter_map(|row| serde_json::to_string(row).ok()).collect();
        if !texts.is_empty() {
            self.claimed.insert((id, scope));
        }
        for text in texts {
            self.claimed_words.extend(words_in(&text));
        }
    }

    /// Rights as they are stored now.
    async fn rights_of(&mut self, villain: usize) -> StoreResult<rights::Person> {
        let (member, token) = (self.villains[villain].person.member, self.villains[villain].token);
        let left = self.office.left_areas(member).await?;
        let is_shut_out = self.office.is_revoked(token).await? != Some(false);
        let stored = self.watch.get(member).and_then(Member::read);
        let (role, areas) = stored.map_or((Role::Member, Vec::new()), |member| (member.role, member.areas));
        Ok(rights::Person { member, role, areas, left, is_shut_out })
    }

    /// More than anybody writes.
    fn flood(&mut self, villain: usize) -> SyncRequest {
        let (areas, now_ms) = (self.areas.clone(), self.office_ms());
        let Self { rng, villains, watch, words, .. } = self;
        let villain = &villains[villain];
        let mut push = Vec::new();
        for _ in 0..FLOOD {
            let forged = Forge { rng, villain, watch, areas: &areas, now_ms, words }.drop_of_a_flood();
            let Ok(doc) = RawValue::from_string(forged.doc) else { continue };
            push.push(Push { id: forged.id, rev: 1, scope: forged.scope, doc, receipt: None });
        }
        said(villain, push, Vec::new())
    }

    fn threaten(&mut self, villain: usize) -> SyncRequest {
        let (areas, now_ms) = (self.areas.clone(), self.office_ms());
        let Self { rng, villains, watch, words, .. } = self;
        let villain = &villains[villain];
        if rng.chance(60)
            && let Some(said) = rng.pick(&villain.said)
        {
            return said.clone();
        }
        let mut push = Vec::new();
        for _ in 0..rng.between(1, 6) {
            if rng.chance(150) {
                push.extend(replayed(rng, villain, &areas));
                continue;
            }
            let forged = Forge { rng, villain, watch, areas: &areas, now_ms, words }.document();
            let Some(Forged { id, scope, doc }) = forged else { continue };
            let Ok(doc) = RawValue::from_string(doc) else { continue };
            // A receipt of something else, or of nothing.
            let receipt = match rng.below(8) {
                0 => rng.pick(&villain.seen).and_then(|(_, _, receipt)| *receipt),
                1 => Some(Receipt(rng.next().to_be_bytes())),
                _ => None,
            };
            push.push(Push { id, rev: rng.below(1_000), scope, doc, receipt });
        }
        let install = if rng.chance(30) { InstallId(0xf0_0001) } else { villain.person.install };
        let cursors = cursors(rng, villain, &areas);
        SyncRequest { install, ..said(villain, push, cursors) }
    }

    /// What the request brings, as far as it can be read, and what of it the office has vouched for.
    fn brought(&self, villain: usize, request: &SyncRequest) -> BTreeMap<DocId, Vec<Brought>> {
        let mut brought: BTreeMap<DocId, Vec<Brought>> = BTreeMap::new();
        for push in &request.push {
            let Ok(doc) = serde_json::from_str::<Document>(push.doc.get()) else { continue };
            let seen = &self.villains[villain].seen;
            let is_vouched_for = |(_, known, receipt): &&(DocId, Document, Option<Receipt>)| {
                push.receipt.is_some() && *known == doc && *receipt == push.receipt
            };
            let proven_in = seen.iter().filter(is_vouched_for).map(|(scope, ..)| *scope).collect();
            brought.entry(push.id).or_default().push(Brought { doc, proven_in });
        }
        brought
    }
}

fn said(villain: &Villain, push: Vec<Push>, cursors: Vec<ScopeCursor>) -> SyncRequest {
    SyncRequest {
        protocol: PROTOCOL,
        schema: SCHEMA,
        install: villain.person.install,
        cursors,
        push,
        phone: PhoneReport::default(),
        courier: None,
    }
}

/// Something that the office has sent, once more: with its receipt, without, with that of another document, for another area.
fn replayed(rng: &mut super::rng::Rng, villain: &Villain, areas: &[DocId]) -> Option<Push> {
    let (scope, doc, receipt) = rng.pick(&villain.seen)?.clone();
    let other = rng.pick(&villain.seen).and_then(|(_, _, receipt)| *receipt);
    let (scope, receipt) = match rng.below(6) {
        0 => (scope, None),
        1 => (scope, other),
        2 => (*rng.pick(areas)?, receipt),
        _ => (scope, receipt),
    };
    as_sent(&(scope, doc, receipt))
}

fn as_sent((scope, doc, receipt): &(DocId, Document, Option<Receipt>)) -> Option<Push> {
    let raw = RawValue::from_string(serde_json::to_string(doc).ok()?).ok()?;
    Some(Push { id: doc.id, rev: 1, scope: *scope, doc: raw, receipt: *receipt })
}

/// Where this phone says that it stands: often the truth.
fn cursors(rng: &mut super::rng::Rng, villain: &Villain, areas: &[DocId]) -> Vec<ScopeCursor> {
    let mut cursors: Vec<ScopeCursor> = villain
        .cursors
        .iter()
        .map(|(scope, cursor)| ScopeCursor { scope: *scope, cursor: Some(cursor.clone()) })
        .collect();
    match rng.below(10) {
        // Far beyond the end, of this epoch, of another scope, of no scope, no cursor at all.
        0 => {
            for cursor in &mut cursors {
                let text = cursor.cursor.take().unwrap_or_default();
                let mut parts = text.split('.');
                let epoch = parts.next().unwrap_or_default();
                let rest = parts.nth(1).map(|rest| format!(".{rest}")).unwrap_or_default();
                cursor.cursor = Some(format!("{epoch}.{}{rest}", rng.below(1 << 40)));
            }
        }
        1 => {
            let cursor = cursors.first().and_then(|cursor| cursor.cursor.clone());
            cursors.extend(areas.iter().map(|area| ScopeCursor { scope: *area, cursor: cursor.clone() }));
        }
        2 => cursors
            .push(ScopeCursor { scope: DocId::random(rng.bits()), cursor: Some("0.18446744073709551615".into()) }),
        3 => cursors = Vec::new(),
        4 if rng.chance(200) => {
            let many = (0..300).map(|_| ScopeCursor { scope: DocId::random(rng.bits()), cursor: None });
            cursors.extend(many.collect::<Vec<_>>());
        }
        _ => {}
    }
    cursors
}
