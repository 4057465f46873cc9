//! The stable identity of a household in its list, from which its document id is derived.

use std::collections::{HashMap, HashSet};

use super::grouping::Draft;
use super::remark::{RemarkKind, Report};
use crate::text::fold;

/// Code, else head and house number. Where that is not enough, every household concerned gets its cell, then the head's
/// year of birth: what the list says, so that another order of rows gives the same keys. Only true doubles are counted.
pub(super) fn assign(drafts: &mut [Draft], report: &mut Report) {
    let codes_repeat = codes_repeat_across_cells(drafts);
    for draft in drafts.iter_mut() {
        draft.household.list_key = match (draft.code.as_str(), &draft.household.cell) {
            ("", _) => by_head(draft),
            (code, Some(cell)) if codes_repeat => format!("{code} {}", fold(cell)),
            (code, _) => code.to_owned(),
        };
    }
    append_to_doubles(drafts, |draft| draft.household.cell.as_deref().map(fold));
    append_to_doubles(drafts, |draft| {
        let head =
            draft.household.residents.iter().find(|resident| fold(&resident.name) == fold(&draft.household.head));
        head.and_then(|head| head.birth_year).map(|year| year.to_string())
    });

    let mut taken: HashSet<String> = HashSet::new();
    // The last number given out for a key, so that a list of one name only is not counted from 2 again and again.
    let mut last: HashMap<String, usize> = HashMap::new();
    for draft in drafts {
        let base = draft.household.list_key.clone();
        let ordinal = last.entry(base.clone()).or_insert(1);
        let is_double = taken.contains(&fold(&base));
        while !taken.insert(fold(&draft.household.list_key)) {
            *ordinal += 1;
            draft.household.list_key = format!("{base} {ordinal}");
        }
        if is_double {
            let text = "Trùng tên chủ hộ và số nhà với một hộ phía trên; giữ cả hai";
            report.row(draft.row, RemarkKind::Duplicate, text);
        }
    }
}

fn by_head(draft: &Draft) -> String {
    format!("{} {}", fold(&draft.household.head), fold(&draft.household.house_no)).trim().to_owned()
}

/// Lists numbered anew in each tổ: the code alone says nothing.
fn codes_repeat_across_cells(drafts: &[Draft]) -> bool {
    let mut cells: HashMap<&str, &Option<String>> = HashMap::new();
    drafts
        .iter()
        .filter(|draft| !draft.code.is_empty())
        .any(|draft| *cells.entry(&draft.code).or_insert(&draft.household.cell) != &draft.household.cell)
}

fn append_to_doubles(drafts: &mut [Draft], more: impl Fn(&Draft) -> Option<String>) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for draft in drafts.iter() {
        *counts.entry(draft.household.list_key.clone()).or_default() += 1;
    }
    for draft in drafts.iter_mut() {
        if counts.get(&draft.household.list_key).is_some_and(|&count| count > 1)
            && let Some(more) = more(draft)
        {
            draft.household.list_key = format!("{} {more}", draft.household.list_key);
        }
    }
}
