//! The program that reads QR codes in a worker. Part of what a phone keeps: it is wanted where there is no network.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::post_build::short_hash;
use crate::wasm::{self, Script};

/// The worker's script has this name in every build, so that the app need not be told; it is always of the build that the
/// service worker keeps.
const SCRIPT: &str = "scanner.js";

/// Builds `app/scanner` into `staging`: the worker's script and its program.
pub fn build(staging: &Path) -> Result<()> {
    let program = wasm::build("scanner", Script::Classic)?;
    let name = format!("scanner-{}_bg.wasm", short_hash(&[&program.wasm]));
    fs::write(staging.join(&name), &program.wasm)?;
    let start = format!("wasm_bindgen({{ module_or_path: \"/{name}\" }});\n");
    fs::write(staging.join(SCRIPT), format!("{}\n{start}", program.script))?;
    Ok(())
}
