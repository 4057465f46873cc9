//! `tung-nha plan`.

use crate::app::wall_ms;
use crate::area_cache::AreaCache;
use crate::config::Config;
use crate::{admin, plans};
use anyhow::{Result, anyhow};

use super::{Data, print};

/// Prints a preset, or puts the plan of a file in the place of the commune's plan.
pub async fn plan(config: &Config) -> Result<()> {
    let Some(file) = &config.file else {
        print(plans::text(config.print.as_deref().unwrap_or_default())?);
        return Ok(());
    };
    // Read first: a wrong file must leave nothing behind.
    let plan = plans::read_file(file)?;
    let data = Data::open(config).await?;
    let [commune] = admin::tenants_of_plan(&data.store, &plan).await?.try_into().map_err(|communes: Vec<_>| {
        match communes.len() {
            0 => anyhow!("Thư mục {} chưa có nơi nào để đặt kế hoạch này. Kiểm tra lại --data.", config.data.display()),
            several => anyhow!("Thư mục {} có {several} xã: chưa rõ đặt cho xã nào.", config.data.display()),
        }
    })?;
    let is_changed = admin::set_plan(&data.store, &AreaCache::default(), commune.id, &plan, wall_ms()).await?;
    if is_changed {
        print(&format!("Đã đặt kế hoạch cho {}: {}. Các máy nhận khi có mạng.\n", commune.title(), plan.name));
    } else {
        print(&format!("{} đã theo đúng kế hoạch này, không có gì để thay.\n", commune.title()));
    }
    if plan.issued_on.is_none() {
        print("Kế hoạch chưa ghi ngày ban hành (issued_on), nên mọi lượt cài đặt do tổ hỗ trợ đều tính là cài mới.\n");
    }
    data.close().await;
    Ok(())
}
