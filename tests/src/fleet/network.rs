//! Between phone and office: requests that are lost, doubled, late, answered by somebody else, or served after all.

use std::rc::Rc;

use domain::DocId;
use domain::clock::AHEAD_MS_MAX;
use domain::protocol::{Page, ScopeContent, SyncReply, SyncRequest, Verdict};
use domain::replica::{Event, SendError};
use domain::{Document, Kind};
use server::store::StoreResult;
use server::sync::SyncError;

use super::fixture::marker;
use super::office::{Fault, Served};
use super::oracle::Acknowledged;
use super::plan::{DAY_MS, MINUTE_MS, SECOND_MS};
use super::world::{Happening, World};

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

impl World {
    pub fn send(&mut self, phone: usize, tab: usize, life: u64, request: u64, body: &SyncRequest) {
        self.score.requests += 1;
        let is_other_sending =
            self.phones[phone].tabs.iter().enumerate().any(|(other, open)| {
                other != tab && open.as_ref().is_some_and(|open| open.replica.status().is_sending)
            });
        if is_other_sending && self.rng.chance(750) {
            let outcome = Err(SendError::AnotherTab);
            self.after(1, Happening::Answer { phone, tab, life, request, outcome });
            return;
        }
        let text: Rc<str> = match serde_json::to_string(body) {
            Ok(text) => text.into(),
            Err(error) => return self.violate("wire", None, format!("p{phone:02}'s request has no JSON: {error}")),
        };
        self.trace.note(self.at_ms, ("send", phone, tab, request, text.len()), || {
            let ids: Vec<String> = body.push.iter().map(|push| format!("{}#{}", push.id, push.rev)).collect();
            format!("p{phone:02}.{tab} sends {request} with {}", ids.join(" "))
        });
        let packet = Packet { phone, tab, life, request, body: text, is_awaited: true };
        self.transmit(packet);
    }

