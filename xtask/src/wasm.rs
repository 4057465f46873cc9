//! Programs for the browser beside the app: each a package of its own, built as the app is.

use std::fs;

use anyhow::Result;

use crate::shell::{cargo, command, run, target_dir};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// What a browser needs of a program.
pub struct Program {
    pub wasm: Vec<u8>,
    /// Starts the program when it is told where that lies.
    pub script: String,
}

/// How a script is loaded.
#[derive(Clone, Copy)]
pub enum Script {
    /// As a module, whose default export starts the program.
    Module,
    /// As a script of the old kind, which every worker takes; `wasm_bindgen` starts the program.
    Classic,
}

impl Script {
    fn target(self) -> &'static str {
        match self {
            Self::Module => "web",
            Self::Classic => "no-modules",
        }
    }
}

/// Builds a package, small or, where Trunk builds the app so, quickly.
pub fn build(package: &str, script: Script) -> Result<Program> {
    // Trunk tells which of the two builds this is.
    let is_quick = std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "debug");
    let profile = if is_quick { "app-quick" } else { "app-release" };
    run(&mut cargo(&["build", "--package", package, "--target", TARGET, "--profile", profile]))?;
    let out = target_dir().join(package);
    let wasm = target_dir().join(TARGET).join(profile).join(format!("{package}.wasm"));
    let args = ["--target", script.target(), "--no-typescript", "--out-name", package];
    run(command("wasm-bindgen", &args).arg("--out-dir").arg(&out).arg(&wasm))?;
    let bound = out.join(format!("{package}_bg.wasm"));
    if !is_quick {
        run(command("wasm-opt", &["-Oz"]).arg("-o").arg(&bound).arg(&bound))?;
    }
    Ok(Program { wasm: fs::read(&bound)?, script: fs::read_to_string(out.join(format!("{package}.js")))? })
}
