//! What only the whole can show: simulated phones under faults (`fleet`), lists broken in every way (`fuzz`), journeys in a
//! real browser (`browser`), hostile requests over raw HTTP (`hostile`), an outside
//! fuzzer of the API (`fuzz_api`), and the real server process killed, restored and replaced under phones (`field`, `kills`,
//! `drill`, `replaced`).

pub mod browser;
pub mod drill;
pub mod field;
pub mod fleet;
pub mod fuzz;
pub mod fuzz_api;
pub mod hostile;
pub mod kills;
pub mod replaced;
pub mod second_counter;

/// The fleet makes and drops documents by the million.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
