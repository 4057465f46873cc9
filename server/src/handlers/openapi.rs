//! `GET /api/openapi.json`: the API for machines and for whoever writes another client.
//!
//! Kept by hand: the words are `domain`'s, which knows no web crate. The tests hold it against the routes and against
//! what the types really write.

use axum::http::header;
use axum::response::IntoResponse;

const DOCUMENT: &str = include_str!("openapi.json");

pub async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::digest::Digest;
    use domain::people::Role;
    use domain::protocol::{
        ApiError, ErrorCode, ErrorReply, ImportCounts, ImportReply, ImportsReply, JoinReply, MoveReply, MoveRequest,
        Page, Pulled, PushResult, Rejection, RevokeReason, ScopeContent, ScopeReply, SyncReply, UndoReply, Verdict,
        WhatMoves,
    };
    use domain::{DocId, Document, InstallId, Kind, Stamp};
    use serde::Serialize;
    use serde_json::Value;

    use super::DOCUMENT;
    use crate::store::SqliteStore;

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).expect("JSON")
    }

    #[test]
    fn it_lists_every_route_and_no_other() {
        let ours: BTreeSet<(String, String)> = crate::router::routes::<SqliteStore>()
            .into_iter()
            .map(|(method, path, _)| (path.to_owned(), method.to_owned()))
            .collect();
        let document = document();
        let paths = document["paths"].as_object().expect("paths");
        let told: BTreeSet<(String, String)> = paths
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().expect("methods").keys().map(move |method| (path.clone(), method.clone()))
            })
            .collect();
        assert_eq!(ours, told);
    }

    /// Checks that `thing` has only fields that the schema knows, and all that it requires.
    fn assert_told(schema: &str, thing: &impl Serialize) {
        let document = document();
        let schema_value = &document["components"]["schemas"][schema];
        let told = schema_value["properties"].as_object().unwrap_or_else(|| panic!("{schema} has properties"));
        let written = serde_json::to_value(thing).expect("JSON");
        let written = written.as_object().expect("an object");
        for field in written.keys() {
            assert!(told.contains_key(field), "{schema}.{field} is not told");
        }
        for field in schema_value["required"].as_array().into_iter().flatten() {
            assert!(written.contains_key(field.as_str().expect("text")), "{schema}.{field} is not written");
        }
    }

    #[test]
    fn it_tells_what_the_types_write() {
        let id = DocId::from_u128(7);
        let stamp = Stamp { ms: 1, counter: 2, install: InstallId(3) };
        let result = PushResult { id, rev: 1, verdict: Verdict::Rejected { code: Rejection::Forbidden } };
        let pulled = Pulled {
            accepted: 1,
            doc: Document::description(id, Kind::Household).with(stamp, [("head", domain::Value::Null)]),
        };
        let page = Page {
            docs: vec![pulled.clone()],
            cursor: String::new(),
            more: false,
            left: 0,
            digest: Some(Digest::default()),
        };
        let scope = ScopeReply { scope: id, content: ScopeContent::Page(page) };
        let revoked = ScopeReply { scope: id, content: ScopeContent::Revoked { revoked: RevokeReason::LostPhone } };
        assert_told("PushResult", &result);
        assert_told("Document", &pulled.doc);
        assert_told("Document", &Document::fact(id, Kind::Visit, stamp, std::collections::BTreeMap::new()));
        assert_told("Pulled", &pulled);
        assert_told("ScopePage", &scope);
        assert_told("ScopeRevoked", &revoked);
        assert_told(
            "SyncReply",
            &SyncReply {
                protocol: 1,
                epoch: String::new(),
                server_ms: 1,
                results: vec![result],
                scopes: vec![scope],
                credited_elsewhere: Some(1),
            },
        );
        assert_told(
            "JoinReply",
            &JoinReply {
                member: id,
                commune: id,
                role: Role::Lead,
                name: String::new(),
                commune_name: String::new(),
                server_ms: 1,
            },
        );
        for preset in crate::plans::presets() {
            let plan = &preset.campaign;
            assert_told("Preset", &preset);
            assert_told("Campaign", plan);
            assert_told("AgeRule", &plan.serves);
            plan.services.iter().for_each(|goal| assert_told("ServiceGoal", goal));
            plan.targets.iter().for_each(|target| assert_told("Target", target));
            plan.report_slots.iter().for_each(|slot| assert_told("ReportSlot", slot));
            plan.denominator.iter().for_each(|denominator| assert_told("Denominator", denominator));
            plan.groups.iter().for_each(|group| assert_told("PopulationGroup", group));
            plan.units.iter().for_each(|unit| assert_told("Unit", unit));
        }
        let counts = ImportCounts::default();
        assert_told("ImportCounts", &counts);
        assert_told("ImportReply", &ImportReply { area: None, counts, rows: Vec::new() });
        assert_told("ImportsReply", &ImportsReply { imports: Vec::new() });
        assert_told("UndoReply", &UndoReply::default());
        assert_told("MoveReply", &MoveReply::default());
        let what = WhatMoves::Household(id);
        assert_told("MoveRequest", &MoveRequest { what, to_area: id, to_household: Some(id) });
        let error = ApiError { code: ErrorCode::TooMany, message: String::new() };
        assert_told("ErrorReply", &ErrorReply { error });
    }
}
