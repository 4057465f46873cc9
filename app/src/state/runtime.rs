//! The engine room: feeds events to the replica and runs its effects in order against storage, network and clock.

mod wake;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use domain::capsule::{Content, CourierSecret, Portion};
use domain::replica::{Batch, Change, Effect, Event, Now, Replica, Snapshot, StoreError, Ticket};
use domain::{DocId, InstallId};
use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::refresh::{Sources, Touched};
use super::{Boot, NotSaved};
use crate::device::keeping::{self, Moment};
use crate::outbox::{self, Keeper};
use crate::storage::{Storage, Trouble};
use crate::sync;

/// What the phone says about itself when it syncs.
const APP: &str = env!("CARGO_PKG_VERSION");

/// A database that answers does so much sooner.
const ANSWER: Duration = Duration::from_secs(6);

type Answer = Result<(), NotSaved>;
type HandedOver = Result<Vec<Content>, NotSaved>;

pub struct Runtime {
    replica: RefCell<Option<Replica>>,
    pub storage: Rc<Storage>,
    sources: Sources,
    tickets: RefCell<BTreeMap<Ticket, oneshot::Sender<Answer>>>,
    hand_overs: RefCell<BTreeMap<Ticket, oneshot::Sender<HandedOver>>>,
    keeper: Keeper,
    last_ticket: Cell<Ticket>,
    /// Who waits for the transaction to end.
    settling: RefCell<Vec<oneshot::Sender<()>>>,
    storing: RefCell<Option<Touched>>,
    pub(super) alarm: RefCell<Option<leptos::leptos_dom::helpers::TimeoutHandle>>,
    pub(super) tabs: RefCell<Option<web_sys::BroadcastChannel>>,
}

impl Runtime {
    pub fn new(sources: Sources) -> Rc<Self> {
        Rc::new(Self {
            replica: RefCell::new(None),
            storage: Rc::new(Storage::new()),
            sources,
            tickets: RefCell::default(),
            hand_overs: RefCell::default(),
            keeper: Keeper::default(),
            last_ticket: Cell::new(0),
            settling: RefCell::default(),
            storing: RefCell::new(None),
            alarm: RefCell::new(None),
            tabs: RefCell::new(None),
        })
    }

    /// Opens what is stored and starts to sync.
    pub fn start(self: &Rc<Self>) {
        let runtime = Rc::clone(self);
        spawn_local(async move {
            match runtime.storage.load().await {
                Ok(snapshot) => {
                    if snapshot.meta.enrolment.is_some() {
                        keeping::note_joined();
                        keeping::ask_to_persist(Moment::Start);
                    }
                    *runtime.replica.borrow_mut() = Some(Replica::open(snapshot));
                    runtime.refresh();
                    wake::listen(&runtime);
                    // Before the hello: it may shift what has not left.
                    runtime.note_left().await;
                    runtime.equip();
                    runtime.feed(Event::SyncNow);
                    // What lies in the outbox may be of before a kill.
                    runtime.seal_soon();
                }
                Err(error) => runtime.sources.boot.set(Boot::Broken(error)),
            }
        });
    }

    /// A phone of a member needs a secret for its capsules; one that it has stays.
    pub fn equip(self: &Rc<Self>) {
        if self.read(|replica| replica.meta().enrolment.is_some() && replica.meta().courier.is_none()) == Some(true) {
            self.feed(Event::Equip(CourierSecret::from_bytes(random_bytes())));
        }
    }

    /// What is unsent, to be sealed; it counts as sent from here on.
    pub async fn hand_over(self: &Rc<Self>, portion: Portion) -> HandedOver {
        let ticket = self.last_ticket.get() + 1;
        self.last_ticket.set(ticket);
        let (sender, receiver) = oneshot::channel();
        self.hand_overs.borrow_mut().insert(ticket, sender);
        self.feed(Event::HandOver { ticket, portion });
        receiver.await.unwrap_or(Err(NotSaved::NotReady))
    }

    /// Seals what is unsent for the service worker, after a while.
    fn seal_soon(self: &Rc<Self>) {
        let runtime = Rc::downgrade(self);
        self.keeper.note_change(move || {
            if let Some(runtime) = runtime.upgrade() {
                runtime.seal_now();
            }
        });
    }

