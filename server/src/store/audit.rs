//! Who changed or read what, and when: ids and numbers, never contents. Each line holds a hash over the one before, so that
//! a line that was changed, taken out or put in later shows.
//!
//! The hashes have no key: whoever can write to the file can count them all anew. Against that helps the head of the chain,
//! noted outside of it: every backup prints it, and `tung-nha audit --head` compares it.

use std::fmt;
use std::str::FromStr;

use domain::number::grouped;
use domain::{DocId, InstallId};
use sha2::{Digest as _, Sha256};

/// A line of the audit: ids and numbers, never contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    pub member: Option<DocId>,
    pub install: InstallId,
    pub action: &'static str,
    pub document: Option<DocId>,
    pub scope: Option<DocId>,
    pub seq: Option<u64>,
    /// How many people a list named that was read; `None` for whatever is not the reading of a list.
    pub people: Option<u64>,
    pub received_ms: u64,
}

/// The end of the chain: the number of the last line and its hash. Written as `12-` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    pub number: u64,
    pub hash: [u8; 32],
}

/// What a line says, as it is hashed. Borrowed, so that lines that were read back are hashed like those to be written.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub member: Option<&'a [u8]>,
    pub install: &'a str,
    pub action: &'a str,
    pub document: Option<&'a [u8]>,
    pub scope: Option<&'a [u8]>,
    pub seq: Option<i64>,
    pub people: Option<i64>,
    pub received_ms: i64,
}

impl Said<'_> {
    /// The hash of a line that follows the one with the hash `before`.
    pub fn hash_after(&self, before: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(before);
        let mut add = |field: Option<&[u8]>| {
            // With its length, so that no two lines are hashed as the same bytes.
            let length = field.map_or(u64::MAX, |bytes| bytes.len() as u64);
            hash.update(length.to_be_bytes());
            hash.update(field.unwrap_or_default());
        };
        let number = |number: Option<i64>| number.map(i64::to_be_bytes);
        add(self.member);
        add(Some(self.install.as_bytes()));
        add(Some(self.action.as_bytes()));
        add(self.document);
        add(self.scope);
        add(number(self.seq).as_ref().map(<[u8; 8]>::as_slice));
        add(number(self.people).as_ref().map(<[u8; 8]>::as_slice));
        add(Some(&self.received_ms.to_be_bytes()));
        hash.finalize().into()
    }
}

/// What walking the whole chain came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    pub head: AuditHead,
    /// Lines from before the chain, which nothing proves.
    pub unproved: u64,
    /// Lines that were checked.
    pub checked: u64,
    pub fault: Option<Fault>,
    /// What the chain says at the line that was asked for; `None` when that line is not there.
    pub asked: Option<[u8; 32]>,
}

/// Where the chain is broken first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This line does not follow from the one before: it, or one before it, was changed, put in or taken out.
    Line(u64),
    /// Lines are missing at the end, from this number on.
    EndsBefore(u64),
    /// The chain has no end to be compared with.
    NoHead,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(out, "dòng {number} không nối với dòng trước"),
            Self::EndsBefore(number) => write!(out, "thiếu các dòng cuối, từ dòng {number}"),
            Self::NoHead => write!(out, "mất dấu cuối của nhật ký"),
        }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Nhật ký: {} dòng nối tiếp nhau", grouped(self.checked))?;
        if self.unproved > 0 {
            write!(out, ", {} dòng cũ từ trước khi có dấu", grouped(self.unproved))?;
        }
        match self.fault {
            None => write!(out, ". Dấu cuối: {}", self.head),
            Some(fault) => {
                write!(out, ". KHÔNG NGUYÊN VẸN: {fault}. Giữ lại tệp dữ liệu này và báo người phụ trách dữ liệu.")
            }
        }
    }
}

impl fmt::Display for AuditHead {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-", self.number)?;
        self.hash.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// Not the head of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("dấu nhật ký viết như 123-0f…, số dòng rồi 64 chữ số")]
pub struct BadHead;

impl FromStr for AuditHead {
    type Err = BadHead;

    fn from_str(text: &str) -> Result<Self, BadHead> {
        let (number, digits) = text.split_once('-').ok_or(BadHead)?;
        let number = number.parse().map_err(|_| BadHead)?;
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(BadHead);
        }
        let mut hash = [0; 32];
        for (byte, at) in hash.iter_mut().zip((0..digits.len()).step_by(2)) {
            *byte = u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| BadHead)?;
        }
        Ok(Self { number, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Said<'static> = Said {
        member: Some(&[1; 16]),
        install: "7",
        action: "read_doubles",
        document: None,
        scope: Some(&[2; 16]),
        seq: None,
        people: Some(3),
        received_ms: 4,
    };

    #[test]
    fn every_field_and_the_line_before_are_in_the_hash() {
        let others = [
            Said { member: None, ..LINE },
            Said { install: "8", ..LINE },
            Said { action: "read_office", ..LINE },
            Said { document: LINE.scope, scope: None, ..LINE },
            Said { document: Some(&[]), ..LINE },
            Said { scope: Some(&[3; 16]), ..LINE },
            Said { seq: LINE.people, people: None, ..LINE },
            Said { people: Some(4), ..LINE },
            Said { received_ms: 5, ..LINE },
            Said { install: "7r", action: "ead_doubles", ..LINE },
        ];
        let own = LINE.hash_after(&[0; 32]);
        for other in others {
            assert_ne!(own, other.hash_after(&[0; 32]), "{other:?}");
        }
        assert_ne!(own, LINE.hash_after(&[1; 32]));
    }

    #[test]
    fn a_head_is_read_as_it_was_printed() {
        let head = AuditHead { number: 12, hash: [0xa7; 32] };
        assert_eq!(head.to_string().parse(), Ok(head));
        for bad in ["", "12", "-", "x-a7", "12-a7", &format!("12-{}", "é".repeat(32))] {
            assert_eq!(bad.parse::<AuditHead>(), Err(BadHead), "{bad}");
        }
    }
}
