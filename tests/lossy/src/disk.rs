//! A disk that forgets: what was written is on it only once it was synced.
//!
//! The model is the harshest that a filesystem may show: contents and length of a file last from `fsync` of that file on,
//! its name from `fsync` of the folder on. What was written since may be gone whole, or any part of it may have arrived, in
//! any order, down to single sectors.

use std::collections::{BTreeMap, BTreeSet};

/// What a real disk writes whole.
pub const SECTOR: usize = 512;

#[derive(Clone, Debug, Default)]
pub struct File {
    now: Vec<u8>,
    kept: Vec<u8>,
    /// Sectors that differ from what is kept.
    dirty: BTreeSet<usize>,
}

/// One folder with files.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    files: BTreeMap<u64, File>,
    names: BTreeMap<String, u64>,
    kept_names: BTreeMap<String, u64>,
    last: u64,
    /// Bytes that all files may have together.
    pub room: Option<u64>,
    /// Set by a power cut: nothing works from then on.
    pub is_dead: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

impl Disk {
    /// A disk on which these files have been for long.
    pub fn with(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut disk = Self { last: 1, ..Self::default() };
        for (name, bytes) in files {
            let id = disk.create(&name);
            disk.files.insert(id, File { now: bytes.clone(), kept: bytes, dirty: BTreeSet::new() });
        }
        disk.sync_names();
        disk
    }

    pub fn find(&self, name: &str) -> Option<u64> {
        self.names.get(name).copied()
    }

    pub fn names(&self) -> impl Iterator<Item = (&String, &u64)> {
        self.names.iter()
    }

    pub fn len(&self, id: u64) -> Option<u64> {
        self.files.get(&id).map(|file| file.now.len() as u64)
    }

    /// An empty file under that name.
    pub fn create(&mut self, name: &str) -> u64 {
        self.last += 1;
        self.files.insert(self.last, File::default());
        self.names.insert(name.to_owned(), self.last);
        self.last
    }

    pub fn remove(&mut self, name: &str) -> bool {
        self.names.remove(name).is_some()
    }

    pub fn rename(&mut self, from: &str, to: &str) -> bool {
        let found = self.names.remove(from);
        found.map(|id| self.names.insert(to.to_owned(), id)).is_some()
    }

    pub fn read(&self, id: u64, offset: u64, size: usize) -> Option<&[u8]> {
        let now = &self.files.get(&id)?.now;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(now.len());
        Some(&now[start..start.saturating_add(size).min(now.len())])
    }

    pub fn write(&mut self, id: u64, offset: u64, data: &[u8]) -> Result<(), NoRoom> {
        let start = usize::try_from(offset).map_err(|_| NoRoom)?;
        let end = start + data.len();
        self.check_room(id, end)?;
        let file = self.files.get_mut(&id).ok_or(NoRoom)?;
        if file.now.len() < end {
            file.resize(end);
        }
        file.now[start..end].copy_from_slice(data);
        file.dirty.extend(start / SECTOR..end.div_ceil(SECTOR));
        Ok(())
    }

    pub fn resize(&mut self, id: u64, size: u64) -> Result<(), NoRoom> {
        let size = usize::try_from(size).map_err(|_| NoRoom)?;
        self.check_room(id, size)?;
        self.files.get_mut(&id).ok_or(NoRoom)?.resize(size);
        Ok(())
    }

    /// A file that is there already may be written over; only more bytes need room.
    fn check_room(&self, id: u64, end: usize) -> Result<(), NoRoom> {
        let (Some(room), Some(file)) = (self.room, self.files.get(&id)) else { return Ok(()) };
        if end <= file.now.len() || self.used() + (end - file.now.len()) as u64 <= room { Ok(()) } else { Err(NoRoom) }
    }

    pub fn used(&self) -> u64 {
        self.names.values().filter_map(|id| self.len(*id)).sum()
    }

    pub fn sync(&mut self, id: u64) {
        if let Some(file) = self.files.get_mut(&id) {
            file.sync();
        }
    }

    pub fn sync_names(&mut self) {
        self.kept_names = self.names.clone();
    }

