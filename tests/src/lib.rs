//! What only the whole can show: simulated phones under faults (`fleet`) and journeys in a real browser (`browser`).

pub mod browser;
pub mod fleet;
