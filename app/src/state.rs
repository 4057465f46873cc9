//! What screens read and do: one `Copy` struct over the replica, provided once. Reading is reactive, verbs are `async`
//! and answer when it is stored.

mod areas;
mod devices;
mod door;
mod enrol;
mod health;
mod moves;
mod office;
mod outbox;
mod people;
mod plan;
mod point;
mod refresh;
mod report;
mod routes;
mod runtime;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use domain::campaign::Campaign;
use domain::coverage::AreaView;
use domain::people::{Member, Role};
use domain::place::{Area, Commune};
use domain::replica::{Change, Enrolment, Refused, Replica, ScopeState, Status, StoreError};
use domain::summary::{PhoneState, Summary};
use domain::tally::Tally;
use domain::{Day, DocId, InstallId};
use leptos::prelude::*;

pub use door::{Meeting, Told, Undo};
pub use enrol::JoinFailure;
pub use health::Lists;
pub use outbox::HandOverFailure;
pub use people::{HouseholdForm, ResidentForm};
pub use plan::{QuotaOf, StoredPlan};
pub use runtime::{now, random_bytes, random_id, random_u64};

use crate::storage::Unopened;
use office::Office;
use refresh::{AreaMemos, Sources};
use runtime::Runtime;

/// What the app is doing before pages can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Boot {
    /// Opening what is stored, or downloading for the first time.
    Loading {
        have: usize,
        total: Option<usize>,
    },
    NotJoined,
    Ready,
    Broken(Unopened),
}

/// How far an area has been downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Download {
    Complete,
    Running { have: usize, total: usize },
}

/// Why nothing was stored. What was typed stays on the screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSaved {
    #[error("Chưa lưu được: máy đã hết chỗ trống. Xóa bớt ảnh hoặc ứng dụng rồi lưu lại.")]
    Full,
    #[error("Chưa lưu được trên máy này. Thử lại; nếu vẫn không được, đóng ứng dụng rồi mở lại.")]
    Failed(String),
    #[error("Ứng dụng chưa mở xong. Chờ một chút rồi thử lại.")]
    NotReady,
    #[error("Chỉ người đã ghi hoặc tổ trưởng mới sửa lại được mục này.")]
    NotYours,
    #[error(
        "Máy này còn mục chưa gửi hoặc cần xem lại, mà chưa niêm phong được. Nếu máy chủ chưa nhận ra máy này, hãy vào lại \
         bằng lời mời của bạn; rồi có mạng một lần, bấm “Gửi ngay” và thử lại."
    )]
    Unsettled,
    /// What was typed can't be stored.
    #[error("{0}")]
    Invalid(&'static str),
}

impl NotSaved {
    pub fn sentence(&self) -> String {
        self.to_string()
    }
}

impl From<StoreError> for NotSaved {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Failed(cause) => Self::Failed(cause),
            StoreError::Outdated(_) => Self::Failed("outdated".to_owned()),
        }
    }
}

#[derive(Clone, Copy)]
pub struct AppState {
    runtime: StoredValue<Rc<Runtime>, LocalStorage>,
    sources: Sources,
    office: Office,
    area: RwSignal<Option<DocId>>,
    views: StoredValue<BTreeMap<DocId, AreaMemos>>,
    tally: Memo<Arc<Tally>>,
    owner: StoredValue<Owner>,
    has_just_joined: StoredValue<bool>,
    /// Doors whose meeting of today is being stored: a second tap must not make a second visit of it.
    meetings: StoredValue<BTreeSet<DocId>>,
    /// The code that was tried last, with the installation it was tried for: trying again is the same attempt.
    attempt: StoredValue<Option<(String, InstallId)>>,
}

