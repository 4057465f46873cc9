//! The area's members: how many each has helped, and when their phones last came in.

use std::collections::{BTreeMap, BTreeSet};

use domain::DocId;
use domain::number::grouped;
use domain::text::name_key;
use leptos::prelude::*;

use crate::components::Progress;

use super::Coverage;
use super::devices::MemberDevices;
use super::doors::count;
use super::invite::Invite;
use super::phones::{Phone, PhoneLine, Silence};

/// A member's line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberRow {
    id: DocId,
    name: String,
    credited: u64,
    quota: u32,
    visits: u64,
    phone: Phone,
    is_late: bool,
    /// Whether this phone's owner may invite them.
    can_invite: bool,
}

impl MemberRow {
    pub fn is_late(&self) -> bool {
        self.is_late
    }
}

/// Everyone who is given this area, and everyone who has worked in it.
pub fn rows(coverage: Coverage) -> Vec<MemberRow> {
    let state = coverage.state;
    let Some(area) = coverage.area.get() else { return Vec::new() };
    let (me, now_ms) = (state.me(), coverage.now_ms.get());
    let (members, phones) = (state.members().get(), state.phone_states().get());
    let (status, role) = (state.status().get(), state.role().get());
    let summary = coverage.summary.get();
    let given = members.values().filter(|member| member.areas.contains(&area)).map(|member| member.id);
    let ids: BTreeSet<DocId> = given.chain(summary.members.keys().copied()).collect();
    let row = |id: DocId| {
        let member = members.get(&id);
        let counted = summary.members.get(&id).copied().unwrap_or_default();
        let reported = Phone::reported(phones.get(&id));
        let phone = if id == me {
            let own = (status.unsent as u64, status.refused as u64);
            Phone { last_sync_ms: status.last_sync_ms, unsent: own.0, refused: own.1, is_own: true, ..reported }
        } else {
            reported
        };
        MemberRow {
            id,
            name: member.map_or_else(|| "Thành viên khác".to_owned(), |member| member.name.clone()),
            credited: counted.credited,
            quota: coverage.state.quota_of(id),
            visits: counted.visits,
            can_invite: id != me && member.is_some_and(|member| member.role < role && member.areas.contains(&area)),
            is_late: phone.silence(now_ms) != Silence::Fresh,
            phone,
        }
    };
    let mut rows: Vec<MemberRow> = ids.into_iter().map(row).collect();
    rows.sort_by_cached_key(|row| (name_key(&row.name), row.id));
    rows
}

#[component]
pub fn Members(coverage: Coverage) -> impl IntoView {
    let rows = Memo::new(move |_| rows(coverage));
    view! {
        <section class="section">
            <h2 class="section__title">"Theo thành viên"</h2>
            <ul class="card rows coverage__rows" role="list">
                <For
                    each=move || rows.get()
                    key=Clone::clone
                    children=move |row| view! { <MemberLine row now_ms=coverage.now_ms /> }
                />
            </ul>
        </section>
    }
}

/// At a support point there are no doors to knock at: the people helped there, over all areas.
#[component]
pub fn PointMembers(coverage: Coverage, helped: Signal<BTreeMap<DocId, u64>>) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let helped = helped.get();
        let rows = rows(coverage).into_iter();
        rows.map(|row| (helped.get(&row.id).copied().unwrap_or(0), row)).collect::<Vec<_>>()
    });
    let line = move |(people, row): (u64, MemberRow)| {
        let id = row.id.to_string();
        view! {
            <li class="coverage-member" data-testid="point-member" data-id=id>
                <p><strong>{row.name.clone()}</strong></p>
                <p class="muted num">{format!("Đã hỗ trợ {} người tại điểm", grouped(people))}</p>
                <PhoneLine phone=row.phone now_ms=coverage.now_ms />
                <Phones row now_ms=coverage.now_ms />
            </li>
        }
    };
    view! {
        <section class="section">
            <h2 class="section__title">"Theo thành viên"</h2>
            <ul class="card rows coverage__rows" role="list">
                <For each=move || lines.get() key=Clone::clone children=line />
            </ul>
        </section>
    }
}

#[component]
fn MemberLine(row: MemberRow, now_ms: Memo<u64>) -> impl IntoView {
    let words = match row.quota {
        0 => format!("{} người", grouped(row.credited)),
        quota => format!("{} / {quota} người", grouped(row.credited)),
    };
    let visits = match row.visits {
        0 => "Chưa có lượt đến nào".to_owned(),
        visits => format!("{} lượt đến", grouped(visits)),
    };
    let id = row.id.to_string();
    view! {
        <li class="coverage-member" data-testid="coverage-member" data-id=id>
            <Progress value=count(row.credited) max=row.quota as usize label=row.name.clone() value_label=Some(words) />
            <p class="muted num">{visits}</p>
            <PhoneLine phone=row.phone now_ms />
            <Phones row now_ms />
        </li>
    }
}

/// What may be done about a member's phones, by whoever may invite them.
#[component]
fn Phones(row: MemberRow, now_ms: Memo<u64>) -> impl IntoView {
    row.can_invite.then(|| {
        view! {
            <div class="cluster">
                <Invite member=row.id name=row.name.clone() />
                <MemberDevices member=row.id name=row.name phone=row.phone now_ms />
            </div>
        }
    })
}
