//! Nhập danh sách: a file, how it was understood, which tổ goes into which area, what would change, done. Nothing is
//! written before the coordinator has seen it.

mod areas;
mod columns;
mod past;
mod preview;
mod remarks;
mod work;

use app::components::{Button, ButtonKind, IconName, Notice, NoticeKind, Progress, SelectField, StatTile, grouped};
use leptos::prelude::*;

use crate::file_chooser::FileChooser;
use crate::frame::Frame;
use areas::Areas;
use columns::Columns;
use past::Past;
use preview::{Done, Preview};
use remarks::Remarks;
use work::{Stage, Work};

#[component]
pub fn ImportPage() -> impl IntoView {
    let work = Work::new();
    view! {
        <Frame title="Nhập danh sách hộ" page="import" wide=true>
            {move || match work.stage.get() {
                Stage::Choose => view! { <Choose work /> }.into_any(),
                Stage::Busy => view! { <Busy work /> }.into_any(),
                Stage::Read => view! { <Read work /> }.into_any(),
                Stage::Preview => view! { <Preview work /> }.into_any(),
                Stage::Done => view! { <Done work /> }.into_any(),
            }}
        </Frame>
    }
}

#[component]
fn Choose(work: Work) -> impl IntoView {
    view! {
        <p class="muted">
            "Chọn danh sách đúng như đang có: Excel (.xlsx, .xls), ODS hoặc CSV, kể cả còn dòng tiêu đề, dòng tổng cộng, phông chữ cũ. Xem trước mọi thay đổi rồi mới nhập; nhập nhầm thì hoàn tác được."
        </p>
        <FileChooser on_file=move |chosen| work.open(chosen) testid="import-choose" />
        <Failure work />
        <Past />
    }
}

#[component]
fn Failure(work: Work) -> impl IntoView {
    move || {
        work.failed.get().map(|sentence| {
            view! { <Notice kind=NoticeKind::Error title="Chưa xong" detail=Some(sentence) testid="import-failed" /> }
        })
    }
}

#[component]
fn Busy(work: Work) -> impl IntoView {
    let percent = move || format!("{}%", work.percent.get());
    view! {
        <Progress
            label=Signal::derive(move || work.doing.get().to_owned())
            value=Signal::derive(move || work.percent.get())
            max=100
            value_label=Signal::derive(move || Some(percent()))
            testid="import-progress"
        />
        <p class="muted">"Trang vẫn dùng được trong lúc chờ."</p>
        <Button kind=ButtonKind::Quiet on_press=move |()| work.start_over() testid="import-stop">"Dừng lại"</Button>
    }
}

