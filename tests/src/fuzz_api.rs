//! What an outside fuzzer makes of the API's own description: schemathesis reads `/api/openapi.json` of the real server process
//! and sends what it allows, and what it forbids.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use crate::field::{Office, binary};
use crate::hostile::world::{self, Crew};

/// Where the fuzzer's program is; `cargo xtask` installs it.
const FUZZER: &str = "TUNG_NHA_SCHEMATHESIS";
/// Not among them, on purpose: that every request of the right form be taken, and each of a wrong one be refused. The description
/// knows forms; whether an area exists, and whose it is, decides the server. `unsupported_method` would want `Allow` on
/// files of the app, `ignored_auth` knows no cookie that is set by hand.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
const PHASES: &str = "examples,coverage,fuzzing";

/// Fuzzes as nobody, as a member and as a coordinator, a third of the time each. Answers what the fuzzer did not accept.
pub async fn run(seconds: u64, seed: u64) -> Result<Vec<String>> {
    let fuzzer = std::env::var_os(FUZZER)
        .with_context(|| format!("{FUZZER} must name the fuzzer; `cargo xtask test fuzz-api` sees to it"))?;
    let folder = TempDir::with_prefix("tung-nha-fuzz-api-")?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    let people = world::people();
    world::build(&data, &people).await?;
    let office = Office::new(&binary()?, &data, &folder.path().join("server.log"))?;
    let mut office = office.with_options(&["--requests-per-minute", "60000"]);
    office.start().await?;
    let mut wrong = Vec::new();
    let roles = [None, Some(Crew::Members), Some(Crew::Coordinators)];
    for crew in roles {
        let person = people.iter().find(|person| Some(person.crew) == crew);
        let cookie = person.map(|person| format!("Cookie:tn_device={}", person.token()));
        let seconds = (seconds / roles.len() as u64).max(1);
        let passed = fuzz(Path::new(&fuzzer), &office, cookie, seconds, seed, folder.path()).await?;
        if !passed {
            wrong.push(format!("as {crew:?}: see above"));
        }
    }
    let log = std::fs::read_to_string(folder.path().join("server.log")).unwrap_or_default();
    if log.contains("panicked") {
        wrong.push(format!("the server panicked: {}", office.log()));
    }
    office.stop().await?;
    Ok(wrong)
}

async fn fuzz(
    fuzzer: &Path,
    office: &Office,
    cookie: Option<String>,
    seconds: u64,
    seed: u64,
    folder: &Path,
) -> Result<bool> {
    let mut command = Command::new(fuzzer);
    command.arg("run").arg(format!("{}/api/openapi.json", office.url()));
    command.args(["--checks", CHECKS, "--phases", PHASES, "--no-color", "--warnings", "off"]);
    // Its examples are kept between runs otherwise, and a run would not be its seed's.
    command.args(["--generation-database", "none", "--continue-on-failure"]);
    command.args(["--max-time", &seconds.to_string(), "--seed", &seed.to_string()]);
    if let Some(cookie) = cookie {
        command.args(["--header", &cookie]);
    }
    // It writes files beside itself.
    let status = command.current_dir(folder).stdin(Stdio::null()).kill_on_drop(true).status().await?;
    ensure!(matches!(status.code(), Some(0 | 1)), "schemathesis itself failed: {status}");
    Ok(status.success())
}
