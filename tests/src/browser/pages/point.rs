//! A support point: the coordinator adds it (`/phuong`), members help who comes in (`/diem`, `/diem/<id>`).

use anyhow::{Context as _, Result};

use super::{CommunePage, Person, figure};
use crate::browser::{Phone, id, until};

const CHECK_OF: &str = "
    const checks = [...document.querySelectorAll('[data-testid=\"assign\"] label')];
    return checks.find((check) => check.innerText.includes(arguments[0]))?.dataset.testid ?? null;
";
const TYPED: &str = "
    const fields = ['walk-in-name-input', 'walk-in-year-input'];
    return fields.map((field) => document.querySelector(`[data-testid=\"${field}\"]`).value);
";

pub struct PointPage<'p>(&'p Phone);
/// Somebody who has come in.
pub struct VisitorPage<'p>(&'p Phone);

impl Phone {
    pub async fn point(&self) -> Result<PointPage<'_>> {
        self.see(&id("page-point")).await?;
        self.see(&id("point-search")).await?;
        Ok(PointPage(self))
    }

    async fn visitor(&self) -> Result<VisitorPage<'_>> {
        self.see(&id("page-point-person")).await?;
        self.see(&id("person")).await?;
        Ok(VisitorPage(self))
    }

    /// Works in another area from now on, from the list of doors.
    pub async fn work_at(&self, area: &str) -> Result<PointPage<'_>> {
        const OPTION: &str = "
            const options = [...document.querySelectorAll('[data-testid=\"route-choice\"] button')];
            return options.find((option) => option.innerText.includes(arguments[0]))?.dataset.testid ?? null;
        ";
        self.tap(&id("choose-route")).await?;
        let find = async || self.eval::<Option<String>>(OPTION, vec![area.into()]).await;
        let option = until(format!("{area} among the areas"), find).await?;
        self.tap(&id(&option)).await?;
        self.point().await
    }
}

impl CommunePage<'_> {
    /// Adds a point and gives it to members.
    pub async fn add_point(&self, kind: &str, name: &str, members: &[&str]) -> Result<()> {
        let phone = self.phone();
        phone.tap(&id("new-point")).await?;
        phone.tap(&id(&format!("chip-{kind}"))).await?;
        phone.fill(&id("point-name-input"), name).await?;
        phone.tap(&format!("{} {}", id("new-point-form"), id("form-save"))).await?;
        phone.tap(&format!("{} summary", id("assign"))).await?;
        for member in members {
            let find = async || phone.eval::<Option<String>>(CHECK_OF, vec![(*member).into()]).await;
            let check = until(format!("{member} among the team"), find).await?;
            phone.tap(&id(&check)).await?;
            phone.says_saved(member).await?;
        }
        Ok(())
    }

    /// How many people were helped through a channel.
    pub async fn helped_at(&self, channel: &str) -> Result<u64> {
        let cell = format!("{} {} td", id("commune-channels"), id(&format!("row-{channel}")));
        figure(&self.phone().text(&cell).await?).with_context(|| format!("{channel} has no figure"))
    }
}

impl<'p> PointPage<'p> {
    /// Finds somebody by letters and opens the first who is found.
    pub async fn open_first(&self, letters: &str) -> Result<VisitorPage<'p>> {
        self.0.fill(&id("search-input"), letters).await?;
        self.0.tap(&id("point-found")).await?;
        self.0.visitor().await
    }

    /// Somebody on no list: the name is taken over from the search.
    pub async fn begin_to_add(&self, name: &str, year: &str) -> Result<()> {
        self.0.fill(&id("search-input"), name).await?;
        self.0.tap(&id("point-add")).await?;
        self.0.fill(&id("walk-in-year-input"), year).await
    }

    /// The half-typed form is on the screen again, and says so; answers the name and the year in it.
    pub async fn half_typed(&self) -> Result<[String; 2]> {
        self.0.see(&id("draft-restored")).await?;
        self.0.eval(TYPED, vec![]).await
    }

    pub async fn save(&self, year: &str) -> Result<VisitorPage<'p>> {
        self.0.fill(&id("walk-in-year-input"), year).await?;
        self.0.tap(&format!("{} {}", id("point-add-form"), id("form-save"))).await?;
        self.0.visitor().await
    }

    /// Waits until today's list counts so many.
    pub async fn has_helped_today(&self, count: u64) -> Result<()> {
        until(format!("{count} people on today's list"), async || {
            let shown = self.0.attribute(&id("point-today"), "data-count").await?;
            Ok((shown.as_deref() == Some(&count.to_string())).then_some(()))
        })
        .await
    }
}

impl<'p> VisitorPage<'p> {
    pub async fn person(&self) -> Result<Person> {
        super::door::people(self.0).await?.into_iter().next().context("nobody here")
    }

    /// Taps the first service that nothing is known of; waits until it is stored.
    pub async fn help(&self) -> Result<()> {
        let mark = format!("{}[data-state=unknown]", id("service-mark"));
        let before = self.person().await?.marks;
        self.0.tap(&mark).await?;
        until("one service more", async || Ok((self.person().await?.marks != before).then_some(()))).await
    }

    /// Hoàn tác.
    pub async fn undo(&self) -> Result<()> {
        self.0.tap(&id("snackbar-action")).await?;
        self.0.see_text(&id("snackbar"), "Đã hoàn tác").await.map(drop)
    }

    pub async fn next(&self) -> Result<PointPage<'p>> {
        self.0.tap(&id("point-next")).await?;
        self.0.point().await
    }
}
