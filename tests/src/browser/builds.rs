//! Other builds of the app: today's files with changes, under another build's id, as a later landing would be; and those
//! of released versions.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::built_app;

/// The worker's line with the list of files.
pub const LIST: &str = "const PRECACHE = ";
const BUILD: &str = "<meta name=\"build\" content=\"";

/// What is wrong with a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The list names a page that is not the one that is served.
    HalfDeployed,
    /// The script that starts the app throws.
    Script,
    /// The program is not one that the script can start.
    Wasm,
}

/// Today's build under another id, with a mark in its page: `meta[name=<id>]`.
pub fn other_build(id: &str, fault: Fault) -> Result<TempDir> {
    let folder = TempDir::with_prefix("tung-nha-app-")?;
    copy(&built_app(), folder.path())?;
    let mut build = Build::read(folder.path())?;
    let (before, rest) = build.page.split_once(BUILD).context("the page does not name its build")?;
    let (_, after) = rest.split_once('"').context("a tag without an end")?;
    build.page = format!("{before}{BUILD}{id}\"{after}").replace("<head>", &format!("<head><meta name=\"{id}\" />"));
    match fault {
        Fault::None | Fault::HalfDeployed => {}
        Fault::Script => {
            let loader = build.url_like("/loader-", ".js")?;
            build.replace(&loader, &format!("/loader-{id}.js"), b"throw new Error('this build does not start');")?;
        }
        Fault::Wasm => {
            let (program, loader) = (build.url_like("/app-", ".wasm")?, build.url_like("/loader-", ".js")?);
            let broken = format!("/app-{id}_bg.wasm");
            let text = fs::read_to_string(build.path(&loader))?.replace(&program, &broken);
            build.replace(&program, &broken, b"\0asm\x01\0\0\0")?;
            build.replace(&loader, &format!("/loader-{id}.js"), text.as_bytes())?;
        }
    }
    build.finish(id, fault == Fault::HalfDeployed)?;
    Ok(folder)
}

/// The app of a released version, as it was built then. `tests/released/README.md` says why it is kept.
pub fn released(version: &str) -> Result<TempDir> {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("released").join(version);
    let folder = TempDir::with_prefix("tung-nha-released-")?;
    unpack(&packed, folder.path()).with_context(|| format!("unpacking {}", packed.display()))?;
    Ok(folder)
}

/// Every file is one gzip file, named as itself with `.gz` behind.
fn unpack(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file name")?;
        if entry.file_type()?.is_dir() {
            unpack(&entry.path(), &to.join(name))?;
        } else if let Some(name) = name.strip_suffix(".gz") {
            let mut file = fs::File::create(to.join(name))?;
            std::io::copy(&mut flate2::read::GzDecoder::new(fs::File::open(entry.path())?), &mut file)?;
        }
    }
    Ok(())
}

/// The worker's line with the list, and the list.
pub fn list_of(worker: &str) -> Result<(String, Value)> {
    let line = worker.lines().find(|line| line.starts_with(LIST)).context("the worker has no list")?;
    let list = serde_json::from_str(line.trim_start_matches(LIST).trim_end_matches(';'))?;
    Ok((line.to_owned(), list))
}

struct Build<'f> {
    folder: &'f Path,
    page: String,
    files: Vec<(String, String)>,
}

impl<'f> Build<'f> {
    fn read(folder: &'f Path) -> Result<Self> {
        let (_, list) = list_of(&fs::read_to_string(folder.join("sw.js"))?)?;
        let files = serde_json::from_value(list["files"].clone())?;
        Ok(Self { folder, page: fs::read_to_string(folder.join("index.html"))?, files })
    }

    fn path(&self, url: &str) -> PathBuf {
        self.folder.join(url.trim_start_matches('/'))
    }

    fn url_like(&self, start: &str, end: &str) -> Result<String> {
        let found = self.files.iter().find(|(url, _)| url.starts_with(start) && url.ends_with(end));
        found.map(|(url, _)| url.clone()).with_context(|| format!("no file like {start}…{end}"))
    }

    /// Another file in the place of one, under another name, as names follow contents.
    fn replace(&mut self, old: &str, new: &str, bytes: &[u8]) -> Result<()> {
        fs::remove_file(self.path(old))?;
        fs::write(self.path(new), bytes)?;
        self.page = self.page.replace(old, new);
        self.files.retain(|(url, _)| url != old);
        self.files.push((new.to_owned(), format!("{:x}", Sha256::digest(bytes))));
        Ok(())
    }

    fn finish(mut self, id: &str, is_page_other: bool) -> Result<()> {
        fs::write(self.folder.join("index.html"), &self.page)?;
        let page = if is_page_other { "another page" } else { self.page.as_str() };
        for (_, hash) in self.files.iter_mut().filter(|(url, _)| url == "/") {
            *hash = format!("{:x}", Sha256::digest(page));
        }
        let worker = self.folder.join("sw.js");
        let source = fs::read_to_string(&worker)?;
        let (line, _) = list_of(&source)?;
        let list = serde_json::json!({ "build": id, "files": self.files });
        fs::write(&worker, source.replace(&line, &format!("{LIST}{list};")))?;
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("no built app in {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
