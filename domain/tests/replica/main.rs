//! The phone's state machine, step by step: each test is one thing that went wrong somewhere before.

mod clocks;
mod lines;
mod newer;
mod offers;
mod office_clock;
mod phone;
mod requests;
mod restores;
mod tabs;
mod tray;
