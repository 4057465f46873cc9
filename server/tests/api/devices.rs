//! Lost, replaced and shared phones: who may shut which out, what happens to it, and that two members never mix.

use axum::Router;
use axum::http::StatusCode;
use domain::protocol::{
    DeviceEnd, DeviceLine, DevicesReply, JoinRequest, PhoneReport, Rejection, RevokeReason, RevokeRequest,
    ScopeContent, SyncReply, SyncRequest,
};
use domain::{DocId, InstallId, Kind, Value};
use server::invite;
use server::store::{Store, Tx};

use crate::helpers::*;

const LEAD_B: DocId = DocId::from_u128(0x2b);

/// A phone that joined over HTTP, with its cookie.
struct Joined {
    cookie: String,
    install: InstallId,
}

struct Office {
    world: World,
    router: Router,
}

impl Office {
    async fn new() -> Self {
        let world = World::new().await;
        let fields =
            [("name", Value::from("Tổ trưởng 2")), ("role", "lead".into()), ("areas", [AREA_B].into_iter().collect())];
        let lead = domain::Document::description(LEAD_B, Kind::Member).with(stamp(NOW - 30 * MINUTE, 2), fields);
        world.write(COMMUNE, &[lead], NOW - 10 * MINUTE).await;
        let router = world.router();
        Self { world, router }
    }

    async fn join(&self, member: DocId) -> Joined {
        let code = invite::create(&self.world.store, member, invite::LIFE_MS, NOW).await.expect("an invite");
        self.join_with(&code, InstallId(fresh()), None).await.expect("joined")
    }

    async fn join_with(&self, code: &str, install: InstallId, only_for: Option<DocId>) -> Result<Joined, String> {
        let request = JoinRequest { code: code.to_owned(), install, only_for };
        let answer = ask(&self.router, post("/api/join", None, &request)).await;
        if answer.status != StatusCode::OK {
            return Err(answer.code());
        }
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Ok(Joined { cookie, install })
    }

    async fn sync(&self, phone: &Joined, unsent: u32, push: Vec<domain::protocol::Push>) -> Answer {
        let report = PhoneReport { unsent, app: "0.2.0".to_owned(), ..PhoneReport::default() };
        let request = SyncRequest { push, phone: report, ..hello(phone.install) };
        ask(&self.router, post("/api/sync", Some(&phone.cookie), &request)).await
    }

    async fn list(&self, by: &Joined, member: DocId) -> Answer {
        let mut request = get(&format!("/api/devices/{member}"));
        request.headers_mut().insert("cookie", by.cookie.parse().expect("a value"));
        ask(&self.router, request).await
    }

    async fn devices(&self, by: &Joined, member: DocId) -> Vec<DeviceLine> {
        devices(&self.list(by, member).await)
    }

    async fn revoke(&self, by: &Joined, member: DocId, device: DocId, reason: DeviceEnd) -> Answer {
        ask(&self.router, post("/api/devices/revoke", Some(&by.cookie), &RevokeRequest { member, device, reason }))
            .await
    }

    /// What the lead's figures say of a member's phones: last contact and unsent.
    async fn told(&self, member: DocId) -> (Option<i64>, Option<i64>) {
        let doc = self.world.stored(DocId::phone_state(member)).await.expect("a state").doc;
        (doc.int("last_sync_ms"), doc.int("unsent"))
    }
}

fn devices(answer: &Answer) -> Vec<DeviceLine> {
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice::<DevicesReply>(&answer.body).expect("devices").devices
}

