//! The lead makes a route and divides the whole area anew: hundreds of households in one transaction.

use anyhow::{Context as _, Result, ensure};
use domain::Kind;
use e2e::browser::pages::figure;
use e2e::browser::{Freezer, Phone, Points, Report, Stage, id};

use super::{Flow, kill_everywhere, ready, server_has_the_same, shown};

const DIVIDED: &str = "Đã chia thành";

#[derive(Default)]
struct Division {
    tries: usize,
}

impl Division {
    fn route(&self) -> String {
        format!("Ngõ {}", self.tries)
    }
}

/// By how many households the largest route exceeds the smallest.
async fn spread(phone: &Phone) -> Result<u64> {
    let routes = phone.routes().await?.routes().await?;
    let sizes: Vec<u64> = routes.iter().filter_map(|route| figure(&route.households)).collect();
    let (least, most) = (sizes.iter().min().context("no routes")?, sizes.iter().max().context("no routes")?);
    Ok(most - least)
}

impl Flow for Division {
    async fn begin(&mut self, phone: &Phone) -> Result<()> {
        self.tries += 1;
        phone.open("/dia-ban/tuyen").await?;
        phone.routes().await?;
        phone.all_is_sent().await
    }

    async fn act(&self, phone: &Phone) -> Result<()> {
        let routes = phone.routes().await?;
        routes.add(&self.route()).await?;
        phone.says_saved(&self.route()).await?;
        routes.divide_evenly().await?;
        phone.routes().await?;
        phone.see_text(&format!("{}[data-state=open]", id("snackbar")), DIVIDED).await?;
        phone.network_is_back().await?;
        phone.all_is_sent().await
    }

    async fn after(&self, phone: &Phone, then: &Report) -> Result<()> {
        phone.open("/dia-ban/tuyen").await?;
        phone.routes().await?;
        let (route, is_shown) = (self.route(), then.has_shown(&self.route()));
        let known = shown(phone, |doc| doc.kind == Kind::Route && doc.text("name") == Some(&route)).await?.len();
        ensure!(known <= 1, "{route} is there {known} times");
        ensure!(known == 1 || !is_shown, "{route} was called stored and is not there");
        ensure!(
            !then.has_shown(DIVIDED) || spread(phone).await? <= 1,
            "the division that was called stored is not there"
        );
        phone.network_is_back().await?;
        phone.all_is_sent().await
    }
}

pub async fn division(stage: &mut Stage) -> Result<()> {
    let freezer = Freezer::new().await?;
    let lead = ready(stage, &freezer, "lead", "Tổ trưởng").await?;
    let kills = kill_everywhere(stage, &freezer, &lead, "a division", Points::Ends, &mut Division::default()).await?;
    ensure!(kills >= 4, "only {kills} kills");
    server_has_the_same(stage, &lead).await
}
