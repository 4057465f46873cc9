//! `tung-nha audit`: whether the log of who did what is as it was written.

use anyhow::{Result, bail};

use super::{Data, print};
use crate::config::Config;
use crate::store::{AuditHead, Chain};

pub async fn audit(config: &Config) -> Result<()> {
    if !config.database().exists() {
        bail!("Thư mục {} chưa có dữ liệu. Kiểm tra lại --data.", config.data.display());
    }
    let data = Data::open(config).await?;
    let chain = data.store.walk_audit(config.head.map(|head| head.number)).await;
    data.close().await;
    let chain = chain?;
    print(&format!("{chain}\n"));
    if let Some(head) = config.head {
        compare(&chain, head)?;
    }
    if chain.fault.is_some() {
        bail!("Nhật ký không còn nguyên vẹn.");
    }
    Ok(())
}

/// A head from before a restore may be of lines that the restored data never had.
fn compare(chain: &Chain, head: AuditHead) -> Result<()> {
    // Before the first line there is nothing to be compared.
    match chain.asked {
        Some(hash) if hash == head.hash => {
            print("Khớp với dấu đã ghi lại.\n");
            Ok(())
        }
        Some(_) => bail!("Không khớp với dấu đã ghi lại: có dòng nào đó, đến dòng {}, đã bị thay.", head.number),
        None => bail!(
            "Nhật ký không có dòng {}. Sau khi khôi phục bản sao lưu cũ thì đúng là vậy; nếu không, nhật ký đã bị cắt.",
            head.number
        ),
    }
}
