//! The sum of many runs: what was thrown at them, and what came of it.

use std::fmt;

macro_rules! scoreboard {
    ($($(#[$doc:meta])* $name:ident: $label:literal,)+) => {
        /// Counts of one run or of many.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Scoreboard {
            $($(#[$doc])* pub $name: u64,)+
            /// The most answered requests that a phone needed, once all was well, to be rid of what it held.
            pub attempts_max: u64,
        }

        impl Scoreboard {
            pub fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)+
                self.attempts_max = self.attempts_max.max(other.attempts_max);
            }
        }

        impl fmt::Display for Scoreboard {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                $(writeln!(formatter, "{:>12}  {}", self.$name, $label)?;)+
                write!(formatter, "{:>12}  most answered requests until nothing was unsent", self.attempts_max)
            }
        }
    };
}

scoreboard! {
    runs: "runs",
    phones: "phones",
    facts: "facts written",
    edits: "fields edited",
    requests: "requests sent",
    served: "requests served",
    lost: "requests lost",
    replies_lost: "replies lost",
    duplicated: "requests duplicated",
    hung: "requests never answered",
    late: "requests that arrived too late",
    portals: "captive portals",
    crashes: "server crashes inside a request",
    vanished: "callers gone inside a request",
    errors: "database errors inside a request",
    restores: "servers restored from a backup",
    kills: "phones killed at an effect",
    disks_full: "phone disks full",
    outdated: "writes overtaken by another tab",
    clock_jumps: "clocks set while in use",
    wrong_clocks: "phones with a wrong clock",
    partitions: "phones cut off for long",
    wipes: "phones lost and wiped",
    moves: "members given other areas",
    moved: "moves of households and people",
    hostile: "hostile writes",
    refused: "documents in trays at the end",
    /// Not a violation: with wrong clocks nobody can always know which edit was later.
    overtaken: "fields whose latest edit lost to an earlier one (wrong clocks)",
    wrong_days: "facts dated on another day than their own (wrong clocks)",
    records_lost: "LOST records",
    doubled: "DOUBLED or invented records",
    stuck: "STUCK phones",
    violations: "violations in all",
}
