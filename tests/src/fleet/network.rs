//! Between phone and office: requests that are lost, doubled, late, answered by somebody else, or served after all.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::rc::Rc;

use domain::DocId;
use domain::clock::AHEAD_MS_MAX;
use domain::people::Role;
use domain::protocol::{Page, ScopeContent, SyncReply, SyncRequest, Verdict};
use domain::replica::{Event, SendError};
use domain::{Document, Kind};
use server::store::{SecretHash, StoreResult};
use server::sync::SyncError;

use super::faulty::Moment;
use super::fixture::MARKER;
use super::invariant::Invariant;
use super::office::{Fault, Served};
use super::oracle::Acknowledged;
use super::phone::{Cut, Version};
use super::plan::{DAY_MS, MINUTE_MS, SECOND_MS};
use super::world::{Happening, World};
use super::{figures, versions};

/// So many pushes after a fault of the server, its figures are looked at.
const AFTER_FAULT: u32 = 8;

/// A copy of a request under way.
pub struct Packet {
    pub phone: usize,
    pub tab: usize,
    pub life: u64,
    pub request: u64,
    pub body: Rc<str>,
    /// Whether somebody waits for the answer: nobody does for a copy.
    pub is_awaited: bool,
}

/// The numbers of the words in a text that carry an area's mark.
pub fn words_in(text: &str) -> impl Iterator<Item = u64> {
    text.split(MARKER).skip(1).filter_map(|rest| number_of(rest.split_once('-')?.1))
}

fn number_of(word: &str) -> Option<u64> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

impl World {
    pub fn send(&mut self, phone: usize, tab: usize, life: u64, request: u64, body: &SyncRequest) {
        self.score.requests += 1;
        if self.is_well {
            self.phones[phone].asked.insert((tab, life, request));
        }
        let is_other_sending =
            self.phones[phone].tabs.iter().enumerate().any(|(other, open)| {
                other != tab && open.as_ref().is_some_and(|open| open.replica.status().is_sending)
            });
        if is_other_sending && self.rng.chance(750) {
            let outcome = Err(SendError::AnotherTab);
            self.after(1, Happening::Answer { phone, tab, life, request, outcome });
            return;
        }
        let text = match serde_json::to_string(body) {
            Ok(text) => text,
            Err(error) => {
                return self.violate(Invariant::Readable, None, format!("p{phone:02}'s request has no JSON: {error}"));
            }
        };
        let is_newer = self.phones[phone].version == Version::Newer;
        let text: Rc<str> = if is_newer { versions::from_2030(&text) } else { text }.into();
        self.trace.note(self.at_ms, ("send", phone, tab, request, text.len()), || {
            let ids: Vec<String> = body.push.iter().map(|push| format!("{}#{}", push.id, push.rev)).collect();
            format!("p{phone:02}.{tab} sends {request} with {}", ids.join(" "))
        });
        let packet = Packet { phone, tab, life, request, body: text, is_awaited: true };
        self.transmit(packet);
        self.let_late_replies_go(phone, tab, life);
    }

