//! The forgetful disk as a folder, by FUSE. Needs root and /dev/fuse.
//!
//! Locks and shared memory are the kernel's: files are opened with its page cache, so that SQLite's `-shm` can be mapped.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use fuser::{
    BackgroundSession, BsdFileFlags, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation,
    INodeNo, LockOwner, MountOption, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory,
    ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use crate::disk::Disk;

/// Nobody but the kernel changes anything: it may believe what it knows.
const KNOWN_FOR: Duration = Duration::from_secs(1);
const ROOT: u64 = 1;

/// A disk in use. Dropped, it is unmounted.
pub struct Mounted {
    disk: Arc<Mutex<Disk>>,
    session: BackgroundSession,
}

impl Mounted {
    pub fn new(disk: Disk, folder: &Path) -> Result<Self> {
        let disk = Arc::new(Mutex::new(disk));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("lossy".to_owned())];
        let session = fuser::spawn_mount(Folder { disk: Arc::clone(&disk) }, folder, &config)
            .context("no FUSE here: root and /dev/fuse are needed")?;
        Ok(Self { disk, session })
    }

    pub fn disk(&self) -> MutexGuard<'_, Disk> {
        lock(&self.disk)
    }

    pub fn unmount(self) -> Result<()> {
        self.session.umount_and_join().context("could not unmount")
    }
}

fn lock(disk: &Mutex<Disk>) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Folder {
    disk: Arc<Mutex<Disk>>,
}

impl Folder {
    /// The disk, while there is power.
    fn live(&self) -> Result<MutexGuard<'_, Disk>, Errno> {
        let disk = lock(&self.disk);
        if disk.is_dead { Err(Errno::EIO) } else { Ok(disk) }
    }

    fn by_name(&self, parent: INodeNo, name: &OsStr) -> Result<FileAttr, Errno> {
        let disk = self.live()?;
        if parent.0 != ROOT {
            return Err(Errno::ENOENT);
        }
        disk.find(text(name)?).and_then(|id| attributes(&disk, id)).ok_or(Errno::ENOENT)
    }

    fn change(&self, change: impl FnOnce(&mut Disk) -> Result<(), Errno>, reply: ReplyEmpty) {
        match self.live().and_then(|mut disk| change(&mut disk)) {
            Ok(()) => reply.ok(),
            Err(error) => reply.error(error),
        }
    }
}

fn text(name: &OsStr) -> Result<&str, Errno> {
    name.to_str().ok_or(Errno::EINVAL)
}

fn attributes(disk: &Disk, id: u64) -> Option<FileAttr> {
    let (kind, perm, size) = match id {
        ROOT => (FileType::Directory, 0o700, 0),
        id => (FileType::RegularFile, 0o600, disk.len(id)?),
    };
    let time = SystemTime::UNIX_EPOCH;
    Some(FileAttr {
        ino: INodeNo(id),
        size,
        blocks: size.div_ceil(512),
        atime: time,
        mtime: time,
        ctime: time,
        crtime: time,
        kind,
        perm,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: 4_096,
        flags: 0,
    })
}

impl Filesystem for Folder {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match self.by_name(parent, name) {
            Ok(found) => reply.entry(&KNOWN_FOR, &found, Generation(0)),
            Err(error) => reply.error(error),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match self.live().and_then(|disk| attributes(&disk, ino.0).ok_or(Errno::ENOENT)) {
            Ok(found) => reply.attr(&KNOWN_FOR, &found),
            Err(error) => reply.error(error),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        ino: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let changed = self.live().and_then(|mut disk| {
            if let Some(size) = size {
                disk.resize(ino.0, size).map_err(|_| Errno::ENOSPC)?;
            }
            attributes(&disk, ino.0).ok_or(Errno::ENOENT)
        });
        match changed {
            Ok(found) => reply.attr(&KNOWN_FOR, &found),
            Err(error) => reply.error(error),
        }
    }

    fn unlink(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        self.change(|disk| disk.remove(text(name)?).then_some(()).ok_or(Errno::ENOENT), reply);
    }

    fn rename(
        &self,
        _: &Request,
        _: INodeNo,
        name: &OsStr,
        _: INodeNo,
        new: &OsStr,
        _: RenameFlags,
        reply: ReplyEmpty,
    ) {
        self.change(|disk| disk.rename(text(name)?, text(new)?).then_some(()).ok_or(Errno::ENOENT), reply);
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::FOPEN_KEEP_CACHE);
    }

    fn create(&self, _: &Request, _: INodeNo, name: &OsStr, _: u32, _: u32, _: i32, reply: ReplyCreate) {
        let made = self.live().and_then(|mut disk| {
            let id = disk.create(text(name)?);
            attributes(&disk, id).ok_or(Errno::EIO)
        });
        match made {
            Ok(made) => {
                reply.created(&KNOWN_FOR, &made, Generation(0), FileHandle(0), FopenFlags::FOPEN_KEEP_CACHE);
            }
            Err(error) => reply.error(error),
        }
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.live() {
            Ok(disk) => match disk.read(ino.0, offset, size as usize) {
                Some(bytes) => reply.data(bytes),
                None => reply.error(Errno::ENOENT),
            },
            Err(error) => reply.error(error),
        }
    }

    fn write(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.live().and_then(|mut disk| disk.write(ino.0, offset, data).map_err(|_| Errno::ENOSPC)) {
            Ok(()) => reply.written(u32::try_from(data.len()).unwrap_or(u32::MAX)),
            Err(error) => reply.error(error),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, ino: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.change(
            |disk| {
                disk.sync(ino.0);
                Ok(())
            },
            reply,
        );
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.change(
            |disk| {
                disk.sync_names();
                Ok(())
            },
            reply,
        );
    }

    fn readdir(&self, _: &Request, _: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let disk = match self.live() {
            Ok(disk) => disk,
            Err(error) => return reply.error(error),
        };
        for (place, (name, id)) in (1..).zip(disk.names()).skip(usize::try_from(offset).unwrap_or(0)) {
            if reply.add(INodeNo(*id), place, FileType::RegularFile, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        reply.statfs(1 << 20, 1 << 19, 1 << 19, 1 << 20, 1 << 19, 4_096, 255, 4_096);
    }
}
