//! A phone in a run: the real replica in one or two tabs, a disk, and clocks that may be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::replica::{Change, Meta, Now, Replica, Ticket};
use domain::{DocId, InstallId};
use server::store::SecretHash;

use super::disk::Disk;
use super::filter::Filter;
use super::fixture::{Person, token};
use super::plan::START_MS;

pub const TABS: usize = 2;

/// How old the app on it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Writes only what there was from the beginning, and passes on the rest.
    Older,
    Current,
    /// Writes fields, kinds and values that this version has never heard of.
    Newer,
}

/// Which way nothing gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    BothWays,
    /// What the phone says is never heard.
    Outwards,
    /// The server hears and does everything; its replies never come.
    Inwards,
}

/// A page that the system has stopped: no timer fires, no answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frozen {
    pub since_ms: u64,
    pub until_ms: u64,
    /// Some systems stop the running clock too.
    pub stops_clock: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fate of its own, and they go together in any mixture")]
pub struct Phone {
    pub index: usize,
    pub person: Person,
    pub token: SecretHash,
    pub version: Version,
    pub disk: Disk,
    pub tabs: [Option<Tab>; TABS],
    /// The phone's clock minus the true time.
    skew_ms: i64,
    /// The furthest that it has been off.
    pub most_off_ms: u64,
    /// Whether that was ever another number than zero.
    pub has_been_off: bool,
    /// When somebody last put the clock forward, by the one true clock.
    pub put_forward_ms: Option<u64>,
    pub has_two_tabs: bool,
    /// From when to when the person uses the app; within that a killed app is opened again.
    pub sessions: Vec<(u64, u64)>,
    pub cuts: Vec<(u64, u64, Cut)>,
    /// The system has stopped its pages until then.
    pub frozen: Option<Frozen>,
    /// What somebody on its line lets nobody say.
    pub filter: Option<Filter>,
    /// Wiped, evicted, or lying in a ditch: what it alone held is nobody's promise any more.
    pub is_gone: bool,
    /// After its storage was evicted it is another phone to everybody.
    pub heir: Option<usize>,
    /// Its member was taken off the team once: then it let go of what was settled.
    pub has_left: bool,
    /// Scopes of which its disk has lost a row without a word.
    pub rotten: BTreeSet<DocId>,
    /// Writes that the screen waits for.
    pub tickets: BTreeMap<Ticket, Vec<Change>>,
    /// Edits that the server took, by what arrived here.
    pub confirmed: BTreeSet<(DocId, u64)>,
    /// Refused documents that its person has decided on.
    pub decided: BTreeSet<DocId>,
    /// Answered requests after which something was still unsent, since all is well.
    pub attempts: u64,
    /// Requests since all is well that have no answer yet: by tab, its life and their number.
    pub asked: BTreeSet<(usize, u64, u64)>,
}

pub struct Tab {
    pub replica: Replica,
    pub opened_ms: u64,
    /// A tab that was killed and opened again is another one.
    pub life: u64,
    pub wake_ms: Option<u64>,
    /// Replies that are still somewhere on their way, by their requests: they arrive while this tab waits for another.
    pub late: Vec<(u64, Rc<str>)>,
}

impl Phone {
    pub fn new(index: usize, person: Person) -> Self {
        let disk = Disk::new(Meta::new(person.install));
        Self {
            index,
            token: token(index),
            person,
            version: Version::Current,
            disk,
            tabs: [None, None],
            skew_ms: 0,
            most_off_ms: 0,
            has_been_off: false,
            put_forward_ms: None,
            has_two_tabs: false,
            sessions: Vec::new(),
            cuts: Vec::new(),
            frozen: None,
            filter: None,
            is_gone: false,
            heir: None,
            has_left: false,
            rotten: BTreeSet::new(),
            tickets: BTreeMap::new(),
            confirmed: BTreeSet::new(),
            decided: BTreeSet::new(),
            attempts: 0,
            asked: BTreeSet::new(),
        }
    }

    pub fn install(&self) -> InstallId {
        self.person.install
    }

    pub fn skew_ms(&self) -> i64 {
        self.skew_ms
    }

    pub fn set_clock(&mut self, skew_ms: i64) {
        self.skew_ms = skew_ms;
        self.has_been_off |= skew_ms != 0;
        self.most_off_ms = self.most_off_ms.max(skew_ms.unsigned_abs());
    }

    pub fn wall_ms(&self, at_ms: u64) -> u64 {
        (START_MS + at_ms).saturating_add_signed(self.skew_ms)
    }

    /// What the phone's own clocks say at a moment of the run.
    pub fn now(&self, tab: usize, at_ms: u64) -> Now {
        let opened_ms = self.tabs[tab].as_ref().map_or(at_ms, |tab| tab.opened_ms);
        Now { wall_ms: self.wall_ms(at_ms), mono_ms: at_ms - opened_ms }
    }

    pub fn tab(&mut self, tab: usize, life: u64) -> Option<&mut Tab> {
        self.tabs[tab].as_mut().filter(|tab| tab.life == life)
    }

    pub fn open_tabs(&self) -> Vec<usize> {
        (0..TABS).filter(|tab| self.tabs[*tab].is_some()).collect()
    }

    /// What the network does to it at this moment.
    pub fn cut(&self, at_ms: u64) -> Option<Cut> {
        self.cuts.iter().find(|(from, to, _)| (*from..*to).contains(&at_ms)).map(|(_, _, cut)| *cut)
    }

    pub fn is_in_use(&self, at_ms: u64) -> bool {
        self.sessions.iter().any(|(from, to)| (*from..*to).contains(&at_ms))
    }

    /// Memory is gone; the disk stays.
    pub fn close(&mut self) {
        self.frozen = None;
        self.tabs = [None, None];
        self.tickets.clear();
    }

    /// Everything is gone, and nobody was told.
    pub fn lose_storage(&mut self) {
        self.close();
        self.disk = Disk::new(Meta::new(self.person.install));
    }
}
