//! The judge: compares what was stored before a batch of requests with what is stored after it, and asks of every
//! difference whether any of the senders may make it. The table is written from the plans' words; it shares nothing with
//! `domain::access`, which it is here to check.

use std::collections::{BTreeMap, BTreeSet};

use domain::DocId;
use serde_json::Value;

use super::stored::{Entry, Scope, Stored, fields, kind};
use super::world::{Crew, Person};

/// A stamp may be this far ahead of the server's clock.
const AHEAD_MS: u64 = 2 * 60 * 1_000;
/// Written by the server alone, out of what others write.
const COUNTED: [&str; 3] = ["summary", "daily", "phone_state"];
const OF_COMMUNE: [&str; 4] = ["commune", "area", "member", "campaign"];
const OF_AREA: [&str; 11] = [
    "route",
    "household",
    "resident",
    "visit",
    "outcome",
    "proficiency",
    "correction",
    "link",
    "apart",
    "solution",
    "erasure",
];
/// Where somebody lives now, and what a copy is a copy of: only a move writes these.
const OF_MOVES: [&str; 3] = ["moved_to", "root", "home"];

/// One sender's rights, as the file had them before and after the batch.
struct Sender<'a> {
    person: &'a Person,
    role: Rank,
    areas: BTreeSet<DocId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Member,
    Lead,
    Coordinator,
}

pub struct Judge<'a> {
    pub before: &'a Stored,
    pub after: &'a Stored,
    /// Who sent in this batch.
    pub senders: Vec<&'a Person>,
    /// What the honest phones wrote meanwhile.
    pub honest: &'a BTreeSet<DocId>,
    pub now_ms: u64,
}

/// Something that none of the senders may do.
#[derive(Clone, Debug)]
pub struct Wrong {
    pub id: DocId,
    pub what: String,
}

