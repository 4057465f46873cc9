//! HTTP around the core: each handler reads its request, calls one function and answers.

pub mod capsule;
pub mod doubles;
pub mod files;
pub mod handouts;
pub mod health;
pub mod holders;
pub mod invites;
pub mod join;
pub mod lists;
pub mod moves;
pub mod office;
pub mod openapi;
pub mod paper;
pub mod plans;
pub mod sync;
