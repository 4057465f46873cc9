//! The province's table: every commune of the plan against its numbers. Figures only.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::DocId;
use crate::campaign::{Campaign, Unit};
use crate::place::Area;
use crate::report::official::{Cell, Table};
use crate::service::Service;
use crate::summary::Summary;
use crate::text::fold;

/// A commune of the plan with what its teams have recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLine {
    /// "Xã Chợ Đồn".
    pub name: String,
    /// The document that stands for it, once it is there.
    pub area: Option<DocId>,
    pub adults: u64,
    /// The number recommended by the plan (TN25, appendix).
    pub recommended: u64,
    /// Newly installed and all signatures; `None` until the commune's figures have come in.
    pub signatures: Option<(u64, u64)>,
}

impl UnitLine {
    pub fn missing(&self) -> Option<u64> {
        Some(self.recommended.saturating_sub(self.signatures?.0))
    }
}

/// In which order the communes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    AsInPlan,
    MostMissing,
    LeastAttained,
    MostNew,
    ByName,
}

impl Order {
    pub const ALL: [Order; 5] =
        [Order::AsInPlan, Order::MostMissing, Order::LeastAttained, Order::MostNew, Order::ByName];

    pub fn name(self) -> &'static str {
        match self {
            Order::AsInPlan => "plan",
            Order::MostMissing => "missing",
            Order::LeastAttained => "attained",
            Order::MostNew => "new",
            Order::ByName => "name",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Order::AsInPlan => "Theo phụ lục",
            Order::MostMissing => "Còn thiếu nhiều nhất",
            Order::LeastAttained => "Tỷ lệ đạt thấp nhất",
            Order::MostNew => "Cài mới nhiều nhất",
            Order::ByName => "Theo tên",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

/// A line for every commune of the plan, in the plan's order. Names are matched however they are written (X28, X30).
pub fn lines(campaign: &Campaign, areas: &[Area], summaries: &BTreeMap<DocId, Summary>) -> Vec<UnitLine> {
    let by_name: BTreeMap<String, DocId> = areas.iter().map(|area| (fold(&area.name), area.id)).collect();
    let line = |unit: &Unit| {
        let area = by_name.get(&fold(&unit.title())).copied();
        let done = campaign.done_step(Service::PublicSignature);
        let counted = area.and_then(|area| summaries.get(&area)).map(|summary| {
            let count = done.and_then(|done| summary.steps.get(&done)).copied().unwrap_or_default();
            (count.new, count.stock)
        });
        UnitLine { name: unit.title(), area, adults: unit.adults, recommended: unit.recommended, signatures: counted }
    };
    campaign.units.iter().map(line).collect()
}

/// Communes whose figures have not come in stand last, whatever is asked for.
pub fn sort(lines: &mut [UnitLine], order: Order) {
    let attained = |line: &UnitLine| line.signatures.map(|(new, _)| new * 10_000 / line.recommended.max(1));
    match order {
        Order::AsInPlan => {}
        Order::MostMissing => lines.sort_by_key(|line| Reverse(line.missing())),
        Order::LeastAttained => lines.sort_by_key(|line| attained(line).unwrap_or(u64::MAX)),
        Order::MostNew => lines.sort_by_key(|line| Reverse(line.signatures)),
        Order::ByName => lines.sort_by_cached_key(|line| fold(&line.name)),
    }
}

/// The table as it is shown and exported, with the sum of its rows.
pub fn table(lines: &[UnitLine]) -> Table {
    let columns = [
        "TT",
        "Xã, phường",
        "Dân số trưởng thành",
        "Số khuyến nghị",
        "Cài mới",
        "Đạt so với số khuyến nghị",
        "Còn thiếu",
        "Tổng chữ ký số ghi nhận",
    ];
    let row = |number: Cell,
               name: &str,
               adults: u64,
               recommended: u64,
               signatures: Option<(u64, u64)>,
               missing: Option<u64>| {
        let share = signatures.and_then(|(new, _)| crate::number::percent(new, recommended));
        vec![
            number,
            Cell::Text(name.to_owned()),
            Cell::Number(adults),
            Cell::Number(recommended),
            signatures.map_or(Cell::None, |(new, _)| Cell::Number(new)),
            share.map_or(Cell::None, Cell::Text),
            missing.map_or(Cell::None, Cell::Number),
            signatures.map_or(Cell::None, |(_, stock)| Cell::Number(stock)),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = (1..)
        .zip(lines)
        .map(|(number, line)| {
            let (adults, wanted) = (line.adults, line.recommended);
            row(Cell::Number(number), &line.name, adults, wanted, line.signatures, line.missing())
        })
        .collect();
    let sum = |of: fn(&UnitLine) -> u64| lines.iter().map(of).sum();
    let counted = lines.iter().filter_map(|line| line.signatures);
    let all = counted.reduce(|(new, stock), (more, also)| (new + more, stock + also));
    // What one commune has too much does not make up for what another lacks.
    let missing = all.map(|_| lines.iter().filter_map(UnitLine::missing).sum());
    let (adults, recommended) = (sum(|line| line.adults), sum(|line| line.recommended));
    rows.push(row(Cell::Text(String::new()), "Cộng", adults, recommended, all, missing));
    Table {
        title: "Kết quả của các xã, phường".to_owned(), columns: columns.map(str::to_owned).to_vec(), rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::ServiceGoal;
    use crate::place::AreaKind;
    use crate::service::Step;
    use crate::summary::StepCount;

    fn unit(name: &str, adults: u64, recommended: u64) -> Unit {
        Unit { name: name.to_owned(), kind: "Xã".to_owned(), adults, recommended }
    }

    fn north() -> Vec<UnitLine> {
        let plan = Campaign {
            services: vec![ServiceGoal::new(Service::PublicSignature, Step::SignatureActivated)],
            units: vec![unit("Chợ Đồn", 12_378, 2_230), unit("Ba Bể", 8_912, 1_605), unit("Na Rì", 8_848, 1_594)],
            ..Campaign::asking_nothing()
        };
        let area = |id, name: &str| Area {
            id: DocId::from_u128(id),
            name: name.to_owned(),
            kind: AreaKind::default(),
            order: 1,
            quota: None,
            commune: None,
        };
        let figures = |new| {
            let count = StepCount { stock: new + 100, new, pre_existing: 100, ..StepCount::default() };
            Summary { steps: [(Step::SignatureActivated, count)].into(), ..Summary::default() }
        };
        // As the head of the plan of Chợ Đồn misspells it (X28).
        let areas = [area(1, "XÃ CHỢ ĐÒN"), area(2, "Xã Ba Bể")];
        let summaries = [(DocId::from_u128(1), figures(2_230)), (DocId::from_u128(2), figures(5))].into();
        lines(&plan, &areas, &summaries)
    }

    #[test]
    fn a_commune_is_found_however_its_name_is_written() {
        let lines = north();
        assert_eq!(lines[0].signatures, Some((2_230, 2_330)));
        assert_eq!((lines[0].missing(), lines[1].missing(), lines[2].missing()), (Some(0), Some(1_600), None));
    }

    #[test]
    fn who_has_not_reported_is_unknown_and_stands_last() {
        for order in [Order::MostMissing, Order::LeastAttained, Order::MostNew] {
            let mut lines = north();
            sort(&mut lines, order);
            assert_eq!(lines[2].name, "Xã Na Rì", "{order:?}");
        }
        let table = table(&north());
        assert_eq!(table.rows[2][4], Cell::None);
    }

    #[test]
    fn the_table_can_be_pasted_with_empty_cells_for_what_is_unknown() {
        let text = crate::report::table_rows(&table(&north()));
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[3], "3\tXã Na Rì\t8848\t1594\t\t\t\t");
        assert_eq!(rows.len(), 5);
    }

    #[test]
    fn the_sum_counts_what_is_known() {
        let table = table(&north());
        let total = table.rows.last().expect("a sum");
        let shown: Vec<String> = total.iter().map(Cell::shown).collect();
        assert_eq!(shown, ["", "Cộng", "30.138", "5.429", "2.235", "41,17%", "1.600", "2.435"]);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    }
}
