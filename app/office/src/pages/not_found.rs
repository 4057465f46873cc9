//! An address that is no page.

use app::components::{ButtonLink, EmptyState, IconName};
use domain::people::Role;
use leptos::prelude::*;

use crate::frame::Frame;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Frame title="Không có trang này" page="not-found" role=Role::Member>
            <EmptyState icon=IconName::Warning title="Không có trang này" detail="Liên kết sai hoặc đã cũ.">
                <ButtonLink href="/danh-sach">"Về trang danh sách"</ButtonLink>
            </EmptyState>
        </Frame>
    }
}
