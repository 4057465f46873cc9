//! Invented households of an area: who lives together, where, and who needs help first.

use std::collections::BTreeSet;

use domain::campaign::Campaign;
use domain::people::Resident;
use domain::place::Priority;
use domain::{Day, DocId, Document, Kind, Stamp, Value};

use super::dice::Dice;
use super::names::{self, Region, Sex};

const THIS_YEAR: i64 = 2026;

/// What an area looks like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub households: usize,
    /// Streets with alleys, else scattered houses without numbers.
    pub has_streets: bool,
    pub region: Region,
}

/// Households of an area with their residents, in walking order, spread evenly over `routes`; some of the residents are in
/// groups of the plan.
pub fn invent(
    area: DocId,
    shape: Shape,
    routes: &[DocId],
    plan: &Campaign,
    stamp: Stamp,
    dice: &mut Dice,
) -> Vec<Document> {
    let per_route = shape.households.div_ceil(routes.len().max(1));
    let mut documents = Vec::with_capacity(shape.households * 5);
    for index in 0..shape.households {
        let id = DocId::household(area, &format!("demo-{index}"));
        let family = Family::invent(id, shape.region, plan, dice);
        let route = routes.get(index / per_route.max(1)).copied();
        documents.push(household(id, index, route, shape, &family, stamp, dice));
        documents.extend(family.members.iter().map(|person| resident(id, person, stamp)));
    }
    documents
}

struct Person {
    name: String,
    birth_year: Option<i64>,
    relation: &'static str,
    phone: Option<String>,
    group: Option<String>,
}

struct Family {
    members: Vec<Person>,
}

impl Family {
    fn invent(household: DocId, region: Region, plan: &Campaign, dice: &mut Dice) -> Self {
        let people = names::people(region, dice);
        let surname = names::surname(people, dice);
        let head_sex = if dice.percent(70) { Sex::Man } else { Sex::Woman };
        let head_year = THIS_YEAR - dice.between(27, 79);
        let mut family = Self { members: Vec::new() };
        let mut taken = BTreeSet::new();
        let mut add = |relation, surname: &str, sex, year: i64, dice: &mut Dice| {
            let name = names::full_name(surname, people, sex, year, dice);
            // Lists lack a year now and then.
            let birth_year = Some(year).filter(|_| !dice.percent(3));
            let has_phone = year < THIS_YEAR - 16 && dice.percent(55);
            let phone = has_phone.then(|| fictitious_phone(dice));
            let group = birth_year.and_then(|year| group(plan, THIS_YEAR - year, dice));
            if taken.insert(DocId::resident(household, &name, birth_year)) {
                family.members.push(Person { name, birth_year, relation, phone, group });
            }
        };
        add("Chủ hộ", surname, head_sex, head_year, dice);
        let mother_year = if dice.percent(80) {
            let year = (head_year + dice.between(-4, 5)).min(THIS_YEAR - 20);
            let other = names::surname(people, dice);
            let (relation, sex) = if head_sex == Sex::Man { ("Vợ", Sex::Woman) } else { ("Chồng", Sex::Man) };
            add(relation, other, sex, year, dice);
            year.max(head_year)
        } else {
            head_year
        };
        for child in 0..dice.between(0, 3) {
            let year = mother_year + dice.between(20, 26) + 3 * child;
            if year < THIS_YEAR {
                add("Con", surname, any_sex(dice), year, dice);
            }
        }
        if head_year > THIS_YEAR - 52 && dice.percent(35) {
            add("Mẹ", names::surname(people, dice), Sex::Woman, head_year - dice.between(20, 29), dice);
        }
        if head_year < THIS_YEAR - 60 && dice.percent(30) {
            add("Cháu", surname, any_sex(dice), THIS_YEAR - dice.between(3, 19), dice);
        }
        family
    }

    fn oldest(&self) -> i64 {
        self.members.iter().filter_map(|person| person.birth_year).min().unwrap_or(THIS_YEAR)
    }

    fn youngest(&self) -> i64 {
        self.members.iter().filter_map(|person| person.birth_year).max().unwrap_or(THIS_YEAR)
    }

