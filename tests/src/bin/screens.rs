//! Pictures of every screen, as a phone shows it, light and dark: to be looked at. Run it with `cargo xtask screens`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use e2e::browser::pages::SERVICES;
use e2e::browser::{Phone, Stage, id};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("usage: screens FOLDER")?;
    let stage = Stage::set_up("screens").await?;
    let outcome = all(&stage, Path::new(&folder)).await;
    stage.clear().await;
    outcome
}

async fn all(stage: &Stage, folder: &Path) -> Result<()> {
    joining(stage, &Album { folder: folder.join("light"), role: "member" }).await.context("joining")?;
    let member = stage.enrolled("member", "Thành viên").await?;
    let lead = stage.enrolled("lead", "Tổ trưởng").await?;
    let coordinator = stage.enrolled("coordinator", "Cán bộ xã, phường").await?;
    // The lead has something to look at.
    member.rename_somebody("Nguyễn Thị Phương Thảo Khánh Huyền").await.context("renaming")?;
    member.all_is_sent().await?;
    for look in ["light", "dark"] {
        let album = |role| Album { folder: folder.join(look), role };
        for phone in [&member, &lead, &coordinator] {
            phone.darken(look == "dark").await?;
        }
        member_screens(&member, &album("member")).await.context("member")?;
        lead_screens(&lead, &album("lead")).await.context("lead")?;
        check_screens(stage, &lead, &album("lead")).await.context("check numbers")?;
        coordinator_screens(&coordinator, &album("coordinator")).await.context("coordinator")?;
    }
    Ok(())
}

struct Album {
    folder: PathBuf,
    role: &'static str,
}

impl Album {
    /// The screen as it is now, named after what it shows.
    async fn keep(&self, phone: &Phone, name: &str) -> Result<()> {
        // Sheets and bars slide in.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        phone.picture(&self.folder.join(format!("{}-{name}.png", self.role))).await
    }

    /// Opens an address and keeps its top and, where there is more, what follows.
    async fn keep_page(&self, phone: &Phone, path: &str, name: &str) -> Result<()> {
        const SCROLL_ON: &str = "
            const pane = document.querySelector('main');
            const before = pane.scrollTop;
            pane.scrollTop += pane.clientHeight * 0.8;
            return pane.scrollTop > before;
        ";
        phone.open(path).await?;
        phone.see("main").await?;
        self.keep(phone, name).await?;
        for part in 2..6 {
            if !phone.eval::<bool>(SCROLL_ON, vec![]).await? {
                break;
            }
            self.keep(phone, &format!("{name}-{part}")).await?;
        }
        Ok(())
    }
}

async fn joining(stage: &Stage, album: &Album) -> Result<()> {
    let phone = stage.phone("new").await?;
    phone.open(&stage.invite("Thành viên")?).await?;
    phone.join_page().await?;
    album.keep(&phone, "join").await?;
    phone.open("/vao#a-broken-code").await?;
    phone.join_page().await?.go().await?;
    phone.see(&id("join-failed")).await?;
    album.keep(&phone, "join-failed").await
}

async fn member_screens(phone: &Phone, album: &Album) -> Result<()> {
    phone.open("/tuyen").await?;
    let route = phone.route().await?;
    album.keep(phone, "route").await?;
    let row = route.find("household of three", |row| row.untouched() >= 2 && row.people.len() == 3).await?;
    route.search("nva").await?;
    album.keep(phone, "route-search").await?;
    route.clear_search().await?;
    phone.tap(&id("choose-route")).await?;
    album.keep(phone, "route-choice").await?;

    let address = format!("/ho/{}", row.id);
    phone.open(&address).await?;
    let door = phone.door(&row.id).await?;
    album.keep(phone, "door-untouched").await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.marks.iter().all(|mark| mark == "unknown"));
    let person = person.context("nobody to help")?.id.clone();
    for service in SERVICES {
        door.tap_service(&person, service).await?;
    }
    album.keep(phone, "door-saved").await?;
    door.tap_proficient(&person).await?;
    album.keep_page(phone, &address, "door").await?;
    door.outcome("appointment").await?;
    phone.see(&id("door-sheet")).await?;
    album.keep(phone, "door-come-back").await?;
    phone.reload().await?;
    phone.door(&row.id).await?;
    phone.tap(&id("resident-more")).await?;
    phone.see(&id("door-sheet")).await?;
    album.keep(phone, "door-person").await?;
    album.keep_page(phone, &format!("{address}/nguoi-moi"), "resident-new").await?;
    album.keep_page(phone, &format!("{address}/sua"), "household-edit").await?;
    album.keep_page(phone, "/ket-qua", "results").await?;
    album.keep_page(phone, "/may", "phone").await?;
    album.keep_page(phone, "/may/tinh-trang", "phone-state").await?;
    phone.open("/may/tinh-trang").await?;
    phone.tap(&id("check-start")).await?;
    phone.see(&id("verdict")).await?;
    album.keep(phone, "phone-check").await?;
    album.keep_page(phone, "/khong-co", "not-found").await
}

