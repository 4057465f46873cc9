//! `tung-nha clock`, and what the other commands say of a clock that cannot be right.

use crate::app::wall_ms;
use crate::clock::{self, Verdict, built_ms};
use crate::config::Config;
use crate::store::{Instance, SqliteStore};
use anyhow::{Result, bail};
use domain::Day;
use domain::day::time_of_day;
use domain::number::grouped;

use super::{Data, print};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

pub async fn clock(config: &Config) -> Result<()> {
    if !config.database().exists() {
        bail!("Thư mục {} chưa có dữ liệu. Kiểm tra lại --data.", config.data.display());
    }
    let data = Data::open_at_any_time(config).await?;
    let now_ms = wall_ms();
    if config.is_confirmed {
        clock::confirm(&data.store, now_ms).await?;
    }
    print(&report(&data.store, now_ms).await?);
    data.close().await;
    Ok(())
}

/// Refuses where the clock cannot be right.
pub async fn must_be_right(store: &SqliteStore, now_ms: u64) -> Result<()> {
    let (verdict, instance) = clock::look(store, built_ms(), now_ms).await?;
    if verdict == Verdict::Right { Ok(()) } else { bail!(sentence(verdict, now_ms, &instance)) }
}

/// Says so where the clock cannot be right, and where the data were found to be an older copy.
pub async fn warn(store: &SqliteStore, now_ms: u64) -> Result<()> {
    let (verdict, instance) = clock::look(store, built_ms(), now_ms).await?;
    if verdict != Verdict::Right {
        print(&format!("\n{}\n", sentence(verdict, now_ms, &instance)));
    }
    let is_news = |at_ms: u64| now_ms < at_ms.saturating_add(30 * DAY_MS);
    if let Some(told) = rolled_back(&instance).filter(|_| instance.rolled_back_ms.is_some_and(is_news)) {
        print(&format!("\n{told}\n"));
    }
    Ok(())
}

async fn report(store: &SqliteStore, now_ms: u64) -> Result<String> {
    let (verdict, instance) = clock::look(store, built_ms(), now_ms).await?;
    let against = |label: &str, then_ms: Option<u64>| match then_ms {
        Some(then_ms) => format!("{label}: {} ({})", moment(then_ms), difference(then_ms, now_ms)),
        None => format!("{label}: chưa có"),
    };
    let lines = [
        Some(format!("Giờ của máy này: {}", moment(now_ms))),
        Some(against("Lần cuối máy chủ làm việc", instance.seen_ms)),
        Some(against("Chương trình có từ", Some(built_ms()))),
        Some(against("Lần cuối có người xác nhận giờ", instance.confirmed_ms)),
        Some(sentence(verdict, now_ms, &instance)),
        rolled_back(&instance),
    ];
    Ok(lines.into_iter().flatten().map(|line| line + "\n").collect())
}

fn sentence(verdict: Verdict, now_ms: u64, instance: &Instance) -> String {
    const WHAT_TO_DO: &str =
        "Máy chủ chưa phục vụ. Chỉnh giờ của máy; nếu giờ đang đúng, chạy: tung-nha clock --confirm";
    let now = moment(now_ms);
    let seen = instance.seen_ms.map(moment).unwrap_or_default();
    match verdict {
        Verdict::Right => "Máy chủ tin giờ này.".to_owned(),
        Verdict::BeforeItsWork => {
            format!("Giờ của máy này ({now}) sớm hơn lần cuối máy chủ làm việc ({seen}). {WHAT_TO_DO}")
        }
        Verdict::BeforeTheProgram => {
            format!("Giờ của máy này ({now}) sớm hơn cả ngày có chương trình này. {WHAT_TO_DO}")
        }
        Verdict::LongAfterItsWork => {
            format!("Giờ của máy này ({now}) muộn hơn nhiều so với lần cuối máy chủ làm việc ({seen}). {WHAT_TO_DO}")
        }
    }
}

/// An operator who put the file back may not know that it was an older one.
fn rolled_back(instance: &Instance) -> Option<String> {
    let at = moment(instance.rolled_back_ms?);
    Some(format!(
        "Lúc {at} máy chủ nhận ra tệp dữ liệu là một bản cũ hơn những gì các máy đã nhận (ai đó đã chép lại tệp hoặc \
         khôi phục cả máy). Các máy tự gửi lại những gì tệp còn thiếu; máy ghi danh sau bản đó cần lời mời mới, máy bị \
         khóa sau bản đó cần khóa lại."
    ))
}

fn moment(ms: u64) -> String {
    format!("{} ngày {}", time_of_day(ms), Day::at_ms(ms).vietnamese())
}

fn difference(then_ms: u64, now_ms: u64) -> String {
    let hours = then_ms.abs_diff(now_ms) / HOUR_MS;
    let span = if hours < 48 { format!("{hours} giờ") } else { format!("{} ngày", grouped(hours / 24)) };
    if then_ms <= now_ms { format!("{span} trước") } else { format!("{span} sau giờ của máy này") }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::commands::run;

    async fn command(line: &str, folder: &std::path::Path) -> Result<()> {
        let words = line.split_whitespace().map(OsString::from);
        run(Config::parse(words.chain(["--data".into(), folder.into()])).expect("a command")).await
    }

    #[tokio::test]
    async fn a_clock_that_cannot_be_right_is_told_and_confirmed_by_command() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(command("clock", folder.path()).await.is_err(), "there is nothing yet, and nothing is made");
        let config = Config::parse(["report".into(), "--data".into(), folder.path().into()]).expect("a command");
        let data = Data::open(&config).await.expect("new data");
        // As if this machine had worked a year ahead.
        clock::confirm(&data.store, wall_ms() + 365 * DAY_MS).await.expect("confirmed");
        data.close().await;
        let refused = Data::open(&config).await.err().expect("a wrong clock").to_string();
        assert!(refused.contains("tung-nha clock --confirm"), "{refused}");
        let data = Data::open_at_any_time(&config).await.expect("data");
        let told = report(&data.store, wall_ms()).await.expect("a report");
        assert!(told.contains("364 ngày sau giờ của máy này") || told.contains("365 ngày sau"), "{told}");
        assert!(told.contains("Máy chủ chưa phục vụ"), "{told}");
        data.close().await;
        command("clock", folder.path()).await.expect("only looked at");
        assert!(Data::open(&config).await.is_err(), "looking confirms nothing");
        command("clock --confirm", folder.path()).await.expect("confirmed");
        let data = Data::open(&config).await.expect("a clock that was confirmed");
        assert!(report(&data.store, wall_ms()).await.expect("a report").contains("Máy chủ tin giờ này"));
        data.close().await;
    }
}