impl Judge<'_> {
    pub fn wrongs(&self) -> Vec<Wrong> {
        let senders = self.rights();
        let erased = self.named_by_erasures();
        let mut wrongs = Vec::new();
        for (id, entry) in &self.after.documents {
            let before = self.before.documents.get(id);
            if before.is_some_and(|before| before.text == entry.text && before.scope == entry.scope) {
                continue;
            }
            if let Err(what) = self.judge(*id, before, entry, &erased, &senders) {
                wrongs.push(Wrong { id: *id, what });
            }
        }
        for id in self.before.documents.keys().filter(|id| !self.after.documents.contains_key(id)) {
            wrongs.push(Wrong { id: *id, what: "a document has disappeared".to_owned() });
        }
        wrongs.extend(self.wrong_phones(&senders));
        wrongs
    }

    fn rights(&self) -> Vec<Sender<'_>> {
        // What is revoked, or was never given, gives no rights.
        let people = self.senders.iter().filter(|person| !person.is_revoked);
        let sender = |person: &&'_ Person| {
            let (role, mut areas) = self.before.rights(person.member);
            areas.extend(self.after.rights(person.member).1);
            let role = match role.as_str() {
                "coordinator" => Rank::Coordinator,
                "lead" => Rank::Lead,
                _ => Rank::Member,
            };
            (role, areas.into_iter().collect())
        };
        people
            .map(|person| {
                let (role, areas) = sender(person);
                Sender { person, role, areas }
            })
            .collect()
    }

    fn judge(
        &self,
        id: DocId,
        before: Option<&Entry>,
        after: &Entry,
        erased: &BTreeSet<DocId>,
        senders: &[Sender<'_>],
    ) -> Result<(), String> {
        let new: Value = serde_json::from_str(&after.text).map_err(|error| format!("unreadable: {error}"))?;
        let old: Option<Value> = before.and_then(|before| serde_json::from_str(&before.text).ok());
        let kind = kind(&new);
        let Some((scope, commune)) = self.after.scopes.get(&after.scope) else {
            return Err(format!("a {kind} in a scope that does not exist"));
        };
        if let Some(before) = before
            && before.scope != after.scope
        {
            return Err(format!("a {kind} changed its scope"));
        }
        let (had, has) = (old.as_ref().map(fields).unwrap_or_default(), fields(&new));
        if old.as_ref().is_some_and(|old| super::stored::kind(old) != kind) {
            return Err(format!("a {kind} had another kind before"));
        }
        if has.contains_key("forged") && COUNTED.contains(&kind) {
            return Err(format!("a forged field got into a {kind}"));
        }
        if let Some(ms) = newest_ms(&new).filter(|ms| *ms > self.now_ms + AHEAD_MS) {
            return Err(format!("a {kind} with a stamp of the future: {ms}"));
        }
        let root = linked(&has, "root").unwrap_or(id);
        if before.is_none() && self.honest.contains(&root) {
            return Ok(());
        }
        let change = Change {
            kind,
            is_new: old.is_none(),
            is_fact: new["f"].is_object(),
            is_erased_now: new["x"] == true && old.as_ref().is_none_or(|old| old["x"] != true),
            changed: changed(&had, &has),
            author: linked(&has, "member"),
            entered_by: linked(&has, "entered_by"),
            is_by_lead: has.get("by_lead") == Some(&Value::Bool(true)),
            is_copy: has.contains_key("root") && has.contains_key("home"),
            area: linked(&has, "area"),
            lives_elsewhere: self.lives_elsewhere(&has),
            is_named_by_erasure: erased.contains(&id)
                || linked(&has, "household").is_some_and(|id| erased.contains(&id)),
        };
        match scope {
            Scope::Commune => may_in_commune(&change, *commune, senders),
            Scope::Figures => may_in_figures(&change, *commune, senders),
            Scope::Area => may_in_area(&change, *commune, &self.places(id, after.scope, &has), senders),
        }
    }

    /// The areas in which copies of a document are: whoever works in one of them may have changed it there.
    fn places(&self, id: DocId, scope: DocId, has: &BTreeMap<String, Value>) -> BTreeSet<DocId> {
        let root = linked(has, "root").unwrap_or(id);
        let mut places = BTreeSet::from([scope]);
        places.extend(linked(has, "home"));
        let areas = self.after.scopes.iter().filter(|(_, (kind, _))| *kind == Scope::Area);
        places.extend(areas.map(|(area, _)| *area).filter(|area| {
            let copy = DocId::derived(root, &["in", &area.to_string()]);
            self.after.documents.get(&copy).is_some_and(|entry| entry.scope == *area)
        }));
        places
    }

    /// Whose data are to be erased, as facts of their own say.
    fn named_by_erasures(&self) -> BTreeSet<DocId> {
        let documents = self.after.documents.values().filter(|entry| entry.text.contains(r#""k":"erasure""#));
        let documents = documents.filter_map(|entry| serde_json::from_str::<Value>(&entry.text).ok());
        let fields = documents.map(|doc| fields(&doc));
        fields.flat_map(|fields| [linked(&fields, "resident"), linked(&fields, "household")]).flatten().collect()
    }

    /// Whether the household that a person belongs to has moved away, and took along who is written into it later.
    fn lives_elsewhere(&self, has: &BTreeMap<String, Value>) -> bool {
        let household = linked(has, "household");
        let household = household.and_then(|id| self.after.document(id)).map(|doc| fields(&doc));
        household.is_some_and(|fields| fields.get("moved_to").is_some_and(Value::is_string))
    }

    fn wrong_phones(&self, senders: &[Sender<'_>]) -> Vec<Wrong> {
        let is_over = |member: DocId| {
            let (_, areas) = self.before.rights(member);
            let commune = self.before.documents.get(&member).map(|entry| entry.scope);
            senders.iter().any(|sender| match sender.role {
                Rank::Coordinator => Some(sender.person.commune) == commune,
                Rank::Lead => areas.iter().any(|area| sender.areas.contains(area)),
                Rank::Member => false,
            } || sender.person.member == member)
        };
        let mut wrongs = Vec::new();
        for (id, device) in &self.after.devices {
            match self.before.devices.get(id) {
                Some(before) if before == device => {}
                Some(before) if before.revoked.is_some() && device.revoked.is_none() => {
                    wrongs.push(Wrong { id: *id, what: "a phone that was shut out came in again".to_owned() });
                }
                _ if is_over(device.member) => {}
                _ => wrongs.push(Wrong { id: *id, what: format!("a phone of {} was made or changed", device.member) }),
            }
        }
        let gone = self.before.devices.keys().filter(|id| !self.after.devices.contains_key(id));
        wrongs.extend(gone.map(|id| Wrong { id: *id, what: "a phone has disappeared".to_owned() }));
        let invited = self.after.invites.iter().filter(|(code, _)| !self.before.invites.contains_key(*code));
        wrongs.extend(
            invited
                .filter(|(_, member)| !is_over(**member))
                .map(|(_, member)| Wrong { id: *member, what: "somebody was invited".to_owned() }),
        );
        wrongs
    }
}

/// What became different in one document.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
struct Change<'a> {
    kind: &'a str,
    is_new: bool,
    is_fact: bool,
    is_erased_now: bool,
    /// Fields with another value than before, but for those that an erasure takes away.
    changed: BTreeSet<String>,
    author: Option<DocId>,
    entered_by: Option<DocId>,
    is_by_lead: bool,
    is_copy: bool,
    area: Option<DocId>,
    lives_elsewhere: bool,
    /// An erasure names this, or the household that it is about. Who may erase is asked of that fact.
    is_named_by_erasure: bool,
}

fn may_in_commune(change: &Change<'_>, commune: DocId, senders: &[Sender<'_>]) -> Result<(), String> {
    let has_right = senders.iter().any(|sender| sender.role == Rank::Coordinator && sender.person.commune == commune);
    let of_other_scope = OF_AREA.contains(&change.kind) || COUNTED.contains(&change.kind) || change.kind == "report";
    if !has_right {
        return Err(format!("a {} among the commune's own documents", change.kind));
    }
    if change.is_erased_now || (change.kind == "commune" && change.is_new) {
        return Err(format!("a {} was erased, or made a second time", change.kind));
    }
    if of_other_scope {
        return Err(format!("a {} does not belong among the commune's own documents", change.kind));
    }
    Ok(())
}

fn may_in_figures(change: &Change<'_>, commune: DocId, senders: &[Sender<'_>]) -> Result<(), String> {
    if COUNTED.contains(&change.kind) {
        return Ok(());
    }
    if change.kind != "report" || !change.is_new || change.is_erased_now {
        return Err(format!("a {} among the figures", change.kind));
    }
    let may = |sender: &Sender<'_>| {
        change.author == Some(sender.person.member)
            && match change.area {
                Some(_) if sender.role == Rank::Coordinator => sender.person.commune == commune,
                Some(area) => sender.role == Rank::Lead && sender.areas.contains(&area),
                None => sender.role == Rank::Coordinator && sender.person.commune == commune,
            }
    };
    senders.iter().any(may).then_some(()).ok_or_else(|| "a report for whom it is not".to_owned())
}

