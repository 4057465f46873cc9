//! `tung-nha report`.

use crate::app::wall_ms;
use crate::area_cache::AreaCache;
use crate::config::Config;
use crate::{admin, report};
use anyhow::{Context as _, Result, bail};

use super::{Data, print};

/// The report that is due next, to read or as a spreadsheet.
pub async fn report(config: &Config) -> Result<()> {
    let data = Data::open(config).await?;
    let store = &data.store;
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
    data.close().await;
    Ok(())
}
