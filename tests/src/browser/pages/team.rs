//! The lead's area (`/dia-ban`), its routes (`/dia-ban/tuyen`), and the commune (`/phuong`).

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::figures;
use crate::browser::{Phone, id, until};

const MEMBERS: &str = "
    return [...document.querySelectorAll('[data-testid=\"coverage-member\"]')].map((line) => ({
        id: line.dataset.id,
        text: line.innerText,
        phone: line.querySelector('[data-testid=\"phone-line\"]').dataset.state,
    }));
";
const ROUTES: &str = "
    return [...document.querySelectorAll('[data-testid=\"routes-route\"]')].map((card) => ({
        id: card.dataset.id,
        name: card.querySelector('.route-card__name').textContent,
        households: card.querySelector('.route-card__count').textContent,
        members: card.querySelector('.route-card__members')?.textContent ?? '',
    }));
";

/// A member as the lead sees them.
#[derive(Clone, Debug, Deserialize)]
pub struct MemberLine {
    pub id: String,
    pub text: String,
    /// `fresh`, `late`, `never`.
    pub phone: String,
}

impl MemberLine {
    pub fn name(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    /// "2 / 15 người": helped, of the quota.
    pub fn credited(&self) -> Option<u64> {
        let line = self.text.lines().find(|line| line.contains("người"))?;
        figures(line).first().copied()
    }
}

/// A route as the lead sees it.
#[derive(Clone, Debug, Deserialize)]
pub struct RouteCard {
    pub id: String,
    pub name: String,
    pub households: String,
    pub members: String,
}

pub struct CoveragePage<'p>(&'p Phone);
pub struct RoutesPage<'p>(&'p Phone);
pub struct CommunePage<'p>(&'p Phone);

impl Phone {
    pub async fn coverage(&self) -> Result<CoveragePage<'_>> {
        self.see(&id("page-coverage")).await?;
        self.see(&id("coverage-doors")).await?;
        Ok(CoveragePage(self))
    }

    pub async fn routes(&self) -> Result<RoutesPage<'_>> {
        self.see(&id("page-routes")).await?;
        self.see(&id("routes-totals")).await?;
        Ok(RoutesPage(self))
    }

    pub async fn commune(&self) -> Result<CommunePage<'_>> {
        self.see(&id("page-commune")).await?;
        self.see(&id("commune-doors")).await?;
        Ok(CommunePage(self))
    }
}

async fn doors(phone: &Phone, testid: &str) -> Result<(u64, u64)> {
    let words = phone.text(&format!("{} figcaption", id(testid))).await?;
    match figures(&words).as_slice() {
        [reached, total, ..] => Ok((*reached, *total)),
        _ => bail!("the doors read {words:?}"),
    }
}

impl<'p> CoveragePage<'p> {
    /// "Đã tiếp cận 120 trên 330 hộ".
    pub async fn doors(&self) -> Result<(u64, u64)> {
        doors(self.0, "coverage-doors").await
    }

    pub async fn doors_are(&self, expected: (u64, u64)) -> Result<()> {
        let what = format!("the doors to be {} of {}", expected.0, expected.1);
        until(what, async || Ok((self.doors().await? == expected).then_some(()))).await
    }

    pub async fn members(&self) -> Result<Vec<MemberLine>> {
        self.0.eval(MEMBERS, vec![]).await
    }

    pub async fn member(&self, name: &str) -> Result<MemberLine> {
        let members = self.members().await?;
        let found = members.iter().find(|member| member.name() == name).cloned();
        found.with_context(|| format!("{name} is not among {members:?}"))
    }

    /// Waits until the lead's figure of a member is this.
    pub async fn credited(&self, name: &str, count: u64) -> Result<()> {
        until(format!("{name} to have helped {count}"), async || {
            Ok((self.member(name).await?.credited() == Some(count)).then_some(()))
        })
        .await
    }

    pub async fn divide(&self) -> Result<RoutesPage<'p>> {
        self.0.tap(&id("coverage-divide")).await?;
        self.0.routes().await
    }
}

impl RoutesPage<'_> {
    pub async fn routes(&self) -> Result<Vec<RouteCard>> {
        self.0.eval(ROUTES, vec![]).await
    }

    /// Waits until a route is like this.
    pub async fn route(&self, what: &str, is_wanted: impl Fn(&RouteCard) -> bool) -> Result<RouteCard> {
        until(format!("a route {what}"), async || Ok(self.routes().await?.into_iter().find(&is_wanted))).await
    }

    pub async fn add(&self, name: &str) -> Result<()> {
        self.0.tap(&id("route-add")).await?;
        self.0.fill(&id("route-name-input"), name).await?;
        self.0.tap(&id("route-save")).await
    }

    /// Gives a route to a member, beside those who have it.
    pub async fn assign(&self, route: &str, member: &str) -> Result<()> {
        self.0.tap(&format!("{}[data-id=\"{route}\"] {}", id("routes-route"), id("route-assign"))).await?;
        self.0.see(&id("route-save-members")).await?;
        let place: u64 = self
            .0
            .eval(
                "const fields = [...document.querySelectorAll('[data-testid=\"route-member\"]')];
                 return fields.findIndex((field) => field.innerText.includes(arguments[0])) + 1",
                vec![member.into()],
            )
            .await?;
        self.0.tap(&format!("{}:nth-child({place})", id("route-member"))).await?;
        self.0.tap(&id("route-save-members")).await
    }

    /// Chia đều cả địa bàn.
    pub async fn divide_evenly(&self) -> Result<()> {
        self.0.tap(&id("routes-even")).await?;
        self.0.see(&id("even-share")).await?;
        self.0.tap(&id("even-write")).await
    }
}

impl<'p> CommunePage<'p> {
    pub(super) fn phone(&self) -> &'p Phone {
        self.0
    }

    pub async fn doors(&self) -> Result<(u64, u64)> {
        doors(self.0, "commune-doors").await
    }

    /// How many areas the table has, without its total.
    pub async fn areas(&self) -> Result<u64> {
        let rows = format!("{} tbody tr:not([data-total])", id("commune-areas"));
        let script = "return document.querySelectorAll(arguments[0]).length";
        self.0.eval(script, vec![rows.into()]).await
    }

    /// The targets, each with `met`, `below` or `unknown`.
    pub async fn targets(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('[data-testid=\"commune-target\"] .target-bar')]
            .map((bar) => bar.dataset.state)";
        self.0.eval(script, vec![]).await
    }
}
