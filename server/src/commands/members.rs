//! `tung-nha invite` and `tung-nha lost`.

use crate::app::wall_ms;
use crate::config::Config;
use crate::store::{Revoked, SqliteStore};
use crate::{admin, invite};
use anyhow::{Result, bail};
use domain::DocId;
use domain::people::Member;
use domain::text::fold;

use super::{Data, print, print_link};

pub async fn invite(config: &Config) -> Result<()> {
    let data = Data::open(config).await?;
    let store = &data.store;
    let member = wanted_member(config, store).await?;
    let code = invite::create(store, member.id, invite::LIFE_MS, wall_ms()).await?;
    print_link(config, &member.name, &code);
    data.close().await;
    Ok(())
}

pub async fn lock_lost_phones(config: &Config) -> Result<()> {
    let data = Data::open_at_any_time(config).await?;
    let store = &data.store;
    let member = wanted_member(config, store).await?;
    let count = admin::revoke_devices(store, member.id, Revoked::Lost, wall_ms()).await?;
    print(&format!("Đã khóa {count} máy của {}. Máy mới cần lời mời mới: tung-nha invite.\n", member.name));
    data.close().await;
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
