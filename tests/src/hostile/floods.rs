//! What is to bring the server down by its size or its slowness: a body that unpacks to 500 MB, bodies that never end, heads
//! that come byte by byte.

use std::time::Duration;

use anyhow::{Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::routes::{cookie, gzipped};
use super::wire::{Line, Request};
use crate::fleet::rng::Rng;

#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub bomb_bytes: usize,
    pub stalled_bodies: usize,
    pub slow_heads: usize,
    /// How long they are held.
    pub held: Duration,
}

#[derive(Clone, Copy, Debug)]
pub enum Flood {
    Bomb,
    StalledBodies,
    SlowHeads,
}

impl Flood {
    pub const ALL: [Flood; 3] = [Flood::Bomb, Flood::StalledBodies, Flood::SlowHeads];

    pub fn label(self) -> &'static str {
        match self {
            Self::Bomb => "all, under a body that unpacks to 500 MB",
            Self::StalledBodies => "all, under stalled bodies",
            Self::SlowHeads => "all, under slow heads",
        }
    }

    /// `tokens` are good ones.
    pub async fn come(self, port: u16, sizes: Sizes, tokens: &[String], rng: &mut Rng) -> Result<()> {
        raise_open_files((sizes.stalled_bodies.max(sizes.slow_heads) + 200) as u64)?;
        match self {
            Self::Bomb => bomb(port, sizes.bomb_bytes, tokens, rng).await?,
            Self::StalledBodies => stalled_bodies(port, sizes, tokens, rng).await,
            Self::SlowHeads => slow_heads(port, sizes).await,
        }
        Ok(())
    }
}

/// Every connection is an open file. Our own limit is raised, the server keeps the usual one.
fn raise_open_files(wanted: u64) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    if limit.maximum.is_some_and(|most| most < wanted) {
        bail!("this machine allows fewer than {wanted} open files: raise the hard limit (ulimit -Hn)");
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit })?;
    Ok(())
}

async fn bomb(port: u16, bytes: usize, tokens: &[String], rng: &mut Rng) -> Result<()> {
    // Seconds of work that must not hold up the honest phones of this process.
    let packed = tokio::task::spawn_blocking(move || gzipped(&vec![b' '; bytes])).await?;
    for path in ["/api/sync", "/api/join", "/api/lists/import", "/api/lists/holders/preview"] {
        for is_good in [false, true] {
            let mut request = Request::new("POST", path).with("content-encoding", "gzip");
            request = request.with_body("application/json", packed.clone());
            let token = rng.pick(tokens).filter(|_| is_good);
            request = match token {
                Some(token) => request.with_token(token),
                None => request.with("cookie", &cookie(rng)),
            };
            // Cut off while it is sent is as good as an answer.
            if let Ok(answer) = Line::new(port).ask(&request).await
                && !(400..500).contains(&answer.status)
            {
                bail!("{path} answered {} to a body that unpacks to {bytes} bytes", answer.status);
            }
        }
    }
    Ok(())
}

/// Bodies that are promised and never come whole: half of them with a good cookie.
async fn stalled_bodies(port: u16, sizes: Sizes, tokens: &[String], rng: &mut Rng) {
    let mut held = Vec::new();
    for number in 0..sizes.stalled_bodies {
        let (path, length) = if number % 2 == 0 { ("/api/sync", 1_000_000) } else { ("/api/lists/import", 7_900_000) };
        let cookie = match rng.pick(tokens).filter(|_| number % 4 < 2) {
            Some(token) => format!("tn_device={token}"),
            None => cookie(rng),
        };
        let start = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncookie: {cookie}\r\n\
             content-length: {length}\r\n\r\n"
        );
        let mut bytes = start.into_bytes();
        bytes.resize(bytes.len() + length - 1_000, b' ');
        held.push(tokio::spawn(async move {
            let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else { return None };
            // A server that does not read lets the sender wait.
            let _ = tokio::time::timeout(Duration::from_secs(5), stream.write_all(&bytes)).await;
            Some(stream)
        }));
        if number % 50 == 49 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let mut streams = Vec::new();
    for stream in held {
        streams.extend(stream.await.ok().flatten());
    }
    tokio::time::sleep(sizes.held).await;
}

/// Heads that come a byte at a time.
async fn slow_heads(port: u16, sizes: Sizes) {
    let mut streams = Vec::new();
    for _ in 0..sizes.slow_heads {
        // A server that takes no more connections lets them wait in the system's queue.
        let connected = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(("127.0.0.1", port))).await;
        if let Ok(Ok(mut stream)) = connected {
            let _ = stream.write_all(b"POST /api/sync HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await;
            streams.push(stream);
        }
    }
    let until = tokio::time::Instant::now() + sizes.held;
    while tokio::time::Instant::now() < until {
        for stream in &mut streams {
            let _ = stream.write_all(b"a").await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
