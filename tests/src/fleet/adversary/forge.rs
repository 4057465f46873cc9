//! Requests that no honest app makes: documents written by hand, whatever they say.

use domain::clock::STAMP_MS_MAX;
use domain::people::Role;
use domain::{Day, DocId, Document, InstallId, Kind, Stamp};
use serde_json::{Map, Value, json};

use super::Villain;
use super::watch::Watch;
use crate::fleet::fixture::{COMMUNE, OFFICE};
use crate::fleet::plan::{DAY_MS, MINUTE_MS};
use crate::fleet::rng::Rng;

/// So many facts of a kind that nobody knows that two requests of them are more than anybody may write in a day.
pub const FLOOD: u64 = 120;
/// What the office takes of them from one member in a day.
pub const FLOOD_TAKEN_MAX: u64 = 200;

/// A document on the wire, and where it is said to belong.
#[derive(Clone, Debug)]
pub struct Forged {
    pub id: DocId,
    pub scope: DocId,
    pub doc: String,
}

pub struct Forge<'a> {
    pub rng: &'a mut Rng,
    pub villain: &'a Villain,
    pub watch: &'a Watch,
    /// Every area there is.
    pub areas: &'a [DocId],
    pub now_ms: u64,
    /// Makes texts that are written once in a run.
    pub words: &'a mut u64,
}

const FACTS: [&str; 8] =
    ["visit", "outcome", "proficiency", "correction", "link", "apart", "solution", "blood_group_2031"];
const KINDS: [&str; 21] = [
    "commune",
    "area",
    "member",
    "campaign",
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
    "summary",
    "daily",
    "phone_state",
    "report",
    "renamed",
    "survey_2031",
];

