//! Đối chiếu over HTTP: what is certain is recorded once, what is doubtful is asked once, helpers keep their credit.

use domain::coverage::{AreaView, Shown};
use domain::import::ListedHolder;
use domain::protocol::{HolderChoice, HoldersPreview, HoldersReply, HoldersRequest};
use domain::service::{Origin, Step};
use domain::visit::{Correction, Outcome};
use domain::{Day, DocId, Document, Kind, Value};
use server::admin;

use crate::helpers::*;

/// Somebody's browser, by its cookie.
pub async fn browser(world: &World, member: DocId) -> String {
    let number = fresh();
    let token = format!("browser-{number}");
    let hash = server::store::SecretHash::of(token.as_bytes());
    admin::enrol(&world.store, member, domain::InstallId(number), hash, fresh_id(), NOW).await.expect("enrolled");
    format!("tn_device={token}")
}

pub struct Street {
    pub world: World,
    pub lan: Document,
    pub son: Document,
}

impl Street {
    pub async fn new() -> Self {
        let world = World::new().await;
        let at = stamp(NOW - 9 * MINUTE, 2);
        let home = household("Lý Văn Sơn", at).with(at, [("house_no", Value::from("12"))]);
        let lan = resident(home.id, "Nguyễn Thị Lan", 1980, at).with(at, [("phone", Value::from("0912345678"))]);
        let son = resident(home.id, "Lý Văn Sơn", 1975, at);
        world.write(AREA_A, &[home, lan.clone(), son.clone()], NOW - 8 * MINUTE).await;
        Self { world, lan, son }
    }

    async fn ask(&self, cookie: &str, path: &str, request: &HoldersRequest) -> Answer {
        ask(&self.world.router(), post(path, Some(cookie), request)).await
    }

    async fn preview(&self, request: &HoldersRequest) -> HoldersPreview {
        let cookie = browser(&self.world, COORDINATOR).await;
        let answer = self.ask(&cookie, "/api/lists/holders/preview", request).await;
        serde_json::from_slice(&answer.body).expect("a preview")
    }

    async fn write(&self, request: &HoldersRequest) -> HoldersReply {
        let cookie = browser(&self.world, COORDINATOR).await;
        let answer = self.ask(&cookie, "/api/lists/holders", request).await;
        serde_json::from_slice(&answer.body).expect("a reply")
    }

    pub async fn view(&self) -> AreaView {
        let plan = domain::campaign::Campaign::read(&self.world.stored(CAMPAIGN).await.expect("a plan").doc);
        let (_, documents) = self.world.all(AREA_A).await;
        let shown = documents.iter().map(|stored| Shown { doc: &stored.doc, accepted: Some(stored.accepted) });
        AreaView::build(shown, &plan.expect("a plan"), Day::at_ms(NOW))
    }
}

fn holder(row: usize, name: &str, year: i64, phone: Option<&str>) -> ListedHolder {
    ListedHolder {
        row,
        name: name.to_owned(),
        birth_year: Some(year),
        birth_day: None,
        phone: phone.map(str::to_owned),
        address: String::new(),
        cell: None,
        provider: None,
        expires_on: Some(Day::at_ms(NOW).plus(400)),
    }
}

fn request(holders: Vec<ListedHolder>) -> HoldersRequest {
    HoldersRequest { holders, step: Step::SignatureActivated, provider: Some("VNPT".to_owned()), choices: Vec::new() }
}

fn list() -> HoldersRequest {
    request(vec![
        holder(3, "NGUYEN THI LAN", 1980, Some("0912345678")),
        holder(4, "Lý Văn Sơn", 1975, None),
        holder(5, "Trần Văn Lạ", 1960, None),
    ])
}

#[tokio::test]
async fn the_same_list_every_week_writes_once_and_asks_once() {
    let street = Street::new().await;
    let seen = street.preview(&list()).await;
    assert_eq!(seen.certain.iter().map(|found| (found.row, found.resident)).collect::<Vec<_>>(), [(3, street.lan.id)]);
    assert_eq!((seen.doubtful.len(), &seen.unmatched), (1, &vec![5]));
    assert_eq!(seen.people[&street.son.id].head, "Lý Văn Sơn");
    let (before, audit) = (street.world.all(AREA_A).await.0, street.world.audit_count().await);
    assert_eq!(street.world.recounted(AREA_A).await.complete, 0, "a preview writes nothing");

    let no = HolderChoice { row: 4, resident: street.son.id, is_same: false };
    let first = street.write(&HoldersRequest { choices: vec![no], ..list() }).await;
    assert_eq!((first.recorded, first.doubtful, first.unmatched), (1, 0, 2));
    let (after, _) = street.world.all(AREA_A).await;
    assert_eq!(after.accepted, before.accepted + 1);
    assert!(street.world.audit_count().await > audit, "noted");
    let view = street.view().await;
    let state = view.residents[&street.lan.id].services[2].as_ref().expect("a signature");
    assert_eq!(
        (state.step, state.origin, state.provider.as_str()),
        (Step::SignatureActivated, Origin::PreExisting, "VNPT")
    );
    assert_eq!(view.residents[&street.lan.id].expires_on(), Some(Day::at_ms(NOW).plus(400)));
    assert_eq!(street.world.figures(AREA_A).await, street.world.recounted(AREA_A).await);

    let again = street.write(&list()).await;
    assert_eq!((again.recorded, again.already_known, again.doubtful, again.unmatched), (0, 1, 0, 2));
    assert_eq!(street.world.all(AREA_A).await.0, after, "nothing moves");
}

