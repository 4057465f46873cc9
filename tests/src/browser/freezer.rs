//! Stops a page dead between any two of its database's writes, so that the browser can be killed at that very moment.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Phone, until};

/// Runs before the app. A point is the moment before a write request, or after a transaction is stored and before the
/// app hears of it. At the wanted point the page tells what it shows, and waits for an answer that never comes.
const SCRIPT: &str = r#"(() => {
    const points = { wanted: 0, met: 0, isCoarse: false, hasOutbox: false, shown: [] };
    window.__points = points;
    const look = () => {
        const line = document.querySelector('[data-testid="snackbar"][data-state="open"][data-kind="saved"]');
        const text = line?.querySelector('.snackbar__message')?.textContent;
        if (text && points.shown.at(-1) !== text) points.shown.push(text);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    const marks = () => Object.fromEntries([...document.querySelectorAll('[data-testid="person"]')].map((person) =>
        [person.dataset.id, [...person.querySelectorAll('[data-testid="service-mark"]')].map((mark) => mark.dataset.state)]));
    const meet = (what) => {
        if (points.wanted === 0) return;
        points.met += 1;
        if (points.met !== points.wanted) return;
        look();
        const request = new XMLHttpRequest();
        request.open('POST', 'HOME', false);
        request.send(JSON.stringify({ what, shown: points.shown, marks: marks() }));
        for (;;);
    };
    const isOurs = ({ name }) => name === 'tung-nha' || (points.hasOutbox && name === 'tung-nha-outbox');
    const writes = new WeakMap();
    const isPower = (count) => (count & (count - 1)) === 0;
    for (const verb of ['put', 'add', 'delete', 'clear']) {
        const plain = IDBObjectStore.prototype[verb];
        IDBObjectStore.prototype[verb] = function (...args) {
            if (isOurs(this.transaction.db)) {
                const count = (writes.get(this.transaction) ?? 0) + 1;
                writes.set(this.transaction, count);
                const isMeta = this.name === 'meta';
                // Hundreds of rows in one transaction: first, second, fourth, … and the last, which is the phone's own.
                if (isMeta || (!points.isCoarse && isPower(count))) meet(`${verb} ${this.name} ${count}`);
            }
            return plain.apply(this, args);
        };
    }
    const start = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...args) {
        const transaction = start.apply(this, args);
        if (args[1] === 'readwrite' && isOurs(this)) transaction.addEventListener('complete', () => meet('complete'));
        return transaction;
    };
})();"#;

/// Says whether the page has the script above.
const ARM: &str = "return window.__points
    && !!Object.assign(window.__points, { wanted: arguments[0], met: 0, shown: [], ...arguments[1] })";

/// What counts as a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// Every write, and every end of a transaction.
    All,
    /// Only what ends a transaction.
    Ends,
    /// The same, also of the outbox.
    EndsWithOutbox,
}

/// What the browser was handed before the page stood still it has written by then. A kill in the middle of its own writing
/// may cost it the whole database: that is the journey `thrown-away`.
const AT_REST: Duration = Duration::from_millis(100);

pub struct Freezer {
    listener: TcpListener,
    script: String,
}

/// A page that stands still. It stands until its browser is killed.
#[derive(Debug)]
pub struct Frozen {
    pub report: Report,
    _line: TcpStream,
}

/// What was on the screen at that moment.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// The write that was about to be made, or `complete`.
    pub what: String,
    /// What the line at the bottom had called done since the page was opened.
    pub shown: Vec<String>,
    /// The marks of the people on the screen, by person.
    pub marks: std::collections::BTreeMap<String, Vec<String>>,
}

impl Report {
    /// Whether the person was told so.
    pub fn has_shown(&self, part: &str) -> bool {
        self.shown.iter().any(|text| text.contains(part))
    }
}

impl Freezer {
    pub async fn new() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let home = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
        Ok(Self { listener, script: SCRIPT.replace("HOME", &home) })
    }

    /// Every page that this browser opens from now on can be frozen.
    pub async fn fit(&self, phone: &Phone) -> Result<()> {
        let session = phone.session()?;
        // The page's own policy allows it to talk to nobody but its server.
        session.cdp().send_raw("Page.setBypassCSP", json!({ "enabled": true })).await?;
        let source = json!({ "source": self.script });
        session.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", source).await?;
        Ok(())
    }

    /// The open page is to freeze at its `wanted`th point from now. Waits for the page: it may just be opening anew.
    pub async fn arm(&self, phone: &Phone, wanted: u32, points: Points) -> Result<()> {
        let session = phone.session()?;
        let points = json!({ "isCoarse": points != Points::All, "hasOutbox": points == Points::EndsWithOutbox });
        until("a page that can be frozen", async || {
            let armed = session.execute(ARM, vec![wanted.into(), points.clone()]).await?;
            Ok(armed.json().as_bool().unwrap_or(false).then_some(()))
        })
        .await
    }

    pub async fn disarm(&self, phone: &Phone) -> Result<()> {
        self.arm(phone, 0, Points::All).await
    }

    /// Waits until a page stands still.
    pub async fn frozen(&self) -> Result<Frozen> {
        let (line, _) = self.listener.accept().await?;
        let mut reader = BufReader::new(line);
        let mut length = 0;
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).await? == 0 {
                bail!("the frozen page said nothing");
            }
            if header == "\r\n" {
                break;
            }
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).await?;
        let report = serde_json::from_slice(&body).context("the frozen page's report")?;
        tokio::time::sleep(AT_REST).await;
        Ok(Frozen { report, _line: reader.into_inner() })
    }
}
