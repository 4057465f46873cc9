//! A second counter: the figures once more, so that nobody is judged by their own fold. It is written from the plans' words
//! (`BK26:57` is a line of a plan, `X8` a contradiction between them; both are in the presets under `server/plans`) and
//! reads documents as they are on the wire. It knows nothing of how `domain` counts, and is slow and plain on purpose.

mod compare;
pub mod made;
mod paper;
mod people;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use compare::{Difference, compare, compare_days, compare_targets};

use paper::{Moment, Sheet};
use people::{Person, persons};
use plan::Plan;

/// A document in wire form, and the order in which the server has accepted it; none while only a phone has it.
#[derive(Clone, Debug)]
pub struct Paper {
    pub wire: Value,
    pub accepted: Option<u64>,
}

/// What was counted, by the names that a summary has for it: `doors.reached`, `steps.used.new`. Zeros are left out.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub sums: BTreeMap<String, u64>,
    /// What came about when; hours as records have them.
    pub moments: BTreeMap<Moment, BTreeMap<String, u64>>,
    /// For each member the people who count towards the fifteen, by the record that stands for them.
    pub credited: BTreeMap<String, BTreeSet<String>>,
    /// The value of each of the plan's targets, in their order.
    pub targets: Vec<u64>,
}

impl Figures {
    fn add(&mut self, name: impl Into<String>) {
        *self.sums.entry(name.into()).or_default() += 1;
    }

    fn came_about(&mut self, when: Moment, name: impl Into<String>) {
        *self.moments.entry(when).or_default().entry(name.into()).or_default() += 1;
    }

    pub fn get(&self, name: &str) -> u64 {
        self.sums.get(name).copied().unwrap_or(0)
    }
}

/// Counts one area in the year `year`, under a plan as its document has it.
pub fn count(papers: &[Paper], plan: &Value, year: i64) -> Figures {
    let plan = Plan::read(plan);
    let sheets = paper::sort(papers);
    let persons = persons(&sheets);
    let mut figures = Figures::default();
    for person in &persons {
        count_person(&mut figures, person, &plan, year);
    }
    count_households(&mut figures, &sheets, &persons, &plan, year);
    figures.targets = plan.targets.iter().map(|target| target.value(&figures, &plan)).collect();
    figures
}

fn count_person(figures: &mut Figures, person: &Person, plan: &Plan, year: i64) {
    let age = person.birth_year.map(|born| year - born);
    let (is_served, is_adult) = (age.map(|age| plan.serves.admits(age)), age.map(|age| plan.counts.admits(age)));
    let done = person.completion(plan);
    // CD25:37: fifteen people each, and each of them with all three services. Who has died or moved since was helped all
    // the same; a record made by mistake is nobody.
    if let Some((_, Some(helper))) = &done
        && is_served != Some(false)
        && !person.is_mistake
    {
        figures.add(format!("members.{helper}.credited"));
        figures.credited.entry(helper.clone()).or_default().insert(person.id.clone());
    }
    if !person.lives_here {
        return;
    }
    figures.add("people");
    if is_served != Some(false) {
        figures.add("eligible");
        for key in person.groups.iter().filter(|key| plan.groups.contains_key(*key)) {
            figures.add(format!("groups.{key}.people"));
            let since = plan.groups.get(key).and_then(|count| count.as_of);
            count_steps(figures, person, plan, since, &format!("groups.{key}."), false);
        }
    }
    match is_adult {
        Some(true) => figures.add("adults"),
        Some(false) => return,
        None => figures.add("age_unknown"),
    }
    if let Some((since, _)) = done {
        figures.add("complete");
        figures.came_about(since, "complete");
    }
    count_steps(figures, person, plan, plan.everyone.as_of, "", true);
    let places: BTreeSet<&str> = person.records.iter().filter(|r| r.is_assisted()).map(|r| r.place.as_str()).collect();
    for place in places {
        figures.add(format!("channels.{place}.helped"));
    }
    for (service, done) in &plan.services {
        if let Some(first) = person.first(done)
            && plan.is_new(first)
        {
            figures.add(format!("channels.{}.new.{service}", first.place));
        }
    }
}

