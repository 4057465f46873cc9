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
    use domain::handout::paper::{Entry, PaperLine};
    use domain::handout::{DoorList, Handout, List, Reason, Taken};
    use domain::people::Role;
    use domain::protocol::{
        ApiError, CapsuleReply, CheckNumber, CheckRequest, DeviceEnd, DeviceLine, DevicesReply, ErrorCode, ErrorReply,
        HandoutDesk, HandoutNote, HandoutRequest, ImportCounts, ImportReply, ImportsReply, JoinReply, JoinRequest,
        MoveReply, MoveRequest, Page, PaperOpenRequest, PaperReply, PaperRequest, PaperSheet, PaperSource, Pulled,
        PushResult, Rejection, RevokeReason, RevokeRequest, ScopeContent, ScopeReply, SyncReply, TakeBackReply,
        TakeBackRequest, TimeReply, UndoReply, Verdict, WantedList, WhatMoves,
    };
    use domain::{Day, DocId, Document, InstallId, Kind, Stamp};
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

    #[test]
    fn it_tells_the_errors_that_the_edge_gives() {
        use crate::edge::gate::Entry;
        let document = document();
        for (method, path, _) in crate::router::routes::<SqliteStore>() {
            let entry = crate::router::entry(path);
            let mut wanted = if entry == Entry::Public { Vec::new() } else { vec!["408", "429", "500", "503"] };
            if method == "post" {
                wanted.extend(["400", "403", "413", "415"]);
            }
            let operation = &document["paths"][path][method];
            if entry == Entry::Devices {
                wanted.extend(["401", "403"]);
                assert!(operation["security"].is_array(), "{method} {path} is for devices");
            }
            for status in wanted {
                let schema = &operation["responses"][status]["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/ErrorReply", "{method} {path} {status}");
            }
        }
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

    fn it_tells_what_lists_and_paper_write(id: DocId) {
        let taken = Taken {
            number: 1,
            by: String::new(),
            role: Role::Lead,
            at_ms: 1,
            reason: Reason::Check,
            words: String::new(),
        };
        let doors =
            DoorList { area: String::new(), route: String::new(), ticks: Vec::new(), lines: Vec::new(), left_out: 0 };
        let handout = Handout { taken, commune: String::new(), campaign: String::new(), list: List::Doors(doors) };
        assert_told("Handout", &handout);
        let note = HandoutNote {
            number: 1,
            by: String::new(),
            what: String::new(),
            why: String::new(),
            at_ms: 1,
            people: 2,
            with_phones: false,
            doors_of: Some(id),
        };
        assert_told("HandoutNote", &note);
        assert_told("HandoutDesk", &HandoutDesk { routes: Vec::new(), log: vec![note] });
        let what = WantedList::Doors { area: id, route: None };
        assert_told("HandoutRequest", &HandoutRequest { what, reason: Reason::Check, words: String::new() });
        let source = PaperSource::Handout(1);
        let day = Day::at_ms(1);
        let entry = Entry { household: id, results: Vec::new(), people: Vec::new() };
        let line = PaperLine {
            household: id,
            house_no: String::new(),
            head: String::new(),
            people: Vec::new(),
            visits: Vec::new(),
            is_gone: false,
        };
        assert_told("PaperOpenRequest", &PaperOpenRequest { source });
        assert_told("PaperRequest", &PaperRequest { source, member: id, day, entry });
        assert_told("PaperReply", &PaperReply { written: Vec::new(), already: 0, line: line.clone() });
        let sheet = PaperSheet {
            source,
            area: id,
            area_name: String::new(),
            printed_on: Some(day),
            today: day,
            ticks: Vec::new(),
            lines: Vec::new(),
            helpers: Vec::new(),
        };
        assert_told("PaperSheet", &sheet);
        assert_told("TakeBackRequest", &TakeBackRequest { area: id, household: id, facts: Vec::new() });
        assert_told("TakeBackReply", &TakeBackReply { taken_back: 0, line });
    }

    fn it_tells_what_is_said_of_phones(id: DocId) {
        let device = DeviceLine {
            id,
            joined_ms: 1,
            last_seen_ms: Some(2),
            unsent: 3,
            refused: 4,
            app: String::new(),
            ended: Some(DeviceEnd::Lost),
            end_told_ms: Some(5),
            is_own: false,
            check: Some(CheckNumber::of(1)),
            is_checked: true,
            is_idle: false,
        };
        assert_told("DeviceLine", &device);
        assert_told("DevicesReply", &DevicesReply { devices: vec![device] });
        assert_told("RevokeRequest", &RevokeRequest { member: id, device: id, reason: DeviceEnd::Left });
        assert_told("CheckRequest", &CheckRequest { member: id, device: id, check: CheckNumber::of(1) });
        let join = JoinRequest { code: String::new(), install: InstallId(1), only_for: Some(id) };
        assert_told("JoinRequest", &join);
    }

    #[test]
    fn it_tells_what_the_types_write() {
        let id = DocId::from_u128(7);
        let stamp = Stamp { ms: 1, counter: 2, install: InstallId(3) };
        let result = PushResult { id, rev: 1, verdict: Verdict::Rejected { code: Rejection::Forbidden } };
        let pulled = Pulled {
            accepted: 1,
            doc: Document::description(id, Kind::Household).with(stamp, [("head", domain::Value::Null)]),
            receipt: Some(domain::receipt::Receipt([7; 8])),
        };
        let page = Page {
            docs: vec![pulled.clone()],
            cursor: String::new(),
            more: false,
            left: 0,
            digest: Some(Digest::default()),
            unreadable: 0,
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
                capsule_key: Some(domain::capsule::SecretKey::from_bytes([1; 32]).public_key()),
                min_schema: 1,
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
                check: Some(CheckNumber::of(1)),
            },
        );
        it_tells_what_lists_and_paper_write(id);
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
        it_tells_what_is_said_of_phones(id);
        let counts = ImportCounts::default();
        assert_told("ImportCounts", &counts);
        assert_told("ImportReply", &ImportReply { area: None, counts, rows: Vec::new() });
        assert_told("ImportsReply", &ImportsReply { imports: Vec::new() });
        assert_told("UndoReply", &UndoReply::default());
        assert_told("MoveReply", &MoveReply::default());
        let what = WhatMoves::Household(id);
        assert_told("MoveRequest", &MoveRequest { what, to_area: id, to_household: Some(id) });
        assert_told("CapsuleReply", &CapsuleReply::default());
        assert_told("TimeReply", &TimeReply { server_ms: 1 });
        let hash = domain::capsule::CourierHash::from_bytes([1; 32]);
        assert_told("CourierNote", &domain::capsule::CourierNote { hash, void: Some(hash) });
        let error = ApiError { code: ErrorCode::TooMany, message: String::new() };
        assert_told("ErrorReply", &ErrorReply { error });
    }
}
