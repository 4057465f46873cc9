//! Invented people of one area, and what was recorded of them.

use std::collections::BTreeMap;

use domain::campaign::{Campaign, Channel};
use domain::coverage::{AreaView, Shown};
use domain::daily::Daily;
use domain::service::{Origin, Step};
use domain::summary::Summary;
use domain::visit::{Outcome, Proficiency, Visit, VisitResult};
use domain::{Day, DocId, Document, InstallId, Kind, Stamp, Value};

pub const HELPER: DocId = DocId::from_u128(0x1);
const MORNING: u64 = 9;

pub struct Population {
    documents: Vec<Document>,
    /// Ages are meant on this day.
    today: Day,
}

impl Population {
    pub fn new(today: Day) -> Self {
        Self { documents: Vec::new(), today }
    }

    pub fn household(&mut self) -> DocId {
        self.describe(Kind::Household, [("head", Value::from("Chủ hộ"))])
    }

    /// Someone as old as that by the year, living alone; `None` is a list without the year.
    pub fn resident(&mut self, age: Option<i64>) -> DocId {
        let household = self.household();
        self.member(household, age)
    }

    pub fn adult(&mut self) -> DocId {
        self.resident(Some(40))
    }

    pub fn member(&mut self, household: DocId, age: Option<i64>) -> DocId {
        let year = age.map_or(Value::Null, |age| Value::Int(i64::from(self.today.year()) - age));
        self.describe(Kind::Resident, [("household", household.into()), ("birth_year", year)])
    }

    pub fn group(&mut self, resident: DocId, key: &str) {
        let stamp = Self::at(self.today, 0);
        let document = self.documents.iter_mut().find(|document| document.id == resident).expect("a resident");
        document.set("groups".to_owned(), [key].into_iter().collect(), stamp);
    }

    pub fn has(&mut self, resident: DocId, on: Day, step: Step, origin: Origin) {
        self.has_since(resident, on, MORNING, step, origin);
    }

    pub fn has_since(&mut self, resident: DocId, on: Day, hour: u64, step: Step, origin: Origin) {
        self.fact(Kind::Outcome, on, hour, Outcome::fields(resident, HELPER, on, step, origin));
    }

    pub fn helped_at(&mut self, channel: Channel, resident: DocId, on: Day, step: Step) {
        let fields = Outcome::fields_at(channel, resident, HELPER, on, step, Origin::NewlyInstalled);
        self.fact(Kind::Outcome, on, MORNING, fields);
    }

    pub fn knock(&mut self, household: DocId, on: Day, result: VisitResult) {
        let fields = Visit::fields(household, HELPER, on, result, None, &[], "");
        self.fact(Kind::Visit, on, MORNING, fields);
    }

    pub fn can_do_it_alone(&mut self, resident: DocId, on: Day) {
        self.fact(Kind::Proficiency, on, MORNING, Proficiency::fields(resident, HELPER, on));
    }

    pub fn view(&self, plan: &Campaign) -> AreaView {
        let shown = self.documents.iter().zip(1..).map(|(doc, accepted)| Shown { doc, accepted: Some(accepted) });
        AreaView::build(shown, plan, self.today)
    }

    pub fn figures(&self, plan: &Campaign) -> Summary {
        Summary::of(&self.view(plan), plan)
    }

    pub fn daily(&self, plan: &Campaign) -> Daily {
        Daily::of(&self.view(plan), plan)
    }

    fn describe<const N: usize>(&mut self, kind: Kind, fields: [(&str, Value); N]) -> DocId {
        let id = self.fresh();
        let document = Document::description(id, kind).with(Self::at(self.today.plus(-400), 0), fields);
        self.documents.push(document);
        id
    }

    fn fact(&mut self, kind: Kind, on: Day, hour: u64, fields: BTreeMap<String, Value>) {
        let document = Document::fact(self.fresh(), kind, Self::at(on, hour), fields);
        self.documents.push(document);
    }

    fn fresh(&self) -> DocId {
        DocId::from_u128(0x1000 + self.documents.len() as u128)
    }

    fn at(day: Day, hour: u64) -> Stamp {
        let ms = u64::try_from(day.start_ms()).expect("after 1970") + hour * 3_600_000;
        Stamp { ms, counter: 0, install: InstallId(1) }
    }
}
