//! What must hold whatever happens. Each has its number on the reliability scoreboard, and is counted whenever it is
//! judged: a check that never runs proves nothing.

use std::fmt;

macro_rules! invariants {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Invariant {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Invariant {
            pub const ALL: [Invariant; [$($id),+].len()] = [$(Invariant::$name),+];

            /// "I3".
            pub const fn id(self) -> &'static str {
                match self {
                    $(Invariant::$name => $id,)+
                }
            }

            /// What it says, in a sentence.
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Invariant::$name => concat!($($doc),+),)+
                }
            }
        }
    };
}

invariants! {
    /// What the screen called saved is on the phone after any kill.
    Saved = "I1",
    /// What the server acknowledged it has, after any crash.
    Acknowledged = "I2",
    /// Nothing stored on a living phone is lost, doubled or invented: it is on the server, unsent, or in the tray.
    NothingLost = "I3",
    /// When all is sent, each phone has exactly what the server has, with an equal digest.
    SameEverywhere = "I4",
    /// With a healthy network everything is sent in a few attempts; nobody is stuck.
    Progress = "I5",
    /// Merging is commutative, associative and idempotent for whatever versions really met.
    MergeLaws = "I6",
    /// What comes again changes nothing: no number, no line of the audit, no figure.
    AgainIsNothing = "I7",
    /// Figures are what a recount gives, on the server and on every phone.
    Figures = "I8",
    /// Nothing of an area reaches a phone of another one.
    OwnAreasOnly = "I9",
    /// Numbers follow the order of commits, and no phone misses a row below its cursor.
    NoGaps = "I10",
    /// What this version does not know passes through phones, disk and server unchanged.
    UnknownSurvives = "I11",
    /// No purge takes what is unsent or refused, but for a lost phone.
    PurgeSpares = "I12",
    /// After a restore everything acknowledged comes back from the phones that are left.
    Restored = "I13",
    /// No stamp from the future is accepted.
    NoFuture = "I14",
    /// Whoever has moved lives in one area, with everything that was ever told of them.
    OneHome = "I15",
    /// What a member made before leaving an area is not refused.
    BeforeLeaving = "I16",
    /// Every request and every reply can be read, and the server fails only where a fault was put.
    Readable = "I17",
    /// An erasure by somebody who may is final, and leaves nothing that tells who it was.
    Erased = "I18",
    /// What lies in a tray is refused for a reason that still holds, and no record conflicts with itself.
    RefusedForAReason = "I19",
    /// Who may not, changes nothing: judged on what is stored before and after each request of an adversary.
    WhoMayNot = "I20",
    /// No day of a record moves further than its own phone's clock was off.
    OwnDays = "I21",
    /// An office that was put back without a word learns it from the first phone that knows more, and tells nobody that they
    /// have left an area that it does not know.
    FoundOut = "I22",
}

impl Invariant {
    pub const COUNT: usize = Self::ALL.len();

    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.id(), self.sentence().trim().trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invariant_is_at_its_own_place() {
        for (index, invariant) in Invariant::ALL.into_iter().enumerate() {
            assert_eq!(invariant.index(), index);
            assert_eq!(invariant.id(), format!("I{}", index + 1));
        }
    }
}
