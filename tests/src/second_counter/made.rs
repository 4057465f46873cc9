//! Made areas: small, and with everything in them that is messy.

use domain::campaign::Campaign;
use domain::{Document, merge};
use serde_json::{Map, Value, json};

use super::Paper;
use crate::fleet::rng::Rng;

/// An area and the plan under which it is to be counted.
#[derive(Clone, Debug)]
pub struct Made {
    pub campaign: Campaign,
    pub papers: Vec<Paper>,
    pub year: i64,
    pub members: Vec<String>,
}

const STEPS: [&str; 12] = [
    "referred_to_police",
    "submitted_at_police",
    "issued_not_activated",
    "activated",
    "not_insured",
    "card_integrated",
    "record_opened",
    "guided",
    "registered",
    "signature_activated",
    "used",
    "a_step_of_tomorrow",
];
const ORIGINS: [&str; 5] = ["newly_installed", "renewed", "pre_existing", "self_done", "an_origin_of_tomorrow"];
const PLACES: [&str; 7] =
    ["home", "cultural_house", "school", "health_station", "police_station", "one_stop_centre", "a_boat"];
const RESULTS: [&str; 6] = ["met", "absent", "come_back", "refused", "moved_away", "a_result_of_tomorrow"];
const GONE: [&str; 4] = ["moved_away", "deceased", "deleted", "a_way_of_tomorrow"];
const PRIORITIES: [&str; 4] = ["elderly", "poor", "no_smartphone", "a_reason_of_tomorrow"];
const DAY_MS: u64 = 86_400_000;

struct Maker {
    rng: Rng,
    papers: Vec<Paper>,
    members: Vec<String>,
    households: Vec<String>,
    residents: Vec<String>,
    facts: Vec<(String, Option<String>)>,
    /// Around this day everything happens.
    centre_ms: u64,
    counter: u64,
}

/// An area under `preset`, whose blank day of issue is filled in most of the time, and whose starting stock is told of some
/// other day than its own.
pub fn area(seed: u64, preset: &Campaign) -> Made {
    let mut rng = Rng::new(seed);
    let centre_ms = 1_780_000_000_000 / DAY_MS * DAY_MS + rng.below(60) * DAY_MS;
    let mut maker = Maker {
        members: Vec::new(),
        papers: Vec::new(),
        households: Vec::new(),
        residents: Vec::new(),
        facts: Vec::new(),
        centre_ms,
        counter: 0,
        rng,
    };
    maker.members = (0..3).map(|_| maker.id()).collect();
    let campaign = maker.plan(preset);
    let year = maker.year();
    maker.descriptions(&campaign, year);
    maker.happenings(&campaign);
    maker.afterthoughts();
    let mut papers = maker.papers;
    // The order of documents decides nothing.
    for at in (1..papers.len()).rev() {
        papers.swap(at, maker.rng.index(at + 1));
    }
    Made { campaign, papers, year, members: maker.members }
}

impl Maker {
    fn id(&mut self) -> String {
        let bits = format!("{:032x}", self.rng.bits());
        format!("{}-{}-{}-{}-{}", &bits[..8], &bits[8..12], &bits[12..16], &bits[16..20], &bits[20..])
    }

    /// One of these, or the id of something that is nowhere.
    fn one_of(&mut self, ids: &[String]) -> String {
        if self.rng.chance(30) {
            return self.id();
        }
        self.rng.pick(ids).cloned().unwrap_or_default()
    }

    fn word(&mut self, words: &[&str]) -> String {
        // The last is of tomorrow, and rare.
        let last = words.len() - 1;
        if self.rng.chance(20) { words[last].to_owned() } else { words[self.rng.index(last)].to_owned() }
    }

    fn year(&self) -> i64 {
        1970 + i64::try_from(self.centre_ms / DAY_MS * 4 / 1461).unwrap_or(0)
    }

    fn day(&mut self) -> (u64, String) {
        let ms = self.centre_ms + self.rng.below(30) * DAY_MS - self.rng.below(30) * DAY_MS + self.rng.below(DAY_MS);
        let day = domain::Day::at_ms(ms).to_string();
        (ms, day)
    }

