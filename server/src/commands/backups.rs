//! `tung-nha backup`, `restore`, `restored` and `drill`.

use std::path::Path;

use crate::app::{random_bytes, wall_ms};
use crate::backup::{self, drill};
use crate::config::Config;
use crate::{admin, data_lock};
use anyhow::{Context as _, Result, bail};
use domain::number::grouped;

use super::{Data, clock, make_folder, make_private_folder, print};

pub async fn backup(config: &Config) -> Result<()> {
    let to = config.to.clone().unwrap_or_default();
    let data = Data::open_at_any_time(config).await?;
    let contents = backup::make(&data.store, &to).await?;
    data.close().await;
    print(&format!("Đã sao lưu vào {} và kiểm tra: {} bản ghi.\n", to.display(), grouped(contents.documents())));
    if let Some(chain) = &contents.audit {
        print(&format!("{chain}\n"));
    }
    Ok(())
}

pub async fn restore(config: &Config) -> Result<()> {
    let from = config.from.clone().unwrap_or_default();
    make_folder(config)?;
    let alone = data_lock::take_alone(&config.data)?;
    let epoch = u128::from_be_bytes(random_bytes());
    let done = backup::restore(&alone, &config.data, &from, epoch, wall_ms()).await?;
    print(&format!("Đã khôi phục từ {}: {} bản ghi.\n", from.display(), grouped(done.contents.documents())));
    if let Some(aside) = done.aside {
        print(&format!("Dữ liệu trước đó vẫn còn ở {}.\n", aside.display()));
    }
    drop(alone);
    let data = Data::open_at_any_time(config).await?;
    clock::warn(&data.store, wall_ms()).await?;
    data.close().await;
    print(
        "Việc tiếp theo:\n\
         - Chạy lại máy chủ (tung-nha serve). Khi có mạng, các máy tự gửi lại những gì bản sao lưu còn thiếu.\n\
         - Máy ghi danh sau lúc sao lưu cần lời mời mới (tung-nha invite); dữ liệu trên máy đó vẫn nguyên.\n\
         - Máy bị khóa sau lúc sao lưu cần khóa lại (tung-nha lost).\n",
    );
    Ok(())
}

pub async fn restored(config: &Config) -> Result<()> {
    let data = Data::open_at_any_time(config).await?;
    admin::mark_restored(&data.store, u128::from_be_bytes(random_bytes()), wall_ms()).await?;
    data.close().await;
    print("Đã ghi nhận: dữ liệu được khôi phục. Các máy sẽ tự gửi lại những gì máy chủ còn thiếu.\n");
    Ok(())
}

pub async fn drill(config: &Config) -> Result<()> {
    if !config.database().exists() {
        bail!("Thư mục {} chưa có dữ liệu. Kiểm tra lại --data.", config.data.display());
    }
    let data = Data::open_at_any_time(config).await?;
    let [high, low] = [random_bytes(), random_bytes()].map(u64::from_be_bytes);
    // Beside the data: what holds names stays on their disk.
    let alone = data_lock::take_drilling(&config.data)?;
    let folder = drill::folder_in(&config.data, &alone, high)
        .with_context(|| format!("Không xóa được thư mục diễn tập cũ trong {}", config.data.display()))?;
    make_private_folder(&folder).with_context(|| format!("Không tạo được thư mục {}", folder.display()))?;
    let report = drill::run(&data.store, &folder, u128::from(high) << 64 | u128::from(low), wall_ms()).await;
    let removed = remove(&folder);
    data.close().await;
    let report = report?;
    print(&report.to_string());
    removed?;
    print("Thư mục tạm đã xóa.\n");
    if report.is_passed() { Ok(()) } else { bail!("Diễn tập không đạt.") }
}

fn remove(folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder)
        .with_context(|| format!("Không xóa được thư mục tạm {}. Xóa bằng tay: trong đó có dữ liệu.", folder.display()))
}
