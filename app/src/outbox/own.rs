//! This phone's unsent work for the service worker: sealed anew some time after it has changed, and asked to be sent.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use domain::capsule::{Content, CourierHash, Portion, PublicKey};
use domain::replica::{Event, Replica, StoreError};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::background;
use super::rows::{self, Carried, Own, to_base64};
use crate::state::{now, random_bytes};

/// Taps of one visit follow each other; the own sync may well be faster.
const AFTER_CHANGE: Duration = Duration::from_secs(2);

/// Decides when to seal. Part of the runtime.
#[derive(Default)]
pub struct Keeper {
    alarm: RefCell<Option<TimeoutHandle>>,
    is_pending: Cell<bool>,
    /// What the outbox holds, as far as this tab knows.
    kept: Cell<Option<Stand>>,
}

/// Decides whether sealing again would give anything new: revision, number unsent, with those refused, clock error,
/// courier.
type Stand = (u64, usize, usize, i64, Option<CourierHash>);

fn stand(replica: &Replica) -> Stand {
    let meta = replica.meta();
    let courier = meta.courier.filter(|_| meta.capsule_key.is_some()).map(|courier| courier.secret.hash());
    (meta.rev, replica.leaving_len(false), replica.leaving_len(true), meta.offset_ms, courier)
}

impl Keeper {
    /// Something was stored: `keep` is called after a while, once for many. What is stored meanwhile does not put that off.
    pub fn note_change(&self, keep: impl Fn() + 'static) {
        self.is_pending.set(true);
        let mut alarm = self.alarm.borrow_mut();
        if alarm.is_none() {
            *alarm = set_timeout_with_handle(keep, AFTER_CHANGE).ok();
        }
    }

    /// The alarm has rung, or need not any more.
    pub fn end_alarm(&self) {
        if let Some(alarm) = self.alarm.take() {
            alarm.clear();
        }
    }

    /// Whether there is something new to seal; asked once.
    pub fn is_due(&self, replica: &Replica) -> bool {
        let stand = Some(stand(replica));
        self.is_pending.replace(false) && self.kept.replace(stand) != stand
    }

    /// It could not be kept.
    pub fn failed(&self) {
        self.kept.set(None);
    }
}

/// What the outbox is to hold of what is only on this phone; `None` empties it.
pub fn sealed(replica: &Replica) -> Option<Own> {
    let meta = replica.meta();
    let key = meta.capsule_key?;
    let seal = |content: &Content| content.seal(&key, random_bytes()).ok().map(|bytes| to_base64(&bytes));
    let seal_all = |portion| replica.capsules(portion, now()).iter().filter_map(seal).collect::<Vec<_>>();
    let documents = replica.leaving_len(true);
    let has_refused = documents > replica.leaving_len(false);
    let (capsules, rescue) =
        (seal_all(Portion::FILE), if has_refused { seal_all(Portion::RESCUE) } else { Vec::new() });
    if capsules.is_empty() && rescue.is_empty() {
        return None;
    }
    Some(Own { capsules, rescue, documents, offset_ms: meta.offset_ms, newest: meta.clock.last(), left: false })
}

/// Writes it; answers what the replica must hear.
pub async fn keep(own: Option<Own>) -> Result<Option<Event>, StoreError> {
    let before = rows::put_own(own.as_ref()).await?;
    if own.is_some_and(|own| own.has_unsent()) {
        background::ask().await;
    }
    Ok(before.filter(|before| before.left).map(|before| Event::Left { newest: before.newest }))
}

/// Puts what a phone that is about to be emptied has unsent among what it carries. The emptying does not reach it there.
pub async fn rescue(contents: &[Content], key: &PublicKey) -> Result<(), StoreError> {
    for content in contents {
        let sealed = content.seal(key, random_bytes()).map_err(|error| StoreError::Failed(error.to_string()));
        let carried = Carried::rescued(&sealed?).map_err(|error| StoreError::Failed(error.to_string()))?;
        rows::put_carried(&carried).await?;
    }
    // All of it is among them now.
    rows::put_own(None).await?;
    Ok(())
}

/// What the service worker has sent since the app was last looking.
pub async fn take_left() -> Option<Event> {
    rows::own().await.ok().flatten().filter(|own| own.left).map(|own| Event::Left { newest: own.newest })
}

/// The capsules of this phone's own unsent work as they were sealed last, for an app that cannot open what is stored. They
/// count as sent from here on.
pub async fn take_out() -> Result<Vec<Vec<u8>>, StoreError> {
    let Some(own) = rows::own().await? else { return Ok(Vec::new()) };
    rows::put_own(Some(&Own { left: true, ..own.clone() })).await?;
    Ok(own.all().iter().map(|text| rows::from_base64(text)).collect())
}