    /// What is left after the power went: all that was synced, and of the rest each piece of `unit` bytes for which
    /// `survives` says so.
    pub fn after_power_cut(&self, unit: usize, mut survives: impl FnMut() -> bool) -> Vec<(String, Vec<u8>)> {
        let names = if survives() { &self.names } else { &self.kept_names };
        let left = names.iter().filter_map(|(name, id)| Some((name.clone(), self.files.get(id)?)));
        left.map(|(name, file)| (name, file.after_power_cut(unit, &mut survives))).collect()
    }
}

impl File {
    fn resize(&mut self, size: usize) {
        let old = self.now.len();
        self.now.resize(size, 0);
        self.dirty.extend(old.min(size) / SECTOR..old.max(size).div_ceil(SECTOR));
    }

    fn sync(&mut self) {
        self.kept.resize(self.now.len(), 0);
        for sector in std::mem::take(&mut self.dirty) {
            let start = (sector * SECTOR).min(self.now.len());
            let end = (start + SECTOR).min(self.now.len());
            self.kept[start..end].copy_from_slice(&self.now[start..end]);
        }
    }

    fn after_power_cut(&self, unit: usize, survives: &mut impl FnMut() -> bool) -> Vec<u8> {
        let mut left = self.kept.clone();
        if self.now.len() < left.len() && survives() {
            left.truncate(self.now.len());
        }
        let pieces: BTreeSet<usize> = self.dirty.iter().map(|sector| sector * SECTOR / unit).collect();
        for piece in pieces {
            let start = (piece * unit).min(self.now.len());
            let end = (start + unit).min(self.now.len());
            if start < end && survives() {
                left.resize(left.len().max(end), 0);
                left[start..end].copy_from_slice(&self.now[start..end]);
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(disk: &Disk, survives: bool) -> BTreeMap<String, Vec<u8>> {
        disk.after_power_cut(4_096, || survives).into_iter().collect()
    }

    #[test]
    fn only_what_was_synced_survives_and_its_name_needs_the_folder() {
        let mut disk = Disk::with([("a".to_owned(), b"old".to_vec())]);
        let a = disk.find("a").expect("there");
        disk.write(a, 0, b"new").expect("room");
        let b = disk.create("b");
        disk.write(b, 0, b"text").expect("room");
        disk.sync(b);
        assert_eq!(left(&disk, false), BTreeMap::from([("a".to_owned(), b"old".to_vec())]));
        assert_eq!(left(&disk, true)["a"], b"new");
        disk.sync_names();
        disk.sync(a);
        assert_eq!(
            left(&disk, false),
            BTreeMap::from([("a".to_owned(), b"new".to_vec()), ("b".to_owned(), b"text".to_vec())])
        );
    }

    #[test]
    fn pieces_arrive_in_any_order() {
        let mut disk = Disk::with([("a".to_owned(), vec![1; 2 * SECTOR])]);
        let a = disk.find("a").expect("there");
        disk.write(a, 0, &[2; 3 * SECTOR]).expect("room");
        // Names, then the three sectors.
        let mut answers = [false, false, true, false].into_iter();
        let left = disk.after_power_cut(SECTOR, || answers.next().unwrap_or_default());
        assert_eq!(left[0].1, [[1; SECTOR], [2; SECTOR]].concat());
        disk.resize(a, 10).expect("room");
        assert_eq!(disk.after_power_cut(SECTOR, || false)[0].1.len(), 2 * SECTOR);
        disk.sync(a);
        assert_eq!(disk.after_power_cut(SECTOR, || false)[0].1, vec![2; 10]);
    }

    #[test]
    fn a_full_disk_takes_no_more_bytes() {
        let mut disk = Disk::with([("a".to_owned(), vec![1; 100])]);
        let a = disk.find("a").expect("there");
        disk.room = Some(120);
        assert_eq!(disk.write(a, 0, &[2; 100]), Ok(()));
        assert_eq!(disk.write(a, 100, &[2; 21]), Err(NoRoom));
        assert_eq!(disk.write(a, 100, &[2; 20]), Ok(()));
    }
}