/// Each person once in each step (X8), by how they came to it first.
fn count_steps(
    figures: &mut Figures,
    person: &Person,
    plan: &Plan,
    counted_on: Option<paper::Day>,
    prefix: &str,
    has_days: bool,
) {
    let mut tell = |when: Moment, step: &str, what: &str| {
        figures.add(format!("{prefix}steps.{step}.{what}"));
        if has_days {
            figures.came_about(when, format!("steps.{step}.{what}"));
        }
    };
    for step in people::LADDERS.concat() {
        if let Some(first) = person.first(step) {
            tell(first.when(), step, "stock");
            // BK26:57: new is what was installed since the day of the plan; who renews had one before (X16).
            let how = match first.origin.as_str() {
                "newly_installed" if plan.is_new(first) => "new",
                "self_done" => "self_done",
                _ => "pre_existing",
            };
            tell(first.when(), step, how);
            // BK26:33 asks who "có chữ ký số", BK26:149 says how many had one when it was counted: whatever has come
            // about since is on top of that, also what people did alone and what the plan's day is too late for.
            if matches!(first.origin.as_str(), "newly_installed" | "self_done") && plan.is_since(first, counted_on) {
                tell(first.when(), step, "added");
            }
        }
        if let Some(renewed) = person.records.iter().find(|r| r.origin == "renewed" && r.reaches(step)) {
            tell(renewed.when(), step, "renewed");
        }
    }
}

fn count_households(figures: &mut Figures, sheets: &[Sheet], persons: &[Person], plan: &Plan, year: i64) {
    let told = paper::told(sheets, "visit", "household");
    let mut homes: BTreeMap<&str, Vec<&Person>> = BTreeMap::new();
    for person in persons {
        for home in &person.homes {
            homes.entry(home).or_default().push(person);
        }
    }
    for house in sheets.iter().filter(|sheet| sheet.kind == "household" && sheet.is_here && !sheet.is_deleted()) {
        let mut visits = told.get(house.id.as_str()).cloned().unwrap_or_default();
        visits.retain(|visit| RESULTS.contains(&visit.text("result")));
        visits.sort_by_key(|visit| (visit.day(), visit.stamp, visit.id.clone()));
        for visit in &visits {
            figures.add(format!("members.{}.visits", visit.member().unwrap_or_default()));
            figures.came_about(visit.when(), "visits");
        }
        // CD25:58: each household reached at least once.
        let met = visits.iter().filter(|visit| visit.text("result") == "met").map(|visit| visit.when()).min();
        let last = visits.last().map_or("not_yet", |visit| visit.text("result"));
        figures.add(format!("doors.{}", if met.is_some() { "reached" } else { last }));
        if let Some(when) = met {
            figures.came_about(when, "reached");
        }
        let has_priority = house.texts("priorities").iter().any(|key| PRIORITIES.contains(key));
        if has_priority {
            figures.add("priority_households");
            if met.is_some() {
                figures.add("priority_reached");
            }
        }
        let at_home = homes.get(house.id.as_str()).cloned().unwrap_or_default();
        // CD25:36: at least one person who can do it alone. The dead and those who left can't.
        if let Some(since) = at_home.iter().filter_map(|person| person.proficient_since).min() {
            figures.add("proficient_households");
            figures.came_about(since, "proficient");
        }
        let mut to_visit = at_home.iter().filter(|person| person.visited_at.contains(&house.id));
        let is_served = |person: &Person| person.birth_year.is_none_or(|born| plan.serves.admits(year - born));
        let is_done = |person: &Person| person.completion(plan).is_some();
        if met.is_some() && last != "moved_away" && to_visit.all(|person| !is_served(person) || is_done(person)) {
            figures.add("done_households");
        }
    }
}

const RESULTS: [&str; 5] = ["met", "absent", "come_back", "refused", "moved_away"];
/// Who is to be reached first (CD25:58).
const PRIORITIES: [&str; 6] =
    ["elderly", "no_tech_savvy_relatives", "poor", "near_poor", "policy_family", "no_smartphone"];
