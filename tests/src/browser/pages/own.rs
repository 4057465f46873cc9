//! One's own results (`/ket-qua`) and this phone (`/may`).

use anyhow::{Context as _, Result};

use super::figure;
use crate::browser::{Phone, id, until};

/// "13 đã xác nhận + 2 chờ gửi (0 cần xem lại) / 15".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub confirmed: u64,
    pub waiting: u64,
    pub refused: u64,
}

pub struct ResultsPage<'p>(&'p Phone);

pub struct PhonePage<'p>(&'p Phone);

impl Phone {
    pub async fn results(&self) -> Result<ResultsPage<'_>> {
        self.open("/ket-qua").await?;
        self.see(&id("page-results")).await?;
        Ok(ResultsPage(self))
    }

    pub async fn about_phone(&self) -> Result<PhonePage<'_>> {
        self.open("/may").await?;
        self.see(&id("page-phone")).await?;
        Ok(PhonePage(self))
    }
}

impl ResultsPage<'_> {
    pub async fn tally(&self) -> Result<Tally> {
        let part = async |part: &str| {
            let css = format!("{} [data-part=\"{part}\"] b", id("tally-ring"));
            figure(&self.0.text(&css).await?).with_context(|| format!("{part} is no figure"))
        };
        Ok(Tally {
            confirmed: part("confirmed").await?,
            waiting: part("waiting").await?,
            refused: figure(
                &self
                    .0
                    .session()?
                    .find(thirtyfour::By::Css(format!("{} [data-part=\"refused\"] b", id("tally-ring"))))
                    .await?
                    .inner_html()
                    .await?,
            )
            .unwrap_or(0),
        })
    }

    /// Waits until the tally is so.
    pub async fn tally_is(&self, what: &str, is_so: impl Fn(&Tally) -> bool) -> Result<Tally> {
        until(format!("the tally to be {what}"), async || Ok(Some(self.tally().await?).filter(&is_so))).await
    }
}

impl PhonePage<'_> {
    pub async fn text(&self) -> Result<String> {
        self.0.text(&id("page-phone")).await
    }
}