/// How the file was understood, and what the coordinator may put right.
#[component]
fn Read(work: Work) -> impl IntoView {
    let sheets = Signal::derive(move || {
        let name = |(at, name): (usize, &String)| (at.to_string(), name.clone());
        work.opened.with(|opened| opened.sheets.iter().enumerate().map(name).collect::<Vec<_>>())
    });
    let refused = move || work.opened.with(|opened| (!opened.refused.is_empty()).then(|| opened.refused.join(" ")));
    let problem = move || work.read.with(|read| read.problem.clone());
    let of = move |part: fn(&crate::messages::ReadSheet) -> usize| {
        Signal::derive(move || work.read.with(|read| grouped(part(read))))
    };
    view! {
        <p><strong data-testid="import-file">{move || work.file.get()}</strong></p>
        <Show when=move || sheets.with(|sheets| sheets.len() > 1)>
            <SelectField label="Trang tính" value=work.sheet options=sheets testid="import-sheet" />
        </Show>
        {move || refused().map(|sentence| view! {
            <Notice kind=NoticeKind::Warning title="Có trang tính không đọc được" detail=Some(sentence) />
        })}
        {move || problem().map(|sentence| view! {
            <Notice
                kind=NoticeKind::Warning
                title="Chưa hiểu danh sách này"
                detail=Some(format!("{sentence} Chọn dòng tiêu đề và các cột ở dưới."))
                testid="import-problem"
            />
        })}
        <Show when=move || problem().is_none()>
            <div class="tiles">
                <StatTile label="Hộ" value=of(|read| read.households) testid="import-households" />
                <StatTile label="Người" value=of(|read| read.people) testid="import-people" />
                <StatTile
                    label="Tổ, thôn"
                    value=of(|read| read.cells.iter().filter(|(cell, ..)| cell.is_some()).count())
                    testid="import-cells"
                />
            </div>
            <Understood work />
            <Converted work />
        </Show>
        <Columns work />
        <Show when=move || problem().is_none()>
            <Remarks work />
            <Areas work />
        </Show>
        <Failure work />
        <Show when=move || problem().is_none() && work.parts().is_empty()>
            <p class="muted" data-testid="import-no-area">"Chọn địa bàn cho danh sách này rồi mới xem trước được."</p>
        </Show>
        <div class="import__actions">
            <Button
                icon=IconName::Search
                disabled=Signal::derive(move || problem().is_some() || work.parts().is_empty())
                on_press=move |()| work.send(true)
                testid="import-preview"
            >
                "Xem trước thay đổi"
            </Button>
            <Button kind=ButtonKind::Quiet on_press=move |()| work.start_over() testid="import-other">"Chọn tệp khác"</Button>
        </div>
    }
}

/// Cells as one bar: taken over, left out on purpose, not understood.
#[component]
fn Understood(work: Work) -> impl IntoView {
    let counts = move || work.read.with(|read| read.counts);
    let parts = move || {
        let counts = counts();
        [
            ("reached", "Đã hiểu", counts.understood),
            ("absent", "Không nhập, có chủ ý", counts.dropped),
            ("refused", "Chưa hiểu", counts.unclear),
        ]
    };
    let stretches = move || {
        let all = counts().filled.max(1);
        let stretch = |(state, _, count): (&'static str, &'static str, usize)| {
            view! { <span class="stacked-bar__segment" data-state=state style:--share=work::share(count, all)></span> }
        };
        parts().into_iter().filter(|(_, _, count)| *count > 0).map(stretch).collect_view()
    };
    let entry = |(state, label, count): (&'static str, &'static str, usize)| {
        view! {
            <li class="stacked-bar__entry office-entry" data-state=state data-testid=format!("cells-{state}")>
                <span class="stacked-bar__segment office-swatch" data-state=state aria-hidden="true"></span>
                <span>{label}</span>
                <span class="stacked-bar__value num">{grouped(count)}</span>
            </li>
        }
    };
    view! {
        <div class="stacked-bar" data-testid="import-understood">
            <p class="visually-hidden">
                {move || parts().map(|(_, label, count)| format!("{label} {}", grouped(count))).join(", ")}
            </p>
            <div class="stacked-bar__track" aria-hidden="true">{stretches}</div>
            <ul class="stacked-bar__legend">{move || parts().into_iter().map(entry).collect_view()}</ul>
        </div>
    }
}

/// Old fonts: what became of them, to be looked at.
#[component]
fn Converted(work: Work) -> impl IntoView {
    let line = |(before, after): (String, String)| {
        view! { <li><span class="muted">{before}</span> " → " <strong>{after}</strong></li> }
    };
    move || {
        work.read.with(|read| read.converted.clone()).map(|converted| {
            let kinds = converted.kinds.iter().map(|kind| kind.label()).collect::<Vec<_>>().join(", ");
            let title = format!("Đã đổi {} ô chữ cũ sang Unicode ({kinds})", grouped(converted.cells));
            view! {
                <section class="import__converted" data-testid="import-converted">
                    <h2 class="section__title">{title}</h2>
                    <ul>{converted.samples.into_iter().map(line).collect_view()}</ul>
                    <p class="muted">"Nếu chưa đúng, chọn lại ở “Phông chữ cũ” bên dưới."</p>
                </section>
            }
        })
    }
}
