//! The HTTP edge: all that stands between a stranger on the network and the handlers.
//!
//! Connections are counted and cut (`accept`, `connections`), bodies are read only of known devices, few at once and not
//! for ever (`gate`, `slots`, `pace`), and a proxy is believed only when it is trusted (`client`).

pub mod accept;
pub mod client;
pub mod connections;
pub mod descriptors;
pub mod gate;
pub mod limits;
pub mod origin;
pub mod pace;
pub mod slots;
pub mod strangers;

use std::net::IpAddr;

use tokio::sync::Semaphore;

use crate::store::SecretHash;
pub use client::{Client, Proxies};
pub use limits::Limits;
use slots::Slots;
use strangers::Strangers;

/// What whoever runs the server can say about its place in the network.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub limits: Limits,
    pub proxies: Proxies,
    /// The host that phones reach the server at, such as `tungnha.example`, when it is known.
    pub public_host: Option<String>,
    /// Whether lines about strangers name their address, for programs that ban.
    pub logs_addresses: bool,
}

/// Who a body is counted against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    Device(SecretHash),
    Address(IpAddr),
}

/// The edge's state: one for the whole server.
#[derive(Debug)]
pub struct Edge {
    pub settings: Settings,
    pub strangers: Strangers,
    /// Bodies of devices that fit a sync.
    small: Slots<Sender>,
    /// Bodies that may be as long as a list.
    large: Slots<Sender>,
    /// Bodies of whoever says nothing about themselves.
    unknown: Slots<Sender>,
    /// Strangers must not take every connection to the database.
    lookups: Semaphore,
}

impl Edge {
    pub fn new(settings: Settings) -> Self {
        let limits = &settings.limits;
        Self {
            strangers: Strangers::new(settings.logs_addresses),
            small: Slots::new(limits.bodies, limits.bodies_per_device),
            large: Slots::new(limits.large_bodies, limits.large_bodies_per_device),
            unknown: Slots::new(limits.unknown_bodies, limits.unknown_bodies_per_address),
            lookups: Semaphore::new(limits.lookups),
            settings,
        }
    }
}

impl Default for Edge {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