    fn transmit(&mut self, packet: Packet) {
        if self.is_filtered(&packet) {
            return;
        }
        let Packet { phone, tab, life, request, .. } = packet;
        let fails_after =
            |wait: u64| (wait, Happening::Answer { phone, tab, life, request, outcome: Err(SendError::NoNetwork) });
        if self.is_well {
            let wait = self.rng.between(10, 200);
            return self.after(wait, Happening::Arrive(packet));
        }
        let cut = self.phones[phone].cut(self.at_ms);
        if matches!(cut, Some(Cut::BothWays | Cut::Outwards)) || self.rng.chance(self.plan.lost) {
            self.score.lost += 1;
            if cut == Some(Cut::Outwards) {
                // Swallowed without a word: only the phone's own patience ends it.
                return;
            }
            let (wait, failure) = fails_after(self.rng.between(5, 20 * SECOND_MS));
            return self.after(wait, failure);
        }
        if self.rng.chance(self.plan.portal) {
            // "200 OK" with a login page: the shell cannot read it as our reply.
            self.score.portals += 1;
            let (wait, failure) = fails_after(self.rng.between(50, 3 * SECOND_MS));
            return self.after(wait, failure);
        }
        if self.rng.chance(self.plan.bad_gateway / 2) {
            // The proxy in front of the server, which never saw this request. Its page is not our answer either.
            self.score.bad_gateways += 1;
            let (wait, failure) = fails_after(self.rng.between(50, 3 * SECOND_MS));
            return self.after(wait, failure);
        }
        if self.rng.chance(self.plan.hung) {
            self.score.hung += 1;
            return;
        }
        if self.rng.chance(self.plan.duplicated) {
            self.score.duplicated += 1;
            let reach = if self.rng.chance(800) { 5 * SECOND_MS } else { 3 * DAY_MS };
            let wait = self.rng.below(reach);
            let copy = Packet { body: packet.body.clone(), is_awaited: false, ..packet };
            self.after(wait, Happening::Arrive(copy));
        }
        let wait = if self.rng.chance(self.plan.late) {
            self.score.late += 1;
            let reach = *self.rng.pick(&[2 * MINUTE_MS, DAY_MS / 24, 3 * DAY_MS]).unwrap_or(&0);
            self.rng.between(61 * SECOND_MS, reach)
        } else {
            self.rng.between(20, 2_500)
        };
        self.after(wait, Happening::Arrive(packet));
    }

    pub async fn arrive(&mut self, packet: Packet) -> StoreResult<()> {
        if self.plan.at_once && self.rng.chance(300) {
            let together = self.take_arriving();
            if !together.is_empty() {
                return self.arrive_together(std::iter::once(packet).chain(together).collect()).await;
            }
        }
        let Some(request) = self.read(&packet) else { return Ok(()) };
        // A push takes about two statements for each document, besides those of every request.
        let fault = self.fault(20 + 3 * request.push.len() as u64);
        let token = self.phones[packet.phone].token;
        let proof = self.proof_of_rollback(&request).await?;
        let served = self.office.serve(token, &request, self.office_ms(), fault).await?;
        self.note_fault(fault);
        if let Served::Reply(reply) = &served {
            self.check_found_out(packet.phone, reply, proof).await?;
        }
        self.served(&packet, &request, served, fault).await
    }

    fn read(&mut self, packet: &Packet) -> Option<SyncRequest> {
        self.checked(Invariant::Readable);
        match serde_json::from_str(&packet.body) {
            Ok(request) => Some(request),
            Err(error) => {
                self.violate(Invariant::Readable, None, format!("the server cannot read a request: {error}"));
                None
            }
        }
    }

    /// Requests that would arrive within moments: those that others meet in the server.
    fn take_arriving(&mut self) -> Vec<Packet> {
        const MOMENT_MS: u64 = 2 * SECOND_MS;
        const TOGETHER_MAX: usize = 6;
        let until_ms = self.at_ms + MOMENT_MS;
        let mut packets = Vec::new();
        let mut others = Vec::new();
        while packets.len() < TOGETHER_MAX
            && let Some(Reverse(entry)) = self.queue.pop()
        {
            if entry.at_ms > until_ms {
                others.push(Reverse(entry));
                break;
            }
            match entry.what {
                Happening::Arrive(packet) => {
                    self.packets_under_way -= 1;
                    packets.push(packet);
                }
                _ => others.push(Reverse(entry)),
            }
        }
        self.queue.extend(others);
        packets
    }

