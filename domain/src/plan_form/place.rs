//! Where something stands in the form: one name for a field, for what is typed there and for what is wrong with it.

use serde::{Deserialize, Serialize};

use crate::campaign::{Channel, Weekday};
use crate::service::Service;

/// A field of the form. Rows are named by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum At {
    Name,
    IssuedOn,
    StartsOn,
    EndsOn,
    Age(Whom, AgePart),
    Service(Service, ServicePart),
    Quota,
    /// The number that shares are taken of: of a group's row, or of the whole.
    Count(Option<u32>, CountPart),
    Group(u32, GroupPart),
    Target(u32, TargetPart),
    Slot(u32, SlotPart),
    Channel(Channel),
    Provider(u32),
    UnitKind,
    Controller,
    Retention,
    /// No field alone.
    Whole,
}

/// The lists of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    Groups,
    Targets,
    Slots,
    Providers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Whom {
    Served,
    Counted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AgePart {
    Years,
    /// "trên" or "từ đủ".
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ServicePart {
    Asked,
    /// Name of the step from which it counts.
    Done,
    Label,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CountPart {
    People,
    AsOf,
    Source,
    Already,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GroupPart {
    Label,
    /// Not typed; empty until the group has been stored once.
    Key,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TargetPart {
    Label,
    /// Name of a measure.
    Measure,
    /// The row of a group; empty for everyone.
    Group,
    Counted,
    Comparator,
    Amount,
    Unit,
    Deadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SlotPart {
    Rhythm,
    Weekday(Weekday),
    /// All of them: where it is said that none is ticked.
    Weekdays,
    DayOfMonth,
    Once,
    BeforeHour,
    From,
    To,
    Channel,
    Link,
}

impl Rows {
    pub const ALL: [Rows; 4] = [Rows::Groups, Rows::Targets, Rows::Slots, Rows::Providers];
}

impl At {
    /// The row that it belongs to.
    pub fn row(self) -> Option<(Rows, u32)> {
        match self {
            At::Count(Some(row), _) | At::Group(row, _) => Some((Rows::Groups, row)),
            At::Target(row, _) => Some((Rows::Targets, row)),
            At::Slot(row, _) => Some((Rows::Slots, row)),
            At::Provider(row) => Some((Rows::Providers, row)),
            _ => None,
        }
    }
}
