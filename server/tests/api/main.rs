//! The server as phones meet it: the exchange itself, and the routes around it.

mod access;
mod capsule;
mod concurrency;
mod demo;
mod devices;
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
mod real_phone;
mod released;
mod report;
mod restore;
mod rollback;
mod set_plan;
mod support_points;
mod sync;
