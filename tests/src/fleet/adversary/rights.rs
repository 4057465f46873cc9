//! Who may change what, in the words of the project's promises and not of its code: judged on the effect alone.
//!
//! Nothing here asks `domain::access`. A right that is loosened there shows here, and one that is added there must be added
//! here by hand.

use std::collections::BTreeMap;

use domain::access::{LEFT_DAYS_MS, ScopeKind};
use domain::clock::AHEAD_MS_MAX;
use domain::document::{Body, Register};
use domain::people::Role;
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};

use super::watch::{Change, Watch};
use crate::fleet::fixture::{COMMUNE, OFFICE};

/// Whose request it was, as the office's own documents say at that moment.
#[derive(Clone, Debug)]
pub struct Person {
    pub member: DocId,
    pub role: Role,
    pub areas: Vec<DocId>,
    /// Areas that they have left, and when.
    pub left: Vec<(DocId, u64)>,
    /// Their phone was shut out, or never let in.
    pub is_shut_out: bool,
}

/// What a request brought.
#[derive(Clone, Debug)]
pub struct Brought {
    pub doc: Document,
    /// The scopes in which the office had it just so: it came with the receipt for that.
    pub proven_in: Vec<DocId>,
}

pub struct Case<'a> {
    pub person: &'a Person,
    /// Of the phone that speaks.
    pub install: InstallId,
    pub brought: &'a BTreeMap<DocId, Vec<Brought>>,
    pub watch: &'a Watch,
    pub changes: &'a [Change],
    pub now_ms: u64,
    /// The office was put back to an earlier state once: what it had then may come back, and areas are made again.
    pub was_restored: bool,
    /// The office has just found out that its file is an older one.
    pub has_found_out: bool,
}

/// What the office alone writes about moves.
const OF_MOVES: [&str; 3] = ["moved_to", "root", "home"];

/// Why a change is not this person's to make.
pub type Why = &'static str;

