//! What every store must do, as plain functions over the trait. A backend runs them all with `conformance_tests!`.

use domain::access::ScopeKind;
use domain::capsule::{CourierHash, SecretKey};
use domain::protocol::CheckNumber;
use domain::quota::Used;
use domain::{Clock, Day, DocId, Document, InstallId, Kind, Stamp, Value};

use super::{
    AuditLine, Checked, CourierRow, Device, HolderDecision, Instance, Invite, Revoked, ScopeRow, SecretHash, Store,
    StoreError, Stored, Tx,
};

type Outcome = Result<(), StoreError>;

const COMMUNE: DocId = DocId::from_u128(1);
const AREA: DocId = DocId::from_u128(2);
const INSTALL: InstallId = InstallId(0xfeed_0000_0000_0001);

/// One test per function of this module.
macro_rules! conformance_tests {
    ($store:expr) => {
        crate::store::conformance::conformance_tests! { $store;
            what_is_committed_is_there,
            what_is_dropped_never_happened,
            a_reader_sees_one_moment,
            scopes_come_in_ascending_order,
            an_existing_scope_is_not_made_again,
            a_changed_document_keeps_its_place_of_acceptance,
            nobody_writes_over_a_document_that_they_have_not_seen,
            pages_are_in_order_and_bounded,
            documents_are_found_in_any_scope,
            a_number_is_given_once_in_a_scope,
            devices_are_known_by_their_token,
            a_courier_stays_its_devices_and_void_for_ever,
            an_invite_remembers_who_used_it,
            a_decision_is_kept_for_its_commune_and_can_change,
            what_a_member_used_is_kept_for_one_day,
            the_instance_is_stored_whole,
            every_document_comes_back_as_it_was
        }
    };
    ($store:expr; $($name:ident),+) => {
        $(#[tokio::test]
        async fn $name() -> Result<(), crate::store::StoreError> {
            crate::store::conformance::$name($store).await
        })+
    };
}
pub(crate) use conformance_tests;

fn stored(number: u128, scope: DocId, seq: u64) -> Stored {
    let stamp = Stamp { ms: 1_000 + seq, counter: 0, install: INSTALL };
    let doc = Document::description(DocId::from_u128(number), Kind::Household)
        .with(stamp, [("head", Value::text("Nông Thị Mỷ")), ("order", Value::Int(3))]);
    Stored { scope, seq, accepted: seq, doc }
}

async fn with_scopes<S: Store>(store: &S) -> Outcome {
    let mut tx = store.write().await?;
    tx.add_scope(&ScopeRow::new(COMMUNE, ScopeKind::Commune, COMMUNE)).await?;
    tx.add_scope(&ScopeRow::new(AREA, ScopeKind::Area, COMMUNE)).await?;
    tx.commit().await
}

pub async fn what_is_committed_is_there<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    tx.put_document(&stored(10, AREA, 1)).await?;
    tx.commit().await?;
    let mut tx = store.read().await?;
    assert_eq!(tx.documents(&[DocId::from_u128(10)]).await?, [stored(10, AREA, 1)]);
    tx.commit().await
}

pub async fn what_is_dropped_never_happened<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    tx.put_document(&stored(10, AREA, 1)).await?;
    tx.set_scope(&ScopeRow { seq: 1, ..ScopeRow::new(AREA, ScopeKind::Area, COMMUNE) }).await?;
    drop(tx);
    let mut tx = store.write().await?;
    assert_eq!(tx.documents(&[DocId::from_u128(10)]).await?, []);
    assert_eq!(tx.lock_scopes(&[AREA]).await?[0].seq, 0);
    tx.commit().await
}

pub async fn a_reader_sees_one_moment<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut reader = store.read().await?;
    let scopes = reader.scopes(&[AREA]).await?;
    let documents = reader.all_documents(AREA).await?;
    assert_eq!((scopes[0].seq, documents.len()), (0, 0));
    reader.commit().await
}

