//! HTTP by hand: what no client library would send must be sent, and nothing of an answer be tidied up.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

const ANSWER_MAX: Duration = Duration::from_secs(30);
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// One request as it is to go over the wire.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Name and value, written as they are.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), ..Self::default() }
    }

    pub fn json(path: &str, body: &serde_json::Value) -> Self {
        Self::new("POST", path).with_body("application/json", body.to_string().into_bytes())
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn with_body(mut self, kind: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.with("content-type", kind)
    }

    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        self.with("cookie", &format!("tn_device={token}"))
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: localhost\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n"); // writing to a String cannot fail
        }
        let is_sized = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        if !is_sized && (!self.body.is_empty() || self.method == "POST") {
            let _ = write!(head, "content-length: {}\r\n", self.body.len());
        }
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// A connection that is kept as long as the server keeps it.
pub struct Line {
    port: u16,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    pub fn new(port: u16) -> Self {
        Self { port, stream: None }
    }

    pub async fn ask(&mut self, request: &Request) -> Result<Answer> {
        let bytes = request.bytes();
        if self.stream.is_some()
            && let Ok(answer) = self.try_ask(&bytes, &request.method).await
        {
            return Ok(answer);
        }
        // A kept connection may have ended meanwhile; a new one must do.
        self.stream = None;
        self.try_ask(&bytes, &request.method).await
    }

    async fn try_ask(&mut self, bytes: &[u8], method: &str) -> Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => BufReader::new(TcpStream::connect(("127.0.0.1", self.port)).await?),
        };
        // The server may answer before it has read everything, and close.
        let written = stream.get_mut().write_all(bytes).await;
        let (answer, is_kept) = tokio::time::timeout(ANSWER_MAX, read_answer(&mut stream, method))
            .await
            .context("no answer within 30 s")?
            .context("no answer")?;
        if is_kept && written.is_ok() {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

/// The answer, and whether the connection stays open.
async fn read_answer(stream: &mut BufReader<TcpStream>, method: &str) -> Result<(Answer, bool)> {
    let (mut status, mut length, mut is_chunked, mut is_kept) = (0, None, false, true);
    while status < 200 {
        let first = read_line(stream).await?;
        status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).context("not HTTP")?;
        loop {
            let line = read_line(stream).await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("not a header")?;
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse::<usize>().ok(),
                "transfer-encoding" => is_chunked = value.trim().eq_ignore_ascii_case("chunked"),
                "connection" => is_kept = !value.trim().eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
    }
    let mut body = Vec::new();
    if method == "HEAD" || status == 204 || status == 304 {
        return Ok((Answer { status, body }, is_kept));
    }
    if is_chunked {
        loop {
            let line = read_line(stream).await?;
            let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)?;
            read_exactly(stream, &mut body, size).await?;
            read_line(stream).await?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = length {
        read_exactly(stream, &mut body, length).await?;
    } else {
        stream.read_to_end(&mut body).await?;
        is_kept = false;
    }
    Ok((Answer { status, body }, is_kept))
}

async fn read_exactly(stream: &mut BufReader<TcpStream>, body: &mut Vec<u8>, size: usize) -> Result<()> {
    if size > BODY_BYTES_MAX - body.len() {
        bail!("an answer of more than 64 MB");
    }
    let from = body.len();
    body.resize(from + size, 0);
    stream.read_exact(&mut body[from..]).await?;
    Ok(())
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await?;
    if line.pop() != Some(b'\n') {
        bail!("the connection was closed");
    }
    line.pop_if(|last| *last == b'\r');
    Ok(String::from_utf8_lossy(&line).into_owned())
}
