//! Whose report it is, from the documents of the commune.

use std::collections::BTreeMap;

use super::{Phones, Subject};
use crate::DocId;
use crate::people::Member;
use crate::place::{Area, Commune};
use crate::summary::PhoneState;

/// The team of a commune and what is known of its phones.
#[derive(Clone, Copy, Debug)]
pub struct Team<'a> {
    pub members: &'a BTreeMap<DocId, Member>,
    pub phones: &'a BTreeMap<DocId, PhoneState>,
}

impl Team<'_> {
    /// The phones of those who work in an area, or in any.
    fn count(self, area: Option<DocId>, now_ms: u64) -> Phones {
        let works = |member: &&Member| area.map_or(!member.areas.is_empty(), |area| member.areas.contains(&area));
        Phones::count(self.members.values().filter(works).map(|member| self.phones.get(&member.id)), now_ms)
    }
}

impl Subject {
    pub fn of_area(area: &Area, commune: &Commune, team: Team<'_>, now_ms: u64, synced_ms: Option<u64>) -> Self {
        Self {
            unit: area.name.clone(),
            within: commune.title(),
            place: commune.name.clone(),
            is_whole: false,
            phones: team.count(Some(area.id), now_ms),
            synced_ms,
        }
    }

    pub fn of_commune(commune: &Commune, team: Team<'_>, now_ms: u64, synced_ms: Option<u64>) -> Self {
        Self {
            unit: commune.title(),
            within: commune.province.clone(),
            place: commune.name.clone(),
            is_whole: true,
            phones: team.count(None, now_ms),
            synced_ms,
        }
    }
}
