//! What strangers do, told sparingly: a flood of them must not fill the disk with lines.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::Method;

/// Lines of one class in a minute; what comes beyond is counted.
const LINES_PER_MINUTE: u32 = 5;
/// Beyond this many classes addresses are no longer told apart.
const CLASSES_MAX: usize = 1_000;
const MINUTE_MS: u64 = 60_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Class {
    route: String,
    status: u16,
    address: Option<IpAddr>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    since_ms: u64,
    lines: u32,
    more: u64,
}

/// Counts of the running minute, by class.
#[derive(Debug, Default)]
pub struct Strangers {
    with_addresses: bool,
    counts: Mutex<HashMap<Class, Count>>,
}

impl Strangers {
    pub fn new(with_addresses: bool) -> Self {
        Self { with_addresses, ..Self::default() }
    }

    /// Notes an answer to somebody who is not known.
    pub fn note(&self, method: &Method, route: &str, status: u16, ms: u64, address: Option<IpAddr>, now_ms: u64) {
        let address = address.filter(|_| self.with_addresses);
        if !self.may_tell(route, status, address, now_ms) {
            return;
        }
        // Other methods are words that a stranger chose.
        let method = if is_usual(method) { method.as_str() } else { "other" };
        if let Some(address) = address {
            tracing::info!(method, route, status, ms, %address, "answered a stranger");
        } else {
            tracing::info!(method, route, status, ms, "answered a stranger");
        }
    }

    /// Tells how many lines were left out in the minutes that are over.
    pub fn tell_left_out(&self, now_ms: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|class, count| {
            let is_over = !is_running(*count, now_ms);
            if is_over {
                tell_more(class, count.more);
            }
            !is_over
        });
    }

    fn may_tell(&self, route: &str, status: u16, address: Option<IpAddr>, now_ms: u64) -> bool {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut class = Class { route: route.to_owned(), status, address };
        if counts.len() >= CLASSES_MAX && !counts.contains_key(&class) {
            class.address = None;
        }
        let count = counts.entry(class.clone()).or_insert(Count { since_ms: now_ms, ..Count::default() });
        if !is_running(*count, now_ms) {
            tell_more(&class, count.more);
            *count = Count { since_ms: now_ms, ..Count::default() };
        }
        let may_tell = count.lines < LINES_PER_MINUTE;
        if may_tell {
            count.lines += 1;
        } else {
            count.more += 1;
        }
        may_tell
    }
}

/// A clock that goes back ends the minute too.
fn is_running(count: Count, now_ms: u64) -> bool {
    now_ms.checked_sub(count.since_ms).is_some_and(|ms| ms < MINUTE_MS)
}

fn tell_more(class: &Class, more: u64) {
    let Class { route, status, address } = class;
    match (more, address) {
        (0, _) => {}
        (_, Some(address)) => tracing::info!(route, status, more, %address, "strangers, left out"),
        (_, None) => tracing::info!(route, status, more, "strangers, left out"),
    }
}

fn is_usual(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        .contains(method)
}
