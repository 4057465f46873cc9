//! The records of an XLS file, broken one by one so that the reader gets past the first of them.

use super::mutate::{Kind, break_bytes};
use crate::fleet::rng::Rng;

/// Those that the reader does something with.
const KINDS: [u16; 9] = [0x000a, 0x0809, 0x003c, 0x0085, 0x00fc, 0x00fd, 0x0006, 0x0207, 0x00bd];

/// Kind and data.
#[derive(Clone)]
struct Record(u16, Vec<u8>);

/// Breaks some records of a stream.
pub(super) fn break_stream(stream: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut records = records(stream);
    for _ in 0..=rng.below(5) {
        // The first one makes it a stream at all.
        let at = 1 + rng.index(records.len().saturating_sub(1));
        let Some(record) = records.get_mut(at) else { break };
        match rng.below(6) {
            0 => drop(records.remove(at)),
            1 => {
                let (copy, to) = (record.clone(), 1 + rng.index(records.len()));
                records.insert(to, copy);
            }
            2 => record.0 = rng.pick(&KINDS).copied().unwrap_or(0),
            3 => record.1.truncate(rng.index(record.1.len() + 1)),
            _ => break_bytes(&mut record.1, Kind::Binary, rng),
        }
    }
    let mut bytes = Vec::new();
    for Record(kind, data) in records {
        let mut length = u16::try_from(data.len()).unwrap_or(u16::MAX);
        if rng.chance(5) {
            length = length.wrapping_add(u16::try_from(rng.below(9)).unwrap_or(0));
        }
        bytes.extend(kind.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend(&data[..data.len().min(usize::from(u16::MAX))]);
    }
    bytes
}

fn records(stream: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    let mut rest = stream;
    while let [a, b, c, d, after @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*c, *d]));
        let Some((data, next)) = after.split_at_checked(length) else { break };
        records.push(Record(u16::from_le_bytes([*a, *b]), data.to_vec()));
        rest = next;
    }
    records
}
