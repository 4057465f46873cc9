//! In the place of the office's list pages, when the server cannot be reached: they ask it for everything.

use leptos::prelude::*;

use crate::app::Shell;
use crate::components::{EmptyState, IconName};

#[component]
pub fn NeedsNetworkPage() -> impl IntoView {
    let again = window().location().pathname().unwrap_or_else(|_| "/danh-sach".to_owned());
    view! {
        <Shell title="Danh sách" page="needs-network">
            <EmptyState
                icon=IconName::Warning
                title="Trang này cần mạng"
                detail="Nhập, đối chiếu và in danh sách làm việc thẳng với máy chủ. Mọi việc tại nhà vẫn ghi được khi không có mạng."
            >
                <a class="button" data-kind="primary" href=again rel="external">"Thử lại"</a>
            </EmptyState>
        </Shell>
    }
}
