//! Something between phone and server that refuses by content: a document, a word, whatever is too long. To the phone it is
//! no different from no network.

use domain::replica::{Change, Row};
use domain::{Day, DocId, Document};

use super::network::Packet;
use super::plan::SECOND_MS;
use super::world::{Happening, World};
use domain::replica::SendError;

/// What is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The next document that this phone writes.
    Next,
    /// Whatever has this text in it.
    Text(String),
    /// Whatever is longer, in bytes.
    Longer(usize),
}

#[derive(Clone, Debug)]
pub struct Filter {
    pub content: Content,
    /// When it is gone; never, for some.
    pub until_ms: u64,
}

/// Longer than any honest document of a run with all that goes with it, shorter than a few of them.
const LONG: usize = 2_500;

impl World {
    /// Somebody puts a filter on a phone's line.
    pub fn put_filter(&mut self, phone: usize) {
        let content = if self.rng.chance(700) { Content::Next } else { Content::Longer(LONG) };
        let is_for_ever = self.rng.chance(600);
        let reach = self.plan.length_ms / 2;
        let until_ms = if is_for_ever { u64::MAX } else { self.at_ms + self.rng.below(reach) };
        self.score.filters += 1;
        self.trace.note(self.at_ms, ("filter", phone, until_ms), || {
            format!("on p{phone:02}'s line somebody refuses {content:?} until {until_ms}")
        });
        self.phones[phone].filter = Some(Filter { content, until_ms });
    }

    /// The first write decides what it was about: the document as such, or a word in it.
    pub fn note_for_filter(&mut self, phone: usize, changes: &[Change]) {
        let is_waiting = self.phones[phone].filter.as_ref().is_some_and(|filter| filter.content == Content::Next);
        let Some(change) = changes.first().filter(|_| is_waiting) else { return };
        let (id, fields) = match change {
            Change::Describe { id, fields, .. } | Change::Record { id, fields, .. } => (*id, fields),
            Change::Erase { .. } => return,
        };
        // An id or a day would refuse whatever this person writes.
        let is_word =
            |text: &&str| text.contains('-') && text.parse::<DocId>().is_err() && text.parse::<Day>().is_err();
        let word = fields.values().find_map(|value| value.as_text().filter(is_word));
        let text = match word {
            // In quotes: a longer word is another one.
            Some(word) if self.rng.chance(500) => serde_json::to_string(word).unwrap_or_default(),
            _ => id.to_string(),
        };
        if let Some(filter) = &mut self.phones[phone].filter {
            filter.content = Content::Text(text);
        }
    }

    /// Whether this request gets no further than to the filter.
    pub fn is_filtered(&mut self, packet: &Packet) -> bool {
        let Packet { phone, tab, life, request, .. } = *packet;
        let at_ms = self.at_ms;
        let filter = self.phones[phone].filter.as_ref().filter(|filter| at_ms < filter.until_ms);
        let refuses = filter.is_some_and(|filter| match &filter.content {
            Content::Next => false,
            Content::Text(text) => packet.body.contains(text.as_str()),
            Content::Longer(bytes) => packet.body.len() > *bytes,
        });
        if refuses {
            self.score.filtered += 1;
            let wait = self.rng.between(50, 2 * SECOND_MS);
            self.after(wait, Happening::Answer { phone, tab, life, request, outcome: Err(SendError::NoNetwork) });
        }
        refuses
    }

    /// Whether this document can never leave this phone.
    pub fn is_blocked(&self, phone: usize, doc: &Document) -> bool {
        let filter = self.phones[phone].filter.as_ref().filter(|filter| filter.until_ms == u64::MAX);
        filter.is_some_and(|filter| match &filter.content {
            Content::Text(text) => serde_json::to_string(doc).is_ok_and(|doc| doc.contains(text.as_str())),
            Content::Longer(bytes) => serde_json::to_string(doc).is_ok_and(|doc| doc.len() > *bytes),
            Content::Next => false,
        })
    }

    /// Whether there is a document on this phone's disk that can never leave it.
    pub fn has_blocked(&self, phone: usize) -> bool {
        self.blocked_len(phone) > 0
    }

    /// Whether somebody refuses on this phone's line for ever, whatever it is.
    pub fn is_filtered_for_ever(&self, phone: usize) -> bool {
        self.phones[phone].filter.as_ref().is_some_and(|filter| filter.until_ms == u64::MAX)
    }

    pub fn blocked_len(&self, phone: usize) -> usize {
        if self.phones[phone].filter.is_none() {
            return 0;
        }
        let waits = |row: &Row| {
            let mine = row.mine.as_ref().is_some_and(|mine| self.is_blocked(phone, &mine.doc));
            let offer = row.offer.as_ref().is_some_and(|offer| self.is_blocked(phone, &offer.doc));
            usize::from(mine) + usize::from(offer)
        };
        self.phones[phone].disk.rows.values().map(waits).sum()
    }
}
