//! What the phone and the office agree on: the words, the rules, the merge, the tally and the sync protocol.
//!
//! Architecture invariant: nothing here reads a clock, a file, a socket or a random number. They are arguments, so the
//! same code runs on the phone, on the server and in the simulator, and cannot give two answers.

pub mod access;
pub mod attainment;
pub mod campaign;
pub mod capsule;
pub mod clock;
pub mod coverage;
pub mod daily;
pub mod day;
pub mod digest;
pub mod division;
pub mod document;
pub mod doubles;
pub mod due;
pub mod erasure;
pub mod gzip;
pub mod handout;
pub mod holders;
pub mod id;
pub mod import;
pub mod matching;
pub mod merge;
pub mod moment;
pub mod moving;
pub mod number;
pub mod pace;
pub mod people;
pub mod place;
pub mod plan_form;
pub mod planted;
pub mod plausible;
pub mod protocol;
pub mod province;
pub mod qr_series;
pub mod quota;
pub mod receipt;
pub mod renamed;
pub mod replica;
pub mod report;
pub mod service;
pub mod span;
pub mod summary;
pub mod table;
pub mod tally;
pub mod text;
pub mod value;
pub mod visit;
pub mod xlsx;

pub use clock::{Clock, InstallId, Stamp};
pub use day::Day;
pub use document::{Body, Document, Kind};
pub use id::DocId;
pub use moment::Moment;
pub use value::Value;