    /// Several requests at once: readers beside the writer, writers in line. They are answered in any order.
    async fn arrive_together(&mut self, packets: Vec<Packet>) -> StoreResult<()> {
        let read: Vec<(Packet, SyncRequest)> =
            packets.into_iter().filter_map(|packet| self.read(&packet).map(|request| (packet, request))).collect();
        let said: Vec<(SecretHash, &SyncRequest)> =
            read.iter().map(|(packet, request)| (self.phones[packet.phone].token, request)).collect();
        let ended = self.office.serve_together(&said, self.office_ms()).await?;
        self.score.together += read.len() as u64;
        // Who began to read before others had written may end after them.
        self.floor = Some(self.numbers.clone());
        for (index, served) in ended {
            let (packet, request) = &read[index];
            self.served(packet, request, served, None).await?;
        }
        self.floor = None;
        Ok(())
    }

    /// What came of a request, on its way back.
    async fn served(
        &mut self,
        packet: &Packet,
        request: &SyncRequest,
        served: Served,
        fault: Option<(Fault, Moment)>,
    ) -> StoreResult<()> {
        // Only the coordinator's phone changes the team and makes areas, and what it brought may be stored although
        // nobody was told so. After a restore any phone brings back who works where.
        let may_change = self.phones[packet.phone].person.role == Role::Coordinator || self.restores > 0;
        if may_change && !request.push.is_empty() {
            self.refresh_team().await?;
        }
        let has_written = !request.push.is_empty() && matches!(served, Served::Reply(_));
        if has_written && !self.office.has_failed && self.looked_at < AFTER_FAULT {
            self.looked_at += 1;
            figures::check_after_fault(self).await?;
        }
        let outcome = match served {
            Served::Reply(reply) => {
                self.score.served += 1;
                Ok(self.replied(packet, request, &reply))
            }
            Served::Error(SyncError::DeviceUnknown) => Err(SendError::DeviceUnknown),
            Served::Error(error) => {
                if fault.is_none() {
                    self.violate(
                        Invariant::Readable,
                        None,
                        format!("a request of p{:02} failed: {error}", packet.phone),
                    );
                }
                Err(SendError::Server)
            }
            Served::ClockWrong => {
                self.score.clock_refusals += 1;
                Err(SendError::Busy)
            }
            Served::Silence => Err(SendError::NoNetwork),
        };
        self.trace.note(self.at_ms, ("served", packet.phone, packet.request, outcome.is_ok()), || {
            let failure = outcome.as_ref().err().map(|error| format!(": {error:?} {fault:?}")).unwrap_or_default();
            format!("p{:02}'s request {} is served{failure}", packet.phone, packet.request)
        });
        self.send_back(packet, outcome);
        Ok(())
    }

    fn send_back(&mut self, packet: &Packet, outcome: Result<Rc<str>, SendError>) {
        let Packet { phone, tab, life, request, .. } = *packet;
        if !packet.is_awaited || outcome.as_ref().is_ok_and(|reply| self.is_held_up(packet, reply)) {
            return;
        }
        let cut = self.phones[phone].cut(self.at_ms).filter(|_| !self.is_well);
        let is_lost = matches!(cut, Some(Cut::BothWays | Cut::Inwards))
            || (!self.is_well && self.rng.chance(self.plan.reply_lost));
        self.score.replies_lost += u64::from(is_lost);
        let (wait, outcome) = match outcome {
            _ if is_lost && (cut == Some(Cut::Inwards) || self.rng.chance(300)) => return,
            _ if is_lost => (self.rng.below(30 * SECOND_MS), Err(SendError::NoNetwork)),
            _ if !self.is_well && self.rng.chance(self.plan.bad_gateway / 2) => {
                // Served, but the proxy has lost patience and answers for itself.
                self.score.bad_gateways += 1;
                (self.rng.between(20, 2_500), Err(SendError::NoNetwork))
            }
            outcome if self.is_well => (self.rng.between(10, 200), outcome),
            outcome => (self.rng.between(20, 2_500), outcome),
        };
        self.after(wait, Happening::Answer { phone, tab, life, request, outcome });
    }

    /// What goes wrong inside the server within about so many steps, if anything does.
    pub fn fault(&mut self, steps: u64) -> Option<(Fault, Moment)> {
        self.fault_with(self.plan.server_fault, steps)
    }

