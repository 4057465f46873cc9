//! The office's list pages: a second program beside the app, with a page of its own. The service worker does not keep it, so
//! no phone downloads it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::build::files_under;
use crate::post_build::short_hash;
use crate::shell::{cargo, command, root, run, target_dir};

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds `app/office` into `staging`. `app_styles` is the app's stylesheet there.
pub fn build(staging: &Path, app_styles: &str) -> Result<()> {
    // Trunk tells which of the two builds this is.
    let is_quick = std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "debug");
    let profile = if is_quick { "app-quick" } else { "app-release" };
    run(&mut cargo(&["build", "--package", "office", "--target", TARGET, "--profile", profile]))?;
    let out = target_dir().join("office");
    let wasm = target_dir().join(TARGET).join(profile).join("office.wasm");
    let mut bindgen = command("wasm-bindgen", &["--target", "web", "--no-typescript", "--out-name", "office"]);
    run(bindgen.arg("--out-dir").arg(&out).arg(&wasm))?;
    let bound = out.join("office_bg.wasm");
    if !is_quick {
        run(command("wasm-opt", &["-Oz"]).arg("-o").arg(&bound).arg(&bound))?;
    }

    let program = fs::read(&bound)?;
    let script = fs::read_to_string(out.join("office.js"))?;
    let hash = short_hash(&[program.as_slice(), script.as_bytes()]);
    let (wasm_name, script_name) = (format!("office-{hash}_bg.wasm"), format!("office-{hash}.js"));
    fs::write(staging.join(&wasm_name), &program)?;
    fs::write(staging.join(&script_name), &script)?;
    // The page and the worker run the same program; it finds out itself where it is.
    let start = format!("import init from \"/{script_name}\";\ninit({{ module_or_path: \"/{wasm_name}\" }});\n");
    let loader = format!("office-start-{hash}.js");
    fs::write(staging.join(&loader), start)?;

    let styles = styles()?;
    let styles_name = format!("office-{}.css", short_hash(&[styles.as_bytes()]));
    fs::write(staging.join(&styles_name), styles)?;
    let page = root().join("app/office/office.html");
    let page = fs::read_to_string(&page).with_context(|| format!("could not read {}", page.display()))?;
    let link = |name: &str| format!("<link rel=\"stylesheet\" href=\"/{name}\" />");
    let page = page
        .replace("<!-- app styles -->", &link(app_styles))
        .replace("<!-- office styles -->", &link(&styles_name))
        .replace("<!-- loader -->", &format!("<script type=\"module\" src=\"/{loader}\"></script>"));
    fs::write(staging.join("danh-sach.html"), page)?;
    Ok(())
}

/// What belongs to the office's pages: not part of what a phone keeps.
pub fn is_ours(name: &str) -> bool {
    name == "danh-sach.html" || name.starts_with("office-")
}

fn styles() -> Result<String> {
    let mut css = String::new();
    for (_, path) in files_under(&root().join("app/styles/office"))? {
        css += &fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    }
    Ok(css)
}
