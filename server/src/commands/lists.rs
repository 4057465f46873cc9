//! `tung-nha import` and `tung-nha undo`.

use crate::app::wall_ms;
use crate::area_cache::AreaCache;
use crate::config::Config;
use crate::lists::{self, Clerk};
use crate::store::SqliteStore;
use crate::{admin, import_list};
use anyhow::{Context as _, Result, bail};
use domain::people::Role;
use domain::protocol::ImportCounts;
use domain::{DocId, InstallId};

use super::{Data, print};

/// A list into the one commune of this database, as the office's page does it.
pub async fn import(config: &Config) -> Result<()> {
    let Some(path) = &config.file else { bail!("Lệnh này cần một tệp danh sách.") };
    // Read first: a wrong file must leave nothing behind.
    let parts = import_list::read(path, config.area.as_deref())?;
    let data = Data::open(config).await?;
    let store = &data.store;
    let clerk = clerk(store).await?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let (cache, batch) = (AreaCache::default(), crate::app::random_id());
    for part in &parts {
        let choice = lists::area_named(store, clerk.commune, &part.area).await?;
        let reply = if config.is_preview {
            lists::preview(store, clerk, &choice, &part.list, wall_ms()).await?
        } else {
            lists::import(store, &cache, clerk, batch, &choice, (&file, &part.list), wall_ms()).await?
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
    data.close().await;
    Ok(())
}

pub async fn undo(config: &Config) -> Result<()> {
    let data = Data::open(config).await?;
    let store = &data.store;
    let clerk = clerk(store).await?;
    let batch = config.import.unwrap_or(DocId::from_u128(0));
    let told = lists::undo_batch(store, &AreaCache::default(), clerk, batch, wall_ms()).await?;
    print(&format!("Đã hoàn tác: bỏ {} người, giữ {} người đã có ghi nhận.\n", told.people_removed, told.people_kept));
    data.close().await;
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

pub fn print_report(lists: &[import_list::AreaList]) {
    for list in lists {
        let people: usize = list.list.households.iter().map(|household| household.residents.len()).sum();
        print(&format!("{}: {} hộ, {people} người\n", list.area, list.list.households.len()));
    }
    // Every part carries what there was to say of the whole file.
    if let Some(list) = lists.first() {
        print(&import_list::remarks(&list.list));
    }
}
