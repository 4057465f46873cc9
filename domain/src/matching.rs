//! Are two records the same person? Judged from what lists have: a name, a year of birth, a phone, an address.
//!
//! Two people must not become one: that would take somebody off every list. So only agreement on name *and* year *and*
//! one thing more is certain, and whatever else looks alike is shown to a person who decides.

pub mod corpus;
mod index;
mod name;
mod place;

use serde::{Deserialize, Serialize};

pub use index::{CANDIDATES_MAX, Candidate, Found, Index};
use name::Name;
use place::{Nearness, Place};

/// What is known of somebody, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    pub name: String,
    pub birth_year: Option<i64>,
    /// As `text::Phone` writes it.
    pub phone: Option<String>,
    /// House number and tổ or thôn: "12/3, Tổ 5".
    pub address: String,
    /// The last four digits of the căn cước, where the commune chose to keep them.
    pub id_tail: Option<String>,
}

/// Traits taken apart once, so that many comparisons are cheap.
#[derive(Clone, Debug)]
pub struct Person {
    name: Name,
    birth_year: Option<i64>,
    phone: Option<String>,
    place: Place,
    id_tail: Option<String>,
}

impl Person {
    pub fn of(traits: &Traits) -> Self {
        Self {
            name: Name::of(&traits.name),
            birth_year: traits.birth_year,
            phone: traits.phone.clone().filter(|phone| !phone.is_empty()),
            place: Place::of(&traits.address),
            id_tail: traits.id_tail.clone().filter(|tail| !tail.is_empty()),
        }
    }
}

/// What agrees and what does not, in the words of the review screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    SameName,
    /// One of the two is written without any marks.
    NoMarks,
    OtherMarks,
    OneLetter,
    OtherOrder,
    Shortened,
    SameYear,
    YearOff,
    YearUnknown,
    OtherYear,
    SamePhone,
    OtherPhone,
    SameHome,
    SameCell,
    OtherPlace,
    SameTail,
    OtherTail,
}

impl Reason {
    pub fn label(self) -> &'static str {
        match self {
            Reason::SameName => "cùng tên",
            Reason::NoMarks => "tên không dấu",
            Reason::OtherMarks => "khác dấu",
            Reason::OneLetter => "khác một chữ",
            Reason::OtherOrder => "đảo họ tên",
            Reason::Shortened => "tên viết tắt, thiếu chữ",
            Reason::SameYear => "cùng năm sinh",
            Reason::YearOff => "năm sinh gần giống",
            Reason::YearUnknown => "chưa rõ năm sinh",
            Reason::OtherYear => "khác năm sinh",
            Reason::SamePhone => "cùng số điện thoại",
            Reason::OtherPhone => "khác số điện thoại",
            Reason::SameHome => "cùng địa chỉ",
            Reason::SameCell => "cùng nơi ở",
            Reason::OtherPlace => "khác địa chỉ",
            Reason::SameTail => "cùng 4 số cuối",
            Reason::OtherTail => "khác 4 số cuối",
        }
    }

    /// Speaks for one person; the others speak against it, or leave it open.
    pub fn speaks_for(self) -> bool {
        matches!(
            self,
            Reason::SameName
                | Reason::NoMarks
                | Reason::SameYear
                | Reason::SamePhone
                | Reason::SameHome
                | Reason::SameCell
                | Reason::SameTail
        )
    }

    /// For the order of candidates, nothing else.
    fn weight(self) -> i32 {
        match self {
            Reason::SameName | Reason::SameYear => 8,
            Reason::SamePhone | Reason::SameTail => 9,
            Reason::NoMarks | Reason::SameHome => 6,
            Reason::OtherMarks | Reason::OtherOrder => 4,
            Reason::Shortened | Reason::SameCell => 3,
            Reason::OneLetter => 2,
            Reason::YearOff | Reason::YearUnknown => 1,
            Reason::OtherPhone => -1,
            Reason::OtherPlace => -2,
            Reason::OtherYear => -4,
            Reason::OtherTail => -9,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// One person, unless another record is one with it too: see `Index::find`.
    Certain(Vec<Reason>),
    Doubtful(Vec<Reason>),
    Different,
}

impl Judgement {
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Judgement::Certain(reasons) | Judgement::Doubtful(reasons) => reasons,
            Judgement::Different => &[],
        }
    }
}

/// Whether two names mean one tổ or thôn: "Tổ 5", "TDP 05", "Tổ dân phố số 5".
pub fn same_cell(left: &str, right: &str) -> bool {
    let (left, right) = (Place::of(left), Place::of(right));
    left.cell.is_some() && left.cell == right.cell
}

/// Judges two records alone. That no third one fits as well is for the caller to see.
pub fn judge(left: &Traits, right: &Traits) -> Judgement {
    compare(&Person::of(left), &Person::of(right))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Years {
    Same,
    Off,
    Unknown,
    Other,
}

fn years(left: Option<i64>, right: Option<i64>) -> Years {
    match (left, right) {
        (Some(left), Some(right)) if left == right => Years::Same,
        (Some(left), Some(right)) if left.abs_diff(right) == 1 || is_swapped(left, right) => Years::Off,
        (Some(_), Some(_)) => Years::Other,
        _ => Years::Unknown,
    }
}

/// 1957 typed as 1975.
fn is_swapped(left: i64, right: i64) -> bool {
    left / 100 == right / 100 && left % 10 == right / 10 % 10 && right % 10 == left / 10 % 10
}

/// `None` where one of the two is not known.
fn agree<T: PartialEq>(left: Option<&T>, right: Option<&T>) -> Option<bool> {
    Some(left? == right?)
}

pub(crate) fn compare(left: &Person, right: &Person) -> Judgement {
    let Some(likeness) = left.name.likeness(&right.name) else { return Judgement::Different };
    let years = years(left.birth_year, right.birth_year);
    let phone = agree(left.phone.as_ref(), right.phone.as_ref());
    let tail = agree(left.id_tail.as_ref(), right.id_tail.as_ref());
    let nearness = left.place.nearness(&right.place);
    // A phone may be the household's, and a house has more than one person: each helps a name, none replaces it.
    let has_support = phone == Some(true) || tail == Some(true) || nearness == Nearness::Home;
    let is_alike = likeness.is_full();
    let is_possible = match years {
        Years::Same => true,
        Years::Off => is_alike || has_support,
        Years::Unknown => has_support || (is_alike && nearness != Nearness::Apart),
        // A digit typed wrong; or father and son of one name.
        Years::Other => is_alike && has_support,
    };
    if !is_possible {
        return Judgement::Different;
    }
    let mut reasons = vec![likeness.reason()];
    reasons.push(match years {
        Years::Same => Reason::SameYear,
        Years::Off => Reason::YearOff,
        Years::Unknown => Reason::YearUnknown,
        Years::Other => Reason::OtherYear,
    });
    reasons.extend(phone.map(|same| if same { Reason::SamePhone } else { Reason::OtherPhone }));
    reasons.extend(tail.map(|same| if same { Reason::SameTail } else { Reason::OtherTail }));
    reasons.extend(match nearness {
        Nearness::Home => Some(Reason::SameHome),
        Nearness::Cell => Some(Reason::SameCell),
        Nearness::Apart => Some(Reason::OtherPlace),
        Nearness::Unknown => None,
    });
    if is_alike && years == Years::Same && has_support && tail != Some(false) {
        Judgement::Certain(reasons)
    } else {
        Judgement::Doubtful(reasons)
    }
}

#[cfg(test)]
mod tests;