impl AppState {
    /// Starts opening what is stored. Once, in `App`.
    pub fn provide() -> Self {
        let sources = Sources::new();
        let runtime = StoredValue::new_local(Runtime::new(sources));
        let office = Office::new(sources, runtime);
        let owner = StoredValue::new(Owner::current().unwrap_or_default());
        let views = StoredValue::new(BTreeMap::new());
        let area = refresh::remembered_area(sources, office);
        let tally = Memo::new(move |_| Arc::new(AppState::expect().fold_tally()));
        let has_just_joined = StoredValue::new(false);
        let (meetings, attempt) = (StoredValue::default(), StoredValue::default());
        let state = Self { runtime, sources, office, area, views, tally, owner, has_just_joined, meetings, attempt };
        provide_context(state);
        runtime.with_value(Runtime::start);
        state
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn boot(&self) -> Signal<Boot> {
        self.sources.boot.into()
    }

    pub fn status(&self) -> Signal<Status> {
        self.sources.status.into()
    }

    pub fn enrolment(&self) -> Signal<Option<Enrolment>> {
        self.sources.enrolment.into()
    }

    pub fn role(&self) -> Signal<Role> {
        let state = *self;
        Signal::derive(move || state.sources.enrolment.with(|own| own.as_ref().map_or(Role::Member, |own| own.role)))
    }

    /// Own member id; nil before joining.
    pub fn me(&self) -> DocId {
        self.sources.enrolment.with(|own| own.as_ref().map_or(DocId::from_u128(0), |own| own.member))
    }

    /// A neutral default until it has arrived.
    pub fn campaign(&self) -> Signal<Arc<Campaign>> {
        self.office.campaign.into()
    }

    pub fn commune(&self) -> Signal<Option<Commune>> {
        self.office.commune.into()
    }

    pub fn members(&self) -> Signal<Arc<BTreeMap<DocId, Member>>> {
        self.office.members.into()
    }

    /// All areas of the commune, in order.
    pub fn areas(&self) -> Signal<Arc<Vec<Area>>> {
        self.office.areas.into()
    }

    /// The areas that this phone holds, in order.
    pub fn my_areas(&self) -> Signal<Arc<Vec<DocId>>> {
        self.office.my_areas.into()
    }

    /// The area being worked in; remembered.
    pub fn area(&self) -> RwSignal<Option<DocId>> {
        self.area
    }

    pub fn download(&self, area: DocId) -> Signal<Download> {
        let state = *self;
        Signal::derive(move || {
            let scope = state.sources.scopes.with(|scopes| scopes.get(&area).cloned()).unwrap_or_default();
            if scope.complete {
                return Download::Complete;
            }
            state.sources.changed.track();
            let have = state.read(|replica| replica.shown(area).count()).unwrap_or(0);
            Download::Running { have, total: have + scope.left as usize }
        })
    }

    /// An area with everything on this phone.
    pub fn view(&self, area: DocId) -> Signal<Arc<AreaView>> {
        self.memos(area).shown.into()
    }

    /// Own results over all my areas.
    pub fn tally(&self) -> Signal<Arc<Tally>> {
        self.tally.into()
    }

    /// Own chỉ tiêu, 0 where the plan sets none.
    pub fn quota(&self) -> Signal<u32> {
        let state = *self;
        Signal::derive(move || state.quota_of(state.me()))
    }

    /// Chỉ tiêu of a member, 0 where the plan sets none. Reactive.
    pub fn quota_of(&self, member: DocId) -> u32 {
        let (members, areas) = (self.office.members.get(), self.office.areas.get());
        domain::tally::quota(members.get(&member), &areas, &self.office.campaign.get()).unwrap_or(0)
    }

    /// Figures per area; for leads and coordinators.
    pub fn summaries(&self) -> Signal<Arc<BTreeMap<DocId, Summary>>> {
        self.office.summaries.into()
    }

    /// When each member's phones last came in; for leads and coordinators.
    pub fn phone_states(&self) -> Signal<Arc<BTreeMap<DocId, PhoneState>>> {
        self.office.phone_states.into()
    }

    pub fn refused(&self) -> Signal<Arc<Vec<(DocId, Refused)>>> {
        self.office.refused.into()
    }

    /// Whether this document has unsent edits. Reactive.
    pub fn unsent(&self, id: DocId) -> bool {
        self.sources.changed.track();
        self.read(|replica| replica.row(id).is_some_and(|row| row.mine.is_some())).unwrap_or(false)
    }

    /// Today in Vietnam, by office time as far as known. Reactive.
    pub fn today(&self) -> Day {
        self.sources.day.get()
    }

    /// Office time as far as known, milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        let wall_ms = runtime::now().wall_ms;
        self.read(|replica| replica.corrected_ms(wall_ms)).unwrap_or(wall_ms)
    }

    /// Times since opening that a scope was found to differ from the server's.
    pub fn divergences(&self) -> Signal<u32> {
        self.sources.divergences.into()
    }

    /// Stores all changes or none, and returns when they are stored.
    pub async fn write(&self, changes: Vec<Change>) -> Result<(), NotSaved> {
        self.runtime.get_value().write(changes).await
    }

    pub fn sync_now(&self) {
        self.runtime.with_value(Runtime::sync_now);
    }

    /// Waits until nothing is being stored.
    pub async fn at_rest(&self) {
        self.runtime.get_value().at_rest().await;
    }

    pub async fn retry(&self, id: DocId) {
        self.runtime.get_value().settle(domain::replica::Event::Retry(id)).await;
    }

    pub async fn discard(&self, id: DocId) {
        self.runtime.get_value().settle(domain::replica::Event::Discard(id)).await;
    }

    /// Reads the replica; `None` until it is open. Not reactive by itself.
    pub fn read<T>(&self, of: impl FnOnce(&Replica) -> T) -> Option<T> {
        self.runtime.with_value(|runtime| runtime.read(of))
    }

    /// Storage for half-typed forms.
    pub fn storage(&self) -> Rc<crate::storage::Storage> {
        self.runtime.with_value(|runtime| Rc::clone(&runtime.storage))
    }

    fn memos(&self, area: DocId) -> AreaMemos {
        if let Some(memos) = self.views.with_value(|views| views.get(&area).copied()) {
            return memos;
        }
        // They outlive the page that asks first: the next page finds them made.
        let memos = self.owner.with_value(|owner| owner.with(|| AreaMemos::new(area, *self)));
        self.views.update_value(|views| {
            views.insert(area, memos);
        });
        memos
    }

    fn fold_tally(&self) -> Tally {
        let campaign = self.office.campaign.get();
        let me = self.me();
        let mut tally = Tally { elsewhere: self.sources.elsewhere.get(), ..Tally::default() };
        for area in self.office.my_areas.get().iter() {
            let memos = self.memos(*area);
            tally.add(Tally::of(me, &memos.shown.get(), &memos.confirmed.get(), &campaign));
        }
        tally
    }
}

/// The scopes of a replica, for signals that compare by value.
type Scopes = Arc<BTreeMap<DocId, ScopeState>>;
