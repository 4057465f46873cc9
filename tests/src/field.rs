//! The real server process and native phones that talk to it over HTTP: what kills, restores, updates and power cuts are
//! tried on. Time, disk and network are real here; the fleet has the made-up ones.

mod commune;
mod office;
mod phone;
mod promises;
mod truth;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use commune::Person;
pub use office::{Office, Starting, binary};
pub use phone::Phone;
pub use promises::{Promises, Traffic};
pub use truth::Truth;

/// What phones and server were promised and met, shared by all of a run.
pub type Book = Arc<Mutex<Promises>>;

/// A commune at work: one server, some phones.
pub struct Field {
    pub office: Office,
    pub book: Book,
    people: Vec<Person>,
    phones: Vec<Phone>,
    at_work: Vec<JoinHandle<Phone>>,
    stop: watch::Sender<bool>,
}

impl Field {
    /// Makes the commune's data in `data`. Nothing runs yet.
    pub async fn new(office: Office, data: &Path, phones: usize, seed: u64) -> Result<Self> {
        let people = commune::people(phones);
        let book = Book::default();
        commune::build(data, &people).await?;
        let new = |person: &Person| Phone::new(person.clone(), office.url(), Arc::clone(&book), seed);
        let phones = people.iter().map(new).collect::<Result<_>>()?;
        Ok(Self { office, book, people, phones, at_work: Vec::new(), stop: watch::Sender::new(false) })
    }

    /// Everybody writes and sends as fast as they can, whether the server answers or not.
    pub fn begin(&mut self) {
        self.stop.send_replace(false);
        for phone in self.phones.drain(..) {
            self.at_work.push(tokio::spawn(phone.work(self.stop.subscribe())));
        }
    }

    /// Everybody puts the phone down, with whatever is unsent.
    pub async fn pause(&mut self) -> Result<()> {
        self.stop.send_replace(true);
        for phone in self.at_work.drain(..) {
            self.phones.push(phone.await?);
        }
        Ok(())
    }

    /// With the server running, everybody sends and fetches until nothing is left. Answers who did not come to an end.
    pub async fn settle(&mut self) -> Result<Vec<usize>> {
        self.pause().await?;
        let mut stuck = Vec::new();
        // Twice: only then has everybody seen what the last one sent.
        for _ in 0..2 {
            let settling: Vec<_> = self.phones.drain(..).map(|phone| tokio::spawn(phone.settle())).collect();
            stuck.clear();
            for phone in settling {
                let (phone, is_settled) = phone.await?;
                if !is_settled {
                    stuck.push(phone.index());
                }
                self.phones.push(phone);
            }
        }
        stuck.sort_unstable();
        Ok(stuck)
    }

    /// Sends again what was confirmed: nothing may come of it.
    pub async fn send_again(&mut self) -> Result<()> {
        for phone in &mut self.phones {
            phone.send_again().await?;
        }
        Ok(())
    }

    pub fn book(&self) -> std::sync::MutexGuard<'_, Promises> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the server has confirmed `documents` more.
    pub async fn until_confirmed(&self, documents: usize) -> Result<()> {
        let goal = self.book().confirmed() + documents;
        for _ in 0..3_000 {
            if self.book().confirmed() >= goal {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("no {documents} more documents were confirmed in a minute: {}", self.office.log())
    }

    /// Everything that must hold once all have settled and the server has stopped. Answers what does not.
    pub fn check(&self, truth: &Truth) -> Vec<String> {
        let mut wrong = truth.check(&self.book(), &self.people);
        for phone in &self.phones {
            wrong.extend(phone.check(truth));
        }
        wrong
    }
}
