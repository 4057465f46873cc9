//! `tung-nha demo`: a commune that one can try out.

use crate::app::wall_ms;
use crate::area_cache::AreaCache;
use crate::config::{Config, USUAL_PLAN};
use crate::demo::{self, Place, Seats};
use crate::store::SqliteStore;
use crate::{admin, clock, import_list, invite, plans};
use anyhow::{Context as _, Result, bail};
use domain::people::Role;

use super::serve::{self, Turn};
use super::{lists, open_store, print, print_link};

const INVITE_MS: u64 = 30 * 24 * invite::HOUR_MS;

pub async fn demo(config: &Config) -> Result<()> {
    // Read first: a wrong file must leave nothing behind.
    let lists = config.list.as_deref().map(|path| import_list::read(path, config.area.as_deref())).transpose()?;
    let place = wanted_place(config)?;
    let turn = Turn::take(config).await?;
    let store = prepare(config, place, lists.as_deref()).await?;
    serve::run(config, turn, store).await
}

async fn prepare(
    config: &Config,
    place: &'static Place,
    lists: Option<&[import_list::AreaList]>,
) -> Result<SqliteStore> {
    let store = open_store(config).await?;
    let is_new = demo::seed(&store, &AreaCache::default(), place, lists, wall_ms()).await?;
    match lists {
        Some(_) if !is_new => {
            bail!("Thư mục {} đã có dữ liệu. Chọn thư mục khác bằng --data.", config.data.display());
        }
        Some(lists) => lists::print_report(lists),
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
    // Invented people need no person's yes: a demo may be tried again after a year.
    clock::confirm(&store, wall_ms()).await?;
    let seats = Seats::new();
    print("\nMở một liên kết để vào vai (mỗi liên kết dùng cho một máy):\n");
    let roles = [(Role::Member, seats.member), (Role::Lead, seats.lead), (Role::Coordinator, seats.coordinator)];
    for (role, member) in roles {
        let code = invite::create(&store, member, INVITE_MS, wall_ms()).await?;
        print_link(config, role.label(), &code);
    }
    if admin::members(&store).await?.iter().any(|(_, member)| member.id == demo::province::seat()) {
        let code = invite::create(&store, demo::province::seat(), INVITE_MS, wall_ms()).await?;
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
