//! The office's side of Từng Nhà: enrolment, sync, storage, and the app's files.
//!
//! `sync::sync` is the heart and knows no HTTP; `handlers` wrap it; `store` hides the database.

pub mod admin;
pub mod app;
pub mod area_cache;
mod auth;
pub mod config;
pub mod demo;
mod error;
pub mod handlers;
pub mod handouts;
mod headers;
pub mod import_list;
pub mod invite;
pub mod logging;
pub mod paper;
pub mod plans;
pub mod province;
mod rate;
pub mod report;
pub mod router;
pub mod store;
pub mod sync;