impl Case<'_> {
    pub fn judge(&self, change: &Change) -> Result<(), Why> {
        if self.has_found_out && self.is_told_again(change) {
            return Ok(());
        }
        if self.person.is_shut_out {
            return Err("their phone is shut out");
        }
        let is_counted = matches!(change.after.kind, Kind::Summary | Kind::Daily | Kind::PhoneState);
        if self.was_restored && !is_counted && self.reads(change) && self.is_proven(change) {
            return Ok(());
        }
        match change.place {
            ScopeKind::Figures => self.in_figures(change),
            ScopeKind::Commune => self.in_commune(change),
            ScopeKind::Area => self.in_area(change),
        }
    }

    /// An office that finds out that its file was put back tells its figures anew, under a new stamp.
    fn is_told_again(&self, change: &Change) -> bool {
        matches!(change.after.kind, Kind::Summary | Kind::Daily | Kind::PhoneState) && !self.is_word_of_theirs(change)
    }

    /// Whoever may not read a scope brings nothing back to it either.
    fn reads(&self, change: &Change) -> bool {
        match change.place {
            ScopeKind::Commune => true,
            ScopeKind::Figures => self.person.role >= Role::Lead,
            ScopeKind::Area => self.is_in(change.scope),
        }
    }

    /// All that is new was brought with a receipt that the office had given for it.
    fn is_proven(&self, change: &Change) -> bool {
        let proven = self
            .brought
            .get(&change.after.id)
            .into_iter()
            .flatten()
            .filter(|brought| brought.proven_in.contains(&change.scope));
        let proven: Vec<&Document> = proven.map(|brought| &brought.doc).collect();
        let is_erasure = change.after.erased && !change.before.as_ref().is_some_and(|before| before.erased);
        let is_covered = |name: &str| proven.iter().any(|doc| same(doc, &change.after, name));
        !proven.is_empty()
            // A record of somebody who was erased meanwhile comes back without what told of them.
            && (!is_erasure || proven.iter().any(|doc| doc.erased) || self.is_erased_lawfully(change))
            && changed(change).into_iter().all(|(name, _)| is_covered(&name))
    }

    /// Figures are counted by the office. Only reports are written, by leads, in their own name, of an area of theirs.
    fn in_figures(&self, change: &Change) -> Result<(), Why> {
        let Change { before, after, .. } = change;
        let was_brought = self.is_word_of_theirs(change);
        match after.kind {
            Kind::Summary | Kind::Daily | Kind::PhoneState if was_brought || after.erased => Err("the office counts"),
            Kind::Summary | Kind::Daily | Kind::PhoneState => Ok(()),
            Kind::Report if before.is_some() || after.erased => Err("a report is not changed"),
            Kind::Report => {
                let is_own = after.link("member") == Some(self.person.member);
                let is_for_mine = match after.link("area") {
                    Some(area) => self.is_in(area),
                    None => self.person.role == Role::Coordinator,
                };
                let may = self.person.role >= Role::Lead && is_own && is_for_mine;
                if may { Ok(()) } else { Err("a lead reports, in their own name, of their own area") }
            }
            _ => Err("no such document among figures"),
        }
    }

    /// The plan, the areas, the team: coordinators write them, and nobody their own rights.
    fn in_commune(&self, change: &Change) -> Result<(), Why> {
        let after = &change.after;
        let is_made_again = self.was_restored
            && after.kind == Kind::Area
            && after.stamps().iter().all(|stamp| stamp.ms == 0 && stamp.install == OFFICE);
        if is_made_again && !self.is_word_of_theirs(change) {
            return Ok(());
        }
        let is_own_rights = after.id == self.person.member
            && changed(change).iter().any(|(name, _)| ["role", "areas"].contains(&name.as_str()));
        match after.kind {
            _ if after.erased => Err("nothing of the commune is erased"),
            _ if is_own_rights => Err("nobody gives themselves rights"),
            Kind::Commune if change.before.is_none() => Err("a commune is not made by a phone"),
            Kind::Commune | Kind::Area | Kind::Member | Kind::Campaign | Kind::Other(_) if !after.is_fact() => {
                let may = self.person.role == Role::Coordinator;
                if may { Ok(()) } else { Err("only a coordinator writes what is the commune's") }
            }
            _ => Err("no such document in a commune"),
        }
    }

    fn in_area(&self, change: &Change) -> Result<(), Why> {
        let Change { before, after, .. } = change;
        if before.as_ref().is_some_and(|before| before.kind != after.kind || before.is_fact() != after.is_fact()) {
            return Err("a document stays what it is");
        }
        if after.erased && !before.as_ref().is_some_and(|before| before.erased) && !self.is_erased_lawfully(change) {
            return Err("nobody who may has had it erased");
        }
        if after.kind == Kind::Renamed {
            return self.is_kept_by_the_office(change);
        }
        if !self.was_brought(after.id) {
            return if self.follows(change) { Ok(()) } else { Err("it follows from nothing that they may write") };
        }
        // The office made it by itself, and they asked for just that in vain.
        if self.is_copied(change) {
            return Ok(());
        }
        let is_here = self.is_in(change.scope);
        // Written where they may, it follows to where its household or resident lives now.
        if !is_here && !self.is_from_before_leaving(change) && !self.follows(change) {
            return Err("not their area");
        }
        let is_lead = self.person.role >= Role::Lead;
        let new = changed(change);
        let is_of_moves = |name: &String, stamp: Stamp| {
            OF_MOVES.contains(&name.as_str()) && self.is_brought_word(after, name) && !self.is_borne_out(after, stamp)
        };
        if new.iter().any(|(name, stamp)| is_of_moves(name, *stamp)) {
            return Err("the office alone says who has moved");
        }
        let was_ahead = |name: &str, stamp: Stamp| {
            before.as_ref().and_then(|before| stamp_of(before, name)).is_some_and(|before| before.ms == stamp.ms)
        };
        let is_ahead = |stamp: Stamp| stamp.ms > self.now_ms.saturating_add(AHEAD_MS_MAX);
        // The office tells of a move under the stamp of that move, also when its own clock was ahead then.
        let is_told_again =
            |name: &String, stamp: Stamp| OF_MOVES.contains(&name.as_str()) && self.is_borne_out(after, stamp);
        let is_new_ahead = |(name, stamp): &(String, Stamp)| {
            is_ahead(*stamp) && !was_ahead(name, *stamp) && !is_told_again(name, *stamp)
        };
        if new.iter().any(is_new_ahead) {
            return Err("stamped in the future");
        }
        match after.kind {
            Kind::Route if is_lead => Ok(()),
            Kind::Route => Err("a lead draws routes"),
            Kind::Visit
            | Kind::Outcome
            | Kind::Proficiency
            | Kind::Correction
            | Kind::Link
            | Kind::Apart
            | Kind::Solution => self.may_record(change),
            Kind::Erasure if is_lead => self.may_record(change),
            Kind::Erasure => Err("a lead has somebody erased"),
            Kind::Other(_) if after.is_fact() => self.may_record(change),
            Kind::Household | Kind::Resident | Kind::Other(_) => Ok(()),
            _ => Err("no such document in an area"),
        }
    }

    /// A record is written once, in one's own name, of a day that has come.
    fn may_record(&self, change: &Change) -> Result<(), Why> {
        let after = &change.after;
        let is_scrubbed = |before: &Document| after.erased && !before.erased;
        if change.before.as_ref().is_some_and(|before| !is_scrubbed(before)) {
            return Err("a record is not changed");
        }
        if change.before.is_none() && after.link("member") != Some(self.person.member) {
            return Err("in somebody else's name");
        }
        if change.before.is_none() && after.value("entered_by").is_some() {
            return Err("the office alone says who typed in a paper");
        }
        if after.flag("by_lead") && self.person.role < Role::Lead {
            return Err("speaks as a lead");
        }
        // A record that names nobody counts on no day.
        let is_of_somebody = after.link("household").is_some() || after.link("resident").is_some();
        let is_dated = matches!(after.kind, Kind::Visit | Kind::Outcome | Kind::Proficiency | Kind::Solution);
        let is_of_a_day = is_dated && is_of_somebody;
        match after.text("day").and_then(|day| day.parse::<Day>().ok()) {
            Some(day) if is_of_a_day && !is_possible(day, self.now_ms) => Err("of a day that cannot be"),
            _ => Ok(()),
        }
    }

    /// Older names: the office keeps them when a member takes them over, and strips them with their person.
    fn is_kept_by_the_office(&self, change: &Change) -> Result<(), Why> {
        let after = &change.after;
        let is_of_this = after.link("of").is_some_and(|of| self.was_brought(of));
        let is_by_the_office = changed(change).iter().all(|(_, stamp)| stamp.install == OFFICE);
        if !is_by_the_office || self.is_word_of_theirs(change) {
            return Err("the office alone keeps older names");
        }
        if is_of_this || after.erased { Ok(()) } else { Err("an older name of somebody whom nobody renamed") }
    }

    /// Whether the office keeps what a member has taken over of a name, where a lead can see it and put it back.
    pub fn keeps_older_names(&self, change: &Change) -> bool {
        let Change { before: Some(before), after, .. } = change else { return true };
        let fields: &[&str] = match after.kind {
            Kind::Household => &["head", "house_no", "phone"],
            Kind::Resident => &["name", "birth_year", "phone"],
            _ => return true,
        };
        if self.person.role >= Role::Lead || after.erased {
            return true;
        }
        let Body::Description(new) = &after.body else { return true };
        let is_brought_back = |name: &str| self.is_brought_back(after.id, name, new.get(name));
        let is_kept = |name: &str, value: &Value| {
            self.watch.all().any(|(_, doc)| {
                // The older name of somebody who has moved is kept where it was written.
                doc.kind == Kind::Renamed
                    && doc.link("of").is_some_and(|of| self.root(of) == self.root(after.id))
                    && doc.text("field") == Some(name)
                    && doc.value("before") == Some(value)
            })
        };
        let Body::Description(old) = &before.body else { return true };
        fields.iter().all(|name| {
            let taken = old.get(*name).filter(|register| register.stamp.install != self.install);
            let taken = taken.filter(|register| is_said(&register.value) && !same(before, after, name));
            // A name that comes back after a restore is taken over by nobody, also where it comes with a copy.
            let taken = taken.filter(|_| !is_brought_back(name));
            taken.is_none_or(|register| is_kept(name, &register.value))
        })
    }

    /// Made before they were sent elsewhere, as far as stamps tell, and that is not long ago.
    fn is_from_before_leaving(&self, change: &Change) -> bool {
        let left = self.person.left.iter().find(|(area, _)| *area == change.scope);
        left.is_some_and(|(_, left_ms)| {
            let new = changed(change);
            self.now_ms <= left_ms.saturating_add(LEFT_DAYS_MS)
                && !new.is_empty()
                && new.iter().all(|(_, stamp)| stamp.ms <= left_ms.saturating_add(AHEAD_MS_MAX))
        })
    }

    /// A lead of the area, or the commune's coordinator, has said who is to be erased and why: of a person or household
    /// itself, and of what was noted about it.
    fn is_erased_lawfully(&self, change: &Change) -> bool {
        // A copy is as erased as what it is a copy of, which is judged by itself. They may not say which that is.
        let known = change.before.as_ref().unwrap_or(&change.after);
        let root = known.link("root").unwrap_or(known.id);
        if root != change.after.id && self.watch.get(root).is_some_and(|original| original.erased) {
            return true;
        }
        let concerned = match change.after.kind {
            Kind::Household | Kind::Resident => Some(change.after.id),
            Kind::Visit => change.after.link("household"),
            Kind::Renamed => change.after.link("of"),
            _ => None,
        };
        // A record of somebody is as erased as they are, which is judged by itself.
        let of_whom = concerned.filter(|id| *id != change.after.id).and_then(|id| self.watch.get(id));
        if of_whom.is_some_and(|subject| subject.erased) {
            return true;
        }
        // Whoever has moved is one person with several documents.
        let concerned = concerned.map(|id| self.root(id));
        // An erasure that a restored office had lost comes back with any erased document of the same person.
        let is_same = |brought: &Brought| {
            let brought = brought.doc.link("root").unwrap_or(brought.doc.id);
            brought == root || Some(brought) == concerned
        };
        let mut brought = self.brought.values().flatten();
        if self.was_restored
            && brought.any(|brought| brought.doc.erased && is_same(brought) && self.is_the_offices(brought))
        {
            return true;
        }
        let Some(concerned) = concerned else { return false };
        let erasures = self.watch.all().map(|(_, doc)| doc).filter(|doc| doc.kind == Kind::Erasure);
        erasures.filter(|doc| doc.link("member").is_some_and(|member| self.is_lead(member))).any(|doc| {
            let subject = doc.link("resident").or_else(|| doc.link("household"));
            subject.is_some_and(|subject| self.root(subject) == concerned)
        })
    }

    fn is_lead(&self, member: DocId) -> bool {
        let role = self.watch.get(member).and_then(|doc| doc.text("role"));
        role == Some(Role::Lead.name()) || role == Some(Role::Coordinator.name())
    }

    fn root(&self, id: DocId) -> DocId {
        self.watch.get(id).and_then(|doc| doc.link("root")).unwrap_or(id)
    }

    /// What nobody sent, and is stored all the same: an erasure, a person's copy in another area, where they live now.
    fn follows(&self, change: &Change) -> bool {
        let after = &change.after;
        let root = after.link("root").unwrap_or(after.id);
        let is_same = |doc: &Document| doc.id == root || doc.link("root") == Some(root);
        let others: Vec<&Document> = self
            .watch
            .all()
            .map(|(_, doc)| doc)
            .chain(self.changes.iter().filter_map(|change| change.before.as_ref()))
            .filter(|doc| is_same(doc) && doc.id != after.id)
            .collect();
        changed(change).into_iter().all(|(name, stamp)| {
            let is_by_the_office = stamp.install == OFFICE && OF_MOVES.contains(&name.as_str());
            let is_known = |doc: &&Document| match &doc.body {
                // A household or a resident has another id there.
                Body::Description(registers) => registers.get(&name).is_some_and(|known| {
                    known.stamp == stamp && (name == "household" || value(after, &name) == Some(&known.value))
                }),
                Body::Fact { at, .. } => *at == stamp,
            };
            OF_MOVES[1..].contains(&name.as_str()) || is_by_the_office || others.iter().any(is_known)
                // The office alone moves people, and those in a household that moves.
                || (stamp.install == OFFICE && name == "household")
        })
    }

    /// A new document that says in another area what is stored already, to the last stamp: somebody's move carries it there. At
    /// least one field must be known from elsewhere, so that a bare claim to be a copy is none.
    fn is_copied(&self, change: &Change) -> bool {
        let says_something = changed(change).iter().any(|(name, _)| !OF_MOVES.contains(&name.as_str()));
        change.before.is_none() && says_something && self.follows(change)
    }

    /// A restored office had this, or a copy of the same person that says so, and this request brought it back.
    fn is_brought_back(&self, id: DocId, name: &str, new: Option<&Register>) -> bool {
        let root = self.root(id);
        let says_so = |brought: &Brought| match &brought.doc.body {
            Body::Description(registers) => registers.get(name) == new,
            Body::Fact { .. } => false,
        };
        self.was_restored
            && self
                .brought
                .values()
                .flatten()
                .any(|brought| root_of(&brought.doc) == root && self.is_the_offices(brought) && says_so(brought))
    }

    /// A restored office carries a move on: another document of the same person, or of their household, tells of it.
    fn is_borne_out(&self, after: &Document, stamp: Stamp) -> bool {
        let root = self.root(after.id);
        let household = after.link("household").map(|household| self.root(household));
        self.was_restored
            && self.watch.all().any(|(_, doc)| {
                let is_theirs = root_of(doc) == root || Some(root_of(doc)) == household;
                doc.id != after.id && is_theirs && doc.stamps().contains(&stamp)
            })
    }

    fn was_brought(&self, id: DocId) -> bool {
        self.brought.contains_key(&id)
    }

    /// The office had it just so in a scope that they read, and gave a receipt for it.
    fn is_the_offices(&self, brought: &Brought) -> bool {
        if matches!(brought.doc.kind, Kind::Summary | Kind::Daily | Kind::PhoneState) {
            // It counts them anew, and takes them from nobody.
            return false;
        }
        let reads = |scope: &DocId| {
            let is_figures = *scope == DocId::figures(COMMUNE) && self.person.role >= Role::Lead;
            *scope == COMMUNE || is_figures || self.is_in(*scope)
        };
        brought.proven_in.iter().any(reads)
    }

    fn is_in(&self, area: DocId) -> bool {
        self.person.role == Role::Coordinator || self.person.areas.contains(&area)
    }

    /// Whether something of it is what the request said, word for word.
    fn is_word_of_theirs(&self, change: &Change) -> bool {
        changed(change).iter().any(|(name, _)| self.is_brought_word(&change.after, name))
    }

    fn is_brought_word(&self, after: &Document, name: &str) -> bool {
        let theirs = self.brought.get(&after.id).into_iter().flatten();
        theirs
            .filter(|brought| !(self.was_restored && self.is_the_offices(brought)))
            .any(|brought| brought.doc.value(name).is_some() && same(&brought.doc, after, name))
    }
}

