//! A journey: a server, phones and named steps. What fails tells its step and leaves pictures of every phone.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

use super::driver::Driver;
use super::{Invites, Look, Phone, Server};

/// Browsers are heavy: more than two journeys at once make each other slow.
const AT_ONCE: u32 = 2;
const TIME_LIMIT: Duration = Duration::from_mins(4);

/// Where a journey takes place.
pub struct Stage {
    name: String,
    pub server: Server,
    invites: Invites,
    driver: Driver,
    phones: RefCell<Vec<Phone>>,
    step: RefCell<String>,
    start: Instant,
}

impl Stage {
    pub async fn set_up(name: &str) -> Result<Self> {
        let (server, invites) = Server::demo().await?;
        Ok(Self {
            name: name.to_owned(),
            server,
            invites,
            driver: Driver::start().await?,
            phones: RefCell::default(),
            step: RefCell::new("setting up".to_owned()),
            start: Instant::now(),
        })
    }

    /// Says what comes next.
    pub fn step(&self, what: impl Into<String>) {
        let what = what.into();
        eprintln!("{}: {:5.1} s  {what}", self.name, self.start.elapsed().as_secs_f64());
        self.step.replace(what);
    }

    /// A new phone that nobody has enrolled.
    pub async fn phone(&self, name: &str) -> Result<Phone> {
        self.screen(name, Look::PHONE).await
    }

    pub async fn screen(&self, name: &str, look: Look) -> Result<Phone> {
        let phone = Phone::unpack(name, &self.server.url(), self.driver.url(), look).await?;
        self.phones.borrow_mut().push(phone.clone());
        Ok(phone)
    }

    /// The demo's link for a role: `Thành viên`, `Tổ trưởng`, …
    pub fn invite(&self, role: &str) -> Result<String> {
        let known = || format!("no invite for {role:?} among {:?}", self.invites.keys());
        self.invites.get(role).cloned().with_context(known)
    }

    /// A new phone, enrolled with its first download done.
    pub async fn enrolled(&self, name: &str, role: &str) -> Result<Phone> {
        let phone = self.phone(name).await?;
        phone.join(&self.invite(role)?).await?;
        Ok(phone)
    }

    async fn tell(&self, error: anyhow::Error) -> anyhow::Error {
        let phones = self.phones.borrow().clone();
        // Writing to a String cannot fail.
        let mut story = format!("{}: while {}", self.name, self.step.borrow());
        for phone in phones {
            let picture = pictures().join(format!("{}-{}.png", self.name, phone.name()));
            let path = phone.path().await.unwrap_or_else(|_| "nowhere".to_owned());
            let _ = write!(story, "\n  {} was at {path}", phone.name());
            if phone.picture(&picture).await.is_ok() {
                let _ = write!(story, ", picture: {}", picture.display());
            }
            for entry in phone.console().await.unwrap_or_default() {
                let _ = write!(story, "\n    {} {}", entry.level, entry.message);
            }
        }
        let log = self.server.log();
        let tail: Vec<&str> = log.lines().rev().take(5).collect();
        for line in tail.iter().rev() {
            let _ = write!(story, "\n  server: {line}");
        }
        error.context(story)
    }

    pub async fn clear(&self) {
        let phones = self.phones.take();
        for phone in phones {
            phone.put_away().await;
        }
    }
}

/// Pictures of failed journeys.
fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/e2e")
}

/// Runs a journey to its end; panics with its step where it fails.
pub fn journey(name: &str, body: impl AsyncFnOnce(&mut Stage) -> Result<()>) {
    let _slot = Slot::take();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runtime.block_on(async {
        let mut stage = Stage::set_up(name).await.with_context(|| format!("{name}: setting up"))?;
        let outcome = tokio::time::timeout(TIME_LIMIT, body(&mut stage)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(anyhow!("it took longer than {} s", TIME_LIMIT.as_secs())));
        let outcome = match outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(stage.tell(error).await),
        };
        stage.step("done");
        stage.clear().await;
        outcome
    });
    if let Err(error) = outcome {
        panic!("{error:?}");
    }
}

static TAKEN: Mutex<u32> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// The right to run now; given back when dropped, also by a panic.
struct Slot;

impl Slot {
    fn take() -> Self {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = FREED.wait_while(taken, |taken| *taken >= AT_ONCE).unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Self
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}
