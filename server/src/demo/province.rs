//! The province above the demo's commune: the communes of its plan, one of them the demo's own, most of the others with
//! invented figures.

use domain::campaign::{Campaign, Unit};
use domain::people::Role;
use domain::place::AreaKind;
use domain::service::Service;
use domain::summary::{StepCount, Summary};
use domain::text::fold;
use domain::{DocId, Document, Kind, Stamp, Value};

use super::dice::Dice;
use super::{COMMUNE, Place, person};
use crate::admin;
use crate::area_cache::AreaCache;
use crate::plans;
use crate::store::{Store, StoreResult};

const PROVINCE: DocId = DocId::from_u128(0x7468_6169_6e67_4000_8000_0000_0000_0001);
const PLAN: &str = "thai-nguyen-2025";
/// So many communes in a hundred have reported something.
const REPORTING_PERCENT: u64 = 70;

/// The official whose phone the visitor plays.
pub fn seat() -> DocId {
    DocId::derived(PROVINCE, &["seat"])
}

/// Writes the province of a commune that its plan lists.
pub async fn seed<S: Store>(
    store: &S,
    cache: &AreaCache,
    place: &Place,
    plan: Campaign,
    stamp: Stamp,
    dice: &mut Dice,
    now_ms: u64,
) -> StoreResult<()> {
    admin::add_commune(store, PROVINCE).await?;
    let described = |id, kind| Document::description(id, kind);
    let fields = [("name", "Thái Nguyên"), ("kind", "Tỉnh")].map(|(name, text)| (name, Value::from(text)));
    let mut documents = vec![
        described(PROVINCE, Kind::Commune).with(stamp, fields),
        described(DocId::derived(PROVINCE, &["campaign"]), Kind::Campaign).with(stamp, plan.to_fields()),
        person(seat(), "Dương Minh Châu", Role::Coordinator, &[], stamp),
    ];
    let mut figures = Vec::new();
    for (order, unit) in (1..).zip(&plan.units) {
        let area = DocId::derived(PROVINCE, &["unit", &unit.name]);
        let mut fields = vec![
            ("name", Value::text(unit.title())),
            ("kind", AreaKind::Commune.name().into()),
            ("order", Value::Int(order)),
        ];
        if is_of(unit, place) {
            fields.push(("commune", COMMUNE.into()));
        } else if dice.percent(REPORTING_PERCENT) {
            let summary = invented(unit, &plan, dice).to_value();
            let fields = [("area", Value::from(area)), ("figures", summary)];
            figures.push(described(DocId::summary(area), Kind::Summary).with(stamp, fields));
        }
        documents.push(described(area, Kind::Area).with(stamp, fields));
    }
    let reports = described(COMMUNE, Kind::Commune).with(stamp, [("reports_to", Value::from(PROVINCE))]);
    admin::write_documents(store, cache, COMMUNE, &[reports], "set_up", now_ms).await?;
    admin::write_documents(store, cache, PROVINCE, &documents, "set_up", now_ms).await?;
    admin::write_documents(store, cache, DocId::figures(PROVINCE), &figures, "set_up", now_ms).await?;
    Ok(())
}

/// The province's plan; `None` for a place of another province.
pub fn plan_above(place: &Place) -> Option<Campaign> {
    let plan = plans::find(PLAN).ok()?.campaign;
    plan.units.iter().any(|unit| is_of(unit, place)).then_some(plan)
}

fn is_of(unit: &Unit, place: &Place) -> bool {
    fold(&unit.title()) == fold(&place.title())
}

/// Between a tenth and a little more than all of what was recommended.
fn invented(unit: &Unit, plan: &Campaign, dice: &mut Dice) -> Summary {
    let share = u64::try_from(dice.between(10, 112)).unwrap_or(10);
    let new = unit.recommended * share / 100;
    let pre_existing = unit.adults / 8;
    let count = StepCount { stock: new + pre_existing, new, pre_existing, ..StepCount::default() };
    let steps = plan.done_step(Service::PublicSignature).map(|step| (step, count)).into_iter().collect();
    Summary { adults: unit.adults, steps, ..Summary::default() }
}
