//! The sealed outbox: unsent work as capsules in a database of its own, where the service worker can reach it while the
//! app is closed, and where others' capsules wait that this phone carries. Nothing in it can be read on this phone.

pub mod background;
mod carrier;
mod copies;
mod own;
mod rows;

pub use carrier::{Carrier, TakeFailure};
pub use copies::CACHE;
pub use own::{Keeper, keep, rescue, sealed, take_left, take_out};
pub use rows::{Carried, Outcome};
