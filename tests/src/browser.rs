//! Journeys in a real browser: the real server, Chromium as the phone, page objects in the words of the screen.
//! Offline means that the server is stopped; waits are on what the screen says, never on time.

pub mod builds;
mod camera;
mod driver;
mod freezer;
mod journey;
pub mod pages;
mod phone;
pub(crate) mod process;
mod server;
mod stored;

pub use camera::film;
pub use freezer::{Freezer, Frozen, Points, Report};
pub use journey::{Stage, journey};
pub use phone::{Look, Phone, id, until};
pub use server::{Invites, Server, built_app};
