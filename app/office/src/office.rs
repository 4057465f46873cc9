//! Who sits here and which commune this is: asked once, when the page opens.

use std::sync::Arc;

use app::sync::{self, AskError};
use domain::DocId;
use domain::people::Role;
use domain::protocol::{ErrorCode, OfficeArea, OfficeReply};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    Asking,
    /// The sentence says what to do.
    Failed(String),
    Ready(Arc<OfficeReply>),
}

#[derive(Clone, Copy)]
pub struct Office {
    opened: RwSignal<Opened>,
}

impl Office {
    pub fn provide() -> Self {
        let office = Self { opened: RwSignal::new(Opened::Asking) };
        provide_context(office);
        office.ask();
        office
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn opened(self) -> Signal<Opened> {
        self.opened.into()
    }

    /// Asks (again): after areas were made, or when there was no network.
    pub fn ask(self) {
        spawn_local(async move {
            let opened = match sync::get::<OfficeReply>("/api/lists/office").await {
                Ok(reply) => Opened::Ready(Arc::new(reply)),
                Err(error) => Opened::Failed(sentence(&error)),
            };
            self.opened.set(opened);
        });
    }

    /// Reactive; `None` until the server has answered.
    pub fn reply(self) -> Option<Arc<OfficeReply>> {
        match self.opened.get() {
            Opened::Ready(reply) => Some(reply),
            _ => None,
        }
    }

    pub fn role(self) -> Role {
        self.reply().map_or(Role::Member, |reply| reply.role)
    }

    /// In order.
    pub fn areas(self) -> Vec<OfficeArea> {
        self.reply().map(|reply| reply.areas.clone()).unwrap_or_default()
    }

    /// "—" for an area that is not among ours.
    pub fn area_name(self, area: DocId) -> String {
        self.areas().into_iter().find(|known| known.id == area).map_or_else(|| "—".to_owned(), |known| known.name)
    }
}

/// What went wrong with a question to the server, and what to do.
pub fn sentence(error: &AskError) -> String {
    match error {
        AskError::NoNetwork => "Chưa nối được tới máy chủ. Kiểm tra mạng rồi thử lại; chưa có gì thay đổi.".to_owned(),
        AskError::Ours(error) if error.code == ErrorCode::DeviceUnknown => {
            "Trình duyệt này chưa được ghi danh. Mở lời mời của cán bộ xã, phường trước.".to_owned()
        }
        AskError::Ours(error) => error.message.clone(),
    }
}
