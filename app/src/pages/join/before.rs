//! What happened on this phone before, told before somebody joins: wiped as lost, emptied by the browser, or half there;
//! and what this window may do with what is recorded next.

use domain::Day;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Notice, NoticeKind};
use crate::device::keeping;
use crate::outbox::Carrier;
use crate::state::AppState;

#[component]
pub fn Before() -> impl IntoView {
    let was_wiped = window().location().search().is_ok_and(|search| search.contains("da-xoa"));
    if was_wiped {
        return view! {
            <Notice
                kind=NoticeKind::Warning
                title="Máy này đã được báo mất nên dữ liệu đã xóa"
                detail="Những gì chưa gửi, nếu có, chỉ còn một bản niêm phong dưới đây. Nếu tìm lại được máy, nhờ tổ trưởng chuyển giúp và xin lời mời mới."
                testid="join-wiped"
            />
        }
        .into_any();
    }
    let state = AppState::expect();
    let status = state.status().get_untracked();
    let seems_private = RwSignal::new(false);
    spawn_local(async move {
        let answer = keeping::looks_private().await;
        seems_private.try_set(answer);
    });
    let carried = Carrier::expect().carried();
    let is_rescued = move || carried.with(|all| all.iter().any(|one| one.rescued));
    let past = move || {
        match (status.is_device_unknown, status.unsent + status.refused, keeping::last_joined_ms()) {
        (true, ..) => Some((
            "Máy chủ chưa nhận ra máy này".to_owned(),
            "Bấm lại lời mời cũ nếu vừa vào tổ; nếu không được, xin tổ trưởng lời mời mới. Mọi thứ đã ghi vẫn còn trên máy."
                .to_owned(),
        )),
        (_, 0, Some(last_ms)) => Some(emptied(Day::at_ms(last_ms), is_rescued())),
        (_, 0, None) => None,
        (_, left, _) => Some((
            format!("Trên máy còn {left} mục chưa gửi"),
            "Trình duyệt đã mất thông tin máy này là của ai. Xin tổ trưởng lời mời mới cho chính bạn: vào lại là các mục này \
             được gửi."
                .to_owned(),
        )),
    }
    };
    view! {
        {move || past().map(|(title, detail)| {
            view! { <Notice kind=NoticeKind::Warning title detail testid="join-emptied" /> }
        })}
        <Show when=move || seems_private.get()>
            <Notice
                kind=NoticeKind::Warning
                title="Cửa sổ này có thể không giữ được dữ liệu"
                detail="Có vẻ đang ở chế độ ẩn danh (riêng tư), hoặc máy sắp hết chỗ. Hãy mở lời mời bằng cửa sổ thường."
                testid="join-private"
            />
        </Show>
    }
    .into_any()
}

/// Nothing is left, although this phone had joined; but perhaps a sealed copy of what was unsent.
fn emptied(last: Day, is_rescued: bool) -> (String, String) {
    let unsent = if is_rescued {
        "những gì chưa gửi còn một bản niêm phong ở dưới đây, có mạng thì tự gửi"
    } else {
        "những gì chưa gửi thì đã mất"
    };
    (
        "Dữ liệu của Từng Nhà trên máy này không còn".to_owned(),
        format!(
            "Trình duyệt hoặc một ứng dụng dọn máy đã xóa sau lần mở gần nhất, ngày {}. Những gì đã gửi vẫn còn nguyên trên máy \
             chủ; {unsent}. Xin tổ trưởng một lời mời mới để tải lại.",
            last.vietnamese()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::emptied;

    #[test]
    fn an_emptied_phone_is_told_what_is_left_and_what_is_not() {
        let day = domain::Day::from_ymd(2026, 11, 20).expect("a day");
        let (_, lost) = emptied(day, false);
        assert!(lost.contains("20/11/2026"), "{lost}");
        assert!(lost.contains("đã gửi vẫn còn nguyên") && lost.contains("chưa gửi thì đã mất"), "{lost}");
        let (_, rescued) = emptied(day, true);
        assert!(rescued.contains("bản niêm phong") && !rescued.contains("đã mất"), "{rescued}");
    }
}