    /// The same with another chance.
    pub fn fault_with(&mut self, chance: u64, steps: u64) -> Option<(Fault, Moment)> {
        if self.is_well || !self.rng.chance(chance) {
            return None;
        }
        let fault = *self.rng.pick(&[Fault::Crash, Fault::CallerGone, Fault::Error])?;
        // Around the commit is where a server can believe of itself what is not so.
        let moment = match self.rng.below(8) {
            0..3 => Moment::Commit,
            3 => Moment::Committed { torn_at: self.rng.next() },
            _ => Moment::Step(u32::try_from(self.rng.below(steps)).unwrap_or(0)),
        };
        Some((fault, moment))
    }

    /// Counts a fault that really came: some requests have fewer steps.
    pub fn note_fault(&mut self, fault: Option<(Fault, Moment)>) {
        let Some((fault, _)) = fault.filter(|_| self.office.has_failed) else { return };
        match fault {
            Fault::Crash => self.score.crashes += 1,
            Fault::CallerGone => self.score.vanished += 1,
            Fault::Error => self.score.errors += 1,
        }
        self.score.torn_logs += u64::from(self.office.has_torn_log);
        self.looked_at = 0;
    }

    /// Judges a reply as it leaves the server, and puts it on the wire.
    fn replied(&mut self, packet: &Packet, request: &SyncRequest, reply: &SyncReply) -> Rc<str> {
        let mut is_taken_whole = !request.push.is_empty();
        for (push, result) in request.push.iter().zip(&reply.results) {
            if let Verdict::Rejected { .. } = result.verdict {
                is_taken_whole = false;
                continue;
            }
            let Ok(doc) = serde_json::from_str::<Document>(push.doc.get()) else {
                self.violate(Invariant::Readable, Some(push.id), "an unreadable document was accepted".to_owned());
                continue;
            };
            self.checked(Invariant::NoFuture);
            if doc.stamps().iter().any(|stamp| stamp.ms > self.server_ms() + AHEAD_MS_MAX) {
                self.oracle.from_the_future.push(doc.id);
            }
            self.oracle.acknowledged.push(Acknowledged { phone: packet.phone, doc, restores: self.restores });
        }
        if is_taken_whole {
            self.taken.push((packet.phone, packet.body.clone()));
        }
        for scope in &reply.scopes {
            if let ScopeContent::Page(page) = &scope.content {
                self.check_numbers(&reply.epoch, scope.scope, page);
            }
        }
        let text = serde_json::to_string(reply).unwrap_or_default();
        // An older phone talks to a server of its future.
        let is_older = self.phones[packet.phone].version == Version::Older;
        let text: Rc<str> = if is_older { versions::from_2030(&text) } else { text }.into();
        self.check_markers(packet.phone, &text);
        text
    }

    /// I10: the newest number of a scope never goes back, in the order in which the server answers.
    fn check_numbers(&mut self, epoch: &str, scope: DocId, page: &Page) {
        self.checked(Invariant::NoGaps);
        let number = page.cursor.strip_prefix(epoch).and_then(|rest| rest.strip_prefix('.')?.split('.').next());
        let Some(number) = number.and_then(|number| number.parse::<u64>().ok()) else {
            return self.violate(
                Invariant::NoGaps,
                None,
                format!("the cursor {} is not of epoch {epoch}", page.cursor),
            );
        };
        let key = (epoch.to_owned(), scope);
        let floor = self.floor.as_ref().map(|floor| floor.get(&key).copied().unwrap_or(0));
        let newest = self.numbers.entry(key).or_insert(0);
        let before = floor.unwrap_or(*newest);
        *newest = number.max(*newest);
        if number < before && !page.more {
            self.violate(Invariant::NoGaps, None, format!("scope {scope} went back from {before} to {number}"));
        }
    }