    fn plan(&mut self, preset: &Campaign) -> Campaign {
        let mut plan = preset.clone();
        let mut some_day = |per_mille| {
            let day = self.day().1.parse().ok();
            day.filter(|_| self.rng.chance(per_mille))
        };
        plan.issued_on = some_day(850);
        if let Some(start) = &mut plan.denominator {
            start.as_of = some_day(500);
            start.already = start.already.or_else(|| some_day(500).map(|_| 1_000));
        }
        for group in &mut plan.groups {
            let start = domain::campaign::Denominator {
                people: 100,
                as_of: some_day(500),
                source: String::new(),
                already: Some(7),
            };
            group.denominator = some_day(400).map(|_| start);
        }
        plan
    }

    fn stamp(&mut self, ms: u64) -> String {
        self.counter += 1;
        format!("{ms:x}-{:x}-{:x}", self.rng.below(3), 1 + self.counter)
    }

    /// A description of which some fields were something else before.
    fn describe(&mut self, id: &str, kind: &str, fields: Map<String, Value>) {
        let ms = self.day().0;
        let mut edits = vec![json!([self.stamp(ms), fields])];
        if self.rng.chance(300) {
            let before: Map<String, Value> = fields
                .keys()
                .filter(|name| *name != "root" && *name != "home")
                .map(|name| (name.clone(), json!("deleted")))
                .collect();
            let stamp = self.stamp(ms - 1_000_000);
            edits.insert(0, json!([stamp, before]));
        }
        self.put(json!({ "id": id, "k": kind, "e": edits }));
    }

    fn fact(&mut self, kind: &str, mut fields: Map<String, Value>) -> String {
        let id = self.id();
        let (ms, day) = self.day();
        match self.rng.below(20) {
            // Told later for another day, without a day, with one that is none.
            0..=3 => drop(fields.insert("day".to_owned(), json!(self.day().1))),
            4 => {}
            5 => drop(fields.insert("day".to_owned(), json!("2026-02-30"))),
            _ => drop(fields.insert("day".to_owned(), json!(day))),
        }
        let member = self.rng.pick(&self.members).cloned().filter(|_| !self.rng.chance(15));
        if let Some(member) = &member {
            fields.insert("member".to_owned(), json!(member));
        }
        let stamp = self.stamp(ms);
        self.put(json!({ "id": id, "k": kind, "at": stamp, "f": fields }));
        self.facts.push((id.clone(), member));
        id
    }

    fn put(&mut self, wire: Value) {
        let accepted = Some(self.rng.below(50)).filter(|_| !self.rng.chance(100));
        let mut wire = wire;
        if self.rng.chance(30)
            && let Ok(mut document) = serde_json::from_value::<Document>(wire.clone())
        {
            merge::erase(&mut document);
            wire = serde_json::to_value(&document).unwrap_or(wire);
        }
        self.papers.push(Paper { wire, accepted });
    }

    fn carried(&mut self, fields: &mut Map<String, Value>) {
        if self.rng.chance(60) {
            let (root, home) = (self.id(), self.id());
            fields.insert("root".to_owned(), json!(root));
            fields.insert("home".to_owned(), json!(home));
            fields.insert("moved_to".to_owned(), Value::Null);
        }
        if self.rng.chance(50) {
            let area = self.id();
            fields.insert("moved_to".to_owned(), json!(area));
        }
    }