#[tokio::test]
async fn phones_are_shut_out_by_whoever_may_invite_their_member_and_by_nobody_else() {
    let office = Office::new().await;
    let everyone = [MEMBER_A, MEMBER_AB, MEMBER_B, LEAD_A, LEAD_B, COORDINATOR];
    let reach: [(DocId, &[DocId]); 6] = [
        (MEMBER_A, &[]),
        (MEMBER_AB, &[]),
        (MEMBER_B, &[]),
        (LEAD_A, &[MEMBER_A, MEMBER_AB]),
        (LEAD_B, &[MEMBER_AB, MEMBER_B]),
        (COORDINATOR, &everyone),
    ];
    let eyes = office.join(COORDINATOR).await;
    // Before they get more phones than one may join with.
    let mut hands = Vec::new();
    for (who, allowed) in reach {
        hands.push((who, office.join(who).await, allowed));
    }
    for (who, by, allowed) in hands {
        for whom in everyone {
            let known: Vec<DocId> = office.devices(&eyes, whom).await.into_iter().map(|device| device.id).collect();
            office.world.phone(whom).await;
            let target = office.devices(&eyes, whom).await;
            let target = target.iter().find(|device| !known.contains(&device.id)).expect("a phone").id;
            let listed = office.list(&by, whom).await.status;
            let revoked = office.revoke(&by, whom, target, DeviceEnd::Lost).await.status;
            let wanted = if allowed.contains(&whom) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!((listed, revoked), (wanted, wanted), "{who} and {whom}");
            let after = office.devices(&eyes, whom).await;
            let ended = after.iter().find(|device| device.id == target).expect("the phone").ended;
            assert_eq!(ended.is_some(), allowed.contains(&whom), "{who} and {whom}");
        }
    }
}

#[tokio::test]
async fn someone_out_of_reach_and_someone_unknown_give_the_same_answer() {
    let office = Office::new().await;
    let (lead, member_b) = (office.join(LEAD_A).await, office.join(MEMBER_B).await);
    let coordinator = office.join(COORDINATOR).await;
    let theirs = office.devices(&coordinator, MEMBER_B).await[0].id;
    let foreign = office.list(&lead, MEMBER_B).await;
    let unknown = office.list(&lead, fresh_id()).await;
    assert_eq!((foreign.status, &foreign.body), (StatusCode::FORBIDDEN, &unknown.body));
    let mut not_an_id = get("/api/devices/khong-co");
    not_an_id.headers_mut().insert("cookie", lead.cookie.parse().expect("a value"));
    assert_eq!(ask(&office.router, not_an_id).await.body, foreign.body);
    let answers = [
        office.revoke(&lead, MEMBER_B, theirs, DeviceEnd::Lost).await,
        office.revoke(&lead, fresh_id(), theirs, DeviceEnd::Lost).await,
        // A phone of another's member, under the name of one's own.
        office.revoke(&lead, MEMBER_A, theirs, DeviceEnd::Lost).await,
        office.revoke(&lead, MEMBER_A, fresh_id(), DeviceEnd::Lost).await,
    ];
    for answer in answers {
        assert_eq!((answer.status, &answer.body), (StatusCode::FORBIDDEN, &foreign.body));
    }
    assert_eq!(office.sync(&member_b, 0, Vec::new()).await.status, StatusCode::OK);
    assert_eq!(office.devices(&coordinator, MEMBER_B).await[0].ended, None);
    let nobody = ask(&office.router, get(&format!("/api/devices/{MEMBER_A}"))).await;
    assert_eq!((nobody.status, nobody.code().as_str()), (StatusCode::UNAUTHORIZED, "device_unknown"));
}

