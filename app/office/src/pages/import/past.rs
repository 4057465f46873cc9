//! The last imports, each with its way back.

use app::components::{Button, ButtonKind, Sheet, grouped};
use app::sync;
use domain::day::time_of_day;
use domain::protocol::{ImportsReply, PastImport, UndoReply, UndoRequest};
use domain::{Day, DocId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::notices::Notices;
use crate::office::{Office, sentence};

/// Undoes an import, says what came of it, and goes on with `then`.
pub fn undo(request: UndoRequest, then: impl Fn() + 'static) {
    let notices = Notices::expect();
    spawn_local(async move {
        match sync::ask::<UndoReply>("/api/lists/imports/undo", &request).await {
            Ok(told) => {
                let kept = match told.people_kept {
                    0 => String::new(),
                    kept => format!(" Giữ lại {} người đã có ghi nhận từ khi nhập.", grouped(kept)),
                };
                notices.say(format!("Đã hoàn tác: bỏ {} người.{kept}", grouped(told.people_removed)));
                then();
            }
            Err(error) => notices.fail(sentence(&error)),
        }
    });
}

#[component]
pub fn Past() -> impl IntoView {
    let imports = RwSignal::new(Vec::<PastImport>::new());
    let load = move || {
        spawn_local(async move {
            // Without them the page still does its work.
            if let Ok(reply) = sync::get::<ImportsReply>("/api/lists/imports").await {
                imports.try_set(reply.imports);
            }
        });
    };
    load();
    let asked = RwSignal::new(None::<DocId>);
    let confirm = move |()| {
        if let Some(batch) = asked.get_untracked() {
            asked.set(None);
            undo(UndoRequest { batch }, load);
        }
    };
    view! {
        <Show when=move || imports.with(|imports| !imports.is_empty())>
            <section class="section" data-testid="import-past">
                <h2 class="section__title">"Các lần nhập trước"</h2>
                <ul class="office-lines">
                    {move || imports.get().into_iter().map(|import| past(import, asked)).collect_view()}
                </ul>
            </section>
        </Show>
        <Sheet
            open=Signal::derive(move || asked.with(Option::is_some))
            title="Hoàn tác lần nhập này?"
            on_close=move |()| asked.set(None)
            testid="undo-sheet"
        >
            <p>
                "Người và hộ do lần nhập này thêm vào được bỏ ra, chỗ đã sửa trở lại như trước. Ai đã có ghi nhận tại nhà từ khi nhập thì được giữ."
            </p>
            <div class="sheet__actions">
                <Button kind=ButtonKind::Danger wide=true on_press=confirm testid="undo-yes">"Hoàn tác"</Button>
                <Button kind=ButtonKind::Quiet wide=true on_press=move |()| asked.set(None)>"Để nguyên"</Button>
            </div>
        </Sheet>
    }
}

fn past(import: PastImport, asked: RwSignal<Option<DocId>>) -> impl IntoView {
    let office = Office::expect();
    let when = format!("{}, {}", time_of_day(import.imported_ms), Day::at_ms(import.imported_ms).vietnamese());
    let names = {
        let areas = import.areas.clone();
        move || match areas.as_slice() {
            [area] => office.area_name(*area),
            several => format!("{} địa bàn", several.len()),
        }
    };
    let counts = import.counts;
    let figures = format!("{} người mới, {} thay đổi", grouped(counts.added), grouped(counts.changed + counts.moved));
    let batch = import.batch;
    view! {
        <li class="import__past">
            <span>
                <strong>{import.file}</strong>
                " · " {names} " · " {figures}
                <span class="muted">{format!(" · {when}")}</span>
                {import.undone_ms.map(|_| view! { <span class="muted">" · đã hoàn tác"</span> })}
            </span>
            {import.can_be_undone.then(|| view! {
                <Button
                    kind=ButtonKind::Secondary
                    on_press=move |()| asked.set(Some(batch))
                    testid="past-undo"
                >
                    "Hoàn tác"
                </Button>
            })}
        </li>
    }
}
