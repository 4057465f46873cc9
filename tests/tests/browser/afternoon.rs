//! A member's afternoon: everything that the day needs, with the server off.

use anyhow::{Context as _, Result, ensure};
use domain::text::fold;
use e2e::browser::pages::Row;
use e2e::browser::{Phone, Stage, id};

const ROLE: &str = "Thành viên";
/// Three people, three services for two of them: a household that is finished in this many taps.
const TAPS_MAX: u32 = 8;
const WATCH_DOWNLOAD: &str = "
    window.seenOpening = [];
    new MutationObserver(() => {
        const page = document.querySelector('[data-testid=\"page-opening\"]');
        if (page) window.seenOpening.push(page.innerText);
    }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
";

pub async fn journey(stage: &mut Stage) -> Result<()> {
    stage.step("joining by the invite");
    let mai = stage.phone("Mai").await?;
    mai.open(&stage.invite(ROLE)?).await?;
    let page = mai.join_page().await?;
    mai.eval::<()>(WATCH_DOWNLOAD, vec![]).await?;
    page.go().await?;
    mai.route().await?;
    let told: Vec<String> = mai.eval("return window.seenOpening ?? []", vec![]).await?;
    ensure!(told.iter().any(|words| words.contains("Đang tải danh sách")), "the download was not shown: {told:?}");
    mai.all_is_sent().await?;
    mai.worker_is_ready().await?;
    let before = mai.results().await?.tally().await?;

    stage.step("opening the app with the server killed");
    stage.server.kill().await?;
    let door = opens_offline(&mai).await?;

    stage.step("finding doors and people");
    mai.go_to_route().await?;
    finds(&mai, &door).await?;

    stage.step("finishing a household of three");
    let helped = finishes_a_household(&mai).await?;

    stage.step("knocking where nobody helps");
    knocks(&mai).await?;

    stage.step("writing down who was not on the list");
    adds(&mai).await?;
    let unsent = mai.badge().await?.unsent;
    ensure!(unsent >= 14, "only {unsent} unsent after all that");
    let waiting = mai.results().await?.tally().await?;
    ensure!(waiting.confirmed == before.confirmed, "{waiting:?} confirms what was never sent");
    ensure!(waiting.waiting == helped, "{waiting:?} after {helped} people");

    stage.step("coming back to a network");
    mai.reload().await?;
    mai.has_unsent(unsent).await?;
    stage.server.start().await?;
    mai.all_is_sent().await?;
    let confirmed = mai.results().await?.tally_is("confirmed", |tally| tally.waiting == 0).await?;
    ensure!(confirmed.confirmed == before.confirmed + helped, "{confirmed:?} after {before:?} and {helped} people");
    ensure!(confirmed.refused == 0, "{confirmed:?}");
    Ok(())
}

/// Reload, a typed address, a browser started anew: all without a server. Answers a household of the list.
async fn opens_offline(mai: &Phone) -> Result<Row> {
    mai.open("/tuyen").await?;
    let row = mai.route().await?.rows().await?.first().cloned().context("no household")?;
    mai.reload().await?;
    mai.route().await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    let door = mai.door(&row.id).await?;
    ensure!(door.people().await?.len() == row.people.len(), "the door and its row differ");
    mai.is_offline().await?;
    mai.restart_browser().await?;
    mai.open("/").await?;
    mai.door(&row.id).await.context("the app opens where it was left")?;
    Ok(row)
}

async fn finds(mai: &Phone, known: &Row) -> Result<()> {
    let route = mai.route().await?;
    let (reached, total) = route.progress().await?;
    ensure!(route.count().await? == total, "the list is not as long as the route");
    let not_yet = route.filter("chua-den").await?;
    route.has(not_yet).await?;
    route.all_rows("doors not yet reached", |row| row.state == "not-yet").await?;
    ensure!(not_yet + reached <= total, "{not_yet} not yet and {reached} reached of {total}");
    let absent = route.filter("vang-nha").await?;
    if absent > 0 {
        route.has(absent).await?;
        route.all_rows("absent", |row| row.state == "absent").await?;
    }
    route.show_all().await?;
    route.has(total).await?;

    route.search("le").await?;
    route.all_rows("what reads like “le”", |row| fold(&row.text).contains("le")).await?;
    let initials: String = fold(&known.name).split(' ').filter_map(|word| word.chars().next()).collect();
    route.search(&initials).await?;
    route.find(&format!("{} by {initials}", known.name), |row| row.id == known.id).await?;
    route.search(&known.number).await?;
    route.find(&format!("house {}", known.number), |row| row.id == known.id).await?;
    route.clear_search().await?;
    route.has(total).await
}

/// Answers how many people have all three services now.
async fn finishes_a_household(mai: &Phone) -> Result<u64> {
    let route = mai.route().await?;
    let wanted = |row: &Row| row.people.len() == 3 && row.untouched() >= 2 && row.state == "not-yet";
    let row = route.find("household of three with two to help", wanted).await?;
    let (taps, unsent) = (mai.taps(), mai.badge().await?.unsent);
    let door = route.open(&row.id).await?;
    let people = door.people().await?;
    let to_help = people.iter().filter(|person| person.marks.iter().all(|mark| mark == "unknown")).take(2);
    for person in to_help {
        door.complete(&person.id).await?;
        mai.says_saved(&person.name).await?;
    }
    let taps = mai.taps() - taps;
    ensure!(taps <= TAPS_MAX, "{taps} taps for one household");
    let now = mai.has_unsent(unsent + 7).await?;
    ensure!(now == unsent + 7, "six outcomes and one visit are {} documents", now - unsent);
    let back = door.leave().await?;
    let row = back.find("household just visited", |other| other.id == row.id).await?;
    ensure!(row.state == "reached" && row.is_unsent, "the list does not show the visit: {row:?}");
    Ok(2)
}

async fn knocks(mai: &Phone) -> Result<()> {
    let route = mai.route().await?;
    let row = route.find("door not yet reached", |row| row.state == "not-yet" && row.untouched() > 0).await?;
    let door = route.open(&row.id).await?;
    door.outcome("absent").await?;
    mai.says_saved("vắng nhà").await?;
    door.selected_outcome("absent").await?;
    ensure!(door.knocks().await? == 1, "one knock");
    door.undo().await?;
    mai.gone(&format!("{}[aria-pressed=true]", id("action-absent"))).await?;
    ensure!(door.knocks().await? == 0, "the knock was taken back");
    door.outcome("absent").await?;
    mai.says_saved("vắng nhà").await?;

    door.next().await?;
    door.come_back("tomorrow-morning").await?;
    mai.says_saved("hẹn").await?;
    door.selected_outcome("appointment").await?;

    door.next().await?;
    let people = door.people().await?;
    let person = people.iter().find(|person| person.is_served).context("nobody to ask")?;
    let was = person.is_proficient;
    door.tap_proficient(&person.id).await?;
    door.shows(&person.id, "with the other star", |person| person.is_proficient != was).await?;
    mai.says_saved("thành thạo").await
}

async fn adds(mai: &Phone) -> Result<()> {
    let path = mai.path().await?;
    let household = path.trim_start_matches("/ho/").to_owned();
    let door = mai.door(&household).await?;
    let before = door.people().await?.len();
    let form = door.add_resident().await?;
    form.name("lò thị hương xuân").await?;
    form.year("1990").await?;
    form.relation("Con").await?;
    form.save().await?;
    let door = mai.door(&household).await?;
    let people = door.people().await?;
    ensure!(people.len() == before + 1, "{people:?}");
    ensure!(people.iter().any(|person| fold(&person.name) == "lo thi huong xuan"), "{people:?}");

    let route = mai.go_to_route().await?;
    let (_, total) = route.progress().await?;
    let form = route.add_household().await?;
    form.house_no("99B").await?;
    form.head("Triệu Văn Sơn").await?;
    form.save().await?;
    mai.see(&id("page-door")).await?;
    let route = mai.go_to_route().await?;
    route.search("99b").await?;
    route.find("household just added", |row| row.number == "99B" && row.is_unsent).await?;
    route.clear_search().await?;
    let (_, now) = route.progress().await?;
    ensure!(now == total + 1, "{now} households after one more than {total}");
    Ok(())
}
