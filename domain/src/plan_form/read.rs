//! From what was typed to a plan, or to everything that is wrong with it at once.

use super::place::Whom;
use super::typed::{self, Typed};
use super::{At, PlanForm, Rows, Wrong};
use crate::Value;
use crate::campaign::{Campaign, Channel};
use crate::document::DOCUMENT_BYTES_MAX;
use crate::place::AreaKind;

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
        let dates = self.read_dates(reader);
        if let (Some(start), Some(end)) = (dates.starts_on, dates.ends_on)
            && end < start
        {
            reader.refuse(At::EndsOn, "Ngày kết thúc trước ngày bắt đầu. Kiểm tra lại hai ngày này.");
        }
        let name = typed::required_line(self.text(At::Name), "Ghi tên kế hoạch.");
        let quota = typed::some_or_empty(self.text(At::Quota), "Không giao chỉ tiêu thì để trống.");
        let groups = self.read_groups(reader);
        Campaign {
            name: reader.take(At::Name, name),
            serves: self.read_age(Whom::Served, reader),
            counts: self.read_age(Whom::Counted, reader),
            services: self.read_services(reader),
            quota: reader.take(At::Quota, quota),
            targets: self.rows(Rows::Targets).iter().map(|row| self.read_target(*row, &groups, reader)).collect(),
            report_slots: self.rows(Rows::Slots).iter().map(|row| self.read_slot(*row, reader)).collect(),
            denominator: self.read_count(None, reader),
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            channels: Channel::ALL.into_iter().filter(|channel| self.is_ticked(At::Channel(*channel))).collect(),
            providers: self.read_providers(reader),
            unit_kind: AreaKind::from_name(self.text(At::UnitKind)),
            data_controller: reader.take(At::Controller, typed::line(self.text(At::Controller))),
            units: self.units.clone(),
            ..dates
        }
    }
}
