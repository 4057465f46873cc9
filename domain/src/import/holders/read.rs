//! Reads a list of holders: the same header, rows and cells as of a household list, without households.

use super::super::cell::{Cell, Line};
use super::super::header::Header;
use super::super::line::LineKind;
use super::super::options::Options;
use super::super::person::{Reader, shortened};
use super::super::remark::{RemarkKind, Report, quote};
use super::super::value::{DayOrder, Mark, day, mark};
use super::super::{Field, NotAList, Sheet, converted, lines, used};
use super::{HolderList, ListedHolder};
use crate::Day;

/// Certificates of the years in which there are any.
const EXPIRY_YEARS: std::ops::RangeInclusive<i32> = 2010..=2050;

/// Reads one sheet of a provider as the coordinator decided.
///
/// # Errors
/// Why the cells are not a list of people.
pub fn read_holders(rows: &[Vec<Cell>], options: &Options) -> Result<HolderList, NotAList> {
    let (rows, converted) = converted::readable(used(rows)?, options.legacy);
    let lines = lines(&rows);
    let sheet = Sheet::open(&lines, options)?;
    let mut report = sheet.report(converted.as_ref(), is_kept);
    let dates = Dates::of(&sheet, &mut report);
    let mut group: Option<String> = None;
    let mut holders = Vec::new();
    for (line, kind) in sheet.body.iter().zip(&sheet.kinds) {
        match kind {
            LineKind::Blank => {}
            LineKind::Person => {
                let mut holder = read(line, &sheet.header, &dates, &mut report);
                holder.cell = holder.cell.or_else(|| group.clone());
                holders.push(holder);
            }
            LineKind::Group(cell) => {
                group = Some(cell.clone());
                report.row(line.row, RemarkKind::Group, &format!("Dòng nhóm {}", quote(cell)));
            }
            LineKind::LeftOut(kind, why) => report.left_out(line, *kind, why),
        }
    }
    let (report, counts) = report.finish();
    let first_row = sheet.header.first_row;
    Ok(HolderList { holders, report, columns: sheet.header.columns, first_row, counts, converted })
}

/// Whether a list of holders has a use for this field.
fn is_kept(field: Field) -> bool {
    field != Field::IssuedOn && (field == Field::Head || Field::holder_choices().contains(&field))
}

fn read(line: &Line<'_>, header: &Header, dates: &Dates, report: &mut Report) -> ListedHolder {
    let mut provider: Option<String> = None;
    let mut expires_on = None;
    let mut reader = Reader::new(line, header, report);
    reader.names();
    reader.birth();
    reader.place();
    for column in 0..header.columns.len() {
        let (Some(field), true) = (header.field(column), line.says_something(column)) else { continue };
        match field {
            Field::Ordinal => reader.ordinal(column),
            Field::Phone => reader.phone(column),
            Field::Provider => {
                let said = reader.text(column);
                let said = match mark(line, column) {
                    Mark::Yes => header.columns[column].own_heading().to_owned(),
                    Mark::No | Mark::Blank => continue,
                    Mark::Unclear => said,
                };
                provider = Some(provider.map_or_else(|| said.clone(), |first| shortened(&format!("{first}, {said}"))));
            }
            Field::ExpiresOn => match dates.expiry(line, column) {
                Some(day) if expires_on.is_none() => {
                    expires_on = Some(day);
                    reader.understood(column);
                }
                _ => reader.unclear(column),
            },
            _ => {}
        }
    }
    let person = reader.finish(is_kept);
    if let (Some(gone), Some(column)) = (person.gone, header.name_column()) {
        let text = format!("Bên cạnh tên có ghi “{}”, không dùng khi đối chiếu", gone.label());
        report.cell(line.row, column, RemarkKind::BesideName, text);
    }
    let birth_day = dates.birth(line, header).filter(|day| Some(i64::from(day.year())) == person.birth_year);
    ListedHolder {
        row: line.row,
        name: person.name,
        birth_year: person.birth_year,
        birth_day,
        phone: person.phone,
        address: person.house_no,
        cell: person.cell,
        provider,
        expires_on,
    }
}

/// In which order each column writes day and month.
struct Dates(Vec<DayOrder>);

impl Dates {
    /// Looks at whole columns, and tells where a computer with American dates has been at work.
    fn of(sheet: &Sheet<'_>, report: &mut Report) -> Self {
        let is_date = |field| matches!(field, Field::Birth | Field::BirthMale | Field::BirthFemale | Field::ExpiresOn);
        let people = || sheet.body.iter().zip(&sheet.kinds).filter(|(_, kind)| **kind == LineKind::Person);
        let order = |column: usize| {
            if !sheet.header.field(column).is_some_and(is_date) {
                return DayOrder::default();
            }
            DayOrder::of(people().map(|(line, _)| (line.cell(column), line.text(column))))
        };
        let orders: Vec<DayOrder> = (0..sheet.header.columns.len()).map(order).collect();
        for (column, order) in orders.iter().enumerate() {
            if let Some(told) = order.sentence() {
                let text = format!("Cột “{}”: {told}", sheet.header.heading(column));
                report.cell(sheet.header.first_row.saturating_sub(1), column, RemarkKind::Assumed, text);
            }
        }
        Self(orders)
    }

    fn day(&self, line: &Line<'_>, column: usize) -> Option<Day> {
        day(line.cell(column), line.text(column), self.0.get(column).copied().unwrap_or_default())
    }

    /// The first of January stands for "some day of that year" in too many lists.
    fn birth(&self, line: &Line<'_>, header: &Header) -> Option<Day> {
        let fields = [Field::Birth, Field::BirthMale, Field::BirthFemale];
        let columns = fields.into_iter().filter_map(|field| header.column(field));
        let mut filled = columns.filter(|&column| line.says_something(column));
        let day = self.day(line, filled.next()?)?;
        let (_, month, day_of_month) = day.ymd();
        ((month, day_of_month) != (1, 1)).then_some(day)
    }

    fn expiry(&self, line: &Line<'_>, column: usize) -> Option<Day> {
        let day = self.day(line, column).or_else(|| month_end(line.text(column)))?;
        EXPIRY_YEARS.contains(&day.year()).then_some(day)
    }
}

/// "12/2026": valid until the month ends.
fn month_end(text: &str) -> Option<Day> {
    let (month, year) = text.split_once(['/', '-', '.'])?;
    if year.len() != 4 {
        return None;
    }
    Day::month_end(year.parse().ok()?, month.trim().parse().ok()?).ok()
}

#[cfg(test)]
mod tests;
