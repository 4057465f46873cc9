//! Named lists that leave the program (`/danh-sach/in`): chosen, with a reason, shown as they will be printed.

mod form;
mod log;
mod printed;

use std::sync::Arc;

use app::components::{Button, ButtonKind, ButtonLink, IconName, Notice};
use app::device;
use domain::handout::{Handout, List};
use domain::people::Role;
use domain::protocol::{HandoutDesk, PaperSource};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::frame::Frame;
use crate::notices::Notices;
use crate::office::sentence;

use form::ChooseList;
use log::Log;
use printed::Printed;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    /// Routes and log; `None` until the server has answered.
    desk: RwSignal<Option<Arc<HandoutDesk>>>,
    taken: RwSignal<Option<Arc<Handout>>>,
    /// Taken hold of while the page is made: a tap has no context to find them in.
    notices: Notices,
}

impl Page {
    fn ask(self) {
        spawn_local(async move {
            match app::sync::get::<HandoutDesk>("/api/lists/handouts").await {
                Ok(desk) => self.desk.set(Some(Arc::new(desk))),
                Err(error) => self.notices.fail(sentence(&error)),
            }
        });
    }
}

#[component]
pub fn HandoutsPage() -> impl IntoView {
    let page = Page { desk: RwSignal::new(None), taken: RwSignal::new(None), notices: Notices::expect() };
    page.ask();
    view! {
        <Frame title="In danh sách" page="handouts" role=Role::Member wide=true>
            <Notice
                title="Danh sách có tên người dân"
                detail="Mỗi lần lấy ra đều được ghi vào sổ trước khi hiện, vì vậy cần có mạng. Mọi trang đều in tên người lấy, thời gian và lý do."
                testid="handouts-rule"
            />
            {move || match page.taken.get() {
                None => view! { <ChooseList page /> }.into_any(),
                Some(handout) => view! { <Taken page handout /> }.into_any(),
            }}
            <Show when=move || page.taken.with(Option::is_none)>
                <Log page />
            </Show>
        </Frame>
    }
}

/// A list that was just given out.
#[component]
fn Taken(page: Page, handout: Arc<Handout>) -> impl IntoView {
    let notices = page.notices;
    let number = handout.taken.number;
    let is_doors = matches!(handout.list, List::Doors(_));
    let name = if is_doors { "danh-sach-ho" } else { "danh-sach-ho-tro" };
    let file = Arc::clone(&handout);
    let to_file = move |()| match device::save_bytes(&format!("{name}-so-{number}.xlsx"), XLSX, &file.xlsx()) {
        Ok(()) => notices.say("Đã xuất tệp Excel"),
        Err(_) => notices.fail("Trình duyệt này không lưu được tệp. Dùng nút In."),
    };
    let secondary = ButtonKind::Secondary;
    view! {
        <section class="section handouts__given" data-testid="handout-given" data-number=number.to_string()>
            <h2 class="section__title">"Phiếu số " {number} " – xem trước khi in"</h2>
            <div class="cluster">
                <Button icon=IconName::List on_press=move |()| device::print() testid="handout-print">"In"</Button>
                <Button kind=secondary icon=IconName::Download on_press=to_file testid="handout-xlsx">"Xuất tệp Excel"</Button>
                {is_doors.then(|| view! {
                    <ButtonLink kind=secondary icon=IconName::Edit href=paper_href(PaperSource::Handout(number))>
                        "Nhập phiếu này khi mang về"
                    </ButtonLink>
                })}
                <Button kind=ButtonKind::Quiet on_press=move |()| { page.taken.set(None); page.ask(); } testid="handout-another">
                    "Lấy danh sách khác"
                </Button>
            </div>
        </section>
        <Printed handout />
    }
}

/// Where a list that came back is typed in.
pub fn paper_href(source: PaperSource) -> String {
    match source {
        PaperSource::Handout(number) => format!("/danh-sach/nhap-phieu?so={number}"),
        PaperSource::Area(area) => format!("/danh-sach/nhap-phieu?dia-ban={area}"),
    }
}
