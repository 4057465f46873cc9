//! I8 once more: the office's figures against a counter that was written from the plans' words and shares nothing with the
//! fold that made them.

use domain::campaign::Campaign;
use domain::daily::Daily;
use domain::summary::Summary;
use domain::{Day, DocId, Document, Kind, Value};
use serde_json::to_value;

use super::checks::Truth;
use super::invariant::Invariant;
use super::world::World;
use crate::second_counter::{Paper, compare, compare_days, compare_targets, count};

/// The figures of an area and of its days, as they are stored.
pub fn check(world: &mut World, truth: &Truth, area: DocId, campaign: &Campaign, summary: &Summary) {
    let stored = truth.scopes.get(&area).map_or(&[][..], Vec::as_slice);
    let paper = |doc: &Document, accepted| Some(Paper { wire: to_value(doc).ok()?, accepted: Some(accepted) });
    let papers: Vec<Paper> = stored.iter().filter_map(|stored| paper(&stored.doc, stored.accepted)).collect();
    let plan = to_value(campaign).unwrap_or_default();
    let figures = count(&papers, &plan, i64::from(Day::at_ms(world.server_ms()).year()));
    world.checked(Invariant::Figures);
    let mut differences = compare(&figures, summary);
    differences.extend(compare_days(&figures, &days(truth, area)));
    differences.extend(compare_targets(&figures, campaign, summary));
    if let Some(first) = differences.first() {
        let what = format!("area {area}, {first}; {} differences from the second counter", differences.len());
        world.violate(Invariant::Figures, Some(DocId::summary(area)), what);
    }
}

/// All months of the area.
fn days(truth: &Truth, area: DocId) -> Daily {
    let months = truth.documents.get(&DocId::summary(area)).and_then(|stored| stored.doc.value("months"));
    let Some(Value::Map(months)) = months else { return Daily::default() };
    let mut days = Daily::default();
    for id in months.values().filter_map(|id| id.as_text()?.parse::<DocId>().ok()) {
        let document = truth.documents.get(&id).map(|stored| &stored.doc).filter(|doc| doc.kind == Kind::Daily);
        if let Some((_, month)) = document.and_then(Daily::read) {
            days.add(&month);
        }
    }
    days
}
