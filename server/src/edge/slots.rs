//! How many bodies are read at once: in all, and of one sender.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Why a body is not read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSlot {
    /// This sender has as many under way as it may.
    SenderHasEnough,
    /// Others were not done in time.
    AllTaken,
}

type Taken<K> = Arc<Mutex<HashMap<K, usize>>>;

/// Places for bodies. Who waits for one is counted too, so that nobody fills the queue alone.
#[derive(Debug)]
pub struct Slots<K> {
    all: Arc<Semaphore>,
    per_sender: usize,
    taken: Taken<K>,
    /// How many wait for a place.
    waiting: Arc<AtomicUsize>,
}

/// A place; free again when this is dropped.
#[derive(Debug)]
pub struct Slot<K: Hash + Eq> {
    _counted: Counted<K>,
    _permit: OwnedSemaphorePermit,
    waiting: Arc<AtomicUsize>,
}

impl<K: Hash + Eq> Slot<K> {
    /// Whether somebody waits for a place.
    pub fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }
}

impl<K: Hash + Eq + Clone> Slots<K> {
    pub fn new(all: usize, per_sender: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), per_sender, taken: Taken::default(), waiting: Arc::default() }
    }

    /// Waits at most `patience` for a place.
    pub async fn take(&self, sender: K, patience: Duration) -> Result<Slot<K>, NoSlot> {
        let counted = self.count(sender)?;
        let queued = Queued::join(&self.waiting);
        let permit = timeout(patience, Arc::clone(&self.all).acquire_owned()).await;
        drop(queued);
        let permit = permit.map_err(|_| NoSlot::AllTaken)?.map_err(|_| NoSlot::AllTaken)?;
        Ok(Slot { _counted: counted, _permit: permit, waiting: Arc::clone(&self.waiting) })
    }

    fn count(&self, sender: K) -> Result<Counted<K>, NoSlot> {
        let mut taken = lock(&self.taken);
        let number = taken.entry(sender.clone()).or_default();
        if *number >= self.per_sender {
            return Err(NoSlot::SenderHasEnough);
        }
        *number += 1;
        Ok(Counted { sender, taken: Arc::clone(&self.taken) })
    }
}

/// Somebody who waits, also when their request is dropped meanwhile.
struct Queued(Arc<AtomicUsize>);

impl Queued {
    fn join(waiting: &Arc<AtomicUsize>) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(waiting))
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Counted<K: Hash + Eq> {
    sender: K,
    taken: Taken<K>,
}

impl<K: Hash + Eq> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        if let Some(number) = taken.get_mut(&self.sender) {
            *number -= 1;
            if *number == 0 {
                taken.remove(&self.sender);
            }
        }
    }
}

fn lock<K>(taken: &Taken<K>) -> MutexGuard<'_, HashMap<K, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_are_bounded_in_all_and_of_each() {
        let slots = Slots::new(3, 2);
        let soon = Duration::from_millis(5);
        let first = slots.take("a", soon).await.expect("a place");
        let _second = slots.take("a", soon).await.expect("a place");
        assert_eq!(slots.take("a", soon).await.err(), Some(NoSlot::SenderHasEnough));
        let _third = slots.take("b", soon).await.expect("a place");
        assert_eq!(slots.take("c", soon).await.err(), Some(NoSlot::AllTaken));
        drop(first);
        let _fourth = slots.take("c", soon).await.expect("a place that became free");
        assert_eq!(lock(&slots.taken).len(), 3, "who waited in vain is forgotten");
    }
}
