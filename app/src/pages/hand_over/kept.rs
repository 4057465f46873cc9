//! One capsule that this phone carries; and, for a phone that was emptied, what is still sealed on it.

use domain::protocol::CapsuleReply;
use leptos::prelude::*;

use crate::components::{Button, ButtonKind, Icon, IconName};
use crate::device;
use crate::notices::Notices;
use crate::outbox::{Carried, Carrier, Outcome};

/// What waits, what has arrived, what was refused.
#[component]
fn CarriedItem(one: Carried) -> impl IntoView {
    let carrier = Carrier::expect();
    let (state, icon) = match &one.outcome {
        Some(Outcome::Taken(reply)) if reply.is_whole() => ("arrived", IconName::CloudCheck),
        Some(_) => ("refused", IconName::Warning),
        None => ("waiting", IconName::Cloud),
    };
    let outcome = one.outcome.clone();
    let sentence = move || match &outcome {
        None if carrier.is_offline().get() => "Chờ mạng. Máy này sẽ tự gửi.".to_owned(),
        None => "Chờ gửi.".to_owned(),
        Some(Outcome::Taken(reply)) => arrived(*reply, one.rescued),
        Some(Outcome::Refused(error)) => error.message.clone(),
    };
    let name = one.name.clone();
    let is_open = !one.is_done();
    let is_sure = RwSignal::new(false);
    let whose = if one.rescued { "Cứu hộ từ máy này" } else { "Của đồng đội" };
    view! {
        <li class="card carried__item" data-testid="carried" data-state=state>
            <p class="carried__what"><Icon name=icon /> {format!("{} mục", one.documents)}</p>
            <p class="muted">{whose}</p>
            <p data-testid="carried-state">{sentence}</p>
            {is_open.then(|| view! {
                <div class="cluster">
                    <SaveAgain one=one.clone() />
                    {(one.outcome.is_some()).then(|| view! {
                        <Button
                            kind=ButtonKind::Quiet
                            icon=IconName::Trash
                            on_press=move |()| {
                                // It may be the only copy.
                                if is_sure.get_untracked() {
                                    carrier.forget(name.clone());
                                }
                                is_sure.set(true);
                            }
                            testid="carried-drop"
                        >
                            {move || if is_sure.get() { "Bấm lần nữa để bỏ hẳn" } else { "Bỏ" }}
                        </Button>
                    })}
                </div>
            })}
        </li>
    }
}

fn arrived(reply: CapsuleReply, is_rescued: bool) -> String {
    if reply.is_whole() {
        return "Đã tới máy chủ.".to_owned();
    }
    let next = if is_rescued {
        "Gói vẫn được giữ ở đây và sẽ được gửi lại; cũng có thể lưu ra tệp và nhờ tổ trưởng chuyển."
    } else {
        "Người ghi sẽ thấy lý do trên máy của mình khi có mạng."
    };
    format!("{} mục đã tới máy chủ, {} mục chưa được nhận. {next}", reply.taken, reply.refused)
}

/// The bytes as they are, for whoever can bring them sooner.
#[component]
fn SaveAgain(one: Carried) -> impl IntoView {
    let notices = Notices::expect();
    let save = move |()| {
        if device::save_capsules(&one.name, &[one.bytes()]) {
            notices.say_saved("Đã đưa tệp cho trình duyệt lưu; xem trong mục Tải xuống", None);
        } else {
            notices.fail("Trình duyệt này không lưu được tệp. Thử lại bằng Chrome.");
        }
    };
    view! {
        <Button kind=ButtonKind::Secondary icon=IconName::Download on_press=save testid="carried-save">"Lưu ra tệp"</Button>
    }
}

/// All that this phone carries, and a way to bring it at once.
#[component]
pub fn CarriedList() -> impl IntoView {
    let carrier = Carrier::expect();
    let all = carrier.carried();
    let is_waiting = move || all.with(|all| all.iter().any(Carried::is_waiting));
    // What has arrived has been seen once the page is left.
    on_cleanup(move || carrier.forget_done());
    view! {
        <ul class="carried">
            <For
                each=move || all.get()
                key=|one| (one.name.clone(), format!("{:?}", one.outcome))
                children=|one| view! { <CarriedItem one /> }
            />
        </ul>
        <Show when=is_waiting>
            <Button
                kind=ButtonKind::Secondary
                wide=true
                icon=IconName::CloudUp
                busy=carrier.is_bringing()
                on_press=move |()| carrier.bring()
                testid="take-bring"
            >
                "Gửi ngay"
            </Button>
        </Show>
    }
}

/// For pages of a phone that belongs to nobody: sealed work that is still on it.
#[component]
pub fn KeptHere() -> impl IntoView {
    let all = Carrier::expect().carried();
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <section class="section" data-testid="kept-here">
                <h2 class="section__title">"Còn giữ trên máy này"</h2>
                <p class="muted">
                    "Những mục chưa gửi được giữ lại, đã niêm phong: chỉ máy chủ đọc được."
                </p>
                <CarriedList />
            </section>
        </Show>
    }
}