    fn transmit(&mut self, packet: Packet) {
        let Packet { phone, tab, life, request, .. } = packet;
        let fails_after =
            |wait: u64| (wait, Happening::Answer { phone, tab, life, request, outcome: Err(SendError::NoNetwork) });
        if self.is_well {
            let wait = self.rng.between(10, 200);
            return self.after(wait, Happening::Arrive(packet));
        }
        if self.phones[phone].is_cut_off(self.at_ms) || self.rng.chance(self.plan.lost) {
            self.score.lost += 1;
            let (wait, failure) = fails_after(self.rng.between(5, 20 * SECOND_MS));
            return self.after(wait, failure);
        }
        if self.rng.chance(self.plan.portal) {
            // "200 OK" with a login page: the shell cannot read it as our reply.
            self.score.portals += 1;
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
        let request: SyncRequest = match serde_json::from_str(&packet.body) {
            Ok(request) => request,
            Err(error) => {
                self.violate("wire", None, format!("the server cannot read a request: {error}"));
                return Ok(());
            }
        };
        let fault = self.fault();
        let token = self.phones[packet.phone].token;
        let served = self.office.serve(token, &request, self.server_ms(), fault).await?;
        // Only the coordinator's phone changes the team, and what it brought may be stored although nobody was told so.
        if packet.phone == 0 && !request.push.is_empty() {
            self.refresh_team().await?;
        }
        let outcome = match served {
            Served::Reply(reply) => {
                self.score.served += 1;
                Ok(self.replied(&packet, &request, &reply))
            }
            Served::Error(SyncError::DeviceUnknown) => Err(SendError::DeviceUnknown),
            Served::Error(error) => {
                if fault.is_none() {
                    self.violate("server", None, format!("a request of p{:02} failed: {error}", packet.phone));
                }
                Err(SendError::Server)
            }
            Served::Silence => Err(SendError::NoNetwork),
        };
        self.trace.note(self.at_ms, ("served", packet.phone, packet.request, outcome.is_ok()), || {
            let failure = outcome.as_ref().err().map(|error| format!(": {error:?} {fault:?}")).unwrap_or_default();
            format!("p{:02}'s request {} is served{failure}", packet.phone, packet.request)
        });
        self.send_back(&packet, outcome);
        Ok(())
    }

    fn send_back(&mut self, packet: &Packet, outcome: Result<Rc<str>, SendError>) {
        let Packet { phone, tab, life, request, .. } = *packet;
        if !packet.is_awaited {
            return;
        }
        let is_lost = !self.is_well && self.rng.chance(self.plan.reply_lost);
        self.score.replies_lost += u64::from(is_lost);
        let (wait, outcome) = match outcome {
            _ if is_lost && self.rng.chance(300) => return,
            _ if is_lost => (self.rng.below(30 * SECOND_MS), Err(SendError::NoNetwork)),
            outcome if self.is_well => (self.rng.between(10, 200), outcome),
            outcome => (self.rng.between(20, 2_500), outcome),
        };
        self.after(wait, Happening::Answer { phone, tab, life, request, outcome });
    }

    pub fn fault(&mut self) -> Option<(Fault, u32)> {
        if self.is_well || !self.rng.chance(self.plan.server_fault) {
            return None;
        }
        let fault = *self.rng.pick(&[Fault::Crash, Fault::CallerGone, Fault::Error])?;
        match fault {
            Fault::Crash => self.score.crashes += 1,
            Fault::CallerGone => self.score.vanished += 1,
            Fault::Error => self.score.errors += 1,
        }
        u32::try_from(self.rng.below(30)).ok().map(|steps| (fault, steps))
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
                self.violate("I14", Some(push.id), "an unreadable document was accepted".to_owned());
                continue;
            };
            if doc.stamps().iter().any(|stamp| stamp.ms > self.server_ms() + AHEAD_MS_MAX) {
                self.violate("I14", Some(doc.id), format!("{} was accepted with a stamp from the future", doc.id));
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
        let text: Rc<str> = serde_json::to_string(reply).unwrap_or_default().into();
        self.check_markers(packet.phone, &text);
        text
    }

    /// I10: the newest number of a scope never goes back, in the order in which the server answers.
    fn check_numbers(&mut self, epoch: &str, scope: DocId, page: &Page) {
        let parts = page.cursor.rsplit_once('.').filter(|(of, _)| *of == epoch);
        let Some(number) = parts.and_then(|(_, number)| number.parse::<u64>().ok()) else {
            return self.violate("I10", None, format!("the cursor {} is not of epoch {epoch}", page.cursor));
        };
        let newest = self.numbers.entry((epoch.to_owned(), scope)).or_insert(0);
        let before = *newest;
        *newest = before.max(number);
        if number < before && !page.more {
            self.violate("I10", None, format!("scope {scope} went back from {before} to {number}"));
        }
    }

    /// I9: no text of an area in a reply to somebody who does not work there.
    fn check_markers(&mut self, phone: usize, text: &str) {
        let member = self.phones[phone].person.member;
        let own = self.team.get(&member).cloned().unwrap_or_default();
        for area in self.fixture.areas.clone() {
            // What somebody wrote into the wrong area by force is theirs to see; its words carry their own area's mark.
            if !own.contains(&area) && text.contains(&marker(area)) && !self.may_have_moved(area, &own) {
                self.violate("I9", None, format!("p{phone:02} was sent words of area {area}"));
            }
        }
    }

    pub fn answer(&mut self, phone: usize, tab: usize, life: u64, request: u64, outcome: Result<Rc<str>, SendError>) {
        let is_well = self.is_well;
        let Some(open) = self.phones[phone].tab(tab, life) else { return };
        let had_unsent = open.replica.unsent_len() > 0;
        let outcome = match outcome {
            Ok(text) => match serde_json::from_str::<SyncReply>(&text) {
                Ok(reply) => {
                    self.phones[phone].attempts += u64::from(is_well && had_unsent);
                    Ok(Box::new(reply))
                }
                Err(error) => {
                    self.violate("wire", None, format!("p{phone:02} cannot read its reply: {error}"));
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
        })
        .collect();
    format!("{} | {}", verdicts.join(", "), pages.join(" | "))
}
