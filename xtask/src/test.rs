//! Every check and test of the project, one step after another. A step that fails does not hide the ones after it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::shell::{cargo, program, root, run as run_command, target_dir};
use crate::{build, fuzz_api, processes, programs, tools};

struct Step {
    name: &'static str,
    about: &'static str,
    /// A step without which this one makes no sense.
    needs: Option<&'static str>,
    run: fn() -> Result<()>,
}

/// In this order, cheap ones first.
const STEPS: [Step; 13] = [
    Step { name: "fmt", about: "formatting", needs: None, run: format },
    Step { name: "lint", about: "clippy for everything that runs natively", needs: None, run: lint },
    Step { name: "lint-app", about: "clippy for the app, as WebAssembly", needs: None, run: lint_app },
    Step { name: "doc", about: "the domain's documentation", needs: None, run: doc },
    Step { name: "unit", about: "tests of domain, sheet, server, app, scanner and xtask", needs: None, run: unit },
    Step { name: "app", about: "the app as a phone downloads it, into dist/", needs: None, run: build::app },
    Step {
        name: "fleet",
        about: "simulated phones under faults, and that they find planted mistakes",
        needs: None,
        run: fleet,
    },
    Step {
        name: "kills",
        about: "the server process killed, restored from an older backup, replaced, under phones",
        needs: None,
        run: processes::step,
    },
    Step {
        name: "hostile",
        about: "forged and broken requests change nothing that their sender may not",
        needs: None,
        run: processes::hostile_step,
    },
    Step { name: "fuzz-api", about: "schemathesis against the API", needs: None, run: fuzz_api::step },
    Step { name: "fuzz", about: "broken lists are refused or read, never more", needs: None, run: fuzz },
    Step { name: "office", about: "the Excel file of a report in LibreOffice", needs: None, run: office },
    Step { name: "browser", about: "journeys in a real browser", needs: Some("app"), run: journeys },
];

enum Verdict {
    Passed,
    Failed(anyhow::Error),
    NotRun(&'static str),
}

/// Runs the named steps and what they need, or all; fails if any fails.
pub fn run(names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        bail!("there is no step {unknown:?}\n\n{}", step_list());
    }
    let is_named = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let is_needed = |name: &str| STEPS.iter().any(|step| step.needs == Some(name) && is_named(step.name));
    let chosen: Vec<&Step> = STEPS.iter().filter(|step| is_named(step.name) || is_needed(step.name)).collect();

    let mut results: Vec<(&Step, Verdict, Duration)> = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        eprintln!("\n=== {}/{} {}: {}", index + 1, chosen.len(), step.name, step.about);
        let failed_need = step.needs.filter(|need| {
            results.iter().any(|(done, verdict, _)| done.name == *need && !matches!(verdict, Verdict::Passed))
        });
        let start = Instant::now();
        let verdict = match (failed_need, step.run) {
            (Some(need), _) => Verdict::NotRun(need),
            (None, run) => run().map_or_else(Verdict::Failed, |()| Verdict::Passed),
        };
        let took = start.elapsed();
        eprintln!("=== {} {}", step.name, describe(&verdict, took));
        results.push((step, verdict, took));
    }
    summarise(&results)
}

fn summarise(results: &[(&Step, Verdict, Duration)]) -> Result<()> {
    eprintln!("\n=== summary");
    for (step, verdict, took) in results {
        eprintln!("{:>10}  {}", step.name, describe(verdict, *took));
    }
    let failed = results.iter().filter(|(_, verdict, _)| !matches!(verdict, Verdict::Passed)).count();
    if failed > 0 {
        bail!("{failed} of {} steps did not pass", results.len());
    }
    Ok(())
}

fn describe(verdict: &Verdict, took: Duration) -> String {
    let seconds = took.as_secs_f64();
    match verdict {
        Verdict::Passed => format!("passed in {seconds:.1} s"),
        Verdict::Failed(error) => format!("FAILED after {seconds:.1} s: {error:#}"),
        Verdict::NotRun(need) => format!("NOT RUN: {need} did not pass"),
    }
}

/// For `--help`.
pub fn step_list() -> String {
    STEPS.iter().fold("Steps of `cargo xtask test`\n\n".to_owned(), |mut text, step| {
        let _ = writeln!(text, "    {:<10}{}", step.name, step.about); // writing to a String cannot fail
        text
    })
}

fn format() -> Result<()> {
    run_command(&mut cargo(&["fmt", "--all", "--", "--check"]))
}

