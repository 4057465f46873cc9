//! `tung-nha serve`: one server on the data, from the first request to the last.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::app::{App, wall_ms};
use crate::area_cache::AreaCache;
use crate::backup::regular;
use crate::clock::{ServerClock, Verdict};
use crate::config::Config;
use crate::data_lock::{self, Serving};
use crate::edge::{self, Edge};
use crate::handlers::files::AppFiles;
use crate::store::SqliteStore;
use crate::{admin, lists, province, router};
use anyhow::{Context as _, Result, bail};
use tokio::net::TcpListener;

use super::{clock, make_folder, make_private_folder, open_store, print};

/// How long running requests may take to end when the server is told to stop.
const DRAIN_MAX: Duration = Duration::from_secs(25);
/// How long a new server waits for the one before it: longer than that one may take to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// The right to be the server: nobody else serves this data, and no restore is under way.
pub struct Turn {
    _serving: Serving,
}

impl Turn {
    /// Waits for the server before this one, so that an update is "stop the old one, start the new one" in any order.
    pub async fn take(config: &Config) -> Result<Self> {
        make_folder(config)?;
        let tell = || {
            let seconds = PATIENCE.as_secs();
            print(&format!("Máy chủ trước đó chưa dừng hẳn, đang chờ (tối đa {seconds} giây)…\n"));
        };
        Ok(Self { _serving: data_lock::take_serving(&config.data, PATIENCE, tell).await? })
    }
}

pub async fn serve(config: &Config) -> Result<()> {
    let turn = Turn::take(config).await?;
    let store = open_store(config).await?;
    run(config, turn, store).await
}

/// Serves until the program is told to stop.
pub async fn run(config: &Config, _turn: Turn, store: SqliteStore) -> Result<()> {
    let address = SocketAddr::new(config.host, config.port);
    let listener = listen(address).await?;
    if let Some(regular) = config.regular_backups() {
        let folder = regular.folder.display().to_string();
        make_private_folder(&regular.folder).with_context(|| format!("Không tạo được thư mục {folder}"))?;
        tokio::spawn(regular::keep(store.clone(), regular));
    }
    clock::warn(&store, wall_ms()).await?;
    let mut settings = config.edge();
    settings.limits = settings.limits.within(edge::descriptors::raise());
    let edge = Arc::new(Edge::new(settings));
    tokio::spawn(tell_of_strangers(Arc::clone(&edge)));
    let mut app = App::new(store.clone(), app_files(config)).behind(Arc::clone(&edge));
    app = app.with_requests_per_minute(config.requests_per_minute);
    app.phones_max = config.phones_max();
    tokio::spawn(keep_figures_current(store.clone(), Arc::clone(&app.clock)));
    tokio::spawn(keep_provinces_current(store.clone(), Arc::clone(&app.clock)));
    let service = router::build(app);
    print(&format!("\nTừng Nhà đang chạy tại {}\n", config.public_url()));
    tracing::info!(%address, "listening");
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let server = edge::accept::serve(listener, service, edge, async move {
        wait_for_signal().await;
        tracing::info!("stopping");
        let _ = stop.send(true);
    });
    let drained = async {
        let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
        tokio::time::sleep(DRAIN_MAX).await;
    };
    tokio::select! {
        () = server => {}
        () = drained => tracing::warn!("some requests were cut off"),
    }
    store.close().await;
    Ok(())
}

/// Waits for the port as for the data: the server before this one may be on its way out.
async fn listen(address: SocketAddr) -> Result<TcpListener> {
    const LOOK_AGAIN: Duration = Duration::from_millis(50);
    let started = Instant::now();
    let mut has_told = false;
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() != ErrorKind::AddrInUse => {
                return Err(error).with_context(|| format!("Không mở được cổng {address}"));
            }
            Err(_) if started.elapsed() >= PATIENCE => {
                bail!(
                    "Cổng {address} đang có chương trình khác dùng. Dừng chương trình đó, hoặc chọn cổng khác bằng --port."
                )
            }
            Err(_) => {
                if !std::mem::replace(&mut has_told, true) {
                    print(&format!("Cổng {address} đang có chương trình khác dùng, đang chờ…\n"));
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    }
}

fn app_files(config: &Config) -> AppFiles {
    if let Some(folder) = &config.app {
        return AppFiles::Folder(folder.clone());
    }
    #[cfg(feature = "embed-app")]
    return AppFiles::Embedded;
    #[cfg(not(feature = "embed-app"))]
    AppFiles::Folder("dist".into())
}

/// After an update, and on New Year's Day, figures that nobody has touched are counted anew.
async fn keep_figures_current(store: SqliteStore, clock: Arc<ServerClock>) {
    const LOOK_AGAIN: Duration = Duration::from_mins(10);
    loop {
        let now_ms = wall_ms();
        if is_right(&clock, &store, now_ms).await {
            match admin::recount_outdated(&store, &AreaCache::default(), now_ms).await {
                Ok(0) => {}
                Ok(areas) => tracing::info!(areas, "counted anew"),
                Err(error) => tracing::warn!(%error, "could not count anew"),
            }
            if let Err(error) = lists::forget_old_undo(&store, now_ms).await {
                tracing::warn!(%error, "could not forget what old imports replaced");
            }
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Figures of communes reach their province within half a minute.
async fn keep_provinces_current(store: SqliteStore, clock: Arc<ServerClock>) {
    const LOOK_AGAIN: Duration = Duration::from_secs(30);
    let mut known = province::Known::default();
    loop {
        let now_ms = wall_ms();
        if is_right(&clock, &store, now_ms).await
            && let Err(error) = province::roll_up(&store, &mut known, now_ms).await
        {
            tracing::warn!(%error, "could not add up a province");
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// What is dated wrongly or forgotten too early cannot be taken back.
async fn is_right(clock: &ServerClock, store: &SqliteStore, now_ms: u64) -> bool {
    match clock.check(store, now_ms).await {
        Ok(verdict) => verdict == Verdict::Right,
        Err(error) => {
            tracing::warn!(%error, "could not look at the clock");
            false
        }
    }
}

/// A minute that ends without another stranger is told all the same.
async fn tell_of_strangers(edge: Arc<Edge>) {
    const LOOK_AGAIN: Duration = Duration::from_mins(1);
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        edge.strangers.tell_left_out(wall_ms());
    }
}

/// A terminal that is closed stops the server like a word from systemd: with the requests under way answered.
async fn wait_for_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
