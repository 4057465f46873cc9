//! A receipt: the server's proof that it once stored exactly this document in this scope.
//!
//! The server makes receipts under a key of its database (every backup has it) and phones keep them unread. After a
//! restore a document with its receipt is believed, whoever brings it; without one the bringer's own rights decide.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A short message authentication code: 64 bits, since only the server can check one and a phone may ask it a hundred
/// times a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Receipt(pub [u8; 8]);

impl fmt::Display for Receipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl Serialize for Receipt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Receipt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(&text, 16).ok().filter(|_| is_hex);
        number.map(|number| Self(number.to_be_bytes())).ok_or_else(|| D::Error::custom("not a receipt"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_survives_its_text() {
        let receipt = Receipt([0, 1, 2, 0xff, 4, 5, 6, 7]);
        let text = serde_json::to_string(&receipt).expect("text");
        assert_eq!(text, "\"000102ff04050607\"");
        assert_eq!(serde_json::from_str::<Receipt>(&text).ok(), Some(receipt));
        for bad in ["\"\"", "\"00\"", "\"+00102ff04050607\"", "\"x00102ff04050607\"", "7"] {
            assert!(serde_json::from_str::<Receipt>(bad).is_err(), "{bad}");
        }
    }
}
