//! Zip files taken apart and put together again, so that what is inside can be broken.

use std::io::{Read as _, Write as _};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

#[derive(Clone)]
pub(super) struct Entry {
    pub name: String,
    pub plain: Vec<u8>,
}

/// The entries of a sound file.
pub(super) fn unpack(bytes: &[u8]) -> Vec<Entry> {
    let number =
        |at: usize, length: usize| bytes[at..at + length].iter().rfold(0, |sum, byte| sum << 8 | usize::from(*byte));
    let end = bytes.windows(4).rposition(|it| it == b"PK\x05\x06").expect("a zip file");
    let mut at = number(end + 16, 4);
    let mut entries = Vec::new();
    while bytes[at..].starts_with(b"PK\x01\x02") {
        let [name, extra, comment] = [28, 30, 32].map(|offset| number(at + offset, 2));
        let local = number(at + 42, 4);
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let packed = &bytes[start..start + number(at + 20, 4)];
        let mut plain = Vec::new();
        if number(at + 10, 2) == 8 {
            DeflateDecoder::new(packed).read_to_end(&mut plain).expect("sound");
        } else {
            plain = packed.to_vec();
        }
        entries.push(Entry { name: String::from_utf8_lossy(&bytes[at + 46..at + 46 + name]).into_owned(), plain });
        at += 46 + name + extra + comment;
    }
    entries
}

pub(super) fn pack(entries: &[Entry], is_deflated: bool) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    for Entry { name, plain } in entries {
        let at = number(bytes.len());
        let packed = if is_deflated { deflated(plain) } else { plain.clone() };
        let mut crc = Crc::new();
        crc.update(plain);
        let mut head = vec![20, 0, 0, 0, if is_deflated { 8 } else { 0 }, 0, 0, 0, 0, 0];
        head.extend([crc.sum().to_le_bytes(), number(packed.len()), number(plain.len())].concat());
        head.extend([&number(name.len())[..2], &[0, 0]].concat());
        bytes.extend([b"PK\x03\x04", &*head, name.as_bytes(), &packed].concat());
        directory.extend([b"PK\x01\x02\x14\0", &*head, &[0; 10], &at, name.as_bytes()].concat());
    }
    let end = [&[0; 8][..], &number(directory.len()), &number(bytes.len()), &[0; 2]].concat();
    [&*bytes, &directory, b"PK\x05\x06", &end].concat()
}

fn deflated(plain: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("in memory")
}
