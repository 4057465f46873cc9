//! "Sẵn sàng đi": really tries what the day will need, line by line, without a network.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::facts::Facts;
use super::line::{Health, Line, Lines, Todo};
use crate::components::{Button, Icon, IconName};
use crate::device::{keeping, offline};
use crate::state::{AppState, NotSaved};
use crate::update::Updates;

#[component]
pub fn Check(facts: Memo<Facts>) -> impl IntoView {
    let state = AppState::expect();
    let build = Updates::expect().build();
    let lines = RwSignal::new(Vec::<Line>::new());
    let is_busy = RwSignal::new(false);
    let is_done = RwSignal::new(false);
    let check = move |()| {
        lines.set(Vec::new());
        is_busy.set(true);
        is_done.set(false);
        spawn_local(async move {
            let add = |line: Line| lines.try_update(|lines| lines.push(line));
            add(writing(&state.test_storage().await));
            add(opening(offline::opens_without_network(build.get_untracked()).await));
            let room = Some(keeping::room().await);
            let Some(now) = facts.try_get_untracked() else { return };
            let now = Facts { room, ..now };
            // An unknown room has just been tried out.
            let known_room = now.room().filter(|_| room.and_then(keeping::Room::left_bytes).is_some());
            let rest = [
                Some(now.lists()),
                known_room,
                now.keeping(),
                Some(now.clock()),
                Some(now.browser()),
                refused(&now),
                forgotten(&now),
            ];
            rest.into_iter().flatten().for_each(|line| {
                add(line);
            });
            keeping::note_busy(state.today());
            is_busy.try_set(false);
            is_done.try_set(true);
        });
    };
    let told = move || is_done.get().then(|| lines.with(|lines| verdict(lines)));
    view! {
        <section class="section" data-testid="check">
            <Button wide=true icon=IconName::Shield busy=is_busy on_press=check testid="check-start">"Kiểm tra: sẵn sàng đi?"</Button>
            <div role="status">
                {move || told().map(|(health, sentence)| view! {
                    <p class="verdict" data-state=if health == Health::Bad { "bad" } else { "good" } data-testid="verdict">
                        <Icon name=if health == Health::Bad { IconName::Error } else { IconName::CheckCircle } />
                        <span>{sentence}</span>
                    </p>
                })}
            </div>
            <Show when=move || lines.with(|lines| !lines.is_empty())>
                <Lines lines />
            </Show>
        </section>
    }
}

fn writing(outcome: &Result<(), NotSaved>) -> Line {
    let name = "Ghi thử";
    match outcome {
        Ok(()) => Line::good("writing", name, "Ghi vào máy, đọc lại đúng, rồi xóa."),
        Err(NotSaved::Full) => {
            let todo = Todo::Words("Xóa bớt ảnh, video hoặc ứng dụng rồi kiểm tra lại.");
            Line::bad("writing", name, "Máy đã hết chỗ trống.", todo)
        }
        Err(_) => {
            let todo = Todo::Words("Đóng ứng dụng rồi mở lại; nếu vẫn vậy, khởi động lại máy.");
            Line::bad("writing", name, "Chưa ghi được vào máy này.", todo)
        }
    }
}

fn opening(is_kept: bool) -> Line {
    let name = "Mở khi mất sóng";
    if is_kept {
        return Line::good("opening", name, "Ứng dụng đã nằm trọn trong máy.");
    }
    let todo = Todo::Words("Để ứng dụng mở vài phút ở chỗ có mạng, đóng hẳn, mở lại rồi kiểm tra lần nữa.");
    Line::bad("opening", name, "Ứng dụng chưa tải đủ về máy nên có thể không mở được.", todo)
}

fn refused(facts: &Facts) -> Option<Line> {
    let says = format!("Có {} mục máy chủ chưa nhận.", facts.status.refused);
    (facts.status.refused > 0).then(|| Line::watch("refused", "Cần xem lại", says, Todo::Phone("Xem từng mục")))
}

/// Work that waits keeps nobody at home; that nothing can be sent from this phone does, while an invite is near.
fn forgotten(facts: &Facts) -> Option<Line> {
    Some(facts.unsent()).filter(|line| line.health == Health::Bad)
}

/// The worst, in one sentence.
fn verdict(lines: &[Line]) -> (Health, String) {
    let worst = lines.iter().map(|line| line.health).max().unwrap_or(Health::Bad);
    let names = |health| {
        let names = lines.iter().filter(|line| line.health == health).map(|line| line.name.to_lowercase());
        names.collect::<Vec<_>>().join(", ")
    };
    let sentence = match worst {
        Health::Good => "Sẵn sàng đi".to_owned(),
        Health::Watch => format!("Sẵn sàng đi; nên xem thêm: {}", names(Health::Watch)),
        Health::Bad => format!("Chưa sẵn sàng: {}", names(Health::Bad)),
    };
    (worst, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_that_could_lose_work_is_enough_to_stay() {
        let lines = [writing(&Ok(())), opening(false)];
        assert_eq!(verdict(&lines), (Health::Bad, "Chưa sẵn sàng: mở khi mất sóng".to_owned()));
        assert_eq!(verdict(&[writing(&Err(NotSaved::Full))]).0, Health::Bad);
    }

    #[test]
    fn what_is_only_worth_a_look_keeps_nobody_at_home() {
        let watch = Line::watch("clock", "Giờ của máy", "Lệch.", Todo::SendNow);
        let (health, sentence) = verdict(&[writing(&Ok(())), opening(true), watch]);
        assert_eq!((health, sentence.as_str()), (Health::Watch, "Sẵn sàng đi; nên xem thêm: giờ của máy"));
        assert_eq!(verdict(&[opening(true)]).1, "Sẵn sàng đi");
    }

    #[test]
    fn a_check_that_found_nothing_out_says_nothing_good() {
        assert_eq!(verdict(&[]).0, Health::Bad);
    }
}
