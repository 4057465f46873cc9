//! A report as the official table: what the spreadsheet and the printed page show, in the same order.

use super::text::{as_of, period, target_words};
use super::{Line, Report};
use crate::Day;
use crate::number::percent;
pub use crate::table::{Cell, Table};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Official {
    /// Who reports, left of the motto: the upper body first.
    pub bodies: Vec<String>,
    /// Quốc hiệu and tiêu ngữ.
    pub motto: [&'static str; 2],
    /// "Bắc Kạn, ngày 23 tháng 11 năm 2026".
    pub place_and_day: String,
    pub title: &'static str,
    pub subtitles: Vec<String>,
    pub tables: Vec<Table>,
    /// A row for each unit, on a page of its own.
    pub units: Option<Table>,
    /// Who signs: left and right.
    pub signers: [&'static str; 2],
}

impl Official {
    pub fn of(report: &Report) -> Self {
        let (year, month, day) = Day::at_ms(report.made_ms).ymd();
        let place = report.place.as_str();
        let date = format!("ngày {day:02} tháng {month:02} năm {year}");
        let mut tables = vec![figures(report)];
        tables.extend((!report.targets.is_empty()).then(|| targets(report)));
        tables.extend((!report.difficulties.is_empty()).then(|| difficulties(report)));
        Self {
            bodies: bodies(report),
            motto: ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
            place_and_day: if place.is_empty() { date } else { format!("{place}, {date}") },
            title: "BIỂU TỔNG HỢP KẾT QUẢ",
            subtitles: vec![report.campaign.clone(), period(report), as_of(report)],
            tables,
            units: (!report.units.is_empty()).then(|| units(report)),
            signers: if report.is_whole {
                ["NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"]
            } else {
                ["NGƯỜI LẬP BIỂU", "TỔ TRƯỞNG"]
            },
        }
    }
}

fn bodies(report: &Report) -> Vec<String> {
    if report.is_whole {
        return vec!["ỦY BAN NHÂN DÂN".to_owned(), report.unit.to_uppercase()];
    }
    let team = format!("TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG {}", report.unit.to_uppercase());
    vec![format!("ỦY BAN NHÂN DÂN {}", report.within.to_uppercase()), team]
}

fn figures(report: &Report) -> Table {
    let columns = ["TT", "Nội dung", "Đơn vị tính", "Trong kỳ", "Điều chỉnh kỳ trước", "Lũy kế", "Tỷ lệ"];
    let mut number = 0;
    let row = |line: &Line| {
        // A part of the line above it has no number of its own.
        let is_part = line.part().is_some();
        number += u64::from(!is_part);
        vec![
            if is_part { Cell::Text(String::new()) } else { Cell::Number(number) },
            Cell::Text(line.label.clone()),
            Cell::Text(line.unit.clone()),
            line.in_period.map_or(Cell::None, Cell::Number),
            line.adjustment.map_or(Cell::None, Cell::Change),
            Cell::Number(line.cumulative),
            line.of.and_then(|of| percent(line.cumulative, of)).map_or(Cell::None, Cell::Text),
        ]
    };
    Table {
        title: "Kết quả".to_owned(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: report.lines.iter().map(row).collect(),
    }
}

fn targets(report: &Report) -> Table {
    let row = |target: &super::TargetLine| vec![Cell::Text(target.label.clone()), Cell::Text(target_words(target))];
    Table {
        title: "So với chỉ tiêu của kế hoạch".to_owned(),
        columns: ["Chỉ tiêu", "Kết quả"].map(str::to_owned).to_vec(),
        rows: report.targets.iter().map(row).collect(),
    }
}

fn difficulties(report: &Report) -> Table {
    let row = |line: &super::DifficultyLine| {
        vec![Cell::Text(line.label.clone()), Cell::Number(line.open), Cell::Number(line.solved)]
    };
    Table {
        title: "Khó khăn, vướng mắc (số hộ)".to_owned(),
        columns: ["Nội dung", "Cần xử lý tiếp", "Đã giải quyết"].map(str::to_owned).to_vec(),
        rows: report.difficulties.iter().map(row).collect(),
    }
}

/// Units down, lines across, as a commune's table is read; without the lines that would make it too wide for paper.
fn units(report: &Report) -> Table {
    let is_told = |line: &Line| {
        let is_main = line.part().is_none() || line.key.split('.').next_back() == Some("new");
        is_main && !["certificates", "channel.", "group."].iter().any(|apart| line.key.starts_with(apart))
    };
    let told: Vec<bool> = report.lines.iter().map(is_told).collect();
    let labels = report.column_labels().into_iter().zip(&told).filter(|(_, told)| **told).map(|(label, _)| label);
    let row = |unit: &super::UnitRow| {
        let figures = unit.figures.iter().zip(&told).filter(|(_, told)| **told);
        let cells = figures.map(|(figure, _)| figure.map_or(Cell::None, Cell::Number));
        std::iter::once(Cell::Text(unit.name.clone())).chain(cells).collect()
    };
    let mut rows: Vec<Vec<Cell>> = report.units.iter().map(row).collect();
    let total = report.lines.iter().zip(&told).filter(|(_, told)| **told);
    let total = total.map(|(line, _)| Cell::Number(line.cumulative));
    rows.push(std::iter::once(Cell::Text("Cộng".to_owned())).chain(total).collect());
    let columns = std::iter::once("Đơn vị".to_owned()).chain(labels).collect();
    Table { title: "Chi tiết theo đơn vị (lũy kế)".to_owned(), columns, rows }
}