impl Change {
    /// Its fields with the stamps that they had and have, to be told.
    pub fn fields(&self) -> String {
        let stamp_before = |name: &str| self.before.as_ref().and_then(|before| stamp_of(before, name));
        let tell = |(name, stamp): (String, Stamp)| match stamp_before(&name) {
            Some(before) => format!("{name} {before} -> {stamp}"),
            None => format!("{name} {stamp}"),
        };
        changed(self).into_iter().map(tell).collect::<Vec<_>>().join(", ")
    }
}

/// The fields that are others now, with their stamps. Those that went with an erasure are not among them.
fn changed(change: &Change) -> Vec<(String, Stamp)> {
    let before = change.before.as_ref();
    match &change.after.body {
        Body::Description(registers) => {
            let known = |name: &str| match before.map(|before| &before.body) {
                Some(Body::Description(registers)) => registers.get(name),
                _ => None,
            };
            let is_new = |(name, register): &(&String, &Register)| known(name) != Some(*register);
            registers.iter().filter(is_new).map(|(name, register)| (name.clone(), register.stamp)).collect()
        }
        Body::Fact { at, fields } => {
            let known = |name: &str| before.and_then(|before| value(before, name));
            let is_new = |(name, value): &(&String, &Value)| known(name) != Some(*value);
            fields.iter().filter(is_new).map(|(name, _)| (name.clone(), *at)).collect()
        }
    }
}

