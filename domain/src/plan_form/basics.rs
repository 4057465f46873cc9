//! What a plan has one of: its days, ages, services, places, and who answers for its data.

use super::place::{AgePart, ServicePart, Whom};
use super::read::Reader;
use super::{At, PlanForm, Rows, typed};
use crate::Day;
use crate::campaign::{AgeRule, Campaign, Channel, ServiceGoal};
use crate::number::grouped;
use crate::service::{Service, Step};

/// "trên", where "từ đủ" is empty.
pub const OVER: &str = "over";

/// Nobody is older.
const AGE_MAX: u32 = 120;
/// Ten years: names are kept for a purpose, not for good.
const RETENTION_DAYS_MAX: u32 = 3_650;

impl PlanForm {
    pub(super) fn show_basics(&mut self, plan: &Campaign) {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let number = |number: Option<u32>| number.map(|number| grouped(number.into())).unwrap_or_default();
        self.set(At::Name, plan.name.as_str());
        self.set(At::IssuedOn, day(plan.issued_on));
        self.set(At::StartsOn, day(plan.starts_on));
        self.set(At::EndsOn, day(plan.ends_on));
        self.set(At::Quota, number(plan.quota));
        self.set(At::Retention, number(plan.retention_days));
        self.set(At::Controller, plan.data_controller.as_str());
        self.set(At::UnitKind, plan.unit_kind.map_or("", |kind| kind.name()));
        self.show_age(Whom::Served, plan.serves);
        self.show_age(Whom::Counted, plan.counts);
        for service in Service::ALL {
            let goal = plan.services.iter().find(|goal| goal.service == service);
            self.tick(At::Service(service, ServicePart::Asked), goal.is_some());
            let done = goal.map_or(usual_step(service), |goal| goal.done);
            self.set(At::Service(service, ServicePart::Done), done.name());
            self.set(At::Service(service, ServicePart::Label), goal.map_or("", |goal| &goal.label));
        }
        for channel in Channel::ALL {
            self.tick(At::Channel(channel), plan.channels.contains(&channel));
        }
    }

    /// The rule that admits everyone is shown as no age: the plan names none.
    fn show_age(&mut self, whom: Whom, rule: AgeRule) {
        let is_stated = rule.years > 0 || !rule.inclusive;
        self.set(At::Age(whom, AgePart::Years), if is_stated { rule.years.to_string() } else { String::new() });
        self.set(At::Age(whom, AgePart::Over), if rule.inclusive { "" } else { OVER });
    }

    /// No years are no age: the rule that admits everyone, as of a plan that says only "dân số trưởng thành" (X12).
    pub(super) fn read_age(&self, whom: Whom, reader: &mut Reader) -> AgeRule {
        let at = At::Age(whom, AgePart::Years);
        let years = typed::whole(self.text(at)).and_then(|years| match years {
            Some(years) if years > AGE_MAX => Err("Số tuổi quá lớn. Kiểm tra lại, hoặc để trống."),
            years => Ok(years),
        });
        let is_over = self.text(At::Age(whom, AgePart::Over)) == OVER;
        let years = reader.take(at, years);
        AgeRule { years: years.unwrap_or(0), inclusive: years.is_none() || !is_over }
    }

    /// "từ đủ 15 tuổi", once there is such an age.
    pub fn age_words(&self, whom: Whom) -> Option<String> {
        let is_empty = self.text(At::Age(whom, AgePart::Years)).trim().is_empty();
        let mut reader = Reader::default();
        let rule = self.read_age(whom, &mut reader);
        (!is_empty && reader.wrong.is_empty()).then(|| rule.label())
    }

    /// The days of the plan, and until when names are kept, as far as they are typed: to be shown beside the fields.
    pub fn dates(&self) -> Campaign {
        self.read_dates(&mut Reader::default())
    }

    pub(super) fn read_dates(&self, reader: &mut Reader) -> Campaign {
        let mut day = |at| reader.take(at, typed::day(self.text(at)));
        let (issued_on, starts_on, ends_on) = (day(At::IssuedOn), day(At::StartsOn), day(At::EndsOn));
        let days = typed::whole(self.text(At::Retention)).and_then(|days| match days {
            Some(days) if days > RETENTION_DAYS_MAX => Err("Không giữ tên quá 3.650 ngày (mười năm)."),
            days => Ok(days),
        });
        let retention_days = reader.take(At::Retention, days);
        Campaign { issued_on, starts_on, ends_on, retention_days, ..Campaign::asking_nothing() }
    }

    pub(super) fn read_services(&self, reader: &mut Reader) -> Vec<ServiceGoal> {
        let at = At::Service;
        let asked = Service::ALL.into_iter().filter(|service| self.is_ticked(at(*service, ServicePart::Asked)));
        let goals = asked.filter_map(|service| {
            let label = at(service, ServicePart::Label);
            let label = reader.take(label, typed::line(self.text(label)));
            let done = Step::from_name(self.text(at(service, ServicePart::Done)));
            Some(ServiceGoal { service, done: done.filter(|step| step.service() == service)?, label })
        });
        goals.collect()
    }

    pub(super) fn read_providers(&self, reader: &mut Reader) -> Vec<String> {
        let mut providers: Vec<String> = Vec::new();
        for row in self.rows(Rows::Providers) {
            let at = At::Provider(*row);
            let missing = "Ghi tên nhà cung cấp, hoặc xóa dòng này.";
            let name = reader.take(at, typed::required_line(self.text(at), missing));
            if !name.is_empty() && providers.contains(&name) {
                reader.refuse(at, "Nhà cung cấp này đã có. Xóa một dòng.");
            }
            providers.push(name);
        }
        providers
    }
}

/// What plans mean when they do not say: the step that is of use to the resident.
fn usual_step(service: Service) -> Step {
    match service {
        Service::EidLevel2 => Step::Activated,
        Service::HealthRecord => Step::CardIntegrated,
        Service::PublicSignature => Step::SignatureActivated,
    }
}
