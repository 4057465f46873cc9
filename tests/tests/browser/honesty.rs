//! What the browser does to stored data, told honestly: refused browsers, a database that is closed, held, newer or gone.

use anyhow::{Result, ensure};
use e2e::browser::{Phone, Stage, id};
use serde_json::json;

const IN_ZALO: &str = "Mozilla/5.0 (Linux; Android 13; SM-A146P; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
                       Chrome/130.0.0.0 Mobile Safari/537.36 Zalo android/12100637";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/17.5 Mobile/15E148 Safari/604.1";

/// As Safari does to a woken app: the handle is there and of no use, once.
const DEAD_HANDLE: &str = "
    const plain = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...args) {
        IDBDatabase.prototype.transaction = plain;
        throw new DOMException('The database connection is closing.', 'InvalidStateError');
    };
    return true;
";
/// No handle is of any use any more.
const DEAD_FOR_EVER: &str = "
    IDBDatabase.prototype.transaction = () => {
        throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
    };
    Object.defineProperty(document, 'visibilityState', { value: 'visible' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    return true;
";
/// While an answer is being stored nothing is opened anew: she looks at the phone until it is.
const LOOK_AGAIN: &str = "
    if (window.__old) document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    return !window.__old;
";
/// As if a sleeping window held the database, until it is released.
const BLOCKED: &str = "
    const plain = IDBFactory.prototype.open;
    let isReleased = false;
    const held = [];
    window.__release = () => { isReleased = true; held.forEach((request) => request.dispatchEvent(new Event('success'))); };
    IDBFactory.prototype.open = function (...args) {
        const request = plain.apply(this, args);
        request.addEventListener('success', (event) => {
            if (isReleased) return;
            event.stopImmediatePropagation();
            held.push(request);
        });
        setTimeout(() => request.dispatchEvent(new Event('blocked')));
        return request;
    };
";
/// A newer app was here.
const NEWER: &str = "
    await new Promise((done, fail) => {
        const request = indexedDB.open('tung-nha', 2);
        request.onsuccess = () => { request.result.close(); done(); };
        request.onerror = () => fail(request.error);
    });
    return true;
";

async fn calls_itself(phone: &Phone, agent: &str) -> Result<()> {
    let wanted = json!({ "userAgent": agent });
    phone.session()?.cdp().send_raw("Network.setUserAgentOverride", wanted).await?;
    Ok(())
}

async fn has_no_documents(phone: &Phone) -> Result<()> {
    ensure!(phone.stored_rows().await?.is_empty(), "documents before joining");
    ensure!(!phone.stored_meta().await?.contains("commune_name"), "joined all the same");
    Ok(())
}

pub async fn refused(stage: &mut Stage) -> Result<()> {
    stage.step("an invite opened inside Zalo");
    let link = stage.invite("Thành viên")?;
    let phone = stage.phone("new").await?;
    calls_itself(&phone, IN_ZALO).await?;
    phone.open(&link).await?;
    phone.see_text(&id("page-wrong-browser"), "Zalo").await?;
    let way = phone.attribute(&id("open-in-chrome"), "href").await?.unwrap_or_default();
    let code = link.split('#').nth(1).unwrap_or_default();
    ensure!(way.starts_with("intent://localhost") && way.contains(&format!("/vao#{code}#Intent;")), "{way}");
    ensure!(!phone.is_there(&id("join-start")).await?, "one can join inside Zalo");
    has_no_documents(&phone).await?;

    stage.step("in Safari on an iPhone");
    calls_itself(&phone, IPHONE).await?;
    phone.open("/").await?;
    phone.open(&link).await?;
    phone.see_text(&id("page-install-first"), code).await?;
    ensure!(!phone.is_there(&id("join-start")).await?, "one can join before installing");
    has_no_documents(&phone).await?;

    stage.step("whoever had joined there reads and sends on");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let row = mai.route().await?.find("door not yet reached", |row| row.state == "not-yet").await?;
    calls_itself(&mai, IN_ZALO).await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    mai.door(&row.id).await?.outcome("absent").await?;
    mai.says_saved("vắng nhà").await?;
    mai.all_is_sent().await?;
    mai.open("/may/tinh-trang").await?;
    mai.see_text(&id("state-browser"), "Zalo").await?;
    mai.open("/vao#0123456789abcdefghjkmnpqrs").await?;
    mai.see(&id("wrong-browser-data")).await
}

pub async fn closed_held_newer_gone(stage: &mut Stage) -> Result<()> {
    stage.step("a database that the system has closed is opened again");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    let row = mai.route().await?.find("door not yet reached", |row| row.state == "not-yet").await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    let door = mai.door(&row.id).await?;
    mai.all_is_sent().await?;
    mai.eval::<bool>(DEAD_HANDLE, vec![]).await?;
    door.outcome("absent").await?;
    mai.says_saved("vắng nhà").await?;
    mai.all_is_sent().await?;
    mai.open("/may/tinh-trang").await?;
    mai.see_text(&id("state-database"), "đóng 1 lần").await?;

    stage.step("one that stays closed: the page is opened anew when nothing is half typed");
    mai.eval::<bool>(&format!("window.__old = true; {DEAD_FOR_EVER}"), vec![]).await?;
    e2e::browser::until("a new page", async || Ok(mai.eval::<bool>(LOOK_AGAIN, vec![]).await?.then_some(()))).await?;
    mai.see(&id("state-lines")).await?;

    stage.step("over a half-typed form the person is told");
    mai.open(&format!("/ho/{}/nguoi-moi", row.id)).await?;
    mai.resident_form().await?.name("Lò Thị Sen").await?;
    mai.eval::<bool>("localStorage.removeItem('tung-nha.restarted'); return true", vec![]).await?;
    mai.eval::<bool>(DEAD_FOR_EVER, vec![]).await?;
    mai.see_text(&id("trouble"), "Mở lại").await?;
    ensure!(mai.resident_form().await?.typed_name().await? == "Lò Thị Sen", "what was typed is gone");

    stage.step("another window holds the database");
    let fit = json!({ "source": BLOCKED });
    let fitted = mai.session()?.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", fit).await?;
    mai.open("/tuyen").await?;
    mai.see_text(&id("page-blocked"), "Đóng các cửa sổ Từng Nhà khác").await?;
    mai.eval::<bool>("window.__release(); return true", vec![]).await?;
    mai.route().await?;
    mai.session()?.cdp().send_raw("Page.removeScriptToEvaluateOnNewDocument", fitted).await?;

    stage.step("a newer app had stored here: nothing is deleted, and the unsent can be saved as a file");
    mai.all_is_sent().await?;
    stage.server.kill().await?;
    mai.open(&format!("/ho/{}", row.id)).await?;
    mai.door(&row.id).await?.outcome("refused").await?;
    mai.has_unsent(1).await?;
    mai.has_sealed(1).await?;
    let before = mai.stored_rows().await?;
    mai.eval_later::<bool>(NEWER, vec![]).await?;
    mai.reload().await?;
    mai.see_text(&id("page-broken"), "cũ hơn dữ liệu trên máy").await?;
    mai.tap(&id("broken-save")).await?;
    mai.see_text(&id("broken-saved"), "Đã đưa tệp").await?;
    ensure!(mai.stored_rows().await? == before, "the rows have changed");

    stage.step("the browser empties the database");
    let what = json!({ "origin": stage.server.url(), "storageTypes": "indexeddb" });
    mai.session()?.cdp().send_raw("Storage.clearDataForOrigin", what).await?;
    mai.reload().await?;
    mai.see_text(&id("join-emptied"), "không còn").await?;
    stage.server.start().await?;
    mai.accept(&stage.server.invite("Hoàng Thị Mai").await?).await?;
    mai.see(&id("sync-badge")).await?;
    mai.all_is_sent().await
}

/// "Sẵn sàng đi", without a network.
pub async fn ready_to_go(stage: &mut Stage) -> Result<()> {
    stage.step("a phone in order");
    let mai = stage.enrolled("Mai", "Thành viên").await?;
    mai.see(&id("setting-out")).await?;
    mai.restart_browser().await?;
    stage.server.kill().await?;
    mai.open("/tuyen").await?;
    mai.tap(&id("setting-out")).await?;
    mai.tap(&id("check-start")).await?;
    mai.see_text(&id("verdict"), "Sẵn sàng đi").await?;
    for line in ["writing", "opening", "lists", "clock"] {
        mai.see(&format!("{} {}[data-state=good]", id("check"), id(&format!("state-{line}")))).await?;
    }
    ensure!(mai.stored_drafts().await?.is_empty(), "the check has left something");

    stage.step("a phone without room");
    // A browser that has just started asks how much room there is; later it goes by what it last heard.
    mai.restart_browser().await?;
    let quota = json!({ "origin": stage.server.url(), "quotaSize": 1 });
    mai.session()?.cdp().send_raw("Storage.overrideQuotaForOrigin", quota).await?;
    mai.open("/may/tinh-trang").await?;
    mai.tap(&id("check-start")).await?;
    let told = mai.see_text(&id("verdict"), "Chưa sẵn sàng").await?;
    ensure!(told.contains("ghi thử"), "{told}");
    let quota = json!({ "origin": stage.server.url() });
    mai.session()?.cdp().send_raw("Storage.overrideQuotaForOrigin", quota).await?;

    stage.step("an app that is not on the phone");
    let forget = "for (const name of await caches.keys()) await caches.delete(name); return true";
    mai.eval_later::<bool>(forget, vec![]).await?;
    mai.tap(&id("check-start")).await?;
    mai.see_text(&id("verdict"), "mở khi mất sóng").await.map(drop)
}
