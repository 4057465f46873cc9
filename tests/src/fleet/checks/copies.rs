//! I4: every phone has exactly what the server has, in every scope that it may hold, and nothing of others (I9).

use std::collections::{BTreeMap, BTreeSet};

use domain::DocId;
use domain::digest::Digest;
use domain::people::Role;
use domain::replica::{Replica, Row};
use server::store::Stored;

use super::Truth;
use crate::fleet::fixture::COMMUNE;
use crate::fleet::invariant::Invariant;
use crate::fleet::versions::is_unknown;
use crate::fleet::world::World;

impl World {
    /// Answers which phones hold which areas to the letter, with nothing unsent: their figures need no second count.
    pub(super) fn check_copies(
        &mut self,
        truth: &Truth,
        replicas: &BTreeMap<usize, Replica>,
    ) -> BTreeSet<(usize, DocId)> {
        let figures = DocId::figures(COMMUNE);
        let digests: BTreeMap<DocId, Digest> = truth
            .scopes
            .iter()
            .map(|(scope, stored)| (*scope, Digest::of(stored.iter().map(|stored| &stored.doc))))
            .collect();
        let mut exact = BTreeSet::new();
        let mut proven = BTreeMap::new();
        for (&phone, replica) in replicas {
            let person = &self.phones[phone].person;
            let mut held: BTreeSet<DocId> = BTreeSet::new();
            if !truth.revoked.contains(&phone) {
                held.extend(self.team.get(&person.member).into_iter().flatten().copied());
                held.insert(COMMUNE);
                if person.role >= Role::Lead {
                    held.insert(figures);
                }
            }
            self.score.refused += replica.refused().count() as u64;
            let mut rows: BTreeMap<DocId, Vec<(DocId, &Row)>> = BTreeMap::new();
            for (id, row) in replica.rows() {
                rows.entry(row.scope).or_default().push((id, row));
            }
            for (scope, stored) in &truth.scopes {
                let theirs = if held.contains(scope) { stored.as_slice() } else { &[] };
                let rows = rows.get(scope).map_or(&[][..], Vec::as_slice);
                let digest = if theirs.is_empty() { Digest::default() } else { digests[scope] };
                if self.compare(phone, rows, *scope, theirs, (replica.digest(*scope), digest)) {
                    exact.insert((phone, *scope));
                }
            }
            self.check_rows(phone, replica, &mut proven);
        }
        exact
    }

    fn compare(
        &mut self,
        phone: usize,
        rows: &[(DocId, &Row)],
        scope: DocId,
        theirs: &[Stored],
        (ours, digest): (Digest, Digest),
    ) -> bool {
        let before = self.violations.len();
        let mut missing: BTreeMap<DocId, &Stored> = theirs.iter().map(|stored| (stored.doc.id, stored)).collect();
        let mut is_unsent = false;
        self.checked(Invariant::SameEverywhere);
        self.checked(Invariant::OwnAreasOnly);
        for &(id, row) in rows {
            is_unsent |= row.mine.is_some() || row.offer.is_some();
            let Some(base) = &row.base else { continue };
            let Some(stored) = missing.remove(&id) else {
                let what = format!("p{phone:02} holds {id} of {scope}, which is not its to hold");
                self.violate(Invariant::OwnAreasOnly, Some(id), what);
                continue;
            };
            let is_new = is_unknown(&stored.doc);
            let invariant = if is_new { Invariant::UnknownSurvives } else { Invariant::SameEverywhere };
            if is_new {
                self.checked(invariant);
            }
            if *base != stored.doc || row.accepted != Some(stored.accepted) {
                let what = format!("p{phone:02} has {base:?} as number {:?}, the server {stored:?}", row.accepted);
                self.violate(invariant, Some(id), what);
            }
        }
        self.checked(Invariant::NoGaps);
        for id in missing.into_keys() {
            self.violate(Invariant::NoGaps, Some(id), format!("p{phone:02} lacks {id} of {scope}"));
        }
        if ours != digest {
            self.violate(Invariant::SameEverywhere, None, format!("p{phone:02} has another digest of {scope}"));
        }
        !is_unsent && self.violations.len() == before
    }

    /// Rows come back from the disk as they were written, and none is left without any content. A row that is like one
    /// that was proven is proven.
    fn check_rows(&mut self, phone: usize, replica: &Replica, proven: &mut BTreeMap<DocId, Row>) {
        for (id, row) in replica.rows() {
            if proven.get(&id) == Some(row) {
                continue;
            }
            let text = serde_json::to_string(row).unwrap_or_default();
            self.checked(Invariant::UnknownSurvives);
            if serde_json::from_str::<Row>(&text).ok().as_ref() == Some(row) {
                proven.insert(id, row.clone());
            } else {
                let what = format!("p{phone:02}'s row {id} does not survive its disk");
                self.violate(Invariant::UnknownSurvives, Some(id), what);
            }
            if row.shown().is_none() && row.refused.is_none() {
                self.violate(Invariant::NothingLost, Some(id), format!("p{phone:02}'s row {id} is empty"));
            }
        }
    }
}
