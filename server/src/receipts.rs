//! What this database vouches for: documents that it has stored, and cursors that it has handed out.
//!
//! One key makes both kinds of proof. It is derived from the capsule key, so every backup has it and nothing new is stored.

use domain::capsule::SecretKey;
use domain::receipt::Receipt;
use domain::{DocId, Document};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Makes and checks proofs.
#[derive(Clone)]
pub struct ReceiptKey([u8; 32]);

impl ReceiptKey {
    /// The key of the database that has this capsule key.
    pub fn of(secret: &SecretKey) -> Self {
        Self(code(&secret.to_bytes(), &[b"tung-nha receipts 1"]))
    }

    /// The proof that `document` was stored in `scope` just as it is.
    pub fn document(&self, scope: DocId, document: &Document) -> Receipt {
        self.short(&[b"document", scope.as_bytes(), &document.canonical_bytes()])
    }

    /// The proof that this database has given number `seq` in `scope` under `epoch`.
    pub fn cursor(&self, scope: DocId, epoch: &str, seq: u64) -> Receipt {
        self.short(&[b"cursor", scope.as_bytes(), epoch.as_bytes(), &seq.to_be_bytes()])
    }

    /// The epoch that follows `epoch` once the number `seq` of `scope` is known to be lost.
    pub fn epoch(&self, epoch: &str, scope: DocId, seq: u64, now_ms: u64) -> u128 {
        let parts = [&b"epoch"[..], epoch.as_bytes(), scope.as_bytes(), &seq.to_be_bytes(), &now_ms.to_be_bytes()];
        let (mut bytes, whole) = ([0; 16], code(&self.0, &parts));
        bytes.copy_from_slice(&whole[..16]);
        u128::from_be_bytes(bytes)
    }

    fn short(&self, parts: &[&[u8]]) -> Receipt {
        let (mut bytes, whole) = ([0; 8], code(&self.0, parts));
        bytes.copy_from_slice(&whole[..8]);
        Receipt(bytes)
    }
}

/// HMAC-SHA256 of parts that are told apart by their lengths.
fn code(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a short key with zeros up to the block of its hash.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut state = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        state.update(&(part.len() as u64).to_be_bytes());
        state.update(part);
    }
    state.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use domain::{InstallId, Kind, Stamp, Value};

    use super::*;

    #[test]
    fn a_receipt_is_for_one_content_in_one_scope_of_one_database() {
        let key = ReceiptKey::of(&SecretKey::from_bytes([7; 32]));
        let stamp = Stamp { ms: 1, counter: 0, install: InstallId(1) };
        let (here, there) = (DocId::from_u128(1), DocId::from_u128(2));
        let lan =
            Document::description(DocId::from_u128(3), Kind::Resident).with(stamp, [("name", Value::text("Lan"))]);
        let erased = Document { erased: true, ..lan.clone() };
        let receipt = key.document(here, &lan);
        assert_eq!(key.document(here, &lan), receipt);
        assert_ne!(key.document(there, &lan), receipt);
        assert_ne!(key.document(here, &erased), receipt);
        assert_ne!(ReceiptKey::of(&SecretKey::from_bytes([8; 32])).document(here, &lan), receipt);
        assert_ne!(key.cursor(here, "e1", 5), key.cursor(here, "e", 15));
    }
}
