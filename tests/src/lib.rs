//! What only the whole can show: simulated phones under faults (`fleet`), lists broken in every way (`fuzz`), journeys in a
//! real browser (`browser`), and the real server process killed, restored and replaced under phones (`field`, `kills`,
//! `drill`, `replaced`).

pub mod browser;
pub mod drill;
pub mod field;
pub mod fleet;
pub mod fuzz;
pub mod kills;
pub mod replaced;
pub mod second_counter;

/// The fleet makes and drops documents by the million.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
