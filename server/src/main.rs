//! The program of a commune: serves the app and its sync, makes invites, keeps backups.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use domain::people::{Member, Role};
use domain::protocol::ImportCounts;
use domain::text::fold;
use domain::{DocId, InstallId};
use fast_qr::QRBuilder;
use server::app::{App, random_bytes, wall_ms};
use server::area_cache::AreaCache;
use server::config::{Command, Config, HELP, USUAL_PLAN};
use server::demo::{self, Place, Seats};
use server::handlers::files::AppFiles;
use server::lists::Clerk;
use server::store::{Revoked, SqliteStore};
use server::{admin, import_list, invite, lists, logging, plans, province, report, router};

/// How long running requests may take to end when the server is told to stop.
const DRAIN_MAX: Duration = Duration::from_secs(25);
const DEMO_INVITE_MS: u64 = 30 * 24 * invite::HOUR_MS;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The sentence is for the person at the terminal: no backtrace, whatever the environment asks for.
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<()> {
    let config = Config::parse(std::env::args_os().skip(1))?;
    logging::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(config))
}

async fn run(config: Config) -> Result<()> {
    match config.command {
        Command::Help => {
            print(HELP);
            Ok(())
        }
        Command::Serve => serve(&config, open(&config).await?).await,
        Command::Demo => {
            let store = prepare_demo(&config).await?;
            serve(&config, store).await
        }
        Command::Plan => plan(&config).await,
        Command::Import => import(&config).await,
        Command::Undo => undo(&config).await,
        Command::Invite => invite_member(&config, &open(&config).await?).await,
        Command::Lost => lock_lost_phones(&config, &open(&config).await?).await,
        Command::Restored => {
            admin::mark_restored(&open(&config).await?, u128::from_be_bytes(random_bytes()), wall_ms()).await?;
            print("Đã ghi nhận: dữ liệu được khôi phục. Các máy sẽ tự gửi lại những gì máy chủ còn thiếu.\n");
            Ok(())
        }
        Command::Report => print_report_of(&config, &open(&config).await?).await,
        Command::Backup => {
            let to = config.to.clone().unwrap_or_default();
            if to.exists() {
                bail!("Tệp {} đã có. Chọn tên khác.", to.display());
            }
            open(&config).await?.backup_to(&to).await?;
            print(&format!("Đã sao lưu vào {}\n", to.display()));
            Ok(())
        }
    }
}

/// The report that is due next, to read or as a spreadsheet.
async fn print_report_of(config: &Config, store: &SqliteStore) -> Result<()> {
    let communes = admin::communes(store).await?;
    let [commune] = communes.as_slice() else {
        bail!("Dữ liệu này có {} xã, phường: mở ứng dụng để lập báo cáo của từng nơi.", communes.len());
    };
    admin::recount_outdated(store, &AreaCache::default(), wall_ms()).await?;
    let report = report::make(store, commune.id, config.area.as_deref(), None, wall_ms()).await?;
    match &config.to {
        None => print(&format!("{}\n", domain::report::message(&report))),
        Some(to) if to.exists() => bail!("Tệp {} đã có. Chọn tên khác.", to.display()),
        Some(to) => {
            let file = domain::report::xlsx::file(&report);
            std::fs::write(to, file).with_context(|| format!("Không ghi được tệp {}", to.display()))?;
            print(&format!("Đã xuất báo cáo ra {}\n", to.display()));
        }
    }
    Ok(())
}

async fn open(config: &Config) -> Result<SqliteStore> {
    make_private_folder(&config.data).with_context(|| format!("Không tạo được thư mục {}", config.data.display()))?;
    let file = config.database();
    let store = SqliteStore::open(&file).await.with_context(|| format!("Không mở được dữ liệu {}", file.display()))?;
    let install = InstallId(u64::from_be_bytes(random_bytes()));
    admin::initialise(&store, u128::from_be_bytes(random_bytes()), install).await?;
    admin::ensure_capsule_key(&store, random_bytes()).await?;
    Ok(store)
}

/// The file holds names and phone numbers: nobody else on this machine reads it.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

