//! The server as phones meet it: the exchange itself, and the routes around it.

mod access;
mod capsule;
mod concurrency;
mod demo;
mod doubles;
mod handouts;
mod helpers;
mod holders;
mod join;
mod limits;
mod list;
mod lists;
mod logs;
mod moves;
mod paper;
mod plans;
mod province;
mod report;
mod set_plan;
mod support_points;
mod sync;
