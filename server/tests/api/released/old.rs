//! What the first released app (d00608d) reads of an answer: its own types, copied once and not to be changed. What it
//! requires must be there, in the form that it knows; what it does not know it passes over.
#![expect(dead_code, reason = "what is read is only read to see that it can be")]

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
pub struct SyncReply {
    pub protocol: u32,
    pub epoch: String,
    pub server_ms: u64,
    pub results: Vec<PushResult>,
    pub scopes: Vec<ScopeReply>,
}

#[derive(Deserialize)]
pub struct PushResult {
    pub id: String,
    pub rev: u64,
    #[serde(flatten)]
    pub verdict: Verdict,
}

#[derive(Deserialize)]
#[serde(tag = "r", rename_all = "snake_case")]
pub enum Verdict {
    Ok,
    Merged,
    Rejected { code: String },
}

#[derive(Deserialize)]
pub struct ScopeReply {
    pub scope: String,
    #[serde(flatten)]
    pub content: ScopeContent,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum ScopeContent {
    Page(Page),
    Revoked { revoked: RevokeReason },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    LeftArea,
    LostPhone,
}

#[derive(Deserialize)]
pub struct Page {
    pub docs: Vec<Pulled>,
    pub cursor: String,
    pub more: bool,
    #[serde(default)]
    pub left: u32,
    /// Hexadecimal, 128 bits.
    #[serde(default)]
    pub digest: Option<String>,
}

#[derive(Deserialize)]
pub struct Pulled {
    pub n: u64,
    pub d: Document,
}

/// A description has `e`, a fact `at` and `f`.
#[derive(Deserialize)]
pub struct Document {
    pub id: String,
    pub k: String,
    #[serde(default)]
    pub x: bool,
    #[serde(default)]
    pub e: Option<Vec<(String, BTreeMap<String, Value>)>>,
    #[serde(default)]
    pub at: Option<String>,
    #[serde(default)]
    pub f: Option<BTreeMap<String, Value>>,
}

/// Whole numbers only.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

#[derive(Deserialize)]
pub struct JoinReply {
    pub member: String,
    pub commune: String,
    pub role: Role,
    pub name: String,
    pub commune_name: String,
    pub server_ms: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Member,
    Lead,
    Coordinator,
}

#[derive(Deserialize)]
pub struct InviteReply {
    pub path: String,
    pub expires_ms: u64,
}