fn may_in_area(
    change: &Change<'_>,
    commune: DocId,
    places: &BTreeSet<DocId>,
    senders: &[Sender<'_>],
) -> Result<(), String> {
    let kind = change.kind;
    if OF_COMMUNE.contains(&kind) || COUNTED.contains(&kind) || kind == "report" {
        return Err(format!("a {kind} in an area"));
    }
    let reach: Vec<&Sender<'_>> = senders
        .iter()
        .filter(|sender| {
            sender.person.commune == commune
                && (sender.role == Rank::Coordinator
                    || places.iter().any(|area| sender.areas.contains(area))
                    // Those who have left may still bring what they made there.
                    || (sender.person.crew == Crew::Left && places.contains(&super::world::target())))
        })
        .collect();
    if reach.is_empty() {
        return Err(format!("a {kind} in an area in which no sender works"));
    }
    let by_rank = |least: Rank| reach.iter().any(|sender| sender.role >= least && sender.person.crew != Crew::Left);
    let is_lead = by_rank(Rank::Lead);
    if change.is_erased_now && !change.is_named_by_erasure {
        return Err(format!("a {kind} was erased, and no erasure names it"));
    }
    if kind == "erasure" && change.is_new && !is_lead {
        return Err("an erasure by somebody who is no lead".to_owned());
    }
    if kind == "route" && !is_lead {
        return Err("a route was written".to_owned());
    }
    let moves = change.changed.iter().any(|field| OF_MOVES.contains(&field.as_str()));
    if moves && !is_lead && !(change.is_copy || change.lives_elsewhere) {
        return Err(format!("a {kind} was moved"));
    }
    if !change.is_fact {
        return Ok(());
    }
    if !change.is_new && !change.is_erased_now && !change.changed.is_empty() {
        return Err(format!("a {kind} is a fact, and was changed"));
    }
    if !change.is_new {
        return Ok(());
    }
    if change.is_by_lead && !is_lead && !change.is_copy {
        return Err(format!("a {kind} speaks as a lead"));
    }
    let is_own = |member: Option<DocId>| reach.iter().any(|sender| Some(sender.person.member) == member);
    let is_typed_in = is_lead && is_own(change.entered_by);
    let is_moved_along = change.is_copy && (is_lead || is_own(change.author));
    if is_own(change.author) || is_typed_in || is_moved_along {
        return Ok(());
    }
    Err(format!("a {kind} in the name of somebody who did not send it"))
}

/// Names of fields whose value is another one now. A field that an erasure took away is no change.
fn changed(had: &BTreeMap<String, Value>, has: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let is_other = |(name, value): &(&String, &Value)| had.get(*name) != Some(*value);
    has.iter().filter(is_other).map(|(name, _)| name.clone()).collect()
}

/// A field that names another document.
fn linked(fields: &BTreeMap<String, Value>, name: &str) -> Option<DocId> {
    fields.get(name)?.as_str()?.parse().ok()
}

fn newest_ms(doc: &Value) -> Option<u64> {
    let edits = doc["e"].as_array().into_iter().flatten().filter_map(|edit| edit.get(0));
    let stamps = edits.chain(doc.get("at")).filter_map(Value::as_str);
    stamps.filter_map(|stamp| u64::from_str_radix(stamp.split('-').next()?, 16).ok()).max()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::world;
    use super::*;

    /// An area with one household, changed to `after` by `crew`.
    fn judged(crew: Crew, after: &Value) -> Vec<String> {
        let people = world::people();
        let mut before = Stored::default();
        let area = world::target();
        before.scopes.insert(area, (Scope::Area, world::COMMUNES[0]));
        before.scopes.insert(world::COMMUNES[0], (Scope::Commune, world::COMMUNES[0]));
        for person in &people {
            let text = json!({"k": "member", "e": [["1-0-1", {"role": person.role.name(), "areas": person.areas}]]});
            before.documents.insert(person.member, Entry { scope: person.commune, text: text.to_string() });
        }
        let household = DocId::from_u128(5);
        let text = json!({"k": "household", "e": [["1-0-1", {"head": "A"}]]}).to_string();
        before.documents.insert(household, Entry { scope: area, text });
        let mut now = before.clone();
        let id = if after["k"] == "household" { household } else { DocId::from_u128(6) };
        now.documents.insert(id, Entry { scope: area, text: after.to_string() });
        let senders = people.iter().filter(|person| person.crew == crew).collect();
        let honest = BTreeSet::new();
        let judge = Judge { before: &before, after: &now, senders, honest: &honest, now_ms: 1 };
        judge.wrongs().into_iter().map(|wrong| wrong.what).collect()
    }

    #[test]
    fn each_right_has_a_crew_that_lacks_it() {
        let erased = json!({"k": "household", "x": true, "e": []});
        for crew in [Crew::Members, Crew::Leads, Crew::Coordinators] {
            assert!(!judged(crew, &erased).is_empty(), "{crew:?}");
        }
        let renamed = json!({"k": "household", "e": [["1-0-1", {"head": "B"}]]});
        assert!(judged(Crew::Members, &renamed).is_empty());
        for crew in [Crew::Neighbours, Crew::Foreign, Crew::Strangers] {
            assert!(!judged(crew, &renamed).is_empty(), "{crew:?}");
        }
        let moved = json!({"k": "household", "e": [["1-0-1", {"head": "A", "moved_to": world::area(0, 2)}]]});
        assert!(!judged(Crew::Members, &moved).is_empty());
        let route = json!({"k": "route", "e": [["1-0-1", {"name": "Tuyến"}]]});
        assert!(!judged(Crew::Members, &route).is_empty());
        assert!(judged(Crew::Leads, &route).is_empty());
        let late = json!({"k": "household", "e": [["fffffffffff-0-1", {"head": "B"}]]});
        assert!(!judged(Crew::Members, &late).is_empty());
    }

    #[test]
    fn a_fact_is_its_authors() {
        let people = world::people();
        let of = |crew: Crew| people.iter().find(|person| person.crew == crew).map(|person| person.member);
        let visit = |author: Option<DocId>| json!({"k": "visit", "at": "1-0-1", "f": {"member": author}});
        assert!(judged(Crew::Members, &visit(of(Crew::Members))).is_empty());
        assert!(!judged(Crew::Members, &visit(of(Crew::Leads))).is_empty());
        let by_lead = json!({"k": "correction", "at": "1-0-1", "f": {"member": of(Crew::Members), "by_lead": true}});
        assert!(!judged(Crew::Members, &by_lead).is_empty());
        assert!(!judged(Crew::Coordinators, &json!({"k": "summary", "e": []})).is_empty());
        let erasure = |author: Option<DocId>| json!({"k": "erasure", "at": "1-0-1", "f": {"member": author}});
        assert!(!judged(Crew::Members, &erasure(of(Crew::Members))).is_empty());
        assert!(judged(Crew::Leads, &erasure(of(Crew::Leads))).is_empty());
    }
}
