//! Where a phone stands in a scope: `epoch.seq.code`, a text that it keeps unread.
//!
//! The code proves that this database has given that number under that epoch. Cursors of older versions have none; they go
//! on working as places.

use domain::DocId;
use domain::planted::{Mistake, is_planted};

use crate::receipts::ReceiptKey;

/// A cursor as its phone brings it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor<'a> {
    epoch: &'a str,
    seq: u64,
    code: Option<&'a str>,
}

/// The cursor for the place after number `seq`; without a code before the database has its keys.
pub fn write(scope: DocId, epoch: &str, seq: u64, key: Option<&ReceiptKey>) -> String {
    match key {
        Some(key) => format!("{epoch}.{seq}.{}", key.cursor(scope, epoch, seq)),
        None => format!("{epoch}.{seq}"),
    }
}

impl<'a> Cursor<'a> {
    /// `None` for what no version of this program has written.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split('.');
        let (epoch, seq, code) = (parts.next()?, parts.next()?.parse().ok()?, parts.next());
        parts.next().is_none().then_some(Self { epoch, seq, code })
    }

    /// The number after which its phone stands; `None` when it is from before a restore, or forged.
    pub fn place(self, scope: DocId, epoch: &str, key: Option<&ReceiptKey>) -> Option<u64> {
        let is_forged = self.is_coded(scope, key) == Some(false);
        let is_current = self.epoch == epoch || is_planted(Mistake::CursorOutlivesEpoch);
        (is_current && !is_forged).then_some(self.seq)
    }

    /// The number that this database has given in `scope` under its present epoch, as only it can have written.
    pub fn proved(self, scope: DocId, epoch: &str, key: &ReceiptKey) -> Option<u64> {
        (self.epoch == epoch && self.is_coded(scope, Some(key)) == Some(true)).then_some(self.seq)
    }

    /// Whether the code is ours; `None` where there is none, or nothing to judge it by.
    fn is_coded(self, scope: DocId, key: Option<&ReceiptKey>) -> Option<bool> {
        Some(key?.cursor(scope, self.epoch, self.seq).to_string() == self.code?)
    }
}

#[cfg(test)]
mod tests {
    use domain::capsule::SecretKey;

    use super::*;

    const HERE: DocId = DocId::from_u128(1);
    const THERE: DocId = DocId::from_u128(2);

    fn place(text: &str, epoch: &str) -> Option<u64> {
        Cursor::read(text)?.place(HERE, epoch, None)
    }

    #[test]
    fn a_cursor_counts_in_its_own_epoch_only() {
        assert_eq!(place("ab.12", "ab"), Some(12));
        assert_eq!(place("ab.12", "ac"), None);
        for bad in ["", "ab", "ab.", "ab.-1", "ab.x", ".12", "ab.1.2.3", "ab..12"] {
            assert_eq!(place(bad, "ab"), None, "{bad}");
        }
    }

    #[test]
    fn a_cursor_proves_its_number_in_its_scope_and_epoch_and_nothing_else() {
        let [key, other] = [7, 8].map(|byte| ReceiptKey::of(&SecretKey::from_bytes([byte; 32])));
        let text = write(HERE, "ab", 12, Some(&key));
        let cursor = Cursor::read(&text).expect("a cursor");
        assert_eq!(cursor.proved(HERE, "ab", &key), Some(12));
        assert_eq!(cursor.place(HERE, "ab", Some(&key)), Some(12));
        assert_eq!(cursor.proved(THERE, "ab", &key), None);
        assert_eq!(cursor.proved(HERE, "ac", &key), None);
        assert_eq!(cursor.proved(HERE, "ab", &other), None);
        let forged = text.replace(".12.", ".13.");
        let forged = Cursor::read(&forged).expect("a cursor");
        assert_eq!((forged.proved(HERE, "ab", &key), forged.place(HERE, "ab", Some(&key))), (None, None));
        let old = write(HERE, "ab", 12, None);
        let old = Cursor::read(&old).expect("a cursor");
        assert_eq!((old.proved(HERE, "ab", &key), old.place(HERE, "ab", Some(&key))), (None, Some(12)));
    }
}
