//! Signature certificates: a person may hold several (X8), one per provider, and each ends some day. The free packs of the
//! summer of 2025 end twelve months later, in the middle of the next plan: hence "gia hạn" (BK26:91).

use std::collections::BTreeMap;

use super::AreaView;
use super::credit::Ranked;
use crate::service::Step;
use crate::{Day, DocId};

/// How many days before its end a certificate is worth a visit.
pub const RENEWAL_DAYS: i32 = 30;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Empty where nobody said.
    pub provider: String,
    pub expires_on: Option<Day>,
}

/// Cần gia hạn: a certificate's last day, seen from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Renewal {
    /// Hết hạn: it was valid up to this day.
    Ended(Day),
    /// Sắp hết hạn: it still is, for [`RENEWAL_DAYS`] at most.
    EndsSoon(Day),
}

impl Renewal {
    /// `None` while there is time.
    pub fn of(last_day: Day, today: Day) -> Option<Self> {
        match last_day.since(today) {
            ..0 => Some(Self::Ended(last_day)),
            0..=RENEWAL_DAYS => Some(Self::EndsSoon(last_day)),
            _ => None,
        }
    }

    pub fn day(self) -> Day {
        match self {
            Self::Ended(day) | Self::EndsSoon(day) => day,
        }
    }
}

impl AreaView {
    /// Everyone who should renew, the earliest end first.
    pub fn renewals(&self, today: Day) -> Vec<(Renewal, DocId)> {
        let present = self.people().filter(|person| person.is_present());
        let mut due: Vec<(Renewal, DocId)> =
            present.filter_map(|person| Some((person.renewal(today)?, person.resident.id))).collect();
        due.sort_unstable_by_key(|(renewal, resident)| (renewal.day(), *resident));
        due
    }
}

/// One per provider, with the last day that anybody noted for it. Who is said to have a signature and nobody said from
/// whom has one certificate all the same.
pub(super) fn certificates(outcomes: &[Ranked]) -> Vec<Certificate> {
    let mut known: BTreeMap<&str, Option<Day>> = BTreeMap::new();
    let held = outcomes.iter().map(|ranked| &ranked.outcome).filter(|outcome| outcome.step.includes(Step::Registered));
    for outcome in held {
        let slot = known.entry(outcome.provider.as_str()).or_default();
        *slot = (*slot).max(outcome.expires_on);
    }
    if known.len() > 1
        && let Some(unnamed) = known.remove("")
        && let Some(slot) = known.values_mut().next()
    {
        *slot = (*slot).max(unnamed);
    }
    let certificate =
        |(provider, expires_on): (&str, Option<Day>)| Certificate { provider: provider.to_owned(), expires_on };
    known.into_iter().map(certificate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_due_from_thirty_days_before_its_end_and_stays_so() {
        let today = Day::from_ymd(2026, 7, 1).expect("a day");
        assert_eq!(Renewal::of(today.plus(31), today), None);
        assert_eq!(Renewal::of(today.plus(30), today), Some(Renewal::EndsSoon(today.plus(30))));
        assert_eq!(Renewal::of(today, today), Some(Renewal::EndsSoon(today)));
        assert_eq!(Renewal::of(today.plus(-1), today), Some(Renewal::Ended(today.plus(-1))));
        assert_eq!(Renewal::of(today.plus(-400), today), Some(Renewal::Ended(today.plus(-400))));
    }
}
