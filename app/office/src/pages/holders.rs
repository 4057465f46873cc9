//! Đối chiếu: a provider's list of holders against everyone of the commune. A file, a few questions, figures, the doubtful
//! ones side by side, and what was written.

mod figures;
mod file;
mod review;
mod work;

use app::components::grouped;
use app::components::{Button, ButtonKind, EmptyState, IconName, Notice, NoticeKind, Progress, SelectField, TextField};
use domain::service::{Service, Step};
use leptos::prelude::*;

use crate::file_chooser::FileChooser;
use crate::frame::Frame;
use figures::Figures;
use review::Review;
pub use review::{Facts, Reasons, person_lines};
use work::{Stage, Work};

#[component]
pub fn HoldersPage() -> impl IntoView {
    let work = Work::new();
    view! {
        <Frame title="Đối chiếu danh sách" page="holders" wide=true>
            {move || match work.stage.get() {
                Stage::Choose => view! { <Choose work /> }.into_any(),
                Stage::Read => view! { <Settings work /> }.into_any(),
                Stage::Running { label } => view! {
                    <Progress
                        label=label
                        value=Signal::derive(move || work.done.get())
                        max=Signal::derive(move || work.rows())
                        testid="holders-progress"
                    />
                }
                .into_any(),
                Stage::Review => view! { <Figures work /> <Review work /> <Write work /> }.into_any(),
                Stage::Done => view! { <Done work /> }.into_any(),
            }}
        </Frame>
    }
}

#[component]
fn Choose(work: Work) -> impl IntoView {
    view! {
        <p class="muted">
            "Danh sách người đã có chữ ký số, VNeID hoặc BHYT do nhà cung cấp gửi (VNPT, Viettel, MobiFone, Công an, BHXH). Ai khớp chắc chắn sẽ được ghi “Đã có từ trước”; danh sách gửi lại hằng tuần không ghi hai lần."
        </p>
        <FileChooser on_file=move |chosen| file::read(work, chosen) testid="holders-file" />
        {move || work.failed.get().map(|sentence| view! {
            <Notice kind=NoticeKind::Error title="Chưa đọc được tệp" detail=Some(sentence) testid="file-failed" />
        })}
    }
}

/// What the list says that its people have.
const STEPS: [Step; 5] =
    [Step::SignatureActivated, Step::Registered, Step::Activated, Step::CardIntegrated, Step::RecordOpened];

fn step_label(step: Step) -> String {
    let service = match step.service() {
        Service::HealthRecord => "BHYT",
        service => service.short_label(),
    };
    format!("{service}: {}", step.label())
}

#[component]
fn Settings(work: Work) -> impl IntoView {
    let options = STEPS.map(|step| (step.name().to_owned(), step_label(step))).to_vec();
    let told = move || work.file.with(|file| file.as_ref().map(|file| file.words()));
    let lacks_provider = move || work.lacks_provider();
    view! {
        <div class="form holders__settings">
            <p data-testid="file-told">{told}</p>
            <SelectField label="Danh sách này ghi những người" value=work.step options=Signal::stored(options) testid="holders-step" />
            <Show when=lacks_provider>
                <TextField
                    label="Nhà cung cấp của những dòng không ghi"
                    value=work.provider
                    hint=Some("Ví dụ: VNPT. Chưa rõ thì để trống.".to_owned())
                    testid="holders-provider"
                />
            </Show>
            <div class="holders__actions">
                <Button icon=IconName::Search on_press=move |()| work.compare() testid="holders-compare">"Đối chiếu"</Button>
                <Button kind=ButtonKind::Quiet on_press=move |()| work.start_over() testid="holders-other">"Chọn tệp khác"</Button>
            </div>
        </div>
        {move || work.failed.get().map(|sentence| view! {
            <Notice kind=NoticeKind::Error title="Chưa đối chiếu được" detail=Some(sentence) testid="compare-failed" />
        })}
    }
}

#[component]
fn Write(work: Work) -> impl IntoView {
    let count = move || work.to_write();
    let words = move || match count() {
        0 => "Lưu các câu trả lời".to_owned(),
        count => format!("Ghi “Đã có từ trước” cho {} người", grouped(count)),
    };
    let nothing = move || count() == 0 && work.answers.with(std::collections::BTreeMap::is_empty);
    view! {
        <div class="holders__actions holders__write">
            {move || work.failed.get().map(|sentence| view! {
                <Notice kind=NoticeKind::Error title="Chưa ghi được hết" detail=Some(sentence) testid="write-failed" />
            })}
            <Button disabled=Signal::derive(nothing) on_press=move |()| work.write() testid="holders-write">{words}</Button>
            <Button kind=ButtonKind::Quiet on_press=move |()| work.start_over() testid="holders-other">"Bỏ, chọn tệp khác"</Button>
        </div>
    }
}

#[component]
fn Done(work: Work) -> impl IntoView {
    let title = move || work.result.with(|reply| format!("Đã ghi cho {} người", grouped(reply.recorded)));
    let detail = move || {
        work.result.with(|reply| {
            let mut parts = Vec::new();
            let mut add = |count: usize, words: &str| {
                if count > 0 {
                    parts.push(format!("{} {words}", grouped(count)));
                }
            };
            add(reply.already_known, "dòng đã có trong sổ");
            add(reply.doubtful, "dòng còn phải xem: chọn lại tệp này để xem tiếp");
            add(reply.unmatched, "dòng không thấy trong xã, phường");
            add(reply.left_alone, "dòng để nguyên");
            parts.join("; ")
        })
    };
    let sentence = detail();
    view! {
        <EmptyState icon=IconName::CheckCircle title=Signal::derive(title) detail=sentence>
            <Button on_press=move |()| work.start_over() testid="holders-again">"Đối chiếu danh sách khác"</Button>
        </EmptyState>
    }
}
