//! The project's commands: `cargo xtask --help` lists them. Each needs more than a line of shell, or must run on a
//! machine that has nothing but git and rustup.

mod build;
mod fuzz_api;
mod office;
mod post_build;
mod processes;
mod programs;
mod run;
mod scanner;
mod shell;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
Commands of the Từng Nhà project

    cargo xtask setup                 install the pinned build tools into the user's cache (once; minutes)
    cargo xtask build [--quick]       build the app for phones into dist/; --quick: larger, sooner, to look at screens
    cargo xtask run [-- ARGS]         build everything and serve a demo commune on http://127.0.0.1:8080
                                      ARGS go to the server, as in: run -- --port 9000
    cargo xtask test [STEP…]          every check and test, or only the steps named
    cargo xtask fleet [OPTIONS]       simulated phones under faults, for as long as you like
        --seeds N                     how many runs (default 100)
        --first SEED                  the first seed (default 1)
        --phones P                    phones in each run
    cargo xtask kills [OPTIONS]       SIGKILL of the real server process under phones that write as fast as they can
        --kills N                     how many (default 500)
        --phones P                    phones (default 12)
        --seed S                      where chance begins (default 1)
    cargo xtask drill                 backup, more work, SIGKILL, restore of the older backup, healing by the phones
    cargo xtask power-cuts [OPTIONS]  power cuts that drop what was not synced, with a control that must lose something;
                                      needs root and /dev/fuse
        --cuts N                      how many (default 200)
        --control N                   how many for the control (default 20)
    cargo xtask fuzz [OPTIONS]        broken lists, read from bytes to households, for as long as you like
        --inputs N                    how many (default 300000)
        --seed S                      where chance begins (default 1)
    cargo xtask hostile [OPTIONS]     forged, broken and oversized requests over raw HTTP against the real server process
        --requests N                  how many (default 100000)
        --seed S                      where chance begins (default 1)
    cargo xtask fuzz-api [OPTIONS]    schemathesis against the API, from its own description
        --seconds N                   how long (default 60)
        --seed S                      where chance begins (default 1)
    cargo xtask bench lists           how much of the corpus of lists is understood, precision and recall of matching
    cargo xtask screens               pictures of every screen, light and dark, into target/screens/
    cargo xtask post-build            called by Trunk: makes dist/ fit for a strict CSP and for offline use
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let (command, rest) = args.split_first().map_or(("--help", args), |(command, rest)| (command.as_str(), rest));
    let asks_for_help = rest.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--help");
    match command {
        "help" | "-h" | "--help" => println!("{HELP}\n{}", test::step_list()),
        _ if asks_for_help => println!("{HELP}\n{}", test::step_list()),
        "setup" => no_arguments(rest).and_then(|()| tools::set_up().map(drop))?,
        "build" if rest == ["--quick"] => build::quick_app()?,
        "build" => no_arguments(rest).and_then(|()| build::app())?,
        "run" => run::demo(rest)?,
        "test" => test::run(rest)?,
        "screens" => no_arguments(rest).and_then(|()| test::screens())?,
        "bench" => test::bench(rest)?,
        "fleet" => test::fleet_for_long(rest)?,
        "kills" => processes::kills(rest)?,
        "drill" => no_arguments(rest).and_then(|()| processes::drill())?,
        "power-cuts" => processes::power_cuts(rest)?,
        "hostile" => processes::hostile(rest)?,
        "fuzz-api" => fuzz_api::for_long(rest)?,
        "fuzz" => test::fuzz_for_long(rest)?,
        "post-build" => {
            let staging = std::env::var_os("TRUNK_STAGING_DIR")
                .context("TRUNK_STAGING_DIR is not set: post-build is called by Trunk, see Trunk.toml")?;
            post_build::finish(staging.as_ref())?;
        }
        unknown => bail!("there is no command {unknown:?}; `cargo xtask --help` lists them"),
    }
    Ok(())
}

fn no_arguments(rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(first) => bail!("this command takes no arguments, but got {first:?}"),
    }
}
