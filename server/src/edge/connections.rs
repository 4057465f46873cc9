//! The open connections. When there are too many, the one that has done nothing for longest makes room.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

/// All open connections of the server.
#[derive(Debug)]
pub struct Connections {
    total_max: usize,
    per_address_max: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    by_number: HashMap<u64, Connection>,
}

#[derive(Debug)]
struct Connection {
    /// `None` for a trusted proxy, which brings many people.
    address: Option<IpAddr>,
    /// Whether a handler works on a request of it. Such a connection is never chosen to make room.
    is_busy: bool,
    since: Instant,
    closed: Arc<Notify>,
}

/// A connection's place among the open ones, until this is dropped.
#[derive(Debug)]
pub struct Seat {
    connections: Arc<Connections>,
    number: u64,
    closed: Arc<Notify>,
}

impl Connections {
    pub fn new(total_max: usize, per_address_max: usize) -> Self {
        Self { total_max, per_address_max, open: Mutex::default() }
    }

    /// A place for a new connection; `None` when all others are at work. Somebody with many connections makes room of their own.
    pub fn admit(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Seat> {
        let mut open = self.lock();
        if address.is_some() {
            let of_address = |connection: &Connection| connection.address == address;
            if open.by_number.values().filter(|connection| of_address(connection)).count() >= self.per_address_max {
                open.make_room(of_address)?;
            }
        }
        if open.by_number.len() >= self.total_max {
            open.make_room(|_| true)?;
        }
        let (number, closed) = (open.next, Arc::new(Notify::new()));
        open.next += 1;
        let connection = Connection { address, is_busy: false, since: Instant::now(), closed: Arc::clone(&closed) };
        open.by_number.insert(number, connection);
        Some(Seat { connections: Arc::clone(self), number, closed })
    }

    /// Closes the connection that has rested longest, because descriptors ran out.
    pub fn close_one(&self) {
        let _ = self.lock().make_room(|_| true);
    }

    pub fn count(&self) -> usize {
        self.lock().by_number.len()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn make_room(&mut self, is_meant: impl Fn(&Connection) -> bool) -> Option<()> {
        let resting = self.by_number.iter().filter(|(_, connection)| !connection.is_busy && is_meant(connection));
        let number = *resting.min_by_key(|(number, connection)| (connection.since, **number))?.0;
        self.by_number.remove(&number)?.closed.notify_one();
        Some(())
    }
}

impl Seat {
    /// Ends when this connection has to make room.
    pub async fn closed(&self) {
        self.closed.notified().await;
    }

    /// Whether a handler is at work for the connection.
    pub fn set_busy(&self, is_busy: bool) {
        if let Some(connection) = self.connections.lock().by_number.get_mut(&self.number) {
            connection.is_busy = is_busy;
            connection.since = Instant::now();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connections.lock().by_number.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    async fn is_closed(seat: &Seat) -> bool {
        tokio::time::timeout(Duration::from_millis(1), seat.closed()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_that_rested_longest_makes_room() {
        let connections = Arc::new(Connections::new(2, 10));
        let first = connections.admit(Some(address(1))).expect("a seat");
        let second = connections.admit(Some(address(2))).expect("a seat");
        first.set_busy(true);
        let third = connections.admit(Some(address(3))).expect("room");
        assert!(is_closed(&second).await && !is_closed(&first).await);
        third.set_busy(true);
        assert!(connections.admit(Some(address(4))).is_none(), "both are at work");
        third.set_busy(false);
        drop(second);
        assert_eq!(connections.count(), 2, "its place was given away already");
        let _fourth = connections.admit(Some(address(4))).expect("room");
        assert!(is_closed(&third).await);
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_makes_room_of_its_own() {
        let connections = Arc::new(Connections::new(10, 2));
        let honest = connections.admit(Some(address(1))).expect("a seat");
        let greedy: Vec<Seat> = (0..5).map(|_| connections.admit(Some(address(2))).expect("a seat")).collect();
        let proxied: Vec<Seat> = (0..5).map(|_| connections.admit(None).expect("a seat")).collect();
        assert_eq!(connections.count(), 8);
        assert!(is_closed(&greedy[2]).await && !is_closed(&greedy[3]).await);
        assert!(!is_closed(&honest).await && !is_closed(&proxied[0]).await);
    }
}
