//! What lies in the outbox, and how it is written: JSON text that `public/sw.js` reads and writes too.

use domain::Stamp;
use domain::capsule::{self, CapsuleError};
use domain::protocol::{ApiError, CapsuleReply, ErrorCode};
use leptos::prelude::window;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::{background, copies};
use crate::storage::idb::{self, Database, IdbError, Mode};

const NAME: &str = "tung-nha-outbox";
const OWN: &str = "own";
/// The one key of `own`.
pub(super) const OWN_KEY: &str = "own";
const CARRIED: &str = "carried";

/// What this phone has not sent, sealed: for the service worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// What is unsent, in base64.
    pub capsules: Vec<String>,
    /// The same with what the server has refused, when there is any of that: should this phone lose what it knows.
    #[serde(default)]
    pub rescue: Vec<String>,
    /// In all.
    pub documents: usize,
    /// Office time minus phone time, as assumed when the documents were stamped.
    pub offset_ms: i64,
    pub newest: Stamp,
    /// The service worker has sent it, or has tried to.
    #[serde(default)]
    pub left: bool,
}

/// A capsule that this phone carries to the server: another's, or what was rescued on this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub name: String,
    /// In base64.
    pub capsule: String,
    /// As the outside says.
    pub documents: u16,
    /// Rescued on this phone before it was emptied: nothing else may hold what is in it.
    #[serde(default)]
    pub rescued: bool,
    #[serde(default)]
    pub outcome: Option<Outcome>,
}

/// What the server has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    Taken(CapsuleReply),
    Refused(ApiError),
}

impl Own {
    /// Whether there is something for the service worker.
    pub fn has_unsent(&self) -> bool {
        !self.capsules.is_empty()
    }

    /// Everything that is only on this phone.
    pub fn all(&self) -> &[String] {
        if self.rescue.is_empty() { &self.capsules } else { &self.rescue }
    }
}

impl Carried {
    /// What was sealed on this phone before it was emptied, or lost what it knew.
    pub fn rescued(bytes: &[u8]) -> Result<Self, CapsuleError> {
        Self::new(bytes, true)
    }

    /// What somebody has handed over.
    pub fn of_colleague(bytes: &[u8]) -> Result<Self, CapsuleError> {
        Self::new(bytes, false)
    }

    fn new(bytes: &[u8], rescued: bool) -> Result<Self, CapsuleError> {
        let documents = capsule::header(bytes)?.documents;
        Ok(Self { name: capsule::name_of(bytes), capsule: to_base64(bytes), documents, rescued, outcome: None })
    }

    /// Whether there is a point in bringing it (again). What was refused of a rescued one may be taken later: when the
    /// day has come that a fast clock had named, when a restored server has heard of an area.
    pub fn is_waiting(&self) -> bool {
        match &self.outcome {
            None => true,
            Some(Outcome::Taken(reply)) => self.rescued && !reply.is_whole(),
            Some(Outcome::Refused(error)) => !matches!(
                error.code,
                ErrorCode::CapsuleDamaged | ErrorCode::CapsuleForeign | ErrorCode::CapsuleVoid | ErrorCode::TooLarge
            ),
        }
    }

    /// The server has it, or its author's phone sees to the rest.
    pub fn is_done(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Taken(_))) && !self.is_waiting()
    }

    pub fn bytes(&self) -> Vec<u8> {
        from_base64(&self.capsule)
    }
}

pub async fn own() -> Result<Option<Own>, IdbError> {
    let text = with(async |database| {
        let transaction = database.transaction(&[OWN], Mode::Read)?;
        transaction.get(OWN, OWN_KEY).await
    });
    Ok(text.await?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Puts it in the place of what was there; answers that. What an emptied database has left in the copies is no concern of
/// this: only `copies::recovered` takes that away.
pub async fn put_own(own: Option<&Own>) -> Result<Option<Own>, IdbError> {
    copies::recovered().await;
    let text = own.and_then(|own| serde_json::to_string(own).ok());
    let old = with(async |database| {
        let transaction = database.transaction(&[OWN], Mode::Write)?;
        let old = transaction.get(OWN, OWN_KEY).await?;
        match &text {
            Some(text) => transaction.put(OWN, OWN_KEY, text)?,
            None => transaction.delete(OWN, OWN_KEY)?,
        }
        transaction.finish().await?;
        Ok(old)
    });
    let old = old.await?;
    if text.is_some() || old.is_some() {
        copies::put(OWN_KEY, text.as_deref()).await;
    }
    Ok(old.and_then(|text| serde_json::from_str(&text).ok()))
}

pub async fn carried() -> Vec<Carried> {
    let values = with(async |database| {
        let transaction = database.transaction(&[CARRIED], Mode::Read)?;
        transaction.all_values(CARRIED).await
    });
    values.await.unwrap_or_default().iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

/// The browser is asked to send what was not tried yet, also when the app is closed.
pub async fn put_carried(carried: &Carried) -> Result<(), IdbError> {
    let text = serde_json::to_string(carried).unwrap_or_default();
    with(async |database| {
        let transaction = database.transaction(&[CARRIED], Mode::Write)?;
        transaction.put(CARRIED, &carried.name, &text)?;
        transaction.finish().await
    })
    .await?;
    copies::put(&carried.name, (!carried.is_done()).then_some(&*text)).await;
    if carried.outcome.is_none() {
        // Not waited for: a browser that is slow to answer must hold up nothing that is to be kept.
        spawn_local(background::ask());
    }
    Ok(())
}

pub async fn forget_carried(name: &str) -> Result<(), IdbError> {
    with(async |database| {
        let transaction = database.transaction(&[CARRIED], Mode::Write)?;
        transaction.delete(CARRIED, name)?;
        transaction.finish().await
    })
    .await?;
    copies::put(name, None).await;
    Ok(())
}

/// Opened for each piece of work and closed again: it is rare, and phones close what sleeps.
async fn with<T>(work: impl AsyncFnOnce(&Database) -> Result<T, IdbError>) -> Result<T, IdbError> {
    let database = idb::open_named(NAME, &[OWN, CARRIED], || {}).await?;
    let done = work(&database).await;
    database.close();
    done
}

/// The browser's own base64 works on text of single bytes.
pub fn to_base64(bytes: &[u8]) -> String {
    let text: String = bytes.iter().copied().map(char::from).collect();
    window().btoa(&text).unwrap_or_default()
}

pub(super) fn from_base64(text: &str) -> Vec<u8> {
    let text = window().atob(text).unwrap_or_default();
    text.chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}
