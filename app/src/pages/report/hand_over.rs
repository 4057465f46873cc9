//! The ways a frozen report leaves the phone: to the Zalo group, into a shared sheet, as a file, on paper.

use std::sync::Arc;

use domain::Day;
use domain::report::{Report, header_row, message, row, xlsx};
use domain::text::fold;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, IconName};
use crate::device::{self, Handed};
use crate::notices::Notices;

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The way that every team lead takes.
#[component]
pub fn ToZalo(report: Arc<Report>) -> impl IntoView {
    let notices = Notices::expect();
    let to_zalo = move |()| {
        let text = message(&report);
        spawn_local(async move {
            match device::hand_over(&text).await {
                Handed::Shared => {}
                Handed::Copied => notices.say_saved("Đã chép. Mở nhóm Zalo rồi dán", None),
                Handed::Failed => notices.fail("Máy này không chép được. Xuất tệp Excel hoặc in biểu để gửi."),
            }
        });
    };
    view! {
        <Button wide=true icon=IconName::CloudUp on_press=to_zalo testid="report-zalo">"Sao chép gửi nhóm Zalo"</Button>
    }
}

/// The other ways.
#[component]
pub fn HandOver(report: Arc<Report>) -> impl IntoView {
    let notices = Notices::expect();
    let report = StoredValue::new(report);
    let copy = move |what: fn(&Report) -> String, said: &'static str| {
        let text = report.with_value(|report| what(report));
        spawn_local(async move {
            if device::copy(&text).await {
                notices.say_saved(said, None);
            } else {
                notices.fail("Máy này không chép được. Xuất tệp Excel hoặc in biểu để gửi.");
            }
        });
    };
    let to_sheet = move |()| copy(row, "Đã chép một dòng. Dán vào ô đầu của dòng trống trong bảng tính");
    let head_to_sheet = move |()| copy(header_row, "Đã chép dòng tiêu đề. Dán vào dòng đầu của bảng tính");
    let to_file = move |()| {
        let saved = report.with_value(|report| device::save_bytes(&file_name(report), XLSX, &xlsx::file(report)));
        match saved {
            Ok(()) => notices.say_saved("Đã xuất tệp Excel", None),
            Err(_) => notices.fail("Trình duyệt này không lưu được tệp. Sao chép để gửi, hoặc in biểu."),
        }
    };
    let secondary = ButtonKind::Secondary;
    view! {
        <div class="report__actions">
            <Button wide=true kind=secondary icon=IconName::Download on_press=to_file testid="report-xlsx">"Xuất tệp Excel"</Button>
            <Button wide=true kind=secondary icon=IconName::Table on_press=to_sheet testid="report-row">
                "Chép dòng vào Google Sheets"
            </Button>
            <Button wide=true kind=secondary icon=IconName::List on_press=move |()| device::print() testid="report-print">
                "In biểu"
            </Button>
            <Button wide=true kind=ButtonKind::Quiet on_press=head_to_sheet testid="report-header">
                "Chép dòng tiêu đề cho bảng tính mới"
            </Button>
        </div>
    }
}

/// "bao-cao-to-5-2026-11-23.xlsx"
fn file_name(report: &Report) -> String {
    let unit: Vec<String> =
        fold(&report.unit).split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_owned).collect();
    let unit = unit.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    format!("bao-cao-{unit}-{}.xlsx", Day::at_ms(report.made_ms))
}