impl Forge<'_> {
    /// Something of somebody's: mostly what this member may not.
    pub fn document(&mut self) -> Option<Forged> {
        match self.rng.below(27) {
            0 | 1 => self.erasing_by_the_mark(),
            2 => self.erasing_by_a_fact(),
            3 | 4 => self.in_a_colleagues_name(),
            5 => self.as_a_lead(),
            6 | 7 => self.office_fields(),
            8..11 => self.any_kind(),
            11 | 12 => Some(self.rights()),
            13 => self.in_disguise(),
            14 => self.rewriting_a_record(),
            15 | 16 => self.elsewhere(),
            17 => self.for_the_commune(),
            18 | 19 => self.figures(),
            20 => Some(self.rubbish()),
            21 => self.of_an_impossible_day(),
            22 => Some(self.dividing()),
            _ => self.own_work(),
        }
    }

    /// One of very many.
    pub fn drop_of_a_flood(&mut self) -> Forged {
        let (id, scope, at) = (self.new_id(), self.own_area(), self.honest_stamp());
        let fields = object("member", json!(self.villain.person.member));
        Forged { id, scope, doc: fact(id, "flood_2031", false, at, fields) }
    }

    fn text(&mut self) -> Value {
        // No area's mark: an honest phone of any area may be sent it.
        *self.words += 1;
        json!(format!("lạ-{}", self.words))
    }

    fn new_id(&mut self) -> DocId {
        DocId::random(self.rng.bits())
    }

    fn own_area(&mut self) -> DocId {
        self.rng.pick(&self.villain.person.areas).copied().unwrap_or(COMMUNE)
    }

    fn any_area(&mut self) -> DocId {
        self.rng.pick(self.areas).copied().unwrap_or(COMMUNE)
    }

    /// Now, long ago, ahead; by this phone, by another, by the office, by a list.
    fn stamp(&mut self) -> Stamp {
        let now = self.now_ms;
        let times = [
            now,
            now,
            now,
            now - 3 * DAY_MS,
            now - 40 * DAY_MS,
            0,
            5,
            now + MINUTE_MS,
            now + 5 * MINUTE_MS,
            now + DAY_MS,
        ];
        let ms = if self.rng.chance(20) { STAMP_MS_MAX } else { self.rng.pick(&times).copied().unwrap_or(now) };
        let own = self.villain.person.install;
        let installs =
            [own, own, own, OFFICE, InstallId::LIST, InstallId(0xf0_0001), InstallId(0), InstallId(u64::MAX)];
        let install = self.rng.pick(&installs).copied().unwrap_or(own);
        let counter = if self.rng.chance(50) { u32::MAX } else { u32::try_from(self.rng.below(4)).unwrap_or(0) };
        Stamp { ms, counter, install }
    }

    /// As an honest phone would stamp it.
    fn honest_stamp(&mut self) -> Stamp {
        *self.words += 1;
        let counter = u32::try_from(*self.words % 1_000).unwrap_or(0);
        Stamp { ms: self.now_ms, counter, install: self.villain.person.install }
    }

    /// Some document that the office has, of one of these kinds if there are any.
    fn victim(&mut self, kinds: &[&str]) -> Option<(DocId, Document)> {
        let fits = |doc: &Document| kinds.is_empty() || kinds.contains(&doc.kind.name());
        let own = self.rng.chance(700);
        let areas = &self.villain.person.areas;
        let is_near = |scope: &DocId| !own || areas.contains(scope) || !self.areas.contains(scope);
        let found: Vec<(DocId, &Document)> =
            self.watch.all().filter(|(scope, doc)| is_near(scope) && fits(doc)).collect();
        self.rng.pick(&found).map(|(scope, doc)| (*scope, (*doc).clone()))
    }

    fn colleague(&mut self) -> DocId {
        let own = self.villain.person.member;
        let team: Vec<DocId> =
            self.watch.documents(COMMUNE).filter(|doc| doc.kind == Kind::Member).map(|doc| doc.id).collect();
        let others: Vec<DocId> = team.into_iter().filter(|member| *member != own).collect();
        self.rng.pick(&others).copied().unwrap_or(own)
    }

    /// The mark that only an erasure sets: without fields, with some, on records, on what is not this member's.
    fn erasing_by_the_mark(&mut self) -> Option<Forged> {
        let kinds: &[&str] = match self.rng.below(4) {
            0 => &[],
            1 => &["visit", "outcome", "report", "summary"],
            _ => &["resident", "household"],
        };
        let (scope, victim) = self.victim(kinds)?;
        let doc = match &victim.body {
            domain::Body::Fact { at, fields } => {
                let kept = victim.kind.fields_kept_when_erased();
                let all = self.rng.chance(500);
                let fields: Map<String, Value> = fields
                    .iter()
                    .filter(|(name, _)| all || kept.contains(&name.as_str()))
                    .filter_map(|(name, value)| Some((name.clone(), serde_json::to_value(value).ok()?)))
                    .collect();
                fact(victim.id, victim.kind.name(), true, *at, fields)
            }
            domain::Body::Description(_) => {
                let stamp = self.stamp();
                let text = self.text();
                let groups = if self.rng.chance(600) { Vec::new() } else { vec![(stamp, object("note", text))] };
                edits(victim.id, victim.kind.name(), true, groups)
            }
        };
        Some(Forged { id: victim.id, scope, doc })
    }

    /// What a lead writes to have somebody erased.
    fn erasing_by_a_fact(&mut self) -> Option<Forged> {
        let (scope, victim) = self.victim(&["resident", "household"])?;
        let member = if self.rng.chance(700) { self.villain.person.member } else { self.colleague() };
        let id = self.new_id();
        let mut fields = object(victim.kind.name(), json!(victim.id));
        fields.insert("member".to_owned(), json!(member));
        fields.insert("day".to_owned(), json!(Day::at_ms(self.now_ms).to_string()));
        fields.insert("reason".to_owned(), json!("asked"));
        let at = self.stamp();
        Some(Forged { id, scope, doc: fact(id, "erasure", self.rng.chance(100), at, fields) })
    }

    fn record(&mut self, kind: &str, member: DocId, at: Stamp, day: &str) -> Forged {
        let scope = self.own_area();
        let id = self.new_id();
        let (resident, household) = self.people_of(scope);
        let mut fields = object("member", json!(member));
        fields.insert("day".to_owned(), json!(day));
        let text = self.text();
        match kind {
            "visit" | "solution" => {
                fields.insert("household".to_owned(), json!(household));
                fields.insert("result".to_owned(), json!("met"));
                fields.insert("note".to_owned(), text);
            }
            "outcome" => {
                fields.insert("resident".to_owned(), json!(resident));
                fields.insert("step".to_owned(), json!("activated"));
                fields.insert("origin".to_owned(), json!("newly_installed"));
            }
            "correction" => {
                let target = self.victim(&["visit", "outcome", "link"]).map_or(resident, |(_, doc)| doc.id);
                fields.insert("target".to_owned(), json!(target));
            }
            "link" | "apart" => {
                let (other, _) = self.people_of(scope);
                fields.insert("residents".to_owned(), json!([resident, other]));
            }
            _ => {
                fields.insert("resident".to_owned(), json!(resident));
            }
        }
        Forged { id, scope, doc: fact(id, kind, false, at, fields) }
    }

    /// A resident and a household of an area, or ids of nobody.
    fn people_of(&mut self, scope: DocId) -> (DocId, DocId) {
        let mut pick = |kind: Kind| {
            let ids: Vec<DocId> =
                self.watch.documents(scope).filter(|doc| doc.kind == kind).map(|doc| doc.id).collect();
            self.rng.pick(&ids).copied().unwrap_or_else(|| DocId::random(self.rng.bits()))
        };
        (pick(Kind::Resident), pick(Kind::Household))
    }

    fn today(&self) -> String {
        Day::at_ms(self.now_ms).to_string()
    }

    fn in_a_colleagues_name(&mut self) -> Option<Forged> {
        let kind = *self.rng.pick(&FACTS)?;
        let (member, at, day) = (self.colleague(), self.stamp(), self.today());
        if self.rng.chance(200) {
            // In one's own, and typed in for somebody else: the office alone says that.
            let forged = self.record(kind, self.villain.person.member, at, &day);
            let doc = forged.doc.replacen("\"f\":{", &format!("\"f\":{{\"entered_by\":\"{member}\","), 1);
            return Some(Forged { doc, ..forged });
        }
        Some(self.record(kind, member, at, &day))
    }

    fn as_a_lead(&mut self) -> Option<Forged> {
        let (scope, target) = self.victim(&["visit", "outcome", "proficiency", "link", "apart"])?;
        let id = self.new_id();
        let mut fields = object("target", json!(target.id));
        let member = if self.rng.chance(800) { self.villain.person.member } else { self.colleague() };
        fields.insert("member".to_owned(), json!(member));
        fields.insert("by_lead".to_owned(), json!(true));
        let at = self.stamp();
        Some(Forged { id, scope, doc: fact(id, "correction", false, at, fields) })
    }

    /// Where somebody lives and which document is a copy of which: the office alone says that.
    fn office_fields(&mut self) -> Option<Forged> {
        let to = self.any_area();
        let (scope, victim) = self.victim(&["resident", "household"])?;
        let stamp = self.stamp();
        let field = *self.rng.pick(&["moved_to", "root", "home"])?;
        let value = match self.rng.below(3) {
            0 => json!(to),
            1 => json!(victim.id),
            _ => Value::Null,
        };
        if self.rng.chance(700) {
            let doc = edits(victim.id, victim.kind.name(), false, vec![(stamp, object(field, value))]);
            return Some(Forged { id: victim.id, scope, doc });
        }
        // A copy that nobody has made.
        let (area, id) = (self.own_area(), self.new_id());
        let mut fields = object("root", json!(victim.id));
        fields.insert("home".to_owned(), json!(scope));
        fields.insert("member".to_owned(), json!(self.villain.person.member));
        fields.insert("household".to_owned(), json!(victim.id));
        fields.insert("day".to_owned(), json!(self.today()));
        let doc = if self.rng.chance(500) {
            fact(id, "visit", false, stamp, fields)
        } else {
            edits(id, victim.kind.name(), false, vec![(stamp, fields)])
        };
        Some(Forged { id, scope: area, doc })
    }

    /// Every kind in every scope, also those that the office counts.
    fn any_kind(&mut self) -> Option<Forged> {
        let kind = *self.rng.pick(&KINDS)?;
        let scope = match self.rng.below(4) {
            0 => COMMUNE,
            1 => DocId::figures(COMMUNE),
            _ => self.own_area(),
        };
        let (id, stamp, text) = (self.new_id(), self.stamp(), self.text());
        let mut fields = object("name", text);
        let is_fact = Kind::from_name(kind).is_fact().unwrap_or_else(|| self.rng.chance(500)) != self.rng.chance(50);
        let member = if self.rng.chance(700) { self.villain.person.member } else { self.colleague() };
        fields.insert("member".to_owned(), json!(member));
        if self.rng.chance(500) {
            fields.insert("area".to_owned(), json!(self.any_area()));
        }
        if is_fact {
            fields.insert("day".to_owned(), json!(self.today()));
            let at = if self.rng.chance(500) { self.honest_stamp() } else { stamp };
            return Some(Forged { id, scope, doc: fact(id, kind, false, at, fields) });
        }
        Some(Forged { id, scope, doc: edits(id, kind, self.rng.chance(100), vec![(stamp, fields)]) })
    }

    /// This member's own role and areas, and colleagues'.
    fn rights(&mut self) -> Forged {
        let id = if self.rng.chance(700) { self.villain.person.member } else { self.colleague() };
        let stamp = if self.rng.chance(700) { self.honest_stamp() } else { self.stamp() };
        let fields = match self.rng.below(3) {
            0 => object("role", json!(Role::Coordinator.name())),
            1 => object("areas", json!(self.areas)),
            _ => object("name", self.text()),
        };
        let scope = if self.rng.chance(800) { COMMUNE } else { self.own_area() };
        Forged { id, scope, doc: edits(id, "member", self.rng.chance(50), vec![(stamp, fields)]) }
    }

    /// An id that is there, under another kind or in another form.
    fn in_disguise(&mut self) -> Option<Forged> {
        let (scope, victim) = self.victim(&[])?;
        let kind = *self.rng.pick(&KINDS)?;
        let scope = if self.rng.chance(500) { scope } else { self.own_area() };
        let (stamp, text) = (self.stamp(), self.text());
        let mut fields = object("note", text);
        fields.insert("member".to_owned(), json!(self.villain.person.member));
        let doc = if self.rng.chance(500) {
            fact(victim.id, kind, self.rng.chance(200), stamp, fields)
        } else {
            edits(victim.id, kind, self.rng.chance(200), vec![(stamp, fields)])
        };
        Some(Forged { id: victim.id, scope, doc })
    }

    /// A record that is there, with other words, another author, another day.
    fn rewriting_a_record(&mut self) -> Option<Forged> {
        let (scope, victim) = self.victim(&["visit", "outcome", "proficiency", "correction", "link", "report"])?;
        let domain::Body::Fact { at, fields } = &victim.body else { return None };
        let mut fields: Map<String, Value> =
            fields.iter().filter_map(|(name, value)| Some((name.clone(), serde_json::to_value(value).ok()?))).collect();
        match self.rng.below(3) {
            0 => fields.insert("member".to_owned(), json!(self.villain.person.member)),
            1 => fields.insert("day".to_owned(), json!("2026-01-01")),
            _ => fields.insert("note".to_owned(), self.text()),
        };
        let at = if self.rng.chance(500) { *at } else { self.stamp() };
        Some(Forged { id: victim.id, scope, doc: fact(victim.id, victim.kind.name(), false, at, fields) })
    }

    /// Households and people of areas that are not this member's.
    fn elsewhere(&mut self) -> Option<Forged> {
        let own = &self.villain.person.areas;
        let foreign: Vec<DocId> = self.areas.iter().copied().filter(|area| !own.contains(area)).collect();
        let there = *self.rng.pick(&foreign)?;
        let (resident, household) = self.people_of(there);
        let (id, kind) = match self.rng.below(3) {
            0 => (resident, "resident"),
            1 => (household, "household"),
            _ => (self.new_id(), "household"),
        };
        let scope = if self.rng.chance(600) { there } else { self.own_area() };
        let stamp = if self.rng.chance(500) { self.honest_stamp() } else { self.stamp() };
        let fields = object("note", self.text());
        // A new one in an own area is own work.
        Some(Forged { id, scope, doc: edits(id, kind, self.rng.chance(200), vec![(stamp, fields)]) })
    }

    /// A lead's work: the routes of an area.
    fn dividing(&mut self) -> Forged {
        let old = if self.rng.chance(700) { self.victim(&["route"]) } else { None };
        let (scope, id) = match old {
            Some((scope, route)) => (scope, route.id),
            None => (self.own_area(), self.new_id()),
        };
        let fields = object("name", self.text());
        Forged { id, scope, doc: edits(id, "route", false, vec![(self.honest_stamp(), fields)]) }
    }

    /// The plan, an area's name, the commune itself.
    fn for_the_commune(&mut self) -> Option<Forged> {
        let (scope, victim) = self.victim(&["campaign", "area", "commune", "member", "survey_2031"])?;
        let stamp = if self.rng.chance(500) { self.honest_stamp() } else { self.stamp() };
        let fields = object("quota", json!(1_000_000));
        let doc = edits(victim.id, victim.kind.name(), self.rng.chance(200), vec![(stamp, fields)]);
        Some(Forged { id: victim.id, scope, doc })
    }

    /// The office's counts, and reports.
    fn figures(&mut self) -> Option<Forged> {
        let scope = DocId::figures(COMMUNE);
        let stamp = if self.rng.chance(500) { self.honest_stamp() } else { self.stamp() };
        if self.rng.chance(400) {
            let (area, id) = (self.any_area(), self.new_id());
            let member = if self.rng.chance(600) { self.villain.person.member } else { self.colleague() };
            let mut fields = object("member", json!(member));
            if self.rng.chance(800) {
                fields.insert("area".to_owned(), json!(area));
            }
            fields.insert("report".to_owned(), json!({}));
            return Some(Forged { id, scope, doc: fact(id, "report", false, stamp, fields) });
        }
        let kinds = ["summary", "daily", "phone_state"];
        let kind = *self.rng.pick(&kinds)?;
        let id = match self.victim(&[kind]) {
            Some((_, victim)) if self.rng.chance(600) => victim.id,
            _ => self.new_id(),
        };
        let fields = object("figures", json!({ "adults": 1_000_000 }));
        Some(Forged { id, scope, doc: edits(id, kind, self.rng.chance(200), vec![(stamp, fields)]) })
    }

    /// What cannot be read, or is too large, too deep, too much.
    fn rubbish(&mut self) -> Forged {
        let (id, scope, stamp) = (self.new_id(), self.own_area(), self.stamp());
        let nil = DocId::from_u128(0);
        let doc = match self.rng.below(9) {
            0 => "null".to_owned(),
            1 => "[]".to_owned(),
            2 => json!({ "id": id, "k": "resident" }).to_string(),
            3 => json!({ "id": id, "k": "resident", "e": [], "at": stamp.to_string(), "f": {} }).to_string(),
            4 => edits(nil, "resident", false, Vec::new()),
            5 => edits(id, "resident", false, vec![(stamp, object("note", json!("à".repeat(40_000))))]),
            6 => {
                let fields = (0..80).map(|number| (format!("x{number}"), json!(number))).collect();
                edits(id, "resident", false, vec![(stamp, fields)])
            }
            7 => edits(id, "resi\u{7}dent", false, vec![(stamp, object("note", json!("\u{0}")))]),
            // Nothing at all, of somebody new.
            _ => edits(id, "resident", false, Vec::new()),
        };
        Forged { id, scope, doc }
    }

    fn of_an_impossible_day(&mut self) -> Option<Forged> {
        let kind = *self.rng.pick(&["visit", "outcome", "proficiency"])?;
        let days = ["9999-12-31", "2027-05-05", "1970-01-01", "", "hôm qua"];
        let day = self.rng.pick(&days).copied()?;
        let at = self.honest_stamp();
        let member = self.villain.person.member;
        Some(self.record(kind, member, at, day))
    }

    /// What this member may: own records, and what is said of people.
    fn own_work(&mut self) -> Option<Forged> {
        let at = self.honest_stamp();
        if self.rng.chance(500) {
            let kind = *self.rng.pick(&["visit", "outcome", "proficiency", "link"])?;
            let (member, day) = (self.villain.person.member, self.today());
            return Some(self.record(kind, member, at, &day));
        }
        let scope = self.own_area();
        let (resident, household) = self.people_of(scope);
        let name = self.rng.pick(&["note", "phone"]).copied()?;
        let text = self.text();
        let (id, kind, mut fields) = match self.rng.below(3) {
            0 => (resident, "resident", object(name, text)),
            1 => (household, "household", object(name, text)),
            _ => (self.new_id(), "resident", object("name", text)),
        };
        if self.rng.chance(300) && kind == "resident" {
            fields.insert("birth_year".to_owned(), json!(1990));
        }
        Some(Forged { id, scope, doc: edits(id, kind, false, vec![(at, fields)]) })
    }
}

fn object(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}

fn edits(id: DocId, kind: &str, erased: bool, groups: Vec<(Stamp, Map<String, Value>)>) -> String {
    let mut doc = json!({ "id": id, "k": kind, "e": groups });
    if erased {
        doc["x"] = json!(true);
    }
    doc.to_string()
}

fn fact(id: DocId, kind: &str, erased: bool, at: Stamp, fields: Map<String, Value>) -> String {
    let mut doc = json!({ "id": id, "k": kind, "at": at, "f": fields });
    if erased {
        doc["x"] = json!(true);
    }
    doc.to_string()
}
