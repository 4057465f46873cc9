use serde_json::value::RawValue;

use super::*;

const KEY: SecretKey = SecretKey::from_bytes([7; 32]);

fn content(documents: usize) -> Content {
    let push = (0..documents).map(|number| Push {
        id: DocId::from_u128(number as u128 + 1),
        rev: 1,
        scope: DocId::from_u128(0xa),
        doc: RawValue::from_string(format!(r#"{{"head":"Nông Thị Mỷ {number}"}}"#)).expect("JSON"),
        receipt: None,
    });
    Content {
        version: CONTENT,
        install: InstallId(5),
        member: DocId::from_u128(9),
        courier: CourierSecret::from_bytes([3; 32]),
        made_ms: 1,
        push: push.collect(),
    }
}

fn sealed(content: &Content) -> Vec<u8> {
    content.seal(&KEY.public_key(), [1; 32]).expect("sealed")
}

#[test]
fn what_is_sealed_is_opened_by_the_server_and_told_apart_from_the_outside() {
    for documents in [0, 1, 1_000] {
        let bytes = sealed(&content(documents));
        assert_eq!(header(&bytes).expect("a header").documents, u16::try_from(documents).expect("few"));
        let opened = open(&KEY, &bytes).expect("opened");
        let plain = |content: &Content| serde_json::to_string(content).expect("JSON");
        assert_eq!(plain(&opened), plain(&content(documents)));
    }
}

#[test]
fn a_thousand_documents_are_a_small_file() {
    assert!(sealed(&content(1_000)).len() < 64 * 1024);
}

#[test]
fn nobody_reads_a_capsule_on_the_way() {
    let bytes = sealed(&content(3));
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("Nông") && !text.contains("head"));
}

#[test]
fn every_damaged_byte_is_noticed() {
    let bytes = sealed(&content(2));
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert!(open(&KEY, &damaged).is_err(), "byte {at}");
    }
}

#[test]
fn every_cut_is_noticed() {
    let bytes = sealed(&content(2));
    for length in 0..bytes.len() {
        let expected = if length < 3 { CapsuleError::NotACapsule } else { CapsuleError::Damaged };
        assert_eq!(open(&KEY, &bytes[..length]).map(|_| ()), Err(expected), "{length} bytes");
    }
}

#[test]
fn a_capsule_of_another_server_is_told_as_such() {
    let other = SecretKey::from_bytes([8; 32]);
    assert_eq!(open(&other, &sealed(&content(1))).map(|_| ()), Err(CapsuleError::OtherServer));
}

#[test]
fn anything_else_is_no_capsule() {
    for bytes in [&b""[..], b"PK\x03\x04", b"TN", b"<!doctype html>", b"TN2\0\0"] {
        assert_eq!(open(&KEY, bytes).map(|_| ()), Err(CapsuleError::NotACapsule));
    }
}

#[test]
fn a_capsule_that_unpacks_to_more_than_an_honest_one_is_refused() {
    let bomb = compress_to_vec(&vec![b' '; PLAIN_BYTES_MAX + 1], DEFLATE_LEVEL);
    let mut bytes = [MAGIC.as_slice(), &[0, 0], &KEY.public_key().id().0].concat();
    bytes.extend(KEY.public_key().seal(&bomb, [1; 32]).expect("sealed"));
    assert_eq!(open(&KEY, &bytes).map(|_| ()), Err(CapsuleError::Damaged));
}

#[test]
fn secrets_are_not_printed() {
    let printed = format!("{:?} {:?}", KEY, CourierSecret::from_bytes([3; 32]));
    assert!(!printed.contains('3') && !printed.contains('7'), "{printed}");
}

#[test]
fn keys_and_hashes_survive_their_text() {
    let key = serde_json::to_string(&KEY.public_key()).expect("JSON");
    assert_eq!(serde_json::from_str::<PublicKey>(&key).ok(), Some(KEY.public_key()));
    for bad in [r#""""#, r#""ab""#, r#""zz""#, "7", &format!("\"{}é\"", "0".repeat(62))] {
        assert!(serde_json::from_str::<PublicKey>(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_courier_that_is_replaced_names_the_one_before() {
    let courier = Courier::new(CourierSecret::from_bytes([3; 32]));
    let next = courier.replaced();
    assert_eq!(next.note().void, Some(courier.note().hash));
    assert_ne!(next.note().hash, courier.note().hash);
}
