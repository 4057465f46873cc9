//! HTTP around the core: each handler reads its request, calls one function and answers.

pub mod files;
pub mod handouts;
pub mod health;
pub mod invites;
pub mod join;
pub mod office;
pub mod openapi;
pub mod paper;
pub mod plans;
pub mod sync;
