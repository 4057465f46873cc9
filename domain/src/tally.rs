//! "1 người → 15 người": whom a member has helped, and what of it the office knows.

use std::collections::BTreeSet;

use crate::DocId;
use crate::campaign::Campaign;
use crate::coverage::{AreaView, ResidentView};
use crate::service::Service;

/// A person in a member's tally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helped {
    pub resident: DocId,
    pub name: String,
    pub lacks: Vec<Service>,
}

/// A member's own count. It says what is confirmed and what only this phone knows; refused records are in neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Counted by the server for this member.
    pub confirmed: Vec<Helped>,
    /// Will count once sent.
    pub waiting: Vec<Helped>,
    /// Helped by this member, still lacking a service.
    pub in_progress: Vec<Helped>,
    /// Complete and counted for a colleague: "đã cùng hỗ trợ".
    pub shared: Vec<Helped>,
}

impl Tally {
    /// `all` is the area with everything on this phone, `accepted` only with what the server has.
    pub fn of(member: DocId, all: &AreaView, accepted: &AreaView, campaign: &Campaign) -> Self {
        let confirmed: BTreeSet<DocId> =
            accepted.people().filter(|person| person.credit == Some(member)).map(|person| person.resident.id).collect();
        let mut tally = Self::default();
        for person in all.people() {
            let is_mine = person.credit == Some(member);
            let list = match person {
                _ if is_mine && confirmed.contains(&person.resident.id) => &mut tally.confirmed,
                _ if is_mine => &mut tally.waiting,
                _ if !person.helpers.contains(&member) => continue,
                ResidentView { complete: true, credit: Some(_), .. } => &mut tally.shared,
                ResidentView { complete: false, .. } => &mut tally.in_progress,
                // Complete but out of the campaign's age, or deleted: counts for nobody.
                _ => continue,
            };
            list.push(Helped {
                resident: person.resident.id,
                name: person.resident.name.clone(),
                lacks: person.lacks(campaign),
            });
        }
        tally
    }

    /// Takes in the tally of another of the member's areas.
    pub fn add(&mut self, other: Self) {
        self.confirmed.extend(other.confirmed);
        self.waiting.extend(other.waiting);
        self.in_progress.extend(other.in_progress);
        self.shared.extend(other.shared);
    }
}