#[tokio::test]
async fn a_confirmed_row_is_recorded_and_never_asked_about_again() {
    let street = Street::new().await;
    let yes = HolderChoice { row: 4, resident: street.son.id, is_same: true };
    let reply = street.write(&HoldersRequest { choices: vec![yes], ..list() }).await;
    assert_eq!((reply.recorded, reply.doubtful), (2, 0));
    assert!(street.view().await.residents[&street.son.id].complete);
    let again = street.preview(&list()).await;
    assert_eq!((again.already_known, again.doubtful.len()), (vec![3, 4], 0));
}

#[tokio::test]
async fn what_was_taken_back_at_the_door_stays_taken_back() {
    let street = Street::new().await;
    street.write(&list()).await;
    let fact = domain::holders::outcome_id(street.lan.id, Step::SignatureActivated);
    let correction = Correction::fields(fact, LEAD_A, true);
    let lead = street.world.phone(LEAD_A).await;
    let correction = Document::fact(fresh_id(), Kind::Correction, stamp(NOW, 8), correction);
    street.world.push(&lead, AREA_A, &[&correction]).await;
    let again = street.write(&list()).await;
    assert_eq!((again.recorded, again.left_alone), (0, 1));
    assert!(!street.view().await.residents[&street.lan.id].complete);
}

#[tokio::test]
async fn a_helper_who_was_there_before_the_list_keeps_the_credit_though_the_phone_sends_later() {
    let street = Street::new().await;
    street.write(&list()).await;
    assert_eq!(street.view().await.residents[&street.lan.id].credit, None);
    let phone = street.world.phone(MEMBER_A).await;
    let late = |days: i32| {
        let day = Day::at_ms(NOW).plus(-days);
        let fields = Outcome::fields(street.lan.id, MEMBER_A, day, Step::SignatureActivated, Origin::NewlyInstalled);
        Document::fact(fresh_id(), Kind::Outcome, stamp(NOW - 1, phone.install.0), fields)
    };
    street.world.push(&phone, AREA_A, &[&late(7)]).await;
    let view = street.view().await;
    assert_eq!(view.residents[&street.lan.id].credit, Some(MEMBER_A));
    let figures = street.world.figures(AREA_A).await;
    assert_eq!(figures.steps[&Step::SignatureActivated].new, 1, "cài mới, not từ trước");
    assert_eq!(figures.members[&MEMBER_A].credited, 1);
}

#[tokio::test]
async fn whom_a_helper_has_registered_is_left_to_the_helper() {
    let street = Street::new().await;
    let phone = street.world.phone(MEMBER_A).await;
    let day = Day::at_ms(NOW);
    let fields = Outcome::fields(street.lan.id, MEMBER_A, day, Step::Registered, Origin::NewlyInstalled);
    let registered = Document::fact(fresh_id(), Kind::Outcome, stamp(NOW - 1, phone.install.0), fields);
    street.world.push(&phone, AREA_A, &[&registered]).await;
    assert_eq!(street.preview(&list()).await.being_helped.len(), 1);
    assert_eq!(street.write(&list()).await.recorded, 0);
}

#[tokio::test]
async fn only_a_coordinator_reconciles() {
    let street = Street::new().await;
    for member in [MEMBER_A, LEAD_A] {
        let cookie = browser(&street.world, member).await;
        for path in ["/api/lists/holders/preview", "/api/lists/holders"] {
            assert_eq!(street.ask(&cookie, path, &list()).await.status.as_u16(), 403, "{path}");
        }
    }
    assert_eq!(street.world.recounted(AREA_A).await.complete, 0);
    let unknown = street.ask("tn_device=x", "/api/lists/holders", &list()).await;
    assert_eq!(unknown.status.as_u16(), 401);
}

#[tokio::test]
async fn a_list_that_the_reader_cannot_have_made_is_refused() {
    let street = Street::new().await;
    let cookie = browser(&street.world, COORDINATOR).await;
    let bad = [
        request(vec![holder(3, "", 1980, None)]),
        request(vec![holder(3, "Lan", 1980, Some("not a phone"))]),
        request(vec![holder(3, "Lan", 1980, None), holder(3, "Lan", 1980, None)]),
        HoldersRequest { provider: Some("x".repeat(200)), ..list() },
    ];
    for request in bad {
        assert_eq!(street.ask(&cookie, "/api/lists/holders", &request).await.status.as_u16(), 400);
    }
}
