//! A phone: Chromium with a profile of its own, 360 pixels wide, driven by taps and read by what is on the screen.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{BrowserLogEntry, By, Capabilities, WebDriver, WebElement};

use super::process;

/// Long, for machines that do much else; a condition that holds is seen at once.
const PATIENCE: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(40);
const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=vi",
    "--hide-scrollbars",
];

/// A camera that shows a film, and whose use is allowed without a question.
const CAMERA: [&str; 2] = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/// How the screen is set up.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub width: u32,
    pub height: u32,
    pub is_touch: bool,
}

impl Look {
    pub const PHONE: Self = Self { width: 360, height: 800, is_touch: true };
    pub const LAPTOP: Self = Self { width: 1280, height: 800, is_touch: false };
}

/// Cheap to copy; all copies are the same phone.
#[derive(Clone)]
pub struct Phone(Rc<Inner>);

struct Inner {
    name: String,
    /// The address of the server.
    home: String,
    driver_url: String,
    profile: TempDir,
    look: Look,
    /// What the camera sees: a file of JPEG pictures. Without one the phone has no camera.
    camera: RefCell<Option<PathBuf>>,
    session: RefCell<Option<WebDriver>>,
    taps: Cell<u32>,
}

impl Phone {
    /// A new phone with nothing on it.
    pub async fn unpack(name: &str, home: &str, driver_url: &str, look: Look) -> Result<Self> {
        let phone = Self(Rc::new(Inner {
            name: name.to_owned(),
            home: home.to_owned(),
            driver_url: driver_url.to_owned(),
            profile: TempDir::with_prefix("tung-nha-phone-")?,
            look,
            camera: RefCell::new(None),
            session: RefCell::new(None),
            taps: Cell::new(0),
        }));
        phone.open_browser().await?;
        Ok(phone)
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Taps since this phone was unpacked.
    pub fn taps(&self) -> u32 {
        self.0.taps.get()
    }

    /// Starts the browser on this phone's profile.
    pub async fn open_browser(&self) -> Result<()> {
        let look = self.0.look;
        let profile = format!("--user-data-dir={}", self.0.profile.path().display());
        let window = format!("--window-size={},{}", look.width, look.height);
        let mut args = ARGUMENTS.map(ToOwned::to_owned).to_vec();
        args.extend([profile, window]);
        if let Some(film) = self.0.camera.borrow().as_deref() {
            args.extend(CAMERA.map(ToOwned::to_owned));
            args.push(format!("--use-file-for-fake-video-capture={}", film.display()));
        }
        let mut options = json!({ "args": args });
        if look.is_touch {
            options["mobileEmulation"] = json!({ "deviceMetrics": {
                "width": look.width, "height": look.height, "pixelRatio": 2.0, "mobile": true, "touch": true
            }});
        }
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(wanted) = wanted else { unreachable!("an object literal") };
        let session = WebDriver::new(&self.0.driver_url, Capabilities::from(wanted)).await;
        let session = session.with_context(|| format!("{}: the browser did not open", self.name()))?;
        self.0.session.replace(Some(session));
        Ok(())
    }

    /// Holds the camera before a film, by closing the browser and opening it again.
    pub async fn holds_camera_before(&self, film: &Path) -> Result<()> {
        self.0.camera.replace(Some(film.to_owned()));
        self.restart_browser().await
    }

    /// Switches the phone between light and dark.
    pub async fn darken(&self, is_dark: bool) -> Result<()> {
        let scheme = if is_dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.session()?.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Slows the page down, as if this were a cheap machine. Workers stay as fast as they are.
    pub async fn slow_down(&self, times: u32) -> Result<()> {
        self.session()?.cdp().send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": times })).await?;
        Ok(())
    }

    /// What a person is asked for on the first paste.
    pub async fn allow_clipboard(&self) -> Result<()> {
        let wanted = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": self.0.home });
        self.session()?.cdp().send_raw("Browser.grantPermissions", wanted).await?;
        Ok(())
    }

    /// What was last copied.
    pub async fn clipboard(&self) -> Result<String> {
        self.eval("return navigator.clipboard.readText()", vec![]).await
    }

    /// Closes the browser as a person does: it writes down what it holds.
    pub async fn close_browser(&self) -> Result<()> {
        let profile = self.0.profile.path();
        if self.session()?.cdp().send_raw("Browser.close", json!({})).await.is_err() {
            // The driver has no way to talk to a browser whose tab is gone.
            process::close_browser(profile);
        }
        until("the browser to close", async || Ok((!process::is_running(profile)).then_some(()))).await?;
        self.end_session().await;
        Ok(())
    }

    /// Kills the browser at once, as Android does when memory is short. Whoever starts it again meets a dead one, as
    /// there: one that is still dying holds the locks of its databases.
    pub async fn kill_browser(&self) -> Result<()> {
        let profile = self.0.profile.path();
        let mut dying = Vec::new();
        // A process that was being born while the others died is found the next time round.
        until("the killed browser to be gone", async || {
            dying.extend(process::kill_browsers(profile));
            dying.retain(|pid| !process::has_let_go(*pid));
            Ok((dying.is_empty() && !process::is_running(profile)).then_some(()))
        })
        .await?;
        self.end_session().await;
        Ok(())
    }

    /// Spoils the log of the app's databases in the middle, as Chromium does itself when it goes on with a log whose last
    /// record was cut by a kill (google/leveldb#1287). The browser must be closed.
    pub fn damage_database(&self) -> Result<()> {
        let folder = self.0.profile.path().join("Default/IndexedDB");
        let mut damaged = 0;
        for store in fs::read_dir(&folder)? {
            for file in fs::read_dir(store?.path())?.collect::<Result<Vec<_>, _>>()? {
                if file.path().extension().is_some_and(|end| end == "log") {
                    let mut log = fs::read(file.path())?;
                    let middle = log.len() / 2;
                    if let Some(byte) = log.get_mut(middle) {
                        *byte ^= 0xff;
                        damaged += 1;
                    }
                    fs::write(file.path(), log)?;
                }
            }
        }
        if damaged == 0 { Err(anyhow!("{}: no log in {}", self.name(), folder.display())) } else { Ok(()) }
    }

    /// Kills the processes that show pages; the browser itself goes on.
    pub fn kill_tab(&self) -> Result<()> {
        match process::kill_renderers(self.0.profile.path()) {
            0 => Err(anyhow!("{}: there is no tab to kill", self.name())),
            _ => Ok(()),
        }
    }

    pub async fn restart_browser(&self) -> Result<()> {
        self.close_browser().await?;
        self.open_browser().await
    }

    /// Tells the driver that the browser is gone.
    async fn end_session(&self) {
        let session = self.0.session.take();
        if let Some(session) = session {
            let _ = session.clone().quit().await;
            // Should quitting have failed: dropping must not try again and block.
            let _ = session.leak();
        }
    }

    /// For good, whatever state it is in.
    pub async fn put_away(&self) {
        process::kill_browsers(self.0.profile.path());
        self.end_session().await;
    }

    pub fn session(&self) -> Result<WebDriver> {
        self.0.session.borrow().clone().with_context(|| format!("{}: the browser is closed", self.name()))
    }

    /// Types an address: a path of the app, or a whole link.
    pub async fn open(&self, path: &str) -> Result<()> {
        let url = if path.starts_with('/') { format!("{}{path}", self.0.home) } else { path.to_owned() };
        self.session()?.goto(url.as_str()).await.with_context(|| format!("{}: opening {path}", self.name()))
    }

    pub async fn reload(&self) -> Result<()> {
        Ok(self.session()?.refresh().await?)
    }

    pub async fn back(&self) -> Result<()> {
        Ok(self.session()?.back().await?)
    }

    /// Path and query, as in the address bar.
    pub async fn path(&self) -> Result<String> {
        self.eval("return location.pathname + location.search", vec![]).await
    }

    /// The element, when it can be seen.
    pub async fn find(&self, css: &str) -> Result<WebElement> {
        let session = self.session()?;
        let found = until(format!("{css} to be seen"), async || {
            let element = session.find(By::Css(css)).await?;
            Ok(element.is_displayed().await?.then_some(element))
        });
        found.await.with_context(|| self.name().to_owned())
    }

    pub async fn see(&self, css: &str) -> Result<()> {
        self.find(css).await.map(drop)
    }

    pub async fn is_there(&self, css: &str) -> Result<bool> {
        Ok(!self.session()?.find_all(By::Css(css)).await?.is_empty())
    }

    pub async fn gone(&self, css: &str) -> Result<()> {
        let gone = until(format!("{css} to go"), async || Ok((!self.is_there(css).await?).then_some(())));
        gone.await.with_context(|| self.name().to_owned())
    }

    /// Waits until it reads so.
    pub async fn see_text(&self, css: &str, part: &str) -> Result<String> {
        let session = self.session()?;
        let last = RefCell::new(String::new());
        let read = until(format!("{css} to read {part:?}"), async || {
            let text = session.find(By::Css(css)).await?.text().await?;
            last.replace(text.clone());
            Ok(text.contains(part).then_some(text))
        });
        read.await.with_context(|| format!("{}: it read {:?}", self.name(), last.borrow()))
    }

    pub async fn text(&self, css: &str) -> Result<String> {
        Ok(self.find(css).await?.text().await?)
    }

    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        Ok(self.session()?.find(By::Css(css)).await?.attr(name).await?)
    }

    /// A tap with a finger: it fails where something else lies above. Counted.
    pub async fn tap(&self, css: &str) -> Result<()> {
        let session = self.session()?;
        let tapped = until(format!("{css} to be tapped"), async || {
            let element = session.find(By::Css(css)).await?;
            session.execute("arguments[0].scrollIntoView({block: 'center'})", vec![element.to_json()?]).await?;
            element.click().await?;
            Ok(Some(()))
        });
        tapped.await.with_context(|| self.name().to_owned())?;
        self.0.taps.set(self.0.taps.get() + 1);
        Ok(())
    }

    /// Types into a field in place of what it held.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.find(css).await?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// Runs a script in the page.
    pub async fn eval<T: serde::de::DeserializeOwned>(&self, script: &str, args: Vec<Value>) -> Result<T> {
        let answer = self.session()?.execute(script, args).await?;
        serde_json::from_value(answer.json().clone()).with_context(|| format!("{}: {script}", self.name()))
    }

    /// Runs a script that awaits; what it returns is the answer.
    pub async fn eval_later<T: serde::de::DeserializeOwned>(&self, script: &str, args: Vec<Value>) -> Result<T> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (...args) => {{ {script} }})(...arguments).then(done, (error) => done({{ failed: String(error) }}))"
        );
        let answer = self.session()?.execute_async(script.as_str(), args).await?;
        serde_json::from_value(answer.json().clone()).with_context(|| format!("{}: {}", self.name(), answer.json()))
    }

    /// A line on which these addresses come to nothing; none of them any more for an empty list.
    pub async fn blocks(&self, addresses: &[&str]) -> Result<()> {
        let session = self.session()?;
        session.cdp().send_raw("Network.enable", json!({})).await?;
        session.cdp().send_raw("Network.setBlockedURLs", json!({ "urls": addresses })).await?;
        Ok(())
    }

    /// What the phone's system tells pages when the network is back.
    pub async fn network_is_back(&self) -> Result<()> {
        self.eval("window.dispatchEvent(new Event('online'))", vec![]).await
    }

    /// What the browser complained about since this was last asked.
    pub async fn console(&self) -> Result<Vec<BrowserLogEntry>> {
        Ok(self.session()?.browser_log().await?)
    }

    pub async fn picture(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(self.session()?.screenshot(path).await?)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        process::kill_browsers(self.profile.path());
        if let Some(session) = self.session.take() {
            let _ = session.leak();
        }
    }
}

/// Selects by `data-testid`.
pub fn id(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

/// Looks again and again until there is something, however often looking fails on the way.
pub async fn until<T>(what: impl Into<String>, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let (what, start) = (what.into(), Instant::now());
    loop {
        match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) | Err(_) if start.elapsed() < PATIENCE => tokio::time::sleep(POLL).await,
            Ok(None) => return Err(anyhow!("waited {} s for {what}", PATIENCE.as_secs())),
            Err(error) => return Err(error.context(format!("waited {} s for {what}", PATIENCE.as_secs()))),
        }
    }
}
