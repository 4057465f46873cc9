//! The sum of many runs: what was thrown at them, how often each invariant was judged, and what came of it.

use std::fmt;

use super::invariant::Invariant;

macro_rules! scoreboard {
    ($($section:ident { $($(#[$doc:meta])* $name:ident: $label:literal,)+ })+) => {
        /// Counts of one run or of many.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Scoreboard {
            $($($(#[$doc])* pub $name: u64,)+)+
            /// The most answered requests that a phone needed, once all was well, to be rid of what it held.
            pub attempts_max: u64,
            /// How often each invariant was judged.
            pub checks: [u64; Invariant::COUNT],
        }

        impl Scoreboard {
            pub fn add(&mut self, other: &Self) {
                $($(self.$name += other.$name;)+)+
                self.attempts_max = self.attempts_max.max(other.attempts_max);
                for (sum, count) in self.checks.iter_mut().zip(other.checks) {
                    *sum += count;
                }
            }

            $(
                /// These counts, with their labels.
                pub fn $section(&self) -> Vec<(&'static str, u64)> {
                    vec![$(($label, self.$name)),+]
                }
            )+
        }
    };
}

scoreboard! {
    work {
        runs: "runs",
        phones: "phones",
        facts: "facts written",
        edits: "fields edited",
        requests: "requests sent",
        served: "requests served",
    }
    faults {
        lost: "requests lost",
        replies_lost: "replies lost",
        duplicated: "requests duplicated",
        hung: "requests never answered",
        late: "requests that arrived too late",
        late_replies: "replies that arrived too late, or again",
        portals: "captive portals",
        bad_gateways: "pages of a proxy (502) in place of a reply",
        cut_both_ways: "phones cut off for long, both ways",
        cut_outwards: "phones cut off for long, requests only",
        cut_inwards: "phones cut off for long, replies only",
        crashes: "server killed inside a request",
        torn_logs: "server killed while writing its log",
        vanished: "callers gone inside a request",
        errors: "database errors inside a request",
        restores: "servers restored from a backup",
        restored_older: "restored again, from an older backup",
        unknown_devices: "phones that a restored server did not know",
        kills: "phones killed at an effect",
        disks_full: "phone disks full",
        evicted: "phones whose storage was evicted",
        rotten: "rows lost from a phone's disk without a word",
        replaced: "phones replaced while still in use",
        wipes: "phones lost and wiped",
        left: "phones of members who left",
        rejoined: "phones joined again by a new invite",
        outdated: "writes overtaken by another tab",
        clock_jumps: "clocks set while in use",
        wrong_clocks: "phones with a wrong clock",
        reassigned: "members given other areas",
        areas_made: "areas made",
        moved: "moves of households and people",
        splits: "areas split",
        linked: "doubles joined on phones",
        parted: "doubles parted on phones",
        joined_across: "doubles of two areas joined",
        parted_across: "doubles of two areas parted",
        erasures: "people erased",
        older: "phones of an older version",
        newer: "phones of a newer version",
        left_open: "phones that lay open when the faults ended",
        unknown: "writes of a newer version",
        capsules: "capsules of unsent work handed over",
        carried: "times that a capsule was brought",
        rescued: "capsules brought for phones that were gone",
        hostile: "hostile writes",
        frozen: "pages stopped by the system while in use",
        filters: "lines on which somebody refuses by content",
        filtered: "requests refused there",
        office_clocks: "wrong clocks of the office",
        clock_refusals: "requests not served under a wrong clock of the office",
        rolled_back: "servers put back to an earlier file without a word",
        together: "requests served at once",
        strikes: "requests by hand of an adversary",
        floods: "floods of documents by the adversary",
        struck: "documents that it wrote and was allowed to",
        refused: "documents in trays at the end",
    }
    outcome {
        /// Not a violation: with wrong clocks nobody can always know which edit was later.
        overtaken: "fields whose latest edit lost to an earlier one (wrong clocks)",
        wrong_days: "facts dated on another day than their own (wrong clocks)",
        partition_runs: "runs with partitions",
        stuck_in_partitions: "STUCK phones in runs with partitions",
        stuck: "STUCK phones",
        records_lost: "LOST records",
        doubled: "DOUBLED or invented records",
        violations: "violations in all",
    }
}

/// Fields edited from which on the share of those that were overtaken tells something: about a hundred runs.
const EDITS_MIN: u64 = 10_000;

impl Scoreboard {
    /// I14: clocks wrong by up to 400 days cost hardly any edit its place, one in a hundred at most. Says so when they cost
    /// more.
    pub fn overtakes_too_many(&self) -> Option<String> {
        let is_too_many = self.edits >= EDITS_MIN && self.overtaken * 100 > self.edits;
        is_too_many.then(|| format!("{} of {} edits were overtaken, more than 1 in 100", self.overtaken, self.edits))
    }
}

impl fmt::Display for Scoreboard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, count) in self.work().into_iter().chain(self.faults()) {
            writeln!(formatter, "{count:>12}  {label}")?;
        }
        for invariant in Invariant::ALL {
            writeln!(formatter, "{:>12}  checks of {invariant}", self.checks[invariant.index()])?;
        }
        writeln!(formatter, "{:>12}  most answered requests until nothing was unsent", self.attempts_max)?;
        let outcome = self.outcome();
        for (index, (label, count)) in outcome.iter().enumerate() {
            write!(formatter, "{count:>12}  {label}{}", if index + 1 < outcome.len() { "\n" } else { "" })?;
        }
        Ok(())
    }
}
