//! `/chuyen-giup`: unsent work goes to the server by way of another phone, and others' work by way of this one. Sealed, so
//! that whoever carries it reads nothing; works without a network on both sides.

mod give;
mod kept;
mod scan_codes;
mod show_codes;
mod take;

use leptos::prelude::*;

pub use give::SaveRescue;
pub use kept::KeptHere;

use crate::app::Shell;
use give::Give;
use take::Take;

#[component]
pub fn HandOverPage() -> impl IntoView {
    view! {
        <Shell title="Chuyển giúp" page="hand-over" back="/may">
            <Give />
            <Take />
        </Shell>
    }
}
