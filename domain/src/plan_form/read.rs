//! From what was typed to a plan, or to everything that is wrong with it at once.

use super::typed::{self, Typed};
use super::{At, PlanForm, Wrong, people};
use crate::Value;
use crate::campaign::{AgeRule, Campaign, ServiceGoal};
use crate::document::DOCUMENT_BYTES_MAX;
use crate::place::AreaKind;
use crate::service::{Service, Step};

/// Nobody is older.
const AGE_MAX: u32 = 120;
/// Ten years: names are kept for a purpose, not for good.
const RETENTION_DAYS_MAX: u32 = 3_650;

/// Collects what is wrong, so that all of it is told at once.
#[derive(Default)]
pub(super) struct Reader {
    pub wrong: Vec<Wrong>,
}

impl Reader {
    pub fn refuse(&mut self, at: At, sentence: &'static str) {
        self.wrong.push(Wrong { at, sentence });
    }

    pub fn take<T: Default>(&mut self, at: At, typed: Typed<T>) -> T {
        self.take_or(at, typed, T::default())
    }

    pub fn take_or<T>(&mut self, at: At, typed: Typed<T>, instead: T) -> T {
        typed.unwrap_or_else(|sentence| {
            self.refuse(at, sentence);
            instead
        })
    }
}

impl PlanForm {
    /// The plan, or everything that has to be mended first.
    pub fn read(&self) -> Result<Campaign, Vec<Wrong>> {
        let mut reader = Reader::default();
        let plan = self.read_all(&mut reader);
        let bytes = |value: &Value| {
            let mut bytes = Vec::new();
            value.write_canonical(&mut bytes);
            bytes.len()
        };
        // Half of what a document may hold: the other half is for what later versions add.
        if plan.to_fields().iter().map(|(_, value)| bytes(value)).sum::<usize>() > DOCUMENT_BYTES_MAX / 2 {
            reader.refuse(At::Whole, "Kế hoạch dài quá mức lưu được. Rút ngắn tên gọi hoặc xóa bớt mục.");
        }
        if reader.wrong.is_empty() { Ok(plan) } else { Err(reader.wrong) }
    }

    fn read_all(&self, reader: &mut Reader) -> Campaign {
        let basics = &self.basics;
        let dates = self.read_dates(reader);
        if let (Some(start), Some(end)) = (dates.starts_on, dates.ends_on)
            && end < start
        {
            reader.refuse(At::EndsOn, "Ngày kết thúc trước ngày bắt đầu. Kiểm tra lại hai ngày này.");
        }
        let groups = people::read_groups(&self.groups, reader);
        Campaign {
            name: reader.take(At::Name, typed::required_line(&basics.name, "Ghi tên kế hoạch.")),
            serves: age(&basics.serves_years, basics.serves_over, At::Serves, reader),
            counts: age(&basics.counts_years, basics.counts_over, At::Counts, reader),
            services: self.read_services(reader),
            quota: reader.take(At::Quota, typed::some_or_empty(&basics.quota, "Không giao chỉ tiêu thì để trống.")),
            targets: self.targets.iter().map(|(row, target)| target.read(*row, &groups, reader)).collect(),
            report_slots: self.slots.iter().map(|(row, slot)| slot.read(*row, reader)).collect(),
            denominator: self.denominator.read(None, reader),
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            channels: self.channels.clone(),
            providers: self.read_providers(reader),
            unit_kind: AreaKind::from_name(&basics.unit_kind),
            data_controller: reader.take(At::Controller, typed::line(&basics.data_controller)),
            units: self.units.clone(),
            ..dates
        }
    }

    /// The days of the plan, and until when names are kept, as far as they are typed: to be shown beside the fields.
    pub fn dates(&self) -> Campaign {
        self.read_dates(&mut Reader::default())
    }

    fn read_dates(&self, reader: &mut Reader) -> Campaign {
        let basics = &self.basics;
        let days = typed::whole(&basics.retention_days).and_then(|days| match days {
            Some(days) if days > RETENTION_DAYS_MAX => Err("Không giữ tên quá 3.650 ngày (mười năm)."),
            days => Ok(days),
        });
        Campaign {
            issued_on: reader.take(At::IssuedOn, typed::day(&basics.issued_on)),
            starts_on: reader.take(At::StartsOn, typed::day(&basics.starts_on)),
            ends_on: reader.take(At::EndsOn, typed::day(&basics.ends_on)),
            retention_days: reader.take(At::Retention, days),
            ..Campaign::asking_nothing()
        }
    }

    fn read_services(&self, reader: &mut Reader) -> Vec<ServiceGoal> {
        let mut goals = Vec::new();
        for (service, form) in Service::ALL.into_iter().zip(&self.services).filter(|(_, form)| form.asked) {
            let label = reader.take(At::ServiceLabel(service), typed::line(&form.label));
            let done = Step::from_name(&form.done).filter(|step| step.service() == service);
            goals.extend(done.map(|done| ServiceGoal { service, done, label }));
        }
        goals
    }

    fn read_providers(&self, reader: &mut Reader) -> Vec<String> {
        let mut providers: Vec<String> = Vec::new();
        for (row, name) in &self.providers {
            let at = At::Provider(*row);
            let name = reader.take(at, typed::required_line(name, "Ghi tên nhà cung cấp, hoặc xóa dòng này."));
            if !name.is_empty() && providers.contains(&name) {
                reader.refuse(at, "Nhà cung cấp này đã có. Xóa một dòng.");
            }
            providers.push(name);
        }
        providers
    }
}

/// No years are no age: the rule that admits everyone, as of a plan that says only "dân số trưởng thành" (X12).
fn age(years: &str, over: bool, at: At, reader: &mut Reader) -> AgeRule {
    let years = typed::whole(years).and_then(|years| match years {
        Some(years) if years > AGE_MAX => Err("Số tuổi quá lớn. Kiểm tra lại, hoặc để trống."),
        years => Ok(years),
    });
    let years = reader.take(at, years);
    AgeRule { years: years.unwrap_or(0), inclusive: years.is_none() || !over }
}
