//! A phone in a run: the real replica in one or two tabs, a disk, and clocks that may be wrong.

use std::collections::BTreeMap;

use domain::InstallId;
use domain::replica::{Change, Meta, Now, Replica, Ticket};
use server::store::SecretHash;

use super::disk::Disk;
use super::fixture::{Person, token};
use super::plan::START_MS;

pub const TABS: usize = 2;

pub struct Phone {
    pub index: usize,
    pub person: Person,
    pub token: SecretHash,
    pub disk: Disk,
    pub tabs: [Option<Tab>; TABS],
    /// The phone's clock minus the true time.
    skew_ms: i64,
    /// Whether that was ever another number than zero.
    pub has_been_off: bool,
    pub has_two_tabs: bool,
    /// From when to when the person uses the app; within that a killed app is opened again.
    pub sessions: Vec<(u64, u64)>,
    pub cut_off: Vec<(u64, u64)>,
    /// Wiped, or lying in a ditch: what it alone held is nobody's promise any more.
    pub is_gone: bool,
    /// Writes that the screen waits for.
    pub tickets: BTreeMap<Ticket, Vec<Change>>,
    /// Answered requests after which something was still unsent, since all is well.
    pub attempts: u64,
}

pub struct Tab {
    pub replica: Replica,
    pub opened_ms: u64,
    /// A tab that was killed and opened again is another one.
    pub life: u64,
    pub wake_ms: Option<u64>,
}

impl Phone {
    pub fn new(index: usize, person: Person) -> Self {
        let disk = Disk::new(Meta::new(person.install));
        Self {
            index,
            token: token(index),
            person,
            disk,
            tabs: [None, None],
            skew_ms: 0,
            has_been_off: false,
            has_two_tabs: false,
            sessions: Vec::new(),
            cut_off: Vec::new(),
            is_gone: false,
            tickets: BTreeMap::new(),
            attempts: 0,
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

    pub fn is_cut_off(&self, at_ms: u64) -> bool {
        self.cut_off.iter().any(|(from, to)| (*from..*to).contains(&at_ms))
    }

    pub fn is_in_use(&self, at_ms: u64) -> bool {
        self.sessions.iter().any(|(from, to)| (*from..*to).contains(&at_ms))
    }

    /// Memory is gone; the disk stays.
    pub fn close(&mut self) {
        self.tabs = [None, None];
        self.tickets.clear();
    }
}
