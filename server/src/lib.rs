//! The office's side of Từng Nhà: enrolment, sync, storage, and the app's files.
//!
//! `sync::sync` is the heart and knows no HTTP; `handlers` wrap it; `store` hides the database; `commands` is the program.

pub mod admin;
pub mod app;
pub mod area_cache;
mod auth;
pub mod backup;
pub mod capsule;
pub mod clock;
mod clock_guard;
pub mod commands;
pub mod commune_view;
pub mod config;
pub mod data_lock;
pub mod demo;
pub mod devices;
pub mod doubles;
pub mod edge;
mod error;
pub mod handlers;
pub mod handouts;
mod headers;
pub mod holders;
pub mod import_list;
pub mod invite;
pub mod lists;
pub mod logging;
pub mod moves;
pub mod paper;
pub mod plans;
pub mod province;
mod rate;
mod readings;
mod receipts;
pub mod report;
pub mod router;
pub mod store;
pub mod sync;
