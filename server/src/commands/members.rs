//! `tung-nha invite`, `devices` and `lost`.

use crate::app::wall_ms;
use crate::config::Config;
use crate::store::{Revoked, SqliteStore};
use crate::{admin, invite};
use anyhow::{Result, bail};
use domain::people::Member;
use domain::protocol::DeviceEnd;
use domain::text::fold;
use domain::{Day, DocId};

use super::{Data, print, print_link};

pub async fn invite(config: &Config) -> Result<()> {
    let data = Data::open(config).await?;
    let store = &data.store;
    let member = wanted_member(config, store).await?;
    let code = invite::create(store, member.id, invite::LIFE_MS, wall_ms()).await?;
    print_link(config, &member.name, &code);
    let name = &member.name;
    print(&format!(
        "Máy vào tổ rồi thì hỏi số kiểm tra trên máy ấy: tung-nha devices --member \"{name}\" --check SỐ\n"
    ));
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

pub async fn devices(config: &Config) -> Result<()> {
    let data = Data::open(config).await?;
    let told = told_devices(config, &data.store).await;
    data.close().await;
    print(&told?);
    Ok(())
}

/// The phones of a member, after one of them was confirmed.
async fn told_devices(config: &Config, store: &SqliteStore) -> Result<String> {
    let member = wanted_member(config, store).await?;
    if let Some(check) = config.check
        && !admin::confirm_device(store, member.id, check, wall_ms()).await?
    {
        bail!("Không có máy nào của {} đang chờ đối số {check}. Nếu máy lạ đã vào: tung-nha lost.", member.name);
    }
    let lines = admin::devices(store, member.id, wall_ms()).await?;
    let mut told = vec![format!("Máy của {}: {}\n", member.name, lines.len())];
    for line in lines {
        let joined = Day::at_ms(line.joined_ms).vietnamese();
        let seen = line.last_seen_ms.map_or("chưa gửi lần nào".to_owned(), |at_ms| {
            format!("cập nhật lần cuối {}", Day::at_ms(at_ms).vietnamese())
        });
        let state = match (line.ended, line.check.filter(|_| line.is_to_be_checked())) {
            (Some(DeviceEnd::Lost), _) => ", đã báo mất".to_owned(),
            (Some(DeviceEnd::Left), _) => ", đã ngừng dùng".to_owned(),
            (None, Some(check)) => format!(", CHƯA ĐỐI SỐ: {check}"),
            (None, None) if line.is_idle => ", lâu không dùng, cần lời mời mới".to_owned(),
            (None, None) => String::new(),
        };
        told.push(format!("  vào tổ {joined}, {seen}{state}\n"));
    }
    Ok(told.concat())
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
