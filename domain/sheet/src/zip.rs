//! The zip files that XLSX and ODS are. Nothing is parsed before it has been counted: an entry that unpacks to too much
//! is refused while it is only passed through.

use std::collections::HashMap;
use std::io::{BufReader, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::SheetError;

/// How an entry is packed.
const STORED: usize = 0;
const DEFLATED: usize = 8;
const ENTRIES_MAX: usize = 2_000;
/// Of all entries that are read, in bytes unpacked.
const UNPACKED_MAX: u64 = 256 << 20;
/// What no honest sheet reaches: XML shrinks to a tenth, rarely to a fiftieth.
const RATIO_MAX: u64 = 200;
/// Below this, the ratio does not matter.
const RATIO_FROM: u64 = 10 << 20;

/// A zip file in memory.
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    entries: HashMap<String, Entry>,
    counted: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    at: usize,
    packed: usize,
    method: usize,
    is_encrypted: bool,
    crc: u32,
}

/// An entry that has been counted and may be read.
pub(crate) struct Part<'a> {
    packed: &'a [u8],
    is_deflated: bool,
    /// In bytes, unpacked.
    pub size: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory at the end of the file.
    pub fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        let damaged = SheetError::Damaged;
        let end = find_end(bytes).ok_or(damaged.clone())?;
        let size = u32_at(bytes, end + 12).ok_or(damaged.clone())?;
        let mut at = end.checked_sub(size).ok_or(damaged.clone())?;
        // Something may stand before the zip file, so the directory is found from its end.
        let before = at.checked_sub(u32_at(bytes, end + 16).ok_or(damaged.clone())?).ok_or(damaged.clone())?;
        let mut entries = HashMap::new();
        let mut count = 0;
        while bytes.get(at..at + 4) == Some(b"PK\x01\x02") {
            count += 1;
            if count > ENTRIES_MAX {
                return Err(SheetError::Bomb);
            }
            let (name, entry, next) = entry(bytes, at, before).ok_or(damaged.clone())?;
            entries.insert(name, entry);
            at = next;
        }
        if entries.is_empty() { Err(damaged) } else { Ok(Self { bytes, entries, counted: 0 }) }
    }

    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(&plain_name(name))
    }

    pub fn has_under(&self, folder: &str) -> bool {
        self.entries.keys().any(|name| name.starts_with(folder))
    }

    /// Counts what an entry unpacks to and checks its sum, so that it may be read; `None` when there is none.
    pub fn part(&mut self, name: &str) -> Result<Option<Part<'a>>, SheetError> {
        let Some(entry) = self.entries.get(&plain_name(name)) else { return Ok(None) };
        let is_deflated = match entry.method {
            _ if entry.is_encrypted => return Err(SheetError::Encrypted),
            STORED => false,
            DEFLATED => true,
            _ => return Err(SheetError::Damaged),
        };
        let start = data_start(self.bytes, entry.at).ok_or(SheetError::Damaged)?;
        let end = start.checked_add(entry.packed).ok_or(SheetError::Damaged)?;
        let packed = self.bytes.get(start..end).ok_or(SheetError::Damaged)?;
        let mut part = Part { packed, is_deflated, size: u64::MAX };
        part.size = self.count(&part, entry.crc)?;
        Ok(Some(part))
    }

    fn count(&mut self, part: &Part<'_>, crc: u32) -> Result<u64, SheetError> {
        let mut reader = part.unpacked();
        let mut sum = Crc::new();
        let mut chunk = [0; 16 << 10];
        let mut size = 0;
        let packed = part.packed.len() as u64;
        loop {
            let read = reader.read(&mut chunk).map_err(|_| SheetError::Damaged)?;
            if read == 0 {
                break;
            }
            sum.update(&chunk[..read]);
            size += read as u64;
            self.counted += read as u64;
            let is_dense = size > RATIO_FROM && size / RATIO_MAX > packed;
            if is_dense || self.counted > UNPACKED_MAX {
                return Err(SheetError::Bomb);
            }
        }
        if sum.sum() == crc { Ok(size) } else { Err(SheetError::Damaged) }
    }
}

impl<'a> Part<'a> {
    /// The bytes, unpacked on the way.
    pub fn reader(&self) -> BufReader<Box<dyn Read + 'a>> {
        BufReader::with_capacity(16 << 10, Box::new(self.unpacked().take(self.size)))
    }

    fn unpacked(&self) -> Box<dyn Read + 'a> {
        if self.is_deflated { Box::new(DeflateDecoder::new(self.packed)) } else { Box::new(self.packed) }
    }
}

/// The record that ends a zip file; only a comment may follow it.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(22)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))
}

/// The entry of the directory at `at`, and where the next one is.
fn entry(bytes: &[u8], at: usize, before: usize) -> Option<(String, Entry, usize)> {
    let method = u16_at(bytes, at + 10)?;
    let [name, extra, comment] = [28, 30, 32].map(|offset| u16_at(bytes, at + offset));
    let (name_at, extra_at) = (at + 46, at + 46 + name?);
    let extra_end = extra_at + extra?;
    let name = plain_name(&String::from_utf8_lossy(bytes.get(name_at..extra_at)?));
    let large = large_sizes(bytes.get(extra_at..extra_end)?);
    let [mut packed, unpacked, mut start] = [20, 24, 42].map(|offset| u32_at(bytes, at + offset).unwrap_or(0));
    // Fields that do not fit stand in the extra part, in this order.
    let mut large = large.into_iter();
    let is_elsewhere = |value: usize| value == u32::MAX as usize;
    if is_elsewhere(unpacked) {
        large.next();
    }
    if is_elsewhere(packed) {
        packed = large.next()?;
    }
    if is_elsewhere(start) {
        start = large.next()?;
    }
    let entry = Entry {
        at: before.checked_add(start)?,
        packed,
        method,
        is_encrypted: u16_at(bytes, at + 8)? & 1 == 1,
        crc: u32::try_from(u32_at(bytes, at + 16)?).ok()?,
    };
    Some((name, entry, extra_end + comment?))
}

/// The 64-bit numbers of the extra part (zip64): some programs write them for small files as well.
fn large_sizes(mut extra: &[u8]) -> Vec<usize> {
    while let (Some(id), Some(size)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(field) = extra.get(4..4 + size) else { break };
        if id == 1 {
            let number = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
            return field.chunks_exact(8).map(|bytes| usize::try_from(number(bytes)).unwrap_or(usize::MAX)).collect();
        }
        extra = &extra[4 + size..];
    }
    Vec::new()
}

/// Where the packed bytes of the entry at `at` begin.
fn data_start(bytes: &[u8], at: usize) -> Option<usize> {
    let header = bytes.get(at..)?;
    header.starts_with(b"PK\x03\x04").then_some(())?;
    Some(at + 30 + u16_at(header, 26)? + u16_at(header, 28)?)
}

/// Names as they are compared: some programs write `\`, or other capitals than they refer to.
fn plain_name(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([field[0], field[1]]).into())
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u16_at(bytes, at)? | u16_at(bytes, at + 2)? << 16)
}
