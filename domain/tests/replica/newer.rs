//! A server that is newer than this app says things that it does not know.

use domain::protocol::{JoinRequest, Rejection, RevokeReason, SCHEMA, ScopeContent, SyncReply, Verdict};
use domain::replica::Event;

use super::phone::{AREA, HOUSEHOLD, NOON_MS, Phone, all, by_a_colleague, page, pushed, reply};

const ID: &str = "6261636b-616e-4000-8000-000000000001";

fn read(results: &str, scopes: &str) -> SyncReply {
    let text = format!(r#"{{"protocol":2,"epoch":"e","server_ms":5,"results":[{results}],"scopes":[{scopes}]}}"#);
    serde_json::from_str(&text).expect("no word of it makes a reply unreadable")
}

#[test]
fn no_new_word_makes_a_reply_unreadable() {
    let verdict = |text: &str| read(&format!(r#"{{"id":"{ID}","rev":1,{text}}}"#), "").results[0].verdict.clone();
    let code = Rejection::Other("too_old".to_owned());
    assert_eq!(verdict(r#""r":"rejected","code":"too_old""#), Verdict::Rejected { code });
    assert_eq!(verdict(r#""r":"later","until":7"#), Verdict::Unknown);
    assert_eq!(verdict(r#""r":"merged","why":"x""#), Verdict::Merged);

    let content = |text: &str| read("", &format!(r#"{{"scope":"{ID}",{text}}}"#)).scopes[0].content.clone();
    assert_eq!(content(r#""revoked":"area_closed""#), ScopeContent::Revoked { revoked: RevokeReason::Unknown });
    assert_eq!(content(r#""moved":"elsewhere""#), ScopeContent::Unknown {});
    let good = format!(r#"{{"n":1,"d":{{"id":"{ID}","k":"x","e":[["1-0-1",{{"a":1}}]]}}}}"#);
    let fraction = good.replace(r#""a":1"#, r#""a":1.5"#);
    let other = r#"{"n":2,"d":"packed"}"#;
    let ScopeContent::Page(page) =
        content(&format!(r#""docs":[{good},{fraction},{other},7],"cursor":"e.4","more":false"#))
    else {
        panic!("a page");
    };
    assert_eq!((page.docs.len(), page.unreadable, page.cursor.as_str()), (1, 3, "e.4"));
    let text = serde_json::to_string(&page).expect("text");
    assert!(!text.contains("unreadable"), "what a reader could not read is never sent: {text}");
}

#[test]
fn a_newer_phone_joins_an_older_server() {
    let request = r#"{"code":"abc","install":"1","check":"123456"}"#;
    assert!(serde_json::from_str::<JoinRequest>(request).is_ok());
}

#[test]
fn an_unknown_verdict_leaves_the_record_unsent_and_is_asked_for_with_patience() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.describe("note", "của tôi");
    let mut pushes = 0;
    for _ in 0..60 {
        phone.pass(60_000);
        phone.handle(Event::Tick);
        let Some((_, request)) = phone.sent.clone() else { continue };
        pushes += u32::from(!request.push.is_empty());
        phone.answer(reply(phone.now.wall_ms, all(&request, &Verdict::Unknown), Vec::new()));
    }
    assert!((1..10).contains(&pushes), "{pushes} times in an hour");
    assert_eq!((phone.replica.unsent_len(), phone.replica.status().refused), (1, 0));
    let request = phone.sync();
    phone.answer(reply(phone.now.wall_ms, all(&request, &Verdict::Ok), pushed(&request)));
    assert_eq!(phone.replica.unsent_len(), 0);
}

#[test]
fn an_unknown_reason_deletes_nothing() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    phone.sync();
    phone.answer(reply(NOON_MS, Vec::new(), vec![by_a_colleague("head", "Vàng A Pao", NOON_MS)]));
    for content in [ScopeContent::Revoked { revoked: RevokeReason::Unknown }, ScopeContent::Unknown {}] {
        let mut answer = reply(NOON_MS, Vec::new(), Vec::new());
        answer.scopes[0].content = content;
        phone.sync();
        phone.answer(answer);
        assert!(phone.base(HOUSEHOLD).is_some());
        assert!(phone.replica.meta().scopes.contains_key(&AREA));
    }
}

#[test]
fn a_document_that_cannot_be_read_is_passed_over_told_and_read_by_the_next_app() {
    let mut phone = Phone::new();
    phone.greet(NOON_MS);
    let mut answer = reply(NOON_MS, Vec::new(), vec![by_a_colleague("head", "Vàng A Pao", NOON_MS)]);
    page(&mut answer).unreadable = 2;
    page(&mut answer).digest = Some(domain::digest::Digest::default());
    page(&mut answer).cursor = "e1.11".to_owned();
    // Counted anew with each download of the scope.
    phone.meta.scopes.clear();
    phone.restart();
    phone.sync();
    phone.answer(answer);
    assert!(phone.base(HOUSEHOLD).is_some(), "its neighbours arrive");
    assert_eq!(phone.replica.status().unreadable, 2);
    assert!(phone.sent.is_none(), "the digest must differ: no download for that");
    assert_eq!(phone.sync().cursors[0].cursor.as_deref(), Some("e1.11"));

    // As if an app before this one had downloaded it.
    let mut older = serde_json::to_value(&phone.meta.scopes[&AREA]).expect("a value");
    assert_eq!(older["read_by"], SCHEMA);
    older["read_by"] = 0.into();
    phone.meta.scopes.insert(AREA, serde_json::from_value(older).expect("a state"));
    phone.restart();
    assert_eq!(phone.sync().cursors[0].cursor, None);
    phone.answer(reply(NOON_MS, Vec::new(), Vec::new()));
    assert_eq!(phone.replica.status().unreadable, 0);
}

#[test]
fn a_server_that_asks_for_a_newer_app_still_gets_what_this_one_has() {
    let mut phone = Phone::new();
    let mut answer = reply(NOON_MS, Vec::new(), Vec::new());
    answer.min_schema = SCHEMA + 1;
    phone.describe("note", "của tôi");
    phone.sync();
    phone.answer(answer);
    assert!(phone.replica.status().needs_update);
    let (_, request) = phone.sent.clone().expect("the push");
    phone.answer(reply(NOON_MS, all(&request, &Verdict::Ok), pushed(&request)));
    assert_eq!((phone.replica.unsent_len(), phone.replica.status().needs_update), (0, false));
}