/// A phone joins with the lead's invite: the number that the lead compares.
async fn check_screens(stage: &Stage, lead: &Phone, album: &Album) -> Result<()> {
    lead.open("/dia-ban").await?;
    lead.tap(&id("invite")).await?;
    let link = lead.text(&id("invite-link")).await?;
    let guest = stage.phone("guest").await?;
    guest.join(&link).await?;
    lead.see(&id("number-check")).await?;
    album.keep(lead, "invite-check").await?;
    lead.tap(&id("check-no")).await?;
    album.keep(lead, "invite-check-no").await?;
    lead.tap(&id("check-back")).await?;
    lead.tap(&id("check-yes")).await?;
    lead.gone(&id("number-check")).await?;
    guest.put_away().await;
    Ok(())
}

async fn lead_screens(phone: &Phone, album: &Album) -> Result<()> {
    album.keep_page(phone, "/dia-ban", "coverage").await?;
    album.keep_page(phone, "/dia-ban?xem=da-doi", "changed").await?;
    phone.open("/dia-ban").await?;
    phone.tap(&id("invite")).await?;
    phone.see(&id("invite-link")).await?;
    album.keep(phone, "invite").await?;
    album.keep_page(phone, "/bao-cao", "report").await?;
    phone.tap(&id("report-freeze")).await?;
    phone.see(&id("report-frozen")).await?;
    album.keep(phone, "report-frozen").await?;
    album.keep_page(phone, "/bao-cao", "report-next").await?;
    album.keep_page(phone, "/dia-ban/tuyen", "routes").await?;
    album.keep_page(phone, "/dia-ban/tuyen?xem=chia-deu", "routes-even").await?;
    album.keep_page(phone, "/dia-ban/tuyen?xem=chon", "routes-moving").await?;
    album.keep_page(phone, "/dia-ban?xem=nghi-trung", "doubles").await?;
    moving_screens(phone, album).await
}

/// A household to another area, a person to another household.
async fn moving_screens(phone: &Phone, album: &Album) -> Result<()> {
    phone.open("/tuyen").await?;
    let row = phone.route().await?.find("household", |row| !row.people.is_empty()).await?;
    let address = format!("/ho/{}", row.id);
    phone.open(&address).await?;
    let door = phone.door(&row.id).await?;
    phone.tap(&id("move-household")).await?;
    phone.tap(&format!("{} [data-testid^=\"choice-\"]", id("move-to"))).await?;
    album.keep(phone, "door-moving").await?;
    let person = door.people().await?.first().context("nobody at the door")?.id.clone();
    phone.open(&format!("{address}/nguoi/{person}")).await?;
    phone.tap(&id("other-household")).await?;
    phone.fill(&id("search-input"), "nguyen").await?;
    album.keep(phone, "other-household").await
}

async fn coordinator_screens(phone: &Phone, album: &Album) -> Result<()> {
    album.keep_page(phone, "/phuong", "commune").await?;
    album.keep_page(phone, "/phuong/ke-hoach", "plan").await?;
    album.keep_page(phone, "/bao-cao", "report").await?;
    list_screens(phone, album).await
}

/// The pages about lists. Taking a list out is noted, here in the demo's log.
async fn list_screens(phone: &Phone, album: &Album) -> Result<()> {
    album.keep_page(phone, "/danh-sach", "lists").await?;
    album.keep_page(phone, "/danh-sach/nhap", "import").await?;
    album.keep_page(phone, "/danh-sach/doi-chieu", "holders").await?;
    album.keep_page(phone, "/danh-sach/nghi-trung", "doubles").await?;
    album.keep_page(phone, "/danh-sach/in", "handouts").await?;
    let number = phone.take_list("Kiểm tra").await?;
    album.keep(phone, "handout").await?;
    phone.open(&format!("/danh-sach/nhap-phieu?so={number}")).await?;
    phone.see(&id("paper-sheet")).await?;
    album.keep(phone, "paper").await
}
