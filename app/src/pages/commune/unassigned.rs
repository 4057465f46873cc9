//! Who has no area: the commune's own officers, and members who are not assigned yet. Their phones are lost and replaced
//! like everybody's.

use domain::DocId;
use domain::text::name_key;
use leptos::prelude::*;

use super::Commune;
use crate::pages::coverage::devices::MemberDevices;
use crate::pages::coverage::phones::{Phone, PhoneLine};

/// A member's line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    id: DocId,
    name: String,
    role: &'static str,
    phone: Phone,
}

fn rows(commune: Commune) -> Vec<Row> {
    let (members, phones) = (commune.state.members().get(), commune.state.phone_states().get());
    let row = |member: &domain::people::Member| Row {
        id: member.id,
        name: member.name.clone(),
        role: member.role.label(),
        phone: Phone::reported(phones.get(&member.id)),
    };
    let mut rows: Vec<Row> = members.values().filter(|member| member.areas.is_empty()).map(row).collect();
    rows.sort_by_cached_key(|row| (name_key(&row.name), row.id));
    rows
}

#[component]
pub fn Unassigned(commune: Commune) -> impl IntoView {
    let rows = Memo::new(move |_| rows(commune));
    let now_ms = commune.now_ms;
    let line = move |row: Row| {
        view! {
            <li class="coverage-member" data-testid="unassigned-member" data-id=row.id.to_string()>
                <p><strong>{row.name.clone()}</strong> " · " {row.role}</p>
                <PhoneLine phone=row.phone now_ms />
                <MemberDevices member=row.id name=row.name phone=row.phone now_ms />
            </li>
        }
    };
    view! {
        <section class="section">
            <h2 class="section__title">"Cán bộ, và người chưa có địa bàn"</h2>
            <ul class="card rows coverage__rows" role="list">
                <For each=move || rows.get() key=Clone::clone children=line />
            </ul>
        </section>
    }
}