async fn prepare_demo(config: &Config) -> Result<SqliteStore> {
    // Read first: a wrong file must leave nothing behind.
    let lists = config.list.as_deref().map(|path| import_list::read(path, config.area.as_deref())).transpose()?;
    let place = wanted_place(config)?;
    let store = open(config).await?;
    let is_new = demo::seed(&store, &AreaCache::default(), place, lists.as_deref(), wall_ms()).await?;
    match &lists {
        Some(_) if !is_new => {
            bail!("Thư mục {} đã có dữ liệu. Chọn thư mục khác bằng --data.", config.data.display());
        }
        Some(lists) => print_report(lists),
        None => {}
    }
    for commune in admin::communes(&store).await? {
        print(&format!("\nBản thử: {}, {}.\n", commune.title(), commune.province));
        if is_new {
            print("Ngày ban hành kế hoạch là do bản thử đặt ra: văn bản để trống ngày.\n");
        } else if config.plan.is_some() && commune.title() != place.title() {
            let data = config.data.display();
            print(&format!("Thư mục {data} đã có dữ liệu này từ trước. Muốn thử nơi khác thì đổi --data.\n"));
        }
    }
    let seats = Seats::new();
    print("\nMở một liên kết để vào vai (mỗi liên kết dùng cho một máy):\n");
    let roles = [(Role::Member, seats.member), (Role::Lead, seats.lead), (Role::Coordinator, seats.coordinator)];
    for (role, member) in roles {
        let code = invite::create(&store, member, DEMO_INVITE_MS, wall_ms()).await?;
        print_link(config, role.label(), &code);
    }
    if admin::members(&store).await?.iter().any(|(_, member)| member.id == demo::province::seat()) {
        let code = invite::create(&store, demo::province::seat(), DEMO_INVITE_MS, wall_ms()).await?;
        print_link(config, "Tỉnh", &code);
    }
    Ok(store)
}

fn wanted_place(config: &Config) -> Result<&'static Place> {
    let preset = plans::find(config.plan.as_deref().unwrap_or(USUAL_PLAN))?;
    Place::find(&preset.key).with_context(|| {
        let keys: Vec<&str> = Place::plans().collect();
        let keys = keys.join(", ");
        format!("Kế hoạch “{}” ({}) không phải của một xã. Bản thử cần một trong: {keys}.", preset.key, preset.of)
    })
}

/// Prints a preset, or puts the plan of a file in the place of the commune's plan.
async fn plan(config: &Config) -> Result<()> {
    let Some(file) = &config.file else {
        print(plans::text(config.print.as_deref().unwrap_or_default())?);
        return Ok(());
    };
    // Read first: a wrong file must leave nothing behind.
    let plan = plans::read_file(file)?;
    let store = open(config).await?;
    let [commune] =
        admin::tenants_of_plan(&store, &plan).await?.try_into().map_err(|communes: Vec<_>| match communes.len() {
            0 => anyhow!("Thư mục {} chưa có nơi nào để đặt kế hoạch này. Kiểm tra lại --data.", config.data.display()),
            several => anyhow!("Thư mục {} có {several} xã: chưa rõ đặt cho xã nào.", config.data.display()),
        })?;
    let is_changed = admin::set_plan(&store, &AreaCache::default(), commune.id, &plan, wall_ms()).await?;
    if is_changed {
        print(&format!("Đã đặt kế hoạch cho {}: {}. Các máy nhận khi có mạng.\n", commune.title(), plan.name));
    } else {
        print(&format!("{} đã theo đúng kế hoạch này, không có gì để thay.\n", commune.title()));
    }
    if plan.issued_on.is_none() {
        print("Kế hoạch chưa ghi ngày ban hành (issued_on), nên mọi lượt cài đặt do tổ hỗ trợ đều tính là cài mới.\n");
    }
    store.close().await;
    Ok(())
}

/// A list into the one commune of this database, as the office's page does it.
async fn import(config: &Config) -> Result<()> {
    let Some(path) = &config.file else { bail!("Lệnh này cần một tệp danh sách.") };
    // Read first: a wrong file must leave nothing behind.
    let parts = import_list::read(path, config.area.as_deref())?;
    let store = open(config).await?;
    let clerk = clerk(&store).await?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let (cache, batch) = (AreaCache::default(), server::app::random_id());
    for part in &parts {
        let choice = lists::area_named(&store, clerk.commune, &part.area).await?;
        let reply = if config.is_preview {
            lists::preview(&store, clerk, &choice, &part.list, wall_ms()).await?
        } else {
            lists::import(&store, &cache, clerk, batch, &choice, (&file, &part.list), wall_ms()).await?
        };
        print(&format!("{}: {}\n", part.area, counts_words(&reply.counts)));
    }
    if let Some(part) = parts.first() {
        print(&import_list::remarks(&part.list));
    }
    if config.is_preview {
        print("Chưa có gì được ghi: bỏ --preview để nhập.\n");
    } else {
        print(&format!("Đã nhập. Hoàn tác: tung-nha undo --import {batch}\n"));
    }
    store.close().await;
    Ok(())
}

async fn undo(config: &Config) -> Result<()> {
    let store = open(config).await?;
    let clerk = clerk(&store).await?;
    let batch = config.import.unwrap_or(DocId::from_u128(0));
    let told = lists::undo_batch(&store, &AreaCache::default(), clerk, batch, wall_ms()).await?;
    print(&format!("Đã hoàn tác: bỏ {} người, giữ {} người đã có ghi nhận.\n", told.people_removed, told.people_kept));
    store.close().await;
    Ok(())
}