pub async fn scopes_come_in_ascending_order<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    let locked = tx.lock_scopes(&[AREA, DocId::from_u128(99), COMMUNE]).await?;
    assert_eq!(locked.iter().map(|row| row.id).collect::<Vec<_>>(), [COMMUNE, AREA]);
    assert_eq!(tx.scopes_of(COMMUNE).await?, locked);
    assert_eq!(tx.communes().await?, [COMMUNE]);
    tx.commit().await
}

pub async fn an_existing_scope_is_not_made_again<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    tx.set_scope(&ScopeRow { seq: 7, accepted: 5, ..ScopeRow::new(AREA, ScopeKind::Area, COMMUNE) }).await?;
    tx.add_scope(&ScopeRow::new(AREA, ScopeKind::Commune, AREA)).await?;
    let row = &tx.scopes(&[AREA]).await?[0];
    assert_eq!((row.kind, row.commune, row.seq, row.accepted), (ScopeKind::Area, COMMUNE, 7, 5));
    tx.commit().await
}

pub async fn a_changed_document_keeps_its_place_of_acceptance<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    tx.put_document(&stored(10, AREA, 1)).await?;
    tx.put_document(&Stored { accepted: 1, ..stored(10, AREA, 4) }).await?;
    let found = tx.documents(&[DocId::from_u128(10)]).await?;
    assert_eq!((found[0].scope, found[0].seq, found[0].accepted), (AREA, 4, 1));
    tx.commit().await
}

pub async fn nobody_writes_over_a_document_that_they_have_not_seen<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let id = DocId::from_u128(10);
    let mut tx = store.write().await?;
    tx.put_document(&stored(10, AREA, 1)).await?;
    tx.commit().await?;
    for unseen in [stored(10, AREA, 2), Stored { accepted: 1, ..stored(10, COMMUNE, 2) }] {
        let mut tx = store.write().await?;
        assert!(matches!(tx.put_document(&unseen).await, Err(StoreError::Taken(taken)) if taken == id));
        drop(tx);
        let mut tx = store.read().await?;
        assert_eq!(tx.documents(&[id]).await?, [stored(10, AREA, 1)]);
        tx.commit().await?;
    }
    Ok(())
}

pub async fn pages_are_in_order_and_bounded<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    for (number, seq) in [(10, 3), (11, 1), (12, 2), (13, 4)] {
        tx.put_document(&stored(number, AREA, seq)).await?;
    }
    let numbers = |rows: Vec<super::PageRow>| rows.iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(numbers(tx.page(AREA, 0, 10).await?), [1, 2, 3, 4]);
    assert_eq!(numbers(tx.page(AREA, 1, 2).await?), [2, 3]);
    assert_eq!(numbers(tx.page(COMMUNE, 0, 10).await?), [0; 0]);
    assert_eq!(tx.count_after(AREA, 1).await?, 3);
    assert_eq!(tx.count_after(AREA, 4).await?, 0);
    tx.commit().await
}

pub async fn documents_are_found_in_any_scope<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    tx.put_document(&stored(10, AREA, 1)).await?;
    tx.put_document(&stored(11, COMMUNE, 1)).await?;
    let ids = [10, 11, 12].map(DocId::from_u128);
    let mut places = tx.locate(&ids).await?;
    places.sort_unstable();
    assert_eq!(places, [(ids[0], AREA), (ids[1], COMMUNE)]);
    assert_eq!(tx.documents(&ids).await?.len(), 2);
    assert_eq!(tx.documents_of(AREA, &Kind::Household).await?.len(), 1);
    assert_eq!(tx.documents_of(AREA, &Kind::Visit).await?, []);
    assert_eq!(tx.documents(&[]).await?, []);
    tx.commit().await
}

pub async fn a_number_is_given_once_in_a_scope<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let mut tx = store.write().await?;
    tx.put_document(&stored(10, AREA, 1)).await?;
    assert!(tx.put_document(&stored(11, AREA, 1)).await.is_err());
    Ok(())
}

