//! One file for each thing that the program can be asked to do.
//!
//! In the library, where all that is generic over the store is compiled for SQLite once, and not anew in every test.

mod audit;
mod backups;
mod clock;
mod demo;
mod lists;
mod members;
mod plan;
mod report;
mod serve;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use crate::app::{random_bytes, wall_ms};
use crate::config::{Command, Config, HELP};
use crate::data_lock::{self, InUse};
use crate::store::SqliteStore;
use crate::{admin, invite};
use anyhow::{Context as _, Result};
use domain::InstallId;
use fast_qr::QRBuilder;

pub async fn run(config: Config) -> Result<()> {
    match config.command {
        Command::Help => {
            print(HELP);
            Ok(())
        }
        Command::Serve => serve::serve(&config).await,
        Command::Demo => demo::demo(&config).await,
        Command::Plan => plan::plan(&config).await,
        Command::Import => lists::import(&config).await,
        Command::Undo => lists::undo(&config).await,
        Command::Invite => members::invite(&config).await,
        Command::Lost => members::lock_lost_phones(&config).await,
        Command::Devices => members::devices(&config).await,
        Command::Audit => audit::audit(&config).await,
        Command::Report => report::report(&config).await,
        Command::Backup => backups::backup(&config).await,
        Command::Restore => backups::restore(&config).await,
        Command::Restored => backups::restored(&config).await,
        Command::Drill => backups::drill(&config).await,
        Command::Clock => clock::clock(&config).await,
    }
}

/// The data, opened for a command, also while a server works with them.
struct Data {
    store: SqliteStore,
    _in_use: InUse,
}

impl Data {
    /// For a command that writes down the time or reckons with it.
    async fn open(config: &Config) -> Result<Self> {
        let data = Self::open_at_any_time(config).await?;
        clock::must_be_right(&data.store, wall_ms()).await?;
        Ok(data)
    }

    /// For a command that must also work under a wrong clock.
    async fn open_at_any_time(config: &Config) -> Result<Self> {
        make_folder(config)?;
        let in_use = data_lock::take(&config.data).await?;
        Ok(Self { store: open_store(config).await?, _in_use: in_use })
    }

    async fn close(self) {
        self.store.close().await;
    }
}

/// For who holds one of the locks.
async fn open_store(config: &Config) -> Result<SqliteStore> {
    let file = config.database();
    let store = SqliteStore::open(&file).await.with_context(|| format!("Không mở được dữ liệu {}", file.display()))?;
    let install = InstallId(u64::from_be_bytes(random_bytes()));
    admin::initialise(&store, u128::from_be_bytes(random_bytes()), install).await?;
    admin::ensure_capsule_key(&store, random_bytes()).await?;
    Ok(store)
}

fn make_folder(config: &Config) -> Result<()> {
    make_private_folder(&config.data).with_context(|| format!("Không tạo được thư mục {}", config.data.display()))
}

/// The file holds names and phone numbers: nobody else on this machine reads it.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn print_link(config: &Config, who: &str, code: &str) {
    let link = format!("{}{}", config.public_url(), invite::link_path(code));
    print(&format!("\n{who}\n  {link}\n"));
    // A machine that reads this has no camera.
    if std::io::stdout().is_terminal()
        && let Ok(code) = QRBuilder::new(link).build()
    {
        print(&format!("{}\n", code.to_str()));
    }
}

/// To standard output; a closed pipe is no reason to stop.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
