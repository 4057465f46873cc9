//! One remark for each column that is not taken over.

use super::super::cell::Line;
use super::super::field::Field;
use super::super::line::LineKind;
use super::super::remark::{RemarkKind, Report};
use super::{Column, Header};

impl Header {
    /// One remark for each column of which the list does not keep everything. `is_kept` says which fields this kind of
    /// list has a use for.
    pub fn report_columns(
        &self,
        body: &[Line<'_>],
        kinds: &[LineKind],
        is_kept: impl Fn(Field) -> bool,
        report: &mut Report,
    ) {
        let row = self.first_row.saturating_sub(1);
        let people = || body.iter().zip(kinds).filter(|(_, kind)| **kind == LineKind::Person).map(|(line, _)| line);
        for (index, column) in self.columns.iter().enumerate() {
            let has_card_numbers = || people().any(|line| is_card_number(line.text(index)));
            let is_empty = || people().all(|line| line.text(index).is_empty());
            let remark = match column.field {
                Some(Field::Insurance) if has_card_numbers() => {
                    Some((RemarkKind::ColumnDropped, format!("Cột “{}” có số thẻ, số thẻ không nhập", column.heading)))
                }
                Some(Field::Insurance) if self.is_campaign_list() && is_kept(Field::Insurance) => None,
                Some(Field::IdNumber) if is_kept(Field::IdNumber) => {
                    Some((RemarkKind::ColumnDropped, format!("Cột “{}” chỉ nhập 4 số cuối", column.heading)))
                }
                None if column.heading.is_empty() && is_empty() => None,
                Some(field) if is_kept(field) && field != Field::Note && field != Field::Insurance => None,
                _ => Some(remark(column, index, &is_kept)),
            };
            if let Some((kind, text)) = remark {
                report.cell(row, index, kind, text);
            }
        }
    }
}

fn remark(column: &Column, index: usize, is_kept: impl Fn(Field) -> bool) -> (RemarkKind, String) {
    let heading = &column.heading;
    match column.field {
        Some(Field::Private | Field::IdNumber) => {
            (RemarkKind::ColumnDropped, format!("Cột “{heading}” là thông tin riêng không cần đến, không nhập"))
        }
        Some(field @ Field::Insurance) if is_kept(field) => (
            RemarkKind::ColumnUnused,
            format!("Cột “{heading}” chỉ cho biết ai có thẻ, không ghi là đã tích hợp trên VNeID"),
        ),
        Some(field @ Field::Note) if is_kept(field) => (
            RemarkKind::ColumnUnused,
            format!("Cột “{heading}” chỉ dùng để biết ai đã mất, ai chuyển đi; nội dung khác không nhập"),
        ),
        None if column.is_chosen && heading.is_empty() => {
            (RemarkKind::ColumnUnused, format!("Cột thứ {} được chọn bỏ qua, không nhập", index + 1))
        }
        None if column.is_chosen => (RemarkKind::ColumnUnused, format!("Cột “{heading}” được chọn bỏ qua, không nhập")),
        None if heading.is_empty() => (RemarkKind::ColumnUnused, "Cột không có tiêu đề, không nhập".to_owned()),
        None => (RemarkKind::ColumnUnused, format!("Chưa hiểu tiêu đề cột “{heading}”, không nhập cột này")),
        Some(_) => (RemarkKind::ColumnUnused, format!("Cột “{heading}” không dùng đến, không nhập")),
    }
}

/// A number instead of a yes: it says who has a card, not who has linked it.
pub(in super::super) fn is_card_number(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 8
}
