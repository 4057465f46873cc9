//! A lead's verbs: dividing an area into routes and giving these to members. What they write is decided in
//! `domain::division`; each is one write, and can be taken back.

use domain::DocId;
use domain::coverage::AreaView;
use domain::division::{self, Edit, Share};
use leptos::prelude::*;

use super::people::line;
use super::runtime::random_id;
use super::{AppState, NotSaved, Undo};

impl AppState {
    /// Adds a route at the end, with these households.
    pub async fn add_route(&self, area: DocId, name: &str, households: &[DocId]) -> Result<Undo, NotSaved> {
        let (name, id) = (route_name(name)?, random_id());
        self.divide_by(area, |view| division::add_route(view, area, id, &name, households)).await
    }

    pub async fn rename_route(&self, area: DocId, route: DocId, name: &str) -> Result<Undo, NotSaved> {
        let name = route_name(name)?;
        self.divide_by(area, |view| division::rename_route(view, area, route, &name)).await
    }

    pub async fn assign_members(&self, area: DocId, route: DocId, members: &[DocId]) -> Result<Undo, NotSaved> {
        self.divide_by(area, |view| division::assign_members(view, area, route, members)).await
    }

    /// Puts households on a route, or takes them off all routes.
    pub async fn move_households(
        &self,
        area: DocId,
        households: &[DocId],
        to: Option<DocId>,
    ) -> Result<Undo, NotSaved> {
        self.divide_by(area, |view| division::move_households(view, area, households, to)).await
    }

    /// Deletes a route; its households stay, without a route.
    pub async fn delete_route(&self, area: DocId, route: DocId) -> Result<Undo, NotSaved> {
        self.divide_by(area, |view| division::delete_route(view, area, route)).await
    }

    /// Divides the whole area as previewed.
    pub async fn divide(&self, area: DocId, shares: &[Share]) -> Result<Undo, NotSaved> {
        self.divide_by(area, |view| division::divide(view, area, shares, random_id)).await
    }

    async fn divide_by(&self, area: DocId, plan: impl FnOnce(&AreaView) -> Edit) -> Result<Undo, NotSaved> {
        let Edit { changes, inverse } = plan(&self.view(area).get_untracked());
        if !changes.is_empty() {
            self.write(changes).await?;
        }
        Ok(Undo::by_writing(area, inverse))
    }
}

fn route_name(name: &str) -> Result<String, NotSaved> {
    let name = line(name)?;
    if name.is_empty() { Err(NotSaved::Invalid("Ghi tên tuyến, ví dụ “Ngõ 12”.")) } else { Ok(name) }
}
