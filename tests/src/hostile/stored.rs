//! What the server has stored, read from its file and not through the server: all documents, and the rights of its phones.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use domain::DocId;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Commune,
    Figures,
    Area,
}

/// One document as it lies in the file.
#[derive(Clone, Debug)]
pub struct Entry {
    pub scope: DocId,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub member: DocId,
    pub install: String,
    pub revoked: Option<String>,
    token: Vec<u8>,
}

/// Id, hash of the token, member, install, how it ended.
type DeviceRow = (Vec<u8>, Vec<u8>, Vec<u8>, String, Option<String>);

/// The file at one moment.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The kind of each scope, and its commune.
    pub scopes: BTreeMap<DocId, (Scope, DocId)>,
    pub documents: BTreeMap<DocId, Entry>,
    pub devices: BTreeMap<DocId, Device>,
    pub invites: BTreeMap<Vec<u8>, DocId>,
}

impl Stored {
    pub async fn read(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).disable_statement_logging();
        let mut connection = options.connect().await?;
        let mut stored = Self::default();
        // One transaction: all of it is of one moment.
        let mut tx = connection.begin().await?;
        let scopes: Vec<(Vec<u8>, String, Vec<u8>)> =
            sqlx::query_as("SELECT id, kind, commune FROM scopes").fetch_all(&mut *tx).await?;
        for (scope, kind, commune) in scopes {
            let kind = match kind.as_str() {
                "commune" => Scope::Commune,
                "figures" => Scope::Figures,
                _ => Scope::Area,
            };
            stored.scopes.insert(id(&scope)?, (kind, id(&commune)?));
        }
        let documents: Vec<(Vec<u8>, Vec<u8>, String)> =
            sqlx::query_as("SELECT id, scope, body FROM documents").fetch_all(&mut *tx).await?;
        for (document, scope, text) in documents {
            stored.documents.insert(id(&document)?, Entry { scope: id(&scope)?, text });
        }
        let devices: Vec<DeviceRow> =
            sqlx::query_as("SELECT id, token_hash, member, install, revoked FROM devices").fetch_all(&mut *tx).await?;
        for (device, token, member, install, revoked) in devices {
            stored.devices.insert(id(&device)?, Device { member: id(&member)?, install, revoked, token });
        }
        let invites: Vec<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("SELECT code_hash, member FROM invites").fetch_all(&mut *tx).await?;
        for (code, member) in invites {
            stored.invites.insert(code, id(&member)?);
        }
        tx.commit().await?;
        connection.close().await?;
        Ok(stored)
    }

    pub fn document(&self, id: DocId) -> Option<Value> {
        serde_json::from_str(&self.documents.get(&id)?.text).ok()
    }

    /// The role and the areas that the stored member has.
    pub fn rights(&self, member: DocId) -> (String, Vec<DocId>) {
        let fields = self.document(member).map(|doc| fields(&doc)).unwrap_or_default();
        let role = fields.get("role").and_then(Value::as_str).unwrap_or("member").to_owned();
        let areas = fields.get("areas").and_then(Value::as_array).into_iter().flatten();
        (role, areas.filter_map(|area| area.as_str()?.parse().ok()).collect())
    }
}

/// The fields of a document, whichever form it has; of a description the newest of each.
pub fn fields(doc: &Value) -> BTreeMap<String, Value> {
    if let Some(fields) = doc["f"].as_object() {
        return fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    }
    let edits = doc["e"].as_array().into_iter().flatten();
    let edits = edits.filter_map(|edit| edit.get(1)?.as_object());
    edits.flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
}

pub fn kind(doc: &Value) -> &str {
    doc["k"].as_str().unwrap_or_default()
}

fn id(bytes: &[u8]) -> Result<DocId> {
    Ok(DocId::from_bytes(bytes.try_into().context("an id of 16 bytes")?))
}