    /// The same at once: the app goes out of sight and may not come back.
    fn seal_now(self: &Rc<Self>) {
        self.keeper.end_alarm();
        if self.read(|replica| self.keeper.is_due(replica)) != Some(true) {
            return;
        }
        let own = self.read(outbox::sealed).flatten();
        let runtime = Rc::clone(self);
        spawn_local(async move {
            match outbox::keep(own).await {
                Ok(Some(left)) => runtime.feed(left),
                Ok(None) => {}
                // The app itself sends all the same.
                Err(_) => runtime.keeper.failed(),
            }
        });
    }

    /// What the service worker has sent meanwhile keeps its stamps.
    async fn note_left(self: &Rc<Self>) {
        if let Some(left) = outbox::take_left().await {
            self.feed(left);
        }
    }

    pub fn read<T>(&self, of: impl FnOnce(&Replica) -> T) -> Option<T> {
        self.replica.borrow().as_ref().map(of)
    }

    pub fn install(&self) -> Option<InstallId> {
        self.read(|replica| replica.meta().install())
    }

    pub fn sync_now(self: &Rc<Self>) {
        self.feed(Event::SyncNow);
    }

    pub async fn write(self: &Rc<Self>, changes: Vec<Change>) -> Answer {
        if self.replica.borrow().is_none() {
            return Err(NotSaved::NotReady);
        }
        let ticket = self.last_ticket.get() + 1;
        self.last_ticket.set(ticket);
        let (sender, receiver) = oneshot::channel();
        self.tickets.borrow_mut().insert(ticket, sender);
        self.feed(Event::Write { ticket, changes });
        let answer = receiver.await.unwrap_or_else(|_| Err(NotSaved::Failed("no answer".to_owned())));
        if answer.is_ok() {
            keeping::ask_to_persist(Moment::Save);
            keeping::note_busy(self.sources.day.get_untracked());
        }
        answer
    }

    /// Feeds an event that has no ticket, and waits until what it asks for is stored.
    pub async fn settle(self: &Rc<Self>, event: Event) {
        self.feed(event);
        self.at_rest().await;
    }

    /// Waits until nothing is being stored.
    pub async fn at_rest(&self) {
        while self.storing.borrow().is_some() {
            let (sender, receiver) = oneshot::channel();
            self.settling.borrow_mut().push(sender);
            let _ = receiver.await;
        }
    }

    pub fn feed(self: &Rc<Self>, event: Event) {
        let effects = {
            let mut replica = self.replica.borrow_mut();
            let Some(replica) = replica.as_mut() else { return };
            replica.handle(event, now(), random_u64())
        };
        for effect in effects {
            self.run(effect);
        }
        self.refresh();
    }

