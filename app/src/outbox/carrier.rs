//! Capsules that this phone carries: taken from files, kept, brought to the server when there is a network.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::capsule::CapsuleError;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::rows::{self, Carried, Outcome};
use super::{background, copies};
use crate::sync::{self, AskError};

/// This phone's own sync, or another tab, is at it.
const AFTER_SYNC: Duration = Duration::from_secs(3);
/// The server has too much to do, or no room.
const NOT_NOW: Duration = Duration::from_mins(2);
/// The browser does not always tell when a network is back.
const WITHOUT_NETWORK: Duration = Duration::from_mins(1);

/// In context.
#[derive(Clone, Copy)]
pub struct Carrier {
    carried: RwSignal<Vec<Carried>>,
    is_bringing: RwSignal<bool>,
    /// The last try met no server.
    is_offline: RwSignal<bool>,
    has_alarm: StoredValue<bool>,
    /// How often each came to nothing: one that is too large for a weak line must not hold up the others.
    failures: StoredValue<BTreeMap<String, u32>>,
}

impl Carrier {
    /// Brings what waits, now and whenever the network comes back.
    pub fn provide() {
        let carrier = Self {
            carried: RwSignal::new(Vec::new()),
            is_bringing: RwSignal::new(false),
            is_offline: RwSignal::new(false),
            has_alarm: StoredValue::new(false),
            failures: StoredValue::default(),
        };
        provide_context(carrier);
        let _ = window_event_listener(leptos::ev::online, move |_| carrier.bring());
        background::on_wake(move || carrier.bring());
        spawn_local(async move {
            copies::recovered().await;
            carrier.reload().await;
            carrier.bring();
        });
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn carried(&self) -> Signal<Vec<Carried>> {
        self.carried.into()
    }

    pub fn is_bringing(&self) -> Signal<bool> {
        self.is_bringing.into()
    }

    pub fn is_offline(&self) -> Signal<bool> {
        self.is_offline.into()
    }

    /// Keeps a capsule; the same one once.
    pub async fn take(self, bytes: &[u8]) -> Result<(), TakeFailure> {
        let carried = Carried::of_colleague(bytes)?;
        if self.carried.with_untracked(|all| all.iter().any(|one| one.name == carried.name)) {
            return Ok(());
        }
        rows::put_carried(&carried).await.map_err(|_| TakeFailure::NotKept)?;
        self.reload().await;
        Ok(())
    }

    /// Brings all that waits, one after the other.
    pub fn bring(self) {
        if self.is_bringing.get_untracked() {
            return;
        }
        self.is_bringing.set(true);
        spawn_local(async move {
            self.bring_all().await;
            self.is_bringing.set(false);
        });
    }

    async fn bring_all(self) {
        for one in self.waiting() {
            // The same lock as the own sync: two senders at once would only share a weak line.
            let Some(_lock) = sync::lock::acquire().await else { return self.bring_later(AFTER_SYNC) };
            let outcome = match sync::bring(&one.bytes()).await {
                Ok(reply) => Outcome::Taken(reply),
                Err(AskError::Ours(error)) if error.code.is_passing() => {
                    self.note_failure(one.name);
                    return self.bring_later(NOT_NOW);
                }
                Err(AskError::Ours(error)) => Outcome::Refused(error),
                Err(AskError::NoNetwork) => {
                    self.is_offline.set(true);
                    self.note_failure(one.name);
                    return self.bring_later(WITHOUT_NETWORK);
                }
            };
            self.is_offline.set(false);
            // Bringing it again changes nothing, so an outcome that is not kept costs only data.
            let _ = rows::put_carried(&Carried { outcome: Some(outcome), ..one }).await;
            self.reload().await;
        }
    }

    fn note_failure(self, name: String) {
        self.failures.update_value(|failures| *failures.entry(name).or_default() += 1);
    }

    /// Those first that have failed least.
    fn waiting(self) -> Vec<Carried> {
        let waiting = |all: &Vec<Carried>| all.iter().filter(|one| one.is_waiting()).cloned().collect();
        let mut waiting: Vec<Carried> = self.carried.with_untracked(waiting);
        self.failures.with_value(|failures| waiting.sort_by_key(|one| failures.get(&one.name).copied()));
        waiting
    }

    fn bring_later(self, wait: Duration) {
        if !self.has_alarm.try_update_value(|has_alarm| std::mem::replace(has_alarm, true)).unwrap_or(true) {
            set_timeout(
                move || {
                    self.has_alarm.set_value(false);
                    self.bring();
                },
                wait,
            );
        }
    }

    pub fn forget(self, name: String) {
        spawn_local(async move {
            let _ = rows::forget_carried(&name).await;
            self.reload().await;
        });
    }

    /// What is done was shown and need not stay.
    pub fn forget_done(self) {
        let done: Vec<String> = self
            .carried
            .with_untracked(|all| all.iter().filter(|one| one.is_done()).map(|one| one.name.clone()).collect());
        for name in done {
            self.forget(name);
        }
    }

    async fn reload(self) {
        let all = rows::carried().await;
        self.carried.set(all);
    }
}

/// Why a file was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TakeFailure {
    #[error(transparent)]
    Unreadable(#[from] CapsuleError),
    #[error("Máy này chưa giữ được gói: hết chỗ trống hoặc trình duyệt không cho lưu. Giữ lại tệp và thử lại sau.")]
    NotKept,
}