/// What the command line does is the coordinator's doing.
async fn clerk(store: &SqliteStore) -> Result<Clerk> {
    let communes = admin::communes(store).await?;
    let [commune] = communes.as_slice() else {
        bail!("Dữ liệu này có {} xã, phường: nhập danh sách ở trang của từng nơi.", communes.len());
    };
    let members = admin::members(store).await?;
    let coordinator = members.into_iter().find(|(of, member)| *of == commune.id && member.role == Role::Coordinator);
    let (_, coordinator) = coordinator.context("Xã này chưa có cán bộ nào để đứng tên lần nhập.")?;
    Ok(Clerk { commune: commune.id, member: coordinator.id, install: InstallId(0) })
}

fn counts_words(counts: &ImportCounts) -> String {
    format!(
        "{} hộ mới, {} người mới, {} thay đổi, {} giữ nguyên, {} không nhập",
        counts.households_added,
        counts.added,
        counts.changed + counts.moved,
        counts.same,
        counts.left_out
    )
}

fn print_report(lists: &[import_list::AreaList]) {
    for list in lists {
        let people: usize = list.list.households.iter().map(|household| household.residents.len()).sum();
        print(&format!("{}: {} hộ, {people} người\n", list.area, list.list.households.len()));
    }
    // Every part carries what there was to say of the whole file.
    if let Some(list) = lists.first() {
        print(&import_list::remarks(&list.list));
    }
}

async fn invite_member(config: &Config, store: &SqliteStore) -> Result<()> {
    let member = wanted_member(config, store).await?;
    let code = invite::create(store, member.id, invite::LIFE_MS, wall_ms()).await?;
    print_link(config, &member.name, &code);
    Ok(())
}

async fn lock_lost_phones(config: &Config, store: &SqliteStore) -> Result<()> {
    let member = wanted_member(config, store).await?;
    let count = admin::revoke_devices(store, member.id, Revoked::Lost, wall_ms()).await?;
    print(&format!("Đã khóa {count} máy của {}. Máy mới cần lời mời mới: tung-nha invite.\n", member.name));
    Ok(())
}

/// The one member with that name or id.
async fn wanted_member(config: &Config, store: &SqliteStore) -> Result<Member> {
    let wanted = config.member.clone().unwrap_or_default();
    let members = admin::members(store).await?;
    let is_wanted = |member: &Member| {
        wanted.parse::<DocId>().is_ok_and(|id| id == member.id) || fold(&member.name) == fold(&wanted)
    };
    let found: Vec<Member> = members.into_iter().map(|(_, member)| member).filter(is_wanted).collect();
    match found.as_slice() {
        [] => bail!("Không có thành viên “{wanted}”."),
        [member] => Ok(member.clone()),
        several => {
            let ids: Vec<String> = several.iter().map(|member| member.id.to_string()).collect();
            bail!("Có {} người tên “{wanted}”. Dùng mã: {}", several.len(), ids.join(", "))
        }
    }
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

fn app_files(config: &Config) -> AppFiles {
    if let Some(folder) = &config.app {
        return AppFiles::Folder(folder.clone());
    }
    #[cfg(feature = "embed-app")]
    return AppFiles::Embedded;
    #[cfg(not(feature = "embed-app"))]
    AppFiles::Folder("dist".into())
}

async fn serve(config: &Config, store: SqliteStore) -> Result<()> {
    let address = SocketAddr::new(config.host, config.port);
    let listener =
        tokio::net::TcpListener::bind(address).await.with_context(|| format!("Không mở được cổng {address}"))?;
    tokio::spawn(keep_figures_current(store.clone()));
    tokio::spawn(keep_provinces_current(store.clone()));
    let service = router::build(App::new(store.clone(), app_files(config)));
    print(&format!("\nTừng Nhà đang chạy tại {}\n", config.public_url()));
    tracing::info!(%address, "listening");
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let server = axum::serve(listener, service.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            wait_for_signal().await;
            tracing::info!("stopping");
            let _ = stop.send(true);
        });
    let drained = async {
        let _ = stopped.wait_for(|is_stopped| *is_stopped).await;
        tokio::time::sleep(DRAIN_MAX).await;
    };
    tokio::select! {
        result = server => result?,
        () = drained => tracing::warn!("some requests were cut off"),
    }
    store.close().await;
    Ok(())
}

/// After an update, and on New Year's Day, figures that nobody has touched are counted anew.
async fn keep_figures_current(store: SqliteStore) {
    const LOOK_AGAIN: Duration = Duration::from_mins(10);
    loop {
        match admin::recount_outdated(&store, &AreaCache::default(), wall_ms()).await {
            Ok(0) => {}
            Ok(areas) => tracing::info!(areas, "counted anew"),
            Err(error) => tracing::warn!(%error, "could not count anew"),
        }
        if let Err(error) = lists::forget_old_undo(&store, wall_ms()).await {
            tracing::warn!(%error, "could not forget what old imports replaced");
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Figures of communes reach their province within half a minute.
async fn keep_provinces_current(store: SqliteStore) {
    const LOOK_AGAIN: Duration = Duration::from_secs(30);
    let mut known = province::Known::default();
    loop {
        if let Err(error) = province::roll_up(&store, &mut known, wall_ms()).await {
            tracing::warn!(%error, "could not add up a province");
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn wait_for_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