fn lint() -> Result<()> {
    // With the app inside, as `cargo xtask run` builds the server: the tests serve it from a folder. Any folder will do here.
    std::fs::create_dir_all(root().join("dist"))?;
    let args = [
        "clippy",
        "--workspace",
        "--exclude",
        "app",
        "--exclude",
        "office",
        "--features",
        "server/embed-app",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    run_command(&mut cargo(&args))
}

fn lint_app() -> Result<()> {
    let args = [
        "clippy",
        "--package",
        "app",
        "--package",
        "office",
        "--package",
        "scanner",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "--deny",
        "warnings",
    ];
    tools::add_wasm_target()?;
    run_command(&mut cargo(&args))
}

fn doc() -> Result<()> {
    let mut doc = cargo(&["doc", "--no-deps", "--package", "domain"]);
    run_command(doc.env("RUSTDOCFLAGS", "--deny warnings"))
}

/// The app's own tests are of what needs no browser; they run natively.
const UNIT: [&str; 6] = ["domain", "sheet", "server", "app", "scanner", "xtask"];

fn unit() -> Result<()> {
    run_command(&mut unit_command())
}

fn unit_command() -> Command {
    let mut test = cargo(&["test"]);
    test.args(UNIT.map(|name| format!("--package={name}")));
    test
}

/// The server that kills and journeys meet. Built for a test of `unit` and beside the same packages, so that cargo finds it there and
/// does not compile everything below it for another set of features.
pub fn server() -> Result<PathBuf> {
    run_command(unit_command().args(["--test=plans", "--no-run"]))?;
    Ok(program("debug", "tung-nha"))
}

fn fleet() -> Result<()> {
    run_command(&mut cargo(&["test", "--package", "e2e", "--test", "fleet", "--test", "planted"]))
}

fn fuzz() -> Result<()> {
    run_command(&mut cargo(&["test", "--package", "e2e", "--test", "lists"]))
}

fn office() -> Result<()> {
    programs::ensure(&programs::OFFICE)?;
    run_command(&mut cargo(&["test", "--package", "e2e", "--test", "spreadsheet"]))
}

/// The browser meets the bytes that ship: the release build of the app.
fn journeys() -> Result<()> {
    programs::ensure(&programs::BROWSER)?;
    let mut test = cargo(&["test", "--package", "e2e", "--test", "browser"]);
    run_command(test.env("TUNG_NHA_SERVER", server()?))
}

/// Pictures of every screen, to be looked at.
pub fn screens() -> Result<()> {
    build::app()?;
    programs::ensure(&programs::BROWSER)?;
    let server = server()?;
    let folder = target_dir().join("screens");
    let mut screens = cargo(&["run", "--package", "e2e", "--bin", "screens", "--"]);
    run_command(screens.arg(&folder).env("TUNG_NHA_SERVER", server))?;
    println!("{}", folder.display());
    Ok(())
}

/// Measures: for now of lists only.
pub fn bench(rest: &[String]) -> Result<()> {
    if rest != ["lists"] {
        bail!("there is one benchmark: cargo xtask bench lists");
    }
    run_command(&mut cargo(&["run", "--release", "--package", "domain", "--example", "list_bench"]))
}

/// The fleet at full speed, over many seeds.
pub fn fleet_for_long(rest: &[String]) -> Result<()> {
    let (mut seeds, mut first, mut phones) = (100_u64, 1_u64, None);
    let mut args = rest.iter();
    while let Some(option) = args.next() {
        let value: u64 = args
            .next()
            .and_then(|value| value.parse().ok())
            .with_context(|| format!("{option} needs a number after it"))?;
        match option.as_str() {
            "--seeds" => seeds = value,
            "--first" => first = value,
            "--phones" => phones = Some(value),
            unknown => bail!("the fleet knows --seeds, --first and --phones, not {unknown:?}"),
        }
    }
    let mut fleet = cargo(&["run", "--release", "--package", "e2e", "--bin", "fleet", "--"]);
    fleet.args(["--seeds", &seeds.to_string(), "--first", &first.to_string()]);
    if let Some(phones) = phones {
        fleet.args(["--phones", &phones.to_string()]);
    }
    // Each run frees what the next one takes: giving it back to the system in between costs a tenth of the time.
    fleet.env("MIMALLOC_PURGE_DELAY", "-1");
    run_command(&mut fleet)
}

/// Broken lists, many more than in the step. Not a release build: overflows shall be noticed.
pub fn fuzz_for_long(rest: &[String]) -> Result<()> {
    let (mut inputs, mut seed) = (300_000_u64, 1_u64);
    let mut args = rest.iter();
    while let Some(option) = args.next() {
        let value = args.next().and_then(|value| value.parse().ok());
        let value = value.with_context(|| format!("{option} needs a number after it"))?;
        match option.as_str() {
            "--inputs" => inputs = value,
            "--seed" => seed = value,
            unknown => bail!("the fuzzer knows --inputs and --seed, not {unknown:?}"),
        }
    }
    let mut fuzz = cargo(&["run", "--package", "e2e", "--bin", "fuzz_lists", "--"]);
    run_command(fuzz.args(["--inputs", &inputs.to_string(), "--seed", &seed.to_string()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_step_is_refused_before_anything_runs() {
        assert!(run(&["browsers".to_owned()]).is_err());
    }

    #[test]
    fn a_step_comes_after_what_it_needs() {
        for (index, step) in STEPS.iter().enumerate() {
            let before = STEPS[..index].iter().map(|earlier| earlier.name);
            assert!(step.needs.is_none_or(|need| before.into_iter().any(|name| name == need)), "{}", step.name);
        }
    }

    #[test]
    fn one_failure_fails_the_whole() {
        let took = Duration::ZERO;
        let failed = Verdict::Failed(anyhow::anyhow!("no"));
        assert!(summarise(&[(&STEPS[0], Verdict::Passed, took)]).is_ok());
        assert!(summarise(&[(&STEPS[0], failed, took), (&STEPS[1], Verdict::Passed, took)]).is_err());
        assert!(summarise(&[(&STEPS[8], Verdict::NotRun("app"), took)]).is_err());
    }
}
