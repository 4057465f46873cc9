//! An address that leads nowhere.

use leptos::prelude::*;

use crate::app::Shell;
use crate::components::{ButtonLink, EmptyState, IconName};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Shell title="Không có trang này" page="not-found">
            <EmptyState
                icon=IconName::Question
                title="Không có trang này"
                detail="Địa chỉ có thể đã gõ nhầm hoặc thuộc bản cũ. Dữ liệu trên máy vẫn nguyên."
            >
                <ButtonLink href="/">"Về trang đầu"</ButtonLink>
            </EmptyState>
        </Shell>
    }
}
