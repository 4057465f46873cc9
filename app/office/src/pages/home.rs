//! What can be done with lists, a card each.

use app::components::{Icon, IconName};
use domain::people::Role;
use leptos::prelude::*;

use crate::frame::Frame;
use crate::office::Office;

/// A page, who may open it, what it is for.
struct Card {
    href: &'static str,
    icon: IconName,
    title: &'static str,
    detail: &'static str,
    role: Role,
}

/// One line a page, in the order in which a commune needs them.
const CARDS: &[Card] = &[
    Card {
        href: "/danh-sach/nhap",
        icon: IconName::Table,
        title: "Nhập danh sách hộ",
        detail: "Excel, ODS hoặc CSV đúng như đang có: xem trước thay đổi, nhập, hoàn tác",
        role: Role::Coordinator,
    },
    Card {
        href: "/danh-sach/doi-chieu",
        icon: IconName::Signature,
        title: "Đối chiếu danh sách",
        detail: "Danh sách của VNPT, Viettel, MobiFone, Công an, BHXH: ai đã có từ trước",
        role: Role::Coordinator,
    },
    Card {
        href: "/danh-sach/nghi-trung",
        icon: IconName::People,
        title: "Nghi trùng",
        detail: "Người có thể ghi hai lần: gộp lại hoặc giữ là hai người",
        role: Role::Coordinator,
    },
    Card {
        href: "/danh-sach/in",
        icon: IconName::List,
        title: "In danh sách",
        detail: "Danh sách hỗ trợ (15 người), danh sách hộ để đi bằng phiếu giấy; sổ các danh sách đã lấy ra",
        role: Role::Member,
    },
    Card {
        href: "/danh-sach/nhap-phieu",
        icon: IconName::Edit,
        title: "Nhập phiếu giấy",
        detail: "Gõ lại kết quả của phiếu giấy đã mang về",
        role: Role::Lead,
    },
];

#[component]
pub fn HomePage() -> impl IntoView {
    let office = Office::expect();
    let card = |card: &'static Card| {
        view! {
            <li>
                <a class="office-card" href=card.href data-testid=card.href.trim_start_matches('/').replace('/', "-")>
                    <Icon name=card.icon />
                    <span class="office-card__words">
                        <strong>{card.title}</strong>
                        <span class="muted">{card.detail}</span>
                    </span>
                </a>
            </li>
        }
    };
    let cards = move || CARDS.iter().filter(|card| card.role <= office.role()).map(card).collect_view();
    view! {
        <Frame title="Danh sách" page="lists" back="/" role=Role::Member>
            <ul class="office-cards">{cards}</ul>
        </Frame>
    }
}