/// When a field of a description was set.
fn stamp_of(doc: &Document, name: &str) -> Option<Stamp> {
    match &doc.body {
        Body::Description(registers) => Some(registers.get(name)?.stamp),
        Body::Fact { .. } => None,
    }
}

fn root_of(doc: &Document) -> DocId {
    doc.link("root").unwrap_or(doc.id)
}

fn value<'a>(doc: &'a Document, name: &str) -> Option<&'a Value> {
    doc.value(name)
}

/// Whether two versions say the same in a field, under the same stamp.
fn same(one: &Document, other: &Document, name: &str) -> bool {
    match (&one.body, &other.body) {
        (Body::Description(one), Body::Description(other)) => one.get(name) == other.get(name),
        (Body::Fact { at, fields }, Body::Fact { at: other_at, fields: other }) => {
            at == other_at && fields.get(name) == other.get(name)
        }
        _ => false,
    }
}

fn is_said(value: &Value) -> bool {
    value.as_int().is_some() || value.as_text().is_some_and(|text| !text.trim().is_empty())
}

/// A record is of tomorrow at the latest, where somebody's clock is past midnight; and nothing that this is for is older
/// than two years.
fn is_possible(day: Day, now_ms: u64) -> bool {
    let today = Day::at_ms(now_ms);
    (today.plus(-2 * 365)..=today.plus(1)).contains(&day)
}
