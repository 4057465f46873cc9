//! People: records that are one person, and what was done with them.

use std::collections::{BTreeMap, BTreeSet};

use super::paper::{Day, Moment, Sheet, told};
use super::plan::Plan;

/// The steps of each service in the order of work. "Not insured" is none of the way.
pub const LADDERS: [&[&str]; 3] = [
    &["referred_to_police", "submitted_at_police", "issued_not_activated", "activated"],
    &["not_insured", "card_integrated", "record_opened"],
    &["guided", "registered", "signature_activated", "used"],
];
const PLACES: [&str; 5] = ["cultural_house", "school", "health_station", "police_station", "one_stop_centre"];
const ORIGINS: [&str; 4] = ["newly_installed", "renewed", "pre_existing", "self_done"];

/// One thing that was told of a person: this step is reached.
#[derive(Clone, Debug)]
pub struct Record {
    pub day: Day,
    /// Who dates a record back tells it on the day of the telling all the same. Lists, and what was typed in from paper, were
    /// told on the day that they name.
    told_on: Day,
    when: Moment,
    from_list: bool,
    accepted: u64,
    id: String,
    member: String,
    step: String,
    pub origin: String,
    pub place: String,
}

impl Record {
    fn read(sheet: &Sheet) -> Option<Self> {
        let (step, origin) = (sheet.text("step"), sheet.text("origin"));
        let is_known = LADDERS.concat().contains(&step) && ORIGINS.contains(&origin);
        let place = Some(sheet.text("channel")).filter(|place| PLACES.contains(place)).unwrap_or("home");
        is_known.then_some(())?;
        Some(Self {
            day: sheet.day(),
            told_on: sheet.told_on(),
            when: sheet.when(),
            from_list: sheet.text("source") == "list",
            accepted: sheet.accepted.unwrap_or(u64::MAX),
            id: sheet.id.clone(),
            member: sheet.member()?.to_owned(),
            step: step.to_owned(),
            origin: origin.to_owned(),
            place: place.to_owned(),
        })
    }

    /// By the day of the telling; on one day what lists tell comes last, else as the server accepted it.
    fn order(&self) -> (Day, bool, u64, &str) {
        (self.told_on, self.from_list, self.accepted, &self.id)
    }

    pub fn when(&self) -> Moment {
        self.when
    }

    pub fn is_assisted(&self) -> bool {
        matches!(self.origin.as_str(), "newly_installed" | "renewed")
    }

    pub fn reaches(&self, step: &str) -> bool {
        let at = |step: &str| {
            let on = |ladder: &&[&str]| ladder.iter().position(|rung| *rung == step);
            LADDERS.iter().enumerate().find_map(|(service, ladder)| Some((service, on(ladder)?)))
        };
        let (Some(own), Some(asked)) = (at(&self.step), at(step)) else { return false };
        own.0 == asked.0 && own.1 >= asked.1 && (step != "not_insured" || self.step == step)
    }
}

#[derive(Clone, Debug)]
pub struct Person {
    /// The smallest id among the records that say most of this person: those who live here, else those who did.
    pub id: String,
    pub birth_year: Option<i64>,
    pub groups: BTreeSet<String>,
    /// One of the records at least is of somebody who is still here.
    pub lives_here: bool,
    /// All of the records were entered by mistake.
    pub is_mistake: bool,
    /// Households in which this person lives.
    pub homes: BTreeSet<String>,
    /// Those in which they are still to be visited: who asked to be forgotten counts, and is left in peace.
    pub visited_at: BTreeSet<String>,
    pub proficient_since: Option<Moment>,
    /// In the order that decides.
    pub records: Vec<Record>,
}

impl Person {
    /// The record that first brought this person to `step`.
    pub fn first(&self, step: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.reaches(step))
    }

    /// Since when this person has all that the plan asks for, and who brought them there: the last who helped with one of
    /// the services. Nobody where nobody helped.
    pub fn completion(&self, plan: &Plan) -> Option<(Moment, Option<String>)> {
        let mut since = None;
        let mut helper: Option<&Record> = None;
        for (_, done) in &plan.services {
            let first = self.first(done)?;
            since = since.max(Some(first.when));
            if first.is_assisted() && helper.is_none_or(|known| known.order() < first.order()) {
                helper = Some(first);
            }
        }
        Some((since?, helper.map(|record| record.member.clone())))
    }
}

/// Everyone whom the area's list has. Who is somebody else's double counts once (X8).
pub fn persons(sheets: &[Sheet]) -> Vec<Person> {
    let residents: Vec<&Sheet> = sheets.iter().filter(|sheet| sheet.kind == "resident" && sheet.is_here).collect();
    let root_of: BTreeMap<&str, &str> = sheets.iter().map(|s| (s.id.as_str(), s.root.as_str())).collect();
    let root = |id: &str| root_of.get(id).copied().unwrap_or(id).to_owned();
    // Each starts as a person; a link makes those whom it names one, until nothing changes any more.
    let mut person_of: BTreeMap<String, String> = residents.iter().map(|s| (s.root.clone(), s.root.clone())).collect();
    for link in sheets.iter().filter(|sheet| sheet.kind == "link" && sheet.is_live && sheet.member().is_some()) {
        let named: Vec<String> = link.texts("residents").into_iter().map(root).collect();
        let joined: BTreeSet<String> = named.iter().filter_map(|id| person_of.get(id).cloned()).collect();
        if let Some(smallest) = joined.first() {
            for person in person_of.values_mut().filter(|person| joined.contains(*person)) {
                person.clone_from(smallest);
            }
        }
    }
    let mut together: BTreeMap<String, Vec<&Sheet>> = BTreeMap::new();
    for resident in residents {
        together.entry(person_of[&resident.root].clone()).or_default().push(resident);
    }
    let [outcomes, proficiencies] = ["outcome", "proficiency"].map(|kind| told(sheets, kind, "resident"));
    together.into_values().map(|records| person(records, &outcomes, &proficiencies)).collect()
}

type Told<'a> = BTreeMap<&'a str, Vec<&'a Sheet>>;

fn person<'a>(mut own: Vec<&'a Sheet>, outcomes: &Told<'a>, proficiencies: &Told<'a>) -> Person {
    let gone = |sheet: &Sheet| match sheet.text("gone") {
        "moved_away" | "deceased" => 1,
        "deleted" => 2,
        _ => 0,
    };
    own.sort_by_key(|sheet| (gone(sheet), sheet.root.clone()));
    let of_them = |told: &Told<'a>| -> Vec<&'a Sheet> {
        own.iter().flat_map(|sheet| told.get(sheet.id.as_str()).cloned().unwrap_or_default()).collect()
    };
    let mut records: Vec<Record> = of_them(outcomes).into_iter().filter_map(Record::read).collect();
    records.sort_by(|a, b| a.order().cmp(&b.order()));
    let here: Vec<&&Sheet> = own.iter().filter(|sheet| gone(sheet) == 0).collect();
    let home = |sheet: &&&Sheet| sheet.id_in("household").map(str::to_owned);
    Person {
        id: own[0].id.clone(),
        birth_year: own.iter().find_map(|sheet| sheet.number("birth_year")),
        groups: here.iter().flat_map(|sheet| sheet.texts("groups")).map(str::to_owned).collect(),
        lives_here: !here.is_empty(),
        is_mistake: own.iter().all(|sheet| gone(sheet) == 2),
        homes: here.iter().filter_map(home).collect(),
        visited_at: here.iter().filter(|sheet| !sheet.erased).filter_map(home).collect(),
        proficient_since: of_them(proficiencies).into_iter().map(Sheet::when).min(),
        records,
    }
}
