//! One chromedriver for a journey.

use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::process::Group;

const PROGRAM: &str = "chromedriver";
const IS_RUNNING: &str = "started successfully on port ";

pub struct Driver {
    url: String,
    _running: Group,
}

impl Driver {
    pub async fn start() -> Result<Self> {
        let mut command = Command::new(PROGRAM);
        command.args(["--port=0", "--log-level=SEVERE"]);
        let mut group = Group::start(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let output = group.child().stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some((_, port)) = line.split_once(IS_RUNNING) {
                let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.').trim());
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { url, _running: group });
            }
        }
        bail!("chromedriver ended before it was ready")
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}