#[tokio::test]
async fn a_lost_phone_is_told_to_delete_everything_and_the_members_other_phone_goes_on() {
    let office = Office::new().await;
    let (lead, lost, kept) = (office.join(LEAD_A).await, office.join(MEMBER_A).await, office.join(MEMBER_A).await);
    office.sync(&kept, 0, Vec::new()).await;
    office.sync(&lost, 7, Vec::new()).await;
    assert_eq!(office.told(MEMBER_A).await.1, Some(7));
    let open = invite::create(&office.world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");

    let before = office.devices(&lead, MEMBER_A).await;
    let line = before.iter().find(|device| device.unsent == 7).expect("what it held back");
    assert_eq!((line.last_seen_ms, line.app.as_str(), line.ended), (Some(NOW), "0.2.0", None));
    let lines = office.world.audit_count().await;
    let after = devices(&office.revoke(&lead, MEMBER_A, line.id, DeviceEnd::Lost).await);
    assert_eq!(office.world.audit_count().await, lines + 1);
    let ended: Vec<_> = after.iter().map(|device| (device.ended, device.unsent)).collect();
    assert_eq!(ended, [(None, 0), (Some(DeviceEnd::Lost), 7)], "what it held back stays known");
    assert_eq!(office.told(MEMBER_A).await.1, Some(0), "nobody waits for it any more");
    assert_eq!(after[1].end_told_ms, None, "nobody knows yet whether it is switched on");
    assert_eq!(office.join_with(&open, InstallId(fresh()), None).await.err().as_deref(), Some("invite_expired"));

    // Its cursors are gone already, and still it hears of it.
    let push = vec![push(AREA_A, &household("sau khi mất", stamp(NOW, 7)))];
    let reply: SyncReply = serde_json::from_slice(&office.sync(&lost, 1, push).await.body).expect("a reply");
    let wipe = ScopeContent::Revoked { revoked: RevokeReason::LostPhone };
    assert!(!reply.scopes.is_empty() && reply.scopes.iter().all(|scope| scope.content == wipe));
    assert_eq!(reply.results[0].verdict, refused(Rejection::Forbidden));
    assert_eq!(office.told(MEMBER_A).await.1, Some(0));
    let reply: SyncReply = serde_json::from_slice(&office.sync(&kept, 0, Vec::new()).await.body).expect("a reply");
    assert!(reply.scopes.iter().any(|scope| scope.scope == AREA_A));

    assert_eq!(office.devices(&lead, MEMBER_A).await[1].end_told_ms, Some(NOW));
    let again = office.revoke(&lead, MEMBER_A, line.id, DeviceEnd::Left).await;
    assert_eq!(devices(&again)[1].end_told_ms, Some(NOW));
    assert_eq!(devices(&again)[1].ended, Some(DeviceEnd::Lost), "a lost phone stays lost");
    assert_eq!(office.world.audit_count().await, lines + 1, "what changes nothing is not noted");
}

#[tokio::test]
async fn a_phone_given_back_drops_its_areas_and_leaves_the_members_invites_alone() {
    let office = Office::new().await;
    let (coordinator, phone) = (office.join(COORDINATOR).await, office.join(LEAD_A).await);
    let open = invite::create(&office.world.store, LEAD_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let device = office.devices(&coordinator, LEAD_A).await[0].id;
    assert_eq!(office.revoke(&coordinator, LEAD_A, device, DeviceEnd::Left).await.status, StatusCode::OK);
    let cursors = vec![domain::protocol::ScopeCursor { scope: AREA_A, cursor: None }];
    let request = SyncRequest { cursors, ..hello(phone.install) };
    let answer = ask(&office.router, post("/api/sync", Some(&phone.cookie), &request)).await;
    let reply: SyncReply = serde_json::from_slice(&answer.body).expect("a reply");
    let left = ScopeContent::Revoked { revoked: RevokeReason::LeftArea };
    assert_eq!(reply.scopes.iter().map(|scope| &scope.content).collect::<Vec<_>>(), [&left]);
    assert_eq!(office.devices(&coordinator, LEAD_A).await[0].end_told_ms, Some(NOW), "also when it only asks");
    assert!(office.join_with(&open, InstallId(fresh()), None).await.is_ok());
    // Lost after all: of that it has not been told.
    let lost = office.revoke(&coordinator, LEAD_A, device, DeviceEnd::Lost).await;
    let lost = devices(&lost).into_iter().find(|line| line.id == device).expect("the phone");
    assert_eq!((lost.ended, lost.end_told_ms), (Some(DeviceEnd::Lost), None));
    // Whoever is shut out sees to nobody's phones.
    assert_eq!(office.list(&phone, MEMBER_A).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_shuts_out_the_phone_in_their_hand() {
    let office = Office::new().await;
    let (one, two) = (office.join(COORDINATOR).await, office.join(COORDINATOR).await);
    let own = office.devices(&one, COORDINATOR).await.into_iter().find(|device| device.is_own).expect("this phone").id;
    assert_eq!(office.revoke(&one, COORDINATOR, own, DeviceEnd::Lost).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(office.sync(&one, 0, Vec::new()).await.status, StatusCode::OK);
    assert_eq!(office.revoke(&two, COORDINATOR, own, DeviceEnd::Lost).await.status, StatusCode::OK);
}

#[tokio::test]
async fn both_phones_of_a_member_work_and_the_new_one_has_all_that_the_old_one_sent() {
    let office = Office::new().await;
    let door = household("Nông Thị Mỷ", stamp(NOW - MINUTE, 7));
    let person = resident(door.id, "Nông Văn Páo", 1980, stamp(NOW - MINUTE, 7));
    let (old, new) = (office.join(MEMBER_A).await, office.join(MEMBER_A).await);
    let facts = [signature(person.id, MEMBER_A, stamp(NOW - 9, old.install.0)), {
        signature(person.id, MEMBER_A, stamp(NOW - 8, new.install.0))
    }];
    let pushes = vec![push(AREA_A, &door), push(AREA_A, &person), push(AREA_A, &facts[0])];
    assert_eq!(office.sync(&old, 0, pushes).await.status, StatusCode::OK);
    let reply: SyncReply =
        serde_json::from_slice(&office.sync(&new, 0, vec![push(AREA_A, &facts[1])]).await.body).expect("a reply");
    let there: Vec<DocId> =
        pages(&reply).iter().flat_map(|(_, page)| page.docs.iter().map(|pulled| pulled.doc.id)).collect();
    for id in [door.id, person.id, facts[0].id, facts[1].id, CAMPAIGN] {
        assert!(there.contains(&id), "{id} is not on the new phone");
    }
    assert_eq!(office.world.figures(AREA_A).await.members.get(&MEMBER_A).map(|own| own.credited), Some(1));
}

#[tokio::test]
async fn what_one_member_wrote_never_goes_out_under_anothers_token() {
    let office = Office::new().await;
    let (mai, thang) = (office.join(MEMBER_A).await, office.join(LEAD_A).await);
    // The same browser: the phone is still Mai's, the cookie is already the next member's.
    let mixed = Joined { cookie: thang.cookie.clone(), install: mai.install };
    let edit = household("của Mai", stamp(NOW, mai.install.0));
    let answer = office.sync(&mixed, 1, vec![push(AREA_A, &edit)]).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "device_unknown"));
    assert_eq!(office.sync(&mixed, 1, Vec::new()).await.status, StatusCode::UNAUTHORIZED, "nor does it read");
    assert_eq!(office.world.stored(edit.id).await, None);
    // And a record that names another is refused whoever brings it.
    let record = signature(fresh_id(), MEMBER_A, stamp(NOW, thang.install.0));
    let reply: SyncReply =
        serde_json::from_slice(&office.sync(&thang, 0, vec![push(AREA_A, &record)]).await.body).expect("a reply");
    assert_eq!(reply.results[0].verdict, refused(Rejection::Forbidden));
}

#[tokio::test]
async fn an_invite_that_is_wanted_for_one_member_is_not_spent_on_another() {
    let office = Office::new().await;
    let code = invite::create(&office.world.store, LEAD_A, invite::LIFE_MS, NOW).await.expect("an invite");
    let install = InstallId(fresh());
    let refused = office.join_with(&code, install, Some(MEMBER_A)).await;
    assert_eq!(refused.err().as_deref(), Some("invite_for_other"));
    let mut tx = office.world.store.read().await.expect("a transaction");
    assert!(tx.devices_of(LEAD_A).await.expect("devices").is_empty(), "it was not spent");
    tx.commit().await.expect("read");
    assert!(office.join_with(&code, install, Some(LEAD_A)).await.is_ok());
}

#[tokio::test]
async fn a_phone_that_is_enrolled_again_was_last_seen_when_it_was_seen() {
    let office = Office::new().await;
    let (phone, other) = (office.join(MEMBER_A).await, office.join(MEMBER_A).await);
    office.sync(&phone, 7, Vec::new()).await;
    let seen = office.told(MEMBER_A).await;
    let code = invite::create(&office.world.store, MEMBER_A, invite::LIFE_MS, NOW).await.expect("an invite");
    office.join_with(&code, phone.install, None).await.expect("joined");
    office.sync(&other, 0, Vec::new()).await;
    assert_eq!((office.told(MEMBER_A).await, seen.1), (seen, Some(7)));
}
