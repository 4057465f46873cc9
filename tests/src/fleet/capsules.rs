//! Unsent work that goes another way: sealed, carried by a colleague or nobody in particular, brought once or several times,
//! before or after its author's own sync, also when the author's phone is gone by then.

use std::rc::Rc;

use domain::Document;
use domain::capsule::{Content, Portion};
use domain::replica::Event;
use server::store::StoreResult;

use super::invariant::Invariant;
use super::oracle::Acknowledged;
use super::plan::{MINUTE_MS, SECOND_MS};
use super::world::{Happening, World};

pub struct Capsule {
    /// Who made it.
    author: usize,
    bytes: Vec<u8>,
    documents: Vec<Document>,
}

impl World {
    pub fn random_bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for part in bytes.chunks_exact_mut(16) {
            part.copy_from_slice(&self.rng.bits().to_be_bytes());
        }
        bytes
    }

    /// The person gives what is unsent to somebody who will be online sooner.
    pub fn hand_over(&mut self, phone: usize, tab: usize) {
        self.words += 1;
        let portion = if self.rng.chance(700) { Portion::FILE } else { Portion::RESCUE };
        self.deliver(phone, tab, Event::HandOver { ticket: self.words, portion });
    }

    /// What has left the phone is on its way to the office, by one or more carriers.
    pub fn hand_on(&mut self, phone: usize, contents: Vec<Content>) {
        let mut tabs = self.phones[phone].tabs.iter().flatten();
        let Some(key) = tabs.find_map(|tab| tab.replica.meta().capsule_key) else { return };
        for content in contents {
            let read = |push: &domain::protocol::Push| serde_json::from_str(push.doc.get()).ok();
            let documents: Vec<Document> = content.push.iter().filter_map(read).collect();
            let random = self.random_bytes();
            let Ok(bytes) = content.seal(&key, random) else {
                self.violate(Invariant::Readable, None, format!("p{phone:02} cannot seal its capsule"));
                continue;
            };
            self.score.capsules += 1;
            self.trace.note(self.at_ms, ("hand over", phone, bytes.len()), || {
                let ids: Vec<String> = documents.iter().map(|doc| doc.id.to_string()).collect();
                format!("p{phone:02} hands over {}", ids.join(" "))
            });
            let capsule = Rc::new(Capsule { author: phone, bytes, documents });
            for _ in 0..=self.rng.below(3) {
                let wait = self.rng.between(SECOND_MS, self.plan.length_ms / 2 + MINUTE_MS);
                let carrier = self.rng.index(self.phones.len());
                let carrier = self.rng.chance(600).then_some(carrier);
                self.after(wait, Happening::Carry { capsule: capsule.clone(), carrier });
            }
        }
    }

    /// What the office says of a capsule as a whole holds for each document in it.
    pub async fn carry(&mut self, capsule: &Capsule, carrier: Option<usize>) -> StoreResult<()> {
        let token = carrier.map(|phone| self.phones[phone].token);
        let fault = self.fault(20 + 3 * capsule.documents.len() as u64);
        let reply = self.office.take_capsule(&capsule.bytes, token, self.office_ms(), fault).await?;
        self.note_fault(fault);
        self.score.carried += 1;
        self.refresh_team().await?;
        let author = capsule.author;
        self.trace.note(self.at_ms, ("carry", author, carrier), || {
            format!("a capsule of p{author:02} is brought by {carrier:?}: {reply:?}")
        });
        let Some(reply) = reply.filter(|reply| reply.is_whole() && reply.taken > 0) else { return Ok(()) };
        self.score.rescued += u64::from(self.phones[author].is_gone);
        if usize::try_from(reply.taken).ok() != Some(capsule.documents.len()) {
            let what = format!("{} of {} documents of p{author:02}", reply.taken, capsule.documents.len());
            self.violate(Invariant::Readable, None, what);
        }
        for doc in &capsule.documents {
            // A record that its author has sent under a mended stamp counts as taken.
            let is_restamped = doc.is_fact()
                && self.oracle.records.get(&doc.id).is_some_and(|records| {
                    records.iter().any(|record| record.phone == author && record.versions.len() > 1)
                });
            if !is_restamped {
                let (phone, restores) = (author, self.restores);
                self.oracle.acknowledged.push(Acknowledged { phone, doc: doc.clone(), restores });
            }
        }
        Ok(())
    }
}
