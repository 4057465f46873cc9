//! What "Lưu" means for what was chosen: a new record beside the one that stands, or one in its place.

use domain::coverage::{Certificate, ResidentView};
use domain::service::{Origin, Service, Step};
use domain::{Day, DocId};

/// The record that says how far a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub step: Step,
    pub origin: Origin,
    pub provider: String,
    pub expires_on: Option<Day>,
    /// Set when it is one's own: only its author tells a record anew, as the result stays theirs.
    pub own: Option<DocId>,
}

impl Standing {
    pub fn of(person: &ResidentView, service: Service, me: DocId) -> Option<Self> {
        let reached = person.service(service)?;
        let record = person.outcomes.iter().find(|outcome| outcome.id == reached.outcome);
        Some(Self {
            step: reached.step,
            origin: reached.origin,
            provider: reached.provider.clone(),
            expires_on: record.and_then(|record| record.expires_on),
            own: (reached.member == me).then_some(reached.outcome),
        })
    }
}

/// What the sheet is about to record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// How far the person is.
    Tell,
    /// A certificate runs on.
    Renew,
    /// One more, of another provider (X8).
    Another,
}

/// As chosen on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub step: Step,
    pub origin: Origin,
    pub provider: String,
    /// `None` within when nothing was typed.
    pub expires_on: Result<Option<Day>, BadMonth>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadMonth;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Save {
        replaces: Option<DocId>,
    },
    /// Says what stands already.
    Unchanged,
    /// A colleague has recorded this step.
    Colleagues,
    /// A further certificate is told from the others by its provider.
    NeedsProvider,
    BadMonth,
}

pub fn judge(mode: Mode, standing: Option<&Standing>, held: &[Certificate], chosen: &Chosen) -> Verdict {
    let Ok(expires_on) = chosen.expires_on else { return Verdict::BadMonth };
    let beside = Verdict::Save { replaces: None };
    match (mode, standing) {
        (Mode::Another, _) => {
            let is_held = held.iter().any(|certificate| certificate.provider == chosen.provider);
            if chosen.provider.is_empty() || is_held { Verdict::NeedsProvider } else { beside }
        }
        (Mode::Renew, _) | (Mode::Tell, None) => beside,
        (Mode::Tell, Some(standing)) if chosen.step > standing.step => beside,
        (Mode::Tell, Some(Standing { own: None, .. })) => Verdict::Colleagues,
        (Mode::Tell, Some(standing)) => {
            let is_told = standing.step == chosen.step
                && standing.origin == chosen.origin
                && standing.provider == chosen.provider
                && standing.expires_on == expires_on;
            if is_told { Verdict::Unchanged } else { Verdict::Save { replaces: standing.own } }
        }
    }
}

/// The month of a certificate's end, as the phone's picker gives it ("2027-11") or as people write it ("11/2027"), to its
/// last day.
pub fn month(text: &str) -> Result<Option<Day>, BadMonth> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parts = text.split_once('-').or_else(|| text.split_once('/').map(|(month, year)| (year, month)));
    let (year, month) = parts.ok_or(BadMonth)?;
    let (year, month) = (year.trim().parse().map_err(|_| BadMonth)?, month.trim().parse().map_err(|_| BadMonth)?);
    // A certificate lives three years at most; a year of two digits is a slip.
    if !(2000..=2100).contains(&year) {
        return Err(BadMonth);
    }
    Day::month_end(year, month).map(Some).map_err(|_| BadMonth)
}

/// As the picker wants it.
pub fn month_key(day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("{year:04}-{month:02}")
}

/// "11/2027"
pub fn month_words(day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("{month:02}/{year:04}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: DocId = DocId::from_u128(1);

    fn day(year: i32, month: u32, day: u32) -> Day {
        Day::from_ymd(year, month, day).expect("a day")
    }

    fn standing(own: Option<DocId>) -> Standing {
        let (step, origin) = (Step::SignatureActivated, Origin::NewlyInstalled);
        Standing { step, origin, provider: "VNPT".to_owned(), expires_on: None, own }
    }

    fn chosen(step: Step, provider: &str) -> Chosen {
        Chosen { step, origin: Origin::NewlyInstalled, provider: provider.to_owned(), expires_on: Ok(None) }
    }

    fn held(provider: &str) -> [Certificate; 1] {
        [Certificate { provider: provider.to_owned(), expires_on: None }]
    }

    #[test]
    fn one_more_certificate_leaves_the_first_record_as_it_is() {
        let (standing, held) = (standing(Some(MINE)), held("VNPT"));
        let judge =
            |provider| judge(Mode::Another, Some(&standing), &held, &chosen(Step::SignatureActivated, provider));
        assert_eq!(judge("Viettel"), Verdict::Save { replaces: None });
        assert_eq!(judge("VNPT"), Verdict::NeedsProvider);
        assert_eq!(judge(""), Verdict::NeedsProvider);
    }

    #[test]
    fn anyone_may_record_a_renewal_of_what_a_colleague_recorded() {
        let chosen = chosen(Step::SignatureActivated, "VNPT");
        let judge = |mode| judge(mode, Some(&standing(None)), &held("VNPT"), &chosen);
        assert_eq!(judge(Mode::Renew), Verdict::Save { replaces: None });
        assert_eq!(judge(Mode::Tell), Verdict::Colleagues);
    }

    #[test]
    fn a_slip_is_written_anew_in_place_of_the_first_record() {
        let standing = standing(Some(MINE));
        let judge = |chosen: &Chosen| judge(Mode::Tell, Some(&standing), &held("VNPT"), chosen);
        assert_eq!(judge(&chosen(Step::SignatureActivated, "VNPT")), Verdict::Unchanged);
        assert_eq!(judge(&chosen(Step::SignatureActivated, "Viettel")), Verdict::Save { replaces: Some(MINE) });
        assert_eq!(judge(&chosen(Step::Registered, "VNPT")), Verdict::Save { replaces: Some(MINE) });
        assert_eq!(judge(&chosen(Step::Used, "VNPT")), Verdict::Save { replaces: None });
        let with_month = Chosen { expires_on: month("11/2027"), ..chosen(Step::SignatureActivated, "VNPT") };
        assert_eq!(judge(&with_month), Verdict::Save { replaces: Some(MINE) });
        let slip = Chosen { expires_on: month("13/2027"), ..with_month };
        assert_eq!(judge(&slip), Verdict::BadMonth);
    }

    #[test]
    fn a_month_is_stored_as_its_last_day() {
        assert_eq!(month("2027-11"), Ok(Some(day(2027, 11, 30))));
        assert_eq!(month(" 2/2028 "), Ok(Some(day(2028, 2, 29))));
        assert_eq!(month(""), Ok(None));
        for wrong in ["2027", "13/2027", "11/27", "0-0", "tháng 5"] {
            assert_eq!(month(wrong), Err(BadMonth), "{wrong}");
        }
        assert_eq!(month(&month_key(day(2027, 11, 30))), Ok(Some(day(2027, 11, 30))));
        assert_eq!(month_words(day(2027, 2, 28)), "02/2027");
    }
}