    fn priorities(&self, dice: &mut Dice) -> Vec<Priority> {
        let mut priorities = Vec::new();
        if self.oldest() <= THIS_YEAR - 65 && dice.percent(70) {
            priorities.push(Priority::Elderly);
        }
        if self.youngest() <= THIS_YEAR - 60 {
            priorities.push(Priority::NoTechSavvyRelatives);
        }
        for (percent, priority) in
            [(4, Priority::Poor), (5, Priority::NearPoor), (5, Priority::PolicyFamily), (6, Priority::NoSmartphone)]
        {
            if dice.percent(percent) {
                priorities.push(priority);
            }
        }
        priorities
    }
}

/// The first of the plan's groups that somebody of this age happens to be in.
fn group(plan: &Campaign, age: i64, dice: &mut Dice) -> Option<String> {
    let is_in = |key: &str, dice: &mut Dice| {
        let (ages, percent) = match key {
            "officials" => (23..=58, 5),
            "lower_secondary_pupils" => (15..=15, 90),
            "pupils" => (15..=17, 80),
            "students" => (16..=21, 75),
            "workers" => (19..=55, 8),
            "association_members" => (18..=75, 12),
            _ => return false,
        };
        ages.contains(&age) && dice.percent(percent)
    };
    plan.groups.iter().find(|group| is_in(&group.key, dice)).map(|group| group.key.clone())
}

fn any_sex(dice: &mut Dice) -> Sex {
    if dice.percent(50) { Sex::Man } else { Sex::Woman }
}

/// A number that nobody has: all of them begin with 0900 000.
fn fictitious_phone(dice: &mut Dice) -> String {
    format!("0900000{:03}", dice.between(0, 999))
}

fn household(
    id: DocId,
    index: usize,
    route: Option<DocId>,
    shape: Shape,
    family: &Family,
    stamp: Stamp,
    dice: &mut Dice,
) -> Document {
    let mut fields = vec![("order", Value::Int(i64::try_from(index).unwrap_or(0) * 10 + 10))];
    if let Some(head) = family.members.first() {
        fields.push(("head", Value::text(head.name.clone())));
        fields.extend(head.phone.clone().map(|phone| ("phone", Value::text(phone))));
    }
    if shape.has_streets {
        fields.push(("house_no", Value::text(house_no(index, dice))));
    }
    fields.extend(route.map(|route| ("route", Value::from(route))));
    let priorities = family.priorities(dice);
    if !priorities.is_empty() {
        fields.push(("priorities", priorities.into_iter().map(Priority::name).collect()));
    }
    if let Some(note) = note(dice) {
        fields.push(("note", Value::from(note)));
    }
    Document::description(id, Kind::Household).with(stamp, fields)
}

/// Odd numbers along the street, now and then an alley with houses of its own.
fn house_no(index: usize, dice: &mut Dice) -> String {
    let (alley, place) = (index / 12, index % 12);
    match alley % 3 {
        0 => format!("{}", 2 * index + 1),
        1 => format!("Ngõ {}, số {}", 2 * alley + 3, place + 1),
        _ if dice.percent(15) => format!("{}/{}A", 2 * alley + 5, place + 1),
        _ => format!("{}/{}", 2 * alley + 5, place + 1),
    }
}

fn note(dice: &mut Dice) -> Option<&'static str> {
    const NOTES: [&str; 5] = [
        "Nhà có chó, gọi từ cổng",
        "Đi làm ca, về sau 17 giờ",
        "Con cháu ở xa, cuối tuần mới về",
        "Vào bằng lối sau chợ",
        "Bán hàng ở chợ buổi sáng",
    ];
    dice.percent(6).then(|| dice.pick(&NOTES))
}

fn resident(household: DocId, person: &Person, stamp: Stamp) -> Document {
    let mut fields = vec![
        ("household", Value::from(household)),
        ("name", Value::text(person.name.clone())),
        ("relation", Value::from(person.relation)),
    ];
    fields.extend(person.birth_year.map(|year| ("birth_year", Value::Int(year))));
    fields.extend(person.phone.clone().map(|phone| ("phone", Value::text(phone))));
    fields.extend(person.group.iter().map(|key| ("groups", [key.as_str()].into_iter().collect())));
    Document::description(DocId::resident(household, &person.name, person.birth_year), Kind::Resident)
        .with(stamp, fields)
}

/// Residents of these documents whom the plan serves for certain.
pub fn served(documents: &[Document], plan: &Campaign, today: Day) -> Vec<Resident> {
    let residents = documents.iter().filter_map(Resident::read);
    residents.filter(|resident| resident.meets(plan.serves, today) == Some(true)).collect()
}