    fn descriptions(&mut self, campaign: &Campaign, year: i64) {
        for _ in 0..self.rng.between(1, 5) {
            let mut fields = Map::new();
            fields.insert("head".to_owned(), json!("Nông Văn Đức"));
            if self.rng.chance(300) {
                fields.insert("priorities".to_owned(), json!([self.word(&PRIORITIES)]));
            }
            if self.rng.chance(100) {
                let flag = self.rng.chance(500);
                fields.insert("deleted".to_owned(), json!(flag));
            }
            self.carried(&mut fields);
            let id = self.id();
            self.describe(&id, "household", fields);
            self.households.push(id);
        }
        let mut keys: Vec<&str> = campaign.groups.iter().map(|group| group.key.as_str()).collect();
        keys.push("a_group_of_tomorrow");
        for _ in 0..self.rng.between(2, 12) {
            let mut fields = Map::new();
            fields.insert("name".to_owned(), json!("Hoàng Thị Lan"));
            if !self.rng.chance(50) {
                let household = self.one_of(&self.households.clone());
                fields.insert("household".to_owned(), json!(household));
            }
            match self.rng.below(10) {
                // About as old as the plans ask: 14, 15, 18.
                0..=3 => {
                    let born = year - i64::try_from(self.rng.between(12, 20)).unwrap_or(0);
                    fields.insert("birth_year".to_owned(), json!(born));
                }
                4 => {}
                5 => drop(fields.insert("birth_year".to_owned(), Value::Null)),
                _ => {
                    let born = 1930 + self.rng.below(85);
                    fields.insert("birth_year".to_owned(), json!(born));
                }
            }
            if self.rng.chance(250) {
                fields.insert("gone".to_owned(), json!(self.word(&GONE)));
            }
            if self.rng.chance(400) {
                let groups = [self.word(&keys), self.word(&keys)];
                fields.insert("groups".to_owned(), json!(groups));
            }
            self.carried(&mut fields);
            let id = self.id();
            self.describe(&id, "resident", fields);
            self.residents.push(id);
        }
    }

    fn happenings(&mut self, campaign: &Campaign) {
        let (households, residents) = (self.households.clone(), self.residents.clone());
        let done: Vec<&str> = campaign.services.iter().map(|goal| goal.done.name()).collect();
        let zealous = self.rng.between(10, 60);
        for _ in 0..zealous {
            let mut fields = Map::new();
            let step =
                if self.rng.chance(650) { done[self.rng.index(done.len())].to_owned() } else { self.word(&STEPS) };
            fields.insert("resident".to_owned(), json!(self.one_of(&residents)));
            fields.insert("step".to_owned(), json!(step));
            fields.insert("origin".to_owned(), json!(self.word(&ORIGINS)));
            if self.rng.chance(800) {
                fields.insert("channel".to_owned(), json!(self.word(&PLACES)));
            }
            if self.rng.chance(150) {
                fields.insert("source".to_owned(), json!("list"));
            }
            self.fact("outcome", fields);
        }
        for _ in 0..self.rng.between(0, 12) {
            let household = self.one_of(&households);
            let result = self.word(&RESULTS);
            let fields = [("household".to_owned(), json!(household)), ("result".to_owned(), json!(result))];
            self.fact("visit", fields.into_iter().collect());
        }
        for _ in 0..self.rng.between(0, 5) {
            let resident = self.one_of(&residents);
            self.fact("proficiency", [("resident".to_owned(), json!(resident))].into_iter().collect());
        }
        for kind in ["link", "link", "link", "link", "apart", "a_kind_of_tomorrow"] {
            if self.rng.chance(400) {
                let many = self.rng.between(2, 3);
                let named: Vec<String> = (0..many).map(|_| self.one_of(&residents)).collect();
                self.fact(kind, [("residents".to_owned(), json!(named))].into_iter().collect());
            }
        }
    }

    /// Corrections: of one's own, of a colleague's, by a lead, of corrections, of what is no fact, of nothing.
    fn afterthoughts(&mut self) {
        for _ in 0..self.rng.between(0, 12) {
            let mut fields = Map::new();
            let (target, author) = match self.rng.below(12) {
                0 => (self.one_of(&self.residents.clone()), None),
                1 => (self.one_of(&self.households.clone()), None),
                _ => self.rng.pick(&self.facts).cloned().unwrap_or_default(),
            };
            fields.insert("target".to_owned(), json!(target));
            if self.rng.chance(250) {
                let by_lead = self.rng.chance(800);
                fields.insert("by_lead".to_owned(), json!(by_lead));
            }
            self.fact("correction", fields);
            if let (Some(author), Some(fix)) = (author.filter(|_| self.rng.chance(500)), self.papers.last_mut()) {
                fix.wire["f"]["member"] = json!(author);
            }
        }
    }
}
