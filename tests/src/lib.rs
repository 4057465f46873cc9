//! What only the whole can show: simulated phones under faults (`fleet`), lists broken in every way (`fuzz`) and journeys
//! in a real browser (`browser`).

pub mod browser;
pub mod fleet;
pub mod fuzz;