    /// Whether all that `text` has of an area was written about what somebody had claimed for it by force. Who works in both
    /// areas may write so, and the words go where the document belongs.
    fn is_claimed(&self, area: &str, text: &str) -> bool {
        let words = text.split(MARKER).skip(1).filter_map(|rest| rest.strip_prefix(area)?.strip_prefix('-'));
        words.into_iter().all(|word| number_of(word).is_some_and(|word| self.claimed_words.contains(&word)))
    }

    /// I9: no text of an area in a reply to somebody who does not work there.
    fn check_markers(&mut self, phone: usize, text: &str) {
        self.checked(Invariant::OwnAreasOnly);
        let member = self.phones[phone].person.member;
        let named: BTreeSet<&str> = text.split(MARKER).skip(1).filter_map(|rest| rest.split('-').next()).collect();
        for name in named {
            let Ok(area) = u128::from_str_radix(name, 16).map(DocId::from_u128) else { continue };
            let own = self.team.get(&member).map_or(&[][..], Vec::as_slice);
            // What somebody wrote into the wrong area by force is theirs to see; its words carry their own area's mark.
            if !own.contains(&area) && !self.may_have_moved(area, own) && !self.is_claimed(name, text) {
                let from = text.find(&format!("{MARKER}{name}-")).unwrap_or(0).saturating_sub(300);
                let around: String = text.chars().skip(from).take(400).collect();
                let what = format!("p{phone:02} was sent words of area {area}: {around}");
                self.violate(Invariant::OwnAreasOnly, None, what);
            }
        }
    }

    pub fn answer(&mut self, phone: usize, tab: usize, life: u64, request: u64, outcome: Result<Rc<str>, SendError>) {
        // What was asked before all was well, and given up, may be answered now, and an answer may come twice.
        let is_new = self.phones[phone].asked.remove(&(tab, life, request));
        let Some(open) = self.phones[phone].tab(tab, life) else { return };
        let had_unsent = open.replica.unsent_len() > 0;
        let outcome = match outcome {
            Ok(text) => match serde_json::from_str::<SyncReply>(&text) {
                Ok(reply) => {
                    self.checked(Invariant::Readable);
                    // Pages that come first are no attempts.
                    let is_attempt = is_new && had_unsent && !reply.results.is_empty();
                    self.phones[phone].attempts += u64::from(is_attempt);
                    for result in &reply.results {
                        if !matches!(result.verdict, Verdict::Rejected { .. }) {
                            self.phones[phone].confirmed.insert((result.id, result.rev));
                        }
                    }
                    Ok(Box::new(reply))
                }
                Err(error) => {
                    self.violate(Invariant::Readable, None, format!("p{phone:02} cannot read its reply: {error}"));
                    Err(SendError::NoNetwork)
                }
            },
            Err(error) => Err(error),
        };
        self.trace.note(self.at_ms, ("answer", phone, tab, request), || {
            let told = outcome.as_ref().map_or_else(|error| format!("{error:?}"), |reply| describe(reply));
            format!("p{phone:02}.{tab} is answered {request}: {told}")
        });
        self.deliver(phone, tab, Event::Reply { request, outcome });
    }
}

fn describe(reply: &SyncReply) -> String {
    let verdicts: Vec<String> =
        reply.results.iter().map(|result| format!("{}#{} {:?}", result.id, result.rev, result.verdict)).collect();
    let pages: Vec<String> = reply
        .scopes
        .iter()
        .map(|scope| match &scope.content {
            ScopeContent::Page(page) => {
                let ids: Vec<String> = page
                    .docs
                    .iter()
                    .filter(|pulled| !matches!(pulled.doc.kind, Kind::Member | Kind::PhoneState))
                    .map(|pulled| pulled.doc.id.to_string())
                    .collect();
                format!("{} to {}: {}", scope.scope, page.cursor, ids.join(" "))
            }
            ScopeContent::Revoked { revoked } => format!("{} revoked {revoked:?}", scope.scope),
            ScopeContent::Unknown {} => format!("{} unknown", scope.scope),
        })
        .collect();
    format!("{} | {}", verdicts.join(", "), pages.join(" | "))
}
