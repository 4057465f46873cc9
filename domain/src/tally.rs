//! "1 người → 15 người": whom a member has helped, and what of it the office knows.

use std::collections::BTreeSet;

use crate::DocId;
use crate::campaign::Campaign;
use crate::coverage::{AreaView, ResidentView};
use crate::people::Member;
use crate::place::Area;
use crate::service::Service;

/// Chỉ tiêu of a member: their own, else that of the first of their areas that has one, else the plan's.
pub fn quota(member: Option<&Member>, areas: &[Area], campaign: &Campaign) -> Option<u32> {
    let own = member.and_then(|member| member.quota);
    let of_area = || {
        let theirs = &member?.areas;
        areas.iter().filter(|area| theirs.contains(&area.id)).find_map(|area| area.quota)
    };
    own.or_else(of_area).or(campaign.quota)
}

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
    /// Counted by the server in areas that this phone does not hold: they have moved, or the member has.
    pub elsewhere: u64,
}

impl Tally {
    /// `all` is the area with everything on this phone, `accepted` only with what the server has.
    pub fn of(member: DocId, all: &AreaView, accepted: &AreaView, campaign: &Campaign) -> Self {
        // By each of a person's records: another may stand for them by what is not sent yet.
        let confirmed: BTreeSet<DocId> = accepted
            .residents
            .values()
            .filter(|view| view.credit == Some(member))
            .map(|view| view.resident.id)
            .collect();
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

    /// Everyone whom the server counts for this member.
    pub fn confirmed_count(&self) -> usize {
        self.confirmed.len().saturating_add(usize::try_from(self.elsewhere).unwrap_or(usize::MAX))
    }

    /// Takes in the tally of another of the member's areas.
    pub fn add(&mut self, other: Self) {
        self.confirmed.extend(other.confirmed);
        self.waiting.extend(other.waiting);
        self.in_progress.extend(other.in_progress);
        self.shared.extend(other.shared);
        self.elsewhere += other.elsewhere;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Role;
    use crate::place::AreaKind;

    #[test]
    fn a_members_own_quota_comes_before_the_areas_and_the_plans() {
        let area = DocId::from_u128(1);
        let areas = |quota| {
            vec![Area {
                id: area, name: "Thôn Nà Pò".to_owned(), kind: AreaKind::Thon, order: 1, quota, commune: None
            }]
        };
        let member = |quota| Member {
            id: DocId::from_u128(2),
            name: "Bàn Thị Hoa".to_owned(),
            role: Role::Member,
            areas: vec![area],
            quota,
        };
        let plan = Campaign { quota: Some(15), ..Campaign::asking_nothing() };
        assert_eq!(quota(Some(&member(Some(5))), &areas(Some(10)), &plan), Some(5));
        assert_eq!(quota(Some(&member(None)), &areas(Some(10)), &plan), Some(10));
        assert_eq!(quota(Some(&member(None)), &areas(None), &plan), Some(15));
        assert_eq!(quota(None, &[], &Campaign::asking_nothing()), None);
    }
}
