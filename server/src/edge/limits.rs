//! How much the edge holds at once and how long it waits, with the reasons. Tests hand in smaller ones.

use std::time::Duration;

/// Bytes and times that the edge allows.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections. Thousands of phones that sync once a minute hold some hundreds; each costs some 30 kB.
    pub connections: usize,
    /// Open connections of one address (IPv6: one /64). A whole team may sit behind one router.
    pub connections_per_address: usize,
    /// For the whole head of a request; also how long a connection may rest between two requests.
    pub header_time: Duration,
    /// How long a reader may take nothing of an answer before it is cut.
    pub write_time: Duration,
    /// How long a body may bring nothing. A weak signal is gone for some seconds at a time.
    pub body_idle: Duration,
    /// The same while somebody waits for the place: whoever stalls makes room for whoever has something to send.
    pub body_idle_wanted: Duration,
    /// How long a body may be slower than `body_bytes_per_s` at its start.
    pub body_grace: Duration,
    /// The slowest body on average. A full push over a bad 2G connection brings several thousand bytes a second.
    pub body_bytes_per_s: u64,
    /// How long a body waits for others to be read before it is sent away.
    pub slot_wait: Duration,
    /// Bodies of devices read at once, each at most 2 MiB in memory.
    pub bodies: usize,
    /// A phone sends one request at a time; a broken connection may leave another one or two behind.
    pub bodies_per_device: usize,
    /// Lists read at once, each at most 8 MiB in memory: a few clerks of one office.
    pub large_bodies: usize,
    pub large_bodies_per_device: usize,
    /// Invites and capsules without a device's token read at once.
    pub unknown_bodies: usize,
    pub unknown_bodies_per_address: usize,
    /// Tokens looked up at once; fewer than the store has reading connections, so that phones can go on reading.
    pub lookups: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2_048,
            connections_per_address: 256,
            header_time: Duration::from_secs(10),
            write_time: Duration::from_mins(1),
            body_idle: Duration::from_secs(10),
            body_idle_wanted: Duration::from_millis(500),
            body_grace: Duration::from_secs(20),
            body_bytes_per_s: 256,
            slot_wait: Duration::from_secs(10),
            bodies: 48,
            bodies_per_device: 3,
            large_bodies: 4,
            large_bodies_per_device: 2,
            unknown_bodies: 16,
            unknown_bodies_per_address: 4,
            lookups: 2,
        }
    }
}

/// Descriptors that the database, its log, backups and the program itself need beside the connections.
const RESERVED_DESCRIPTORS: usize = 128;

impl Limits {
    /// No more connections than a process with so many descriptors can hold.
    #[must_use]
    pub fn within(mut self, descriptors: usize) -> Self {
        self.connections = self.connections.min(descriptors.saturating_sub(RESERVED_DESCRIPTORS)).max(1);
        self
    }
}