fn device(id: u128, token: &[u8]) -> Device {
    Device {
        id: DocId::from_u128(id),
        token: SecretHash::of(token),
        member: DocId::from_u128(6),
        install: INSTALL,
        created_ms: 1,
        last_seen_ms: 2,
        unsent: 3,
        refused: 4,
        diverged: 1,
        app: "0.1.0".to_owned(),
        revoked: None,
        end_told_ms: None,
        active_ms: 2,
        check: Some(CheckNumber::of(482)),
        checked: None,
    }
}

pub async fn a_courier_stays_its_devices_and_void_for_ever<S: Store>(store: S) -> Outcome {
    let (one, two) = (device(5, b"one"), device(6, b"two"));
    let hash = |number| CourierHash::from_bytes([number; 32]);
    let row = |number: u8, device: &Device, is_void| CourierRow {
        hash: hash(number),
        device: device.id,
        told_ms: u64::from(number),
        is_void,
    };
    let mut tx = store.write().await?;
    tx.put_device(&one).await?;
    tx.put_device(&two).await?;
    for courier in [row(1, &one, false), row(2, &one, false), row(1, &two, false), row(3, &two, false)] {
        tx.put_courier(&courier).await?;
    }
    assert_eq!(tx.courier(hash(1)).await?, Some((row(1, &one, false), one.clone())));
    tx.put_courier(&row(2, &one, true)).await?;
    tx.put_courier(&row(2, &one, false)).await?;
    assert_eq!(tx.courier(hash(2)).await?, Some((row(2, &one, true), one.clone())));
    tx.forget_couriers(one.id, 1).await?;
    assert_eq!(tx.courier(hash(1)).await?, None);
    assert!(tx.courier(hash(2)).await?.is_some() && tx.courier(hash(3)).await?.is_some());
    tx.commit().await
}

pub async fn devices_are_known_by_their_token<S: Store>(store: S) -> Outcome {
    let mut device = device(5, b"one");
    let mut tx = store.write().await?;
    tx.put_device(&device).await?;
    assert_eq!(tx.device(SecretHash::of(b"one")).await?.as_ref(), Some(&device));
    device.token = SecretHash::of(b"two");
    (device.revoked, device.end_told_ms) = (Some(Revoked::Lost), Some(7));
    (device.active_ms, device.check) = (8, None);
    for by in [Some(COMMUNE), None] {
        device.checked = Some(Checked { by, at_ms: 9 });
        tx.put_device(&device).await?;
        assert_eq!(tx.devices_of(device.member).await?, [device.clone()]);
    }
    tx.put_device(&device).await?;
    assert_eq!(tx.device(SecretHash::of(b"one")).await?, None);
    assert_eq!(tx.devices_of(device.member).await?, [device.clone()]);
    tx.commit().await
}

pub async fn an_invite_remembers_who_used_it<S: Store>(store: S) -> Outcome {
    let code = SecretHash::of(b"code");
    let mut invite = Invite { code, member: AREA, created_ms: 1, expires_ms: 9, redeemed: None };
    let mut tx = store.write().await?;
    tx.put_invite(&invite).await?;
    assert_eq!(tx.invite(code).await?.as_ref(), Some(&invite));
    invite.redeemed = Some((INSTALL, 5));
    tx.put_invite(&invite).await?;
    assert_eq!(tx.invite(code).await?, Some(invite));
    assert_eq!(tx.invite(SecretHash::of(b"other")).await?, None);
    tx.end_invites(COMMUNE, 3).await?;
    assert_eq!(tx.invite(code).await?.map(|invite| invite.expires_ms), Some(9), "another member's invites live on");
    tx.end_invites(AREA, 7).await?;
    tx.end_invites(AREA, 8).await?;
    assert_eq!(tx.invite(code).await?.map(|invite| invite.expires_ms), Some(7));
    tx.commit().await
}