    fn run(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Persist(batch) => self.persist(batch),
            Effect::Send { request, mut body, timeout_ms } => {
                APP.clone_into(&mut body.phone.app);
                let runtime = Rc::clone(self);
                spawn_local(async move {
                    let outcome = sync::exchange(&body, timeout_ms).await;
                    runtime.feed(Event::Reply { request, outcome });
                });
            }
            Effect::Saved(ticket) => self.answer(ticket, Ok(())),
            Effect::NotSaved(ticket, error) => match self.hand_overs.borrow_mut().remove(&ticket) {
                Some(sender) => drop(sender.send(Err(error.into()))),
                None => self.answer(ticket, Err(error.into())),
            },
            Effect::Wake { at_mono_ms } => wake::set_alarm(self, at_mono_ms),
            Effect::Changed => self.sources.changed.notify(),
            Effect::Diverged { scope } => {
                leptos::logging::warn!("differs from the server, downloading anew: {scope}");
                self.sources.divergences.update(|count| *count += 1);
            }
            Effect::HandedOver { ticket, contents } => {
                if let Some(sender) = self.hand_overs.borrow_mut().remove(&ticket) {
                    let _ = sender.send(Ok(contents));
                }
            }
            Effect::Wipe { unsent } => {
                let runtime = Rc::clone(self);
                let key = self.read(|replica| replica.meta().capsule_key).flatten();
                spawn_local(async move {
                    // Sealed, so that whoever finds the phone reads nothing of it. Without a key it is gone.
                    let kept = match &key {
                        Some(key) => outbox::rescue(&unsent, key).await,
                        None => Ok(()),
                    };
                    runtime.storage.wipe().await;
                    // On a full phone there is room for it now.
                    if let (Some(key), Err(_)) = (&key, kept)
                        && let Err(error) = outbox::rescue(&unsent, key).await
                    {
                        leptos::logging::warn!("unsent work of a lost phone was not kept: {error:?}");
                    }
                    runtime.leave_other_tabs();
                    crate::device::wipe_and_restart(&runtime.storage, "/vao?da-xoa").await;
                });
            }
        }
    }

    fn persist(self: &Rc<Self>, batch: Box<Batch>) {
        let touched = self.read(|replica| Touched::of(&batch, replica)).unwrap_or_default();
        *self.storing.borrow_mut() = Some(touched);
        let runtime = Rc::clone(self);
        spawn_local(async move {
            let outcome = runtime.storage.commit(&batch).await;
            runtime.persisted(outcome, batch.meta.generation);
        });
    }

    fn persisted(self: &Rc<Self>, outcome: Result<(), StoreError>, generation: u64) {
        let touched = self.storing.borrow_mut().take().unwrap_or_default();
        let is_stored = outcome.is_ok();
        let is_outdated = matches!(outcome, Err(StoreError::Outdated(_)));
        self.feed(Event::Persisted(outcome));
        if is_stored {
            self.sources.touch(&touched);
            wake::tell_other_tabs(self, generation);
            self.seal_soon();
        }
        if is_outdated {
            self.sources.touch_all();
        }
        for sender in self.settling.borrow_mut().drain(..) {
            let _ = sender.send(());
        }
    }

    /// Another tab has stored: what is in memory here is old.
    fn replace(self: &Rc<Self>, generation: u64) {
        if self.read(|replica| replica.meta().generation >= generation).unwrap_or(true) {
            return;
        }
        let runtime = Rc::clone(self);
        spawn_local(async move {
            let Ok(snapshot) = runtime.storage.load().await else { return };
            if runtime.read(|replica| replica.meta().generation >= snapshot.meta.generation).unwrap_or(true) {
                return;
            }
            runtime.take_over(Box::new(snapshot));
        });
    }

    /// What is stored is what goes on.
    pub fn take_over(self: &Rc<Self>, stored: Box<Snapshot>) {
        self.feed(Event::Replaced(stored));
        self.sources.touch_all();
    }

    /// The tab is seen again after a while. The database may be gone under a tab that was asleep: a read finds out.
    fn seen_again(self: &Rc<Self>) {
        let runtime = Rc::clone(self);
        spawn_local(async move {
            match Rc::clone(&runtime.storage).generation_within(ANSWER).await {
                Some(Ok(stored)) => runtime.replace(stored),
                Some(Err(StoreError::Full)) => {}
                _ => runtime.reopen_or_tell(),
            }
            runtime.note_left().await;
            runtime.feed(Event::SyncNow);
        });
    }

    /// Only a new page gets a new connection from some iPhones. Never over a half-typed form or a tap that is being
    /// stored: then the person is told, and opens the app anew when it suits them.
    fn reopen_or_tell(&self) {
        let trouble = self.storage.trouble();
        if trouble.get_untracked().is_none() {
            trouble.set(Some(Trouble::Lost));
        }
        let is_calm = self.storing.borrow().is_none() && !crate::drafts::is_half_typed();
        if is_calm && trouble.get_untracked() == Some(Trouble::Lost) {
            crate::device::restart_once_a_minute();
        }
    }

    /// This phone is somebody else's, or nobody's, from now on.
    pub fn leave_other_tabs(&self) {
        wake::tell_other_tabs(self, 0);
    }

    fn answer(&self, ticket: Ticket, answer: Answer) {
        if let Some(sender) = self.tickets.borrow_mut().remove(&ticket) {
            // Nobody waits any more when the page is gone; the write stays.
            let _ = sender.send(answer);
        }
    }

    fn refresh(&self) {
        let replica = self.replica.borrow();
        if let Some(replica) = replica.as_ref() {
            self.sources.refresh(replica);
        }
    }
}

/// Both clocks of this phone.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds fit and are positive")]
pub fn now() -> Now {
    let mono_ms = web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
    Now { wall_ms: js_sys::Date::now() as u64, mono_ms: mono_ms as u64 }
}

pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let filled = crypto.is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    // Every browser with WebAssembly has it; an id that is not random must never be made.
    assert!(filled, "the browser gives no random numbers");
    bytes
}

pub fn random_u64() -> u64 {
    u64::from_ne_bytes(random_bytes())
}

pub fn random_id() -> DocId {
    DocId::random(u128::from_ne_bytes(random_bytes()))
}
