//! Forged authority: well-formed documents that claim what their sender has no right to.

use domain::DocId;
use serde_json::{Value, json};

use super::targets::{Target, Targets};
use super::world::{self, COMMUNES, Crew, Person};
use crate::fleet::rng::Rng;

const KINDS: [&str; 22] = [
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
    "summary",
    "daily",
    "phone_state",
    "report",
    "erasure",
    "forget",
    "receipt",
    "",
];
const FACTS: [&str; 9] =
    ["visit", "outcome", "proficiency", "correction", "link", "apart", "solution", "report", "erasure"];
const DAY_MS: u64 = 24 * 3_600_000;

/// Who forges, and what there is to be forged.
pub struct Forger<'a> {
    pub person: &'a Person,
    pub targets: &'a Targets,
    pub now_ms: u64,
}

impl Forger<'_> {
    /// One entry of a push.
    pub fn push(&self, rng: &mut Rng) -> Value {
        let Some(target) = rng.pick(&self.targets.documents).filter(|target| self.may_aim_at(target)) else {
            return json!({});
        };
        let doc = match rng.below(16) {
            0 | 1 => self.erased(rng, target),
            2 => self.rewritten(rng, target),
            3 => self.moved(rng, target),
            4 => self.copied(rng, target),
            5 => target.doc.clone(),
            6 => self.own_member(rng),
            7 => self.derived(rng),
            8 => Self::other_kind(rng, target),
            9 => self.report(rng),
            10 | 11 => self.correction(rng, target),
            12 | 13 => self.fact(rng),
            _ => self.of_any_kind(rng),
        };
        let mut push = json!({
            "id": doc["id"], "rev": rng.below(9), "scope": self.scope(rng, target.scope), "doc": doc,
        });
        if rng.chance(250) {
            let receipt = rng.pick(&self.targets.receipts).cloned();
            push["m"] = receipt.unwrap_or_else(|| format!("{:016x}", rng.next())).into();
        }
        push
    }

    /// Coordinators may change everybody's role and areas: done to those who attack or work honestly, it would end the attack.
    fn may_aim_at(&self, target: &Target) -> bool {
        let is_over_them = matches!(self.person.crew, Crew::Coordinators | Crew::Foreign);
        !(is_over_them && target.kind == "member") || self.targets.spares.contains(&target.id)
    }

    /// Without fields, with them, with some of them, with a reason.
    fn erased(&self, rng: &mut Rng, target: &Target) -> Value {
        let mut doc = target.doc.clone();
        doc["x"] = true.into();
        match rng.below(4) {
            0 if doc["e"].is_array() => doc["e"] = json!([]),
            1 if doc["e"].is_array() => {
                doc["e"] = json!([[self.stamp(rng), {"why": "forget me", "by": self.person.member}]]);
            }
            2 if doc["f"].is_object() => doc["f"] = json!({}),
            _ => {}
        }
        doc
    }

    /// One more edit of a description, another content of a fact.
    fn rewritten(&self, rng: &mut Rng, target: &Target) -> Value {
        let mut doc = target.doc.clone();
        let names =
            ["name", "head", "note", "status", "route", "household", "member", "role", "areas", "order", "quota"];
        let name = rng.pick(&names).copied().unwrap_or("name");
        let value = self.value(rng);
        if let Some(edits) = doc["e"].as_array_mut() {
            edits.push(json!([self.stamp(rng), {name: value}]));
        } else {
            doc["f"][name] = value;
        }
        doc
    }

    fn moved(&self, rng: &mut Rng, target: &Target) -> Value {
        let to = self.any_scope(rng);
        let fields = match rng.below(3) {
            0 => json!({"moved_to": to}),
            1 => json!({"root": target.id, "home": to}),
            _ => json!({"moved_to": null, "root": DocId::random(rng.bits()), "home": target.scope}),
        };
        json!({"id": target.id, "k": target.kind, "e": [[self.stamp(rng), fields]]})
    }

    /// What claims to be the copy of somebody in another area.
    fn copied(&self, rng: &mut Rng, target: &Target) -> Value {
        let to = self.any_scope(rng);
        let id = DocId::derived(target.id, &["in", &to.to_string()]);
        let fields = json!({"root": target.id, "home": target.scope, "name": "Giả", "moved_to": null});
        json!({"id": id, "k": target.kind, "e": [[self.stamp(rng), fields]]})
    }

    /// A sender who makes themselves more than they are.
    fn own_member(&self, rng: &mut Rng) -> Value {
        let spare = rng.pick(&self.targets.spares).copied().unwrap_or(self.person.member);
        let is_over_them = matches!(self.person.crew, Crew::Coordinators | Crew::Foreign);
        let id = if is_over_them { spare } else { self.any_member(rng) };
        let roles = ["coordinator", "lead", "member", "admin"];
        let fields = json!({"role": rng.pick(&roles).copied(), "areas": [world::area(0, 0), world::target(), world::area(1, 0)]});
        json!({"id": id, "k": "member", "e": [[self.stamp(rng), fields]]})
    }

    /// What only the server counts.
    fn derived(&self, rng: &mut Rng) -> Value {
        let area = self.any_scope(rng);
        let (id, kind) = match rng.below(3) {
            0 => (DocId::summary(area), "summary"),
            1 => (DocId::phone_state(self.any_member(rng)), "phone_state"),
            _ => (DocId::derived(area, &["daily"]), "daily"),
        };
        json!({"id": id, "k": kind, "e": [[self.stamp(rng), {"forged": true, "adults": 1_000, "complete": 1_000}]]})
    }

    fn other_kind(rng: &mut Rng, target: &Target) -> Value {
        let mut doc = target.doc.clone();
        doc["k"] = rng.pick(&KINDS).copied().unwrap_or("visit").into();
        doc
    }

    fn report(&self, rng: &mut Rng) -> Value {
        let mut fields = json!({"member": self.any_member(rng), "slot": "2026-12", "figures": {"adults": 1}});
        if rng.chance(700) {
            fields["area"] = json!(self.any_scope(rng));
        }
        self.new_fact(rng, "report", fields)
    }

    fn correction(&self, rng: &mut Rng, target: &Target) -> Value {
        let member = if rng.chance(500) { self.person.member } else { self.any_member(rng) };
        let fields = json!({"target": target.id, "member": member, "by_lead": rng.chance(700)});
        self.new_fact(rng, "correction", fields)
    }

    /// In one's own name or another's, of anybody.
    fn fact(&self, rng: &mut Rng) -> Value {
        let member = if rng.chance(150) { self.person.member } else { self.any_member(rng) };
        let of = rng.pick(&self.targets.documents).map(|target| target.id);
        let kind = rng.pick(&FACTS).copied().unwrap_or("visit");
        let days = ["2026-11-30", "1999-01-01", "2031-01-01", "9999-12-31"];
        let fields = json!({
            "household": of, "resident": of, "residents": [of, of], "member": member, "day": rng.pick(&days).copied(),
            "result": "met", "reason": "asked", "step": "activated", "origin": "newly_installed", "entered_by": self.person.member,
        });
        self.new_fact(rng, kind, fields)
    }

    fn of_any_kind(&self, rng: &mut Rng) -> Value {
        let kind = rng.pick(&KINDS).copied().unwrap_or("visit");
        let id = DocId::random(rng.bits());
        let of = rng.pick(&self.targets.documents).map(|target| target.id);
        let fields =
            json!({"name": self.value(rng), "of": of, "target": of, "why": "xin xóa", "member": self.any_member(rng)});
        if rng.chance(500) {
            return json!({"id": id, "k": kind, "at": self.stamp(rng), "f": fields, "x": rng.chance(200)});
        }
        json!({"id": id, "k": kind, "x": rng.chance(200), "e": [[self.stamp(rng), fields]]})
    }

    fn new_fact(&self, rng: &mut Rng, kind: &str, fields: Value) -> Value {
        json!({"id": DocId::random(rng.bits()), "k": kind, "at": self.stamp(rng), "f": fields})
    }

    /// Of now, of before a restore, of before the plan, of the future, of somebody else's phone.
    fn stamp(&self, rng: &mut Rng) -> String {
        let ms = match rng.below(10) {
            0 => self.now_ms.saturating_sub(3 * DAY_MS),
            1 => self.now_ms.saturating_sub(400 * DAY_MS),
            2 => 0,
            3 => self.now_ms + DAY_MS,
            4 => u64::MAX >> rng.below(30),
            _ => self.now_ms.saturating_sub(rng.below(60_000)),
        };
        let install = if rng.chance(800) { self.person.install.0 } else { 0xf0_0000 + rng.below(40) };
        format!("{ms:x}-{:x}-{install:x}", rng.below(3))
    }

    /// Where a push says that its document is to live.
    fn scope(&self, rng: &mut Rng, true_one: DocId) -> DocId {
        match rng.below(8) {
            0 => self.any_scope(rng),
            1 => self.person.areas.first().copied().unwrap_or(true_one),
            2 => COMMUNES[rng.index(2)],
            3 => DocId::figures(COMMUNES[rng.index(2)]),
            _ => true_one,
        }
    }

    pub fn any_scope(&self, rng: &mut Rng) -> DocId {
        let random = DocId::random(rng.bits());
        if rng.chance(50) { random } else { rng.pick(&self.targets.scopes).copied().unwrap_or(random) }
    }

    pub fn any_member(&self, rng: &mut Rng) -> DocId {
        rng.pick(&self.targets.members).copied().unwrap_or(self.person.member)
    }

    fn value(&self, rng: &mut Rng) -> Value {
        match rng.below(8) {
            0 => Value::Null,
            1 => json!(i64::MIN),
            2 => json!("Giả".repeat(rng.index(40))),
            3 => json!([self.any_scope(rng)]),
            4 => json!({"a": {"b": {"c": 1}}}),
            5 => json!(rng.chance(500)),
            6 => json!(self.person.member),
            _ => json!("Tên giả"),
        }
    }
}