pub async fn the_instance_is_stored_whole<S: Store>(store: S) -> Outcome {
    let mut clock = Clock::new(INSTALL);
    clock.tick(77);
    let instance = Instance {
        epoch: "ab".to_owned(),
        restored_ms: Some(4),
        clock,
        capsule_key: Some(SecretKey::from_bytes([9; 32])),
        seen_ms: Some(5),
        confirmed_ms: Some(6),
        rolled_back_ms: Some(7),
    };
    let mut tx = store.write().await?;
    assert_eq!(tx.instance().await?, None);
    tx.set_instance(&instance).await?;
    assert_eq!(tx.instance().await?, Some(instance));
    tx.commit().await
}

pub async fn every_document_comes_back_as_it_was<S: Store>(store: S) -> Outcome {
    with_scopes(&store).await?;
    let at = Stamp { ms: 1, counter: u32::MAX, install: InstallId(u64::MAX) };
    let fields = [("note".to_owned(), Value::text("dòng 1\n\"dòng\" 2")), ("n".to_owned(), Value::Int(i64::MIN))];
    let fact = Document::fact(DocId::from_u128(20), Kind::Other("mới".to_owned()), at, fields.into());
    let mut erased = stored(21, AREA, 2);
    erased.doc.erased = true;
    let mut tx = store.write().await?;
    tx.put_document(&Stored { scope: AREA, seq: 1, accepted: 1, doc: fact.clone() }).await?;
    tx.put_document(&erased).await?;
    let all = tx.all_documents(AREA).await?;
    assert_eq!(all[0].doc, fact);
    assert_eq!(all[1], erased);
    let line = AuditLine {
        member: None,
        install: INSTALL,
        action: "create",
        document: Some(fact.id),
        scope: Some(AREA),
        seq: Some(1),
        people: None,
        received_ms: 3,
    };
    tx.audit(&line).await?;
    assert_eq!(tx.audit_count().await?, 1);
    tx.commit().await
}

pub async fn what_a_member_used_is_kept_for_one_day<S: Store>(store: S) -> Outcome {
    let (today, tomorrow) = (Day::at_ms(0), Day::at_ms(0).plus(1));
    let used = Used { documents: 3, bytes: 900, unknown: 1 };
    let mut tx = store.write().await?;
    assert_eq!(tx.quota(AREA, today).await?, Used::default());
    tx.put_quota(AREA, today, used).await?;
    let more = Used { documents: 4, ..used };
    tx.put_quota(AREA, today, more).await?;
    tx.put_quota(COMMUNE, today, used).await?;
    tx.commit().await?;
    let mut tx = store.write().await?;
    assert_eq!(tx.quota(AREA, today).await?, more);
    assert_eq!(tx.quota(AREA, tomorrow).await?, Used::default());
    tx.put_quota(AREA, tomorrow, used).await?;
    assert_eq!(tx.quota(AREA, today).await?, Used::default());
    assert_eq!(tx.quota(COMMUNE, today).await?, used);
    tx.commit().await
}

pub async fn a_decision_is_kept_for_its_commune_and_can_change<S: Store>(store: S) -> Outcome {
    let mut tx = store.write().await?;
    let mut decision =
        HolderDecision { id: DocId::from_u128(5), commune: COMMUNE, is_same: false, member: AREA, decided_ms: 7 };
    tx.put_holder_decision(&decision).await?;
    tx.put_holder_decision(&HolderDecision { id: DocId::from_u128(6), commune: AREA, ..decision }).await?;
    tx.commit().await?;
    let mut tx = store.write().await?;
    assert_eq!(tx.holder_decisions(COMMUNE).await?, [(decision.id, false)]);
    decision.is_same = true;
    tx.put_holder_decision(&decision).await?;
    assert_eq!(tx.holder_decisions(COMMUNE).await?, [(decision.id, true)]);
    tx.commit().await
}
