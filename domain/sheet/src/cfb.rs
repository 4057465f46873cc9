//! The compound files that XLS files are: a small file system with sectors, in which one stream holds the cells.

use crate::SheetError;

pub(crate) const SIGNATURE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Sectors from here on are marks (free, end of chain).
const MARKS: u32 = 0xffff_fffa;
const ENTRY: usize = 128;
/// Streams shorter than this are kept together in one.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;

pub(crate) struct File<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector that follows each sector.
    next: Vec<u32>,
    directory: Vec<Entry>,
}

struct Entry {
    name: String,
    first: u32,
    size: usize,
    is_root: bool,
}

impl<'a> File<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, SheetError> {
        Self::parse(bytes).ok_or(SheetError::Damaged)
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector, next: Vec::new(), directory: Vec::new() };
        // The table of followers is in sectors, too: the header names the first 109 of them.
        let mut tables: Vec<u32> = (0..109).map_while(|index| u32_at(bytes, 76 + index * 4)).collect();
        let mut more = u32_at(bytes, 68)?;
        let mut left = bytes.len() / sector;
        while more < MARKS && left > 0 {
            left -= 1;
            let table = file.sector(more)?;
            tables.extend((0..sector / 4 - 1).map_while(|index| u32_at(table, index * 4)));
            more = u32_at(table, sector - 4)?;
        }
        let sectors = bytes.len() / sector;
        for table in tables.into_iter().filter(|table| *table < MARKS).take(sectors) {
            let Some(table) = file.sector(table) else { break };
            let next: Vec<u32> = (0..sector / 4).map_while(|index| u32_at(table, index * 4)).collect();
            file.next.extend(next);
            // More of it than the file has sectors says nothing.
            if file.next.len() >= sectors {
                break;
            }
        }
        let directory = file.chain(u32_at(bytes, 48)?, bytes.len());
        file.directory = directory.chunks_exact(ENTRY).filter_map(entry).collect();
        (!file.directory.is_empty()).then_some(file)
    }

    pub fn has(&self, name: &str) -> bool {
        self.directory.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream, as many as there are.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.directory.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        if entry.size >= SMALL {
            return Some(self.chain(entry.first, entry.size));
        }
        let root = self.directory.iter().find(|entry| entry.is_root)?;
        let together = self.chain(root.first, root.size);
        let next = self.chain(u32_at(self.bytes, 60)?, self.bytes.len());
        let mut stream = Vec::with_capacity(entry.size);
        let mut sector = entry.first;
        while stream.len() < entry.size && sector < MARKS {
            let place = usize::try_from(sector).ok()?;
            let start = place.checked_mul(SMALL_SECTOR)?;
            let Some(bytes) = together.get(start..).and_then(|rest| rest.get(..SMALL_SECTOR)) else { break };
            stream.extend_from_slice(&bytes[..SMALL_SECTOR.min(entry.size - stream.len())]);
            sector = u32_at(&next, place * 4)?;
        }
        Some(stream)
    }

    /// The bytes of a chain of sectors, at most `size` and never more than the file has.
    fn chain(&self, first: u32, size: usize) -> Vec<u8> {
        let size = size.min(self.bytes.len());
        let mut bytes = Vec::new();
        let mut at = first;
        while bytes.len() < size && at < MARKS {
            let Some(sector) = self.sector(at) else { break };
            bytes.extend_from_slice(&sector[..sector.len().min(size - bytes.len())]);
            at = usize::try_from(at).ok().and_then(|at| self.next.get(at)).copied().unwrap_or(MARKS);
        }
        bytes
    }

    /// The last sector of a file may be cut short.
    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (usize::try_from(number).ok()?.checked_add(1)?).checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).min(64);
    let units = bytes[..length].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let name: String = char::decode_utf16(units.take_while(|unit| *unit != 0)).flatten().collect();
    let kind = bytes[66];
    let size = usize::try_from(u32_at(bytes, 120)?).ok()?;
    (kind == 2 || kind == 5).then_some(Entry { name, first: u32_at(bytes, 116)?, size, is_root: kind == 5 })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([field[0], field[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([field[0], field[1], field[2], field[3]]))
}
