//! What was written, and what the server has confirmed: the memory against which it is judged.

use std::collections::{BTreeMap, BTreeSet};

use domain::merge::merge;
use domain::protocol::{SyncReply, SyncRequest, Verdict};
use domain::{DocId, Document};

/// What phones have met on the line.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    pub requests: u64,
    pub replies: u64,
    /// Requests that never reached a server.
    pub unreachable: u64,
    /// Requests that did, and got no answer.
    pub cut_off: u64,
    /// Answers of the server that it could not serve, with their words.
    pub errors: Vec<String>,
    /// Documents that it did not take, with the reason.
    pub refused: Vec<String>,
    /// Times that a phone found its copy to differ from the server's.
    pub diverged: u64,
    /// Whatever else must not happen.
    pub strange: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Promises {
    pub traffic: Traffic,
    /// Facts that phones have recorded.
    pub facts: BTreeSet<DocId>,
    /// Every confirmed document, with all that was confirmed of it.
    confirmed: BTreeMap<DocId, Document>,
    confirmations: usize,
}

impl Promises {
    /// Takes note of an answer.
    pub fn answered(&mut self, request: &SyncRequest, reply: &SyncReply) {
        self.traffic.replies += 1;
        for result in &reply.results {
            let Some(push) = request.push.iter().find(|push| push.id == result.id) else { continue };
            match &result.verdict {
                Verdict::Ok | Verdict::Merged => self.confirm(push.doc.get()),
                Verdict::Rejected { code } => self.traffic.refused.push(format!("{}: {code:?}", result.id)),
                Verdict::Unknown => self.traffic.strange.push(format!("{}: a verdict of no kind", result.id)),
            }
        }
    }

    fn confirm(&mut self, text: &str) {
        let Ok(doc) = serde_json::from_str::<Document>(text) else {
            self.traffic.strange.push("a phone sent what nobody can read".to_owned());
            return;
        };
        self.confirmations += 1;
        match self.confirmed.get_mut(&doc.id) {
            Some(known) => *known = merge(known, &doc),
            None => drop(self.confirmed.insert(doc.id, doc)),
        }
    }

    /// Asks for these no more.
    pub fn forget(&mut self, ids: &[DocId]) {
        for id in ids {
            self.confirmed.remove(id);
        }
    }

    /// How often the server has confirmed a document.
    pub fn confirmed(&self) -> usize {
        self.confirmations
    }

    /// How many documents it has confirmed.
    pub fn documents(&self) -> usize {
        self.confirmed.len()
    }

    /// What was confirmed and is not there, or not all of it.
    pub fn lost(&self, has: impl Fn(DocId) -> Option<Document>) -> Vec<DocId> {
        let is_kept = |doc: &Document| has(doc.id).is_some_and(|stored| merge(&stored, doc) == stored);
        self.confirmed.values().filter(|doc| !is_kept(doc)).map(|doc| doc.id).collect()
    }
}
