//! "Danh sách hỗ trợ (15 người)": whom a helper has brought to what the plan asks for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::coverage::{AreaView, ResidentView};
use crate::place::Area;
use crate::service::{Origin, Service, Step};
use crate::text::name_key;
use crate::{Day, DocId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpedList {
    pub helper: String,
    /// Chỉ tiêu of this helper, where there is one.
    pub quota: Option<u32>,
    /// Whether telephone numbers were asked for.
    pub with_phones: bool,
    /// Counted for this helper, in the order of days.
    pub counted: Vec<HelpedLine>,
    /// Đã cùng hỗ trợ: complete and counted for a colleague.
    pub shared: Vec<HelpedLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpedLine {
    pub name: String,
    pub birth_year: Option<i64>,
    pub address: String,
    /// Only where it was asked for.
    pub phone: Option<String>,
    /// How far the person has come with each service, by `Service::index`.
    pub steps: [Option<Step>; 3],
    /// Nhà cung cấp of the signature; empty where nobody said.
    pub provider: String,
    /// How the signature came about: cài mới, gia hạn, đã có.
    pub origin: Option<Origin>,
    /// The last day on which this helper did something with them.
    pub day: Option<Day>,
    /// For whom the person counts.
    pub helper: String,
}

/// Whom `member` has helped in these areas, by the rule of [`crate::tally::Tally`]: those who count for them, and those
/// who are complete and count for a colleague.
pub fn helped_list(
    member: DocId,
    areas: &[(Area, AreaView)],
    names: &BTreeMap<DocId, String>,
    campaign: &Campaign,
    quota: Option<u32>,
    with_phones: bool,
) -> HelpedList {
    let name_of = |id: DocId| names.get(&id).cloned().unwrap_or_default();
    let mut lists: [Vec<(HelpedLine, DocId)>; 2] = [Vec::new(), Vec::new()];
    for (area, view) in areas {
        for person in view.people().filter(|person| !person.resident.erased) {
            let list = match person.credit {
                Some(credit) if credit == member => &mut lists[0],
                Some(_) if person.complete && person.helpers.contains(&member) => &mut lists[1],
                _ => continue,
            };
            let helper = person.credit.map(name_of).unwrap_or_default();
            list.push((line(person, area, view, member, helper, campaign, with_phones), person.resident.id));
        }
    }
    let [counted, shared] = lists.map(|mut list| {
        list.sort_by_cached_key(|(line, id)| (line.day, name_key(&line.name), *id));
        list.into_iter().map(|(line, _)| line).collect()
    });
    HelpedList { helper: name_of(member), quota, with_phones, counted, shared }
}

fn line(
    person: &ResidentView,
    area: &Area,
    view: &AreaView,
    member: DocId,
    helper: String,
    campaign: &Campaign,
    with_phones: bool,
) -> HelpedLine {
    let resident = &person.resident;
    let place = view.household_of(resident.id).map_or(&resident.address, |door| &door.household.house_no);
    let address = [place.as_str(), area.name.as_str()].into_iter().filter(|part| !part.is_empty());
    let by_member = person.outcomes.iter().filter(|fact| fact.member == member && fact.origin.is_assisted());
    let signature = person.service(Service::PublicSignature);
    let done = campaign.done_step(Service::PublicSignature).unwrap_or(Step::Registered);
    HelpedLine {
        name: resident.name.clone(),
        birth_year: resident.birth_year,
        address: address.collect::<Vec<_>>().join(", "),
        phone: resident.phone.clone().filter(|_| with_phones),
        steps: Service::ALL.map(|service| person.service(service).map(|state| state.step)),
        provider: signature.map(|state| state.provider.clone()).unwrap_or_default(),
        origin: signature.map(|state| {
            let first = state.firsts.get(&done).map_or(state.origin, |first| first.origin);
            if state.renewals.is_empty() { first } else { Origin::Renewed }
        }),
        day: by_member.map(|fact| fact.day).max(),
        helper,
    }
}
