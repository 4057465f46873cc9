//! The server as phones meet it: the exchange itself, and the routes around it.

mod access;
mod concurrency;
mod helpers;
mod join;
mod limits;
mod list;
mod logs;
mod support_points;
mod sync;
