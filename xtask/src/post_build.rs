//! What Trunk leaves to do: one stylesheet in place of thirty requests, no inline script in index.html (the CSP allows
//! none), and a service worker that knows every file of this build with its hash, so that a half-deployed build never
//! replaces a whole one.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::build::files_under;
use crate::{office, scanner};

const OPEN: &str = "<script type=\"module\"";
const CLOSE: &str = "</script>";
/// The line of sw.js that stands in for the list.
const PLACEHOLDER: &str = "const PRECACHE = { build: \"none\", files: [] };";

/// Finishes the build that lies in Trunk's staging folder.
pub fn finish(staging: &Path) -> Result<()> {
    let index = staging.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("could not read {}", index.display()))?;
    let html = join_stylesheets(&html, staging)?;
    let page = without_inline_loader(&html)?;
    fs::write(staging.join(&page.loader_name), &page.loader)?;
    fs::write(&index, &page.html)?;
    let styles = page.html.lines().find_map(stylesheet_name).context("index.html links no stylesheet")?;
    office::build(staging, styles)?;
    scanner::build(staging)?;

    let mut list = Vec::new();
    for (name, path) in files_under(staging)? {
        if name != "sw.js" && !office::is_ours(&name) {
            list.push((url_of(&name), hex(&Sha256::digest(fs::read(&path)?))));
        }
    }
    // The page names its build, for the worker to know which one started; the id is made from the page without it.
    let id = build_id(&list);
    let html = with_build(&page.html, &id)?;
    for (url, hash) in list.iter_mut().filter(|(url, _)| url == "/") {
        *hash = hex(&Sha256::digest(&html));
        fs::write(&index, &html).with_context(|| format!("could not write {url}"))?;
    }
    let worker = staging.join("sw.js");
    let source = fs::read_to_string(&worker).with_context(|| format!("could not read {}", worker.display()))?;
    fs::write(&worker, with_precache_list(&source, &id, &list)?)?;
    Ok(())
}

/// Puts all stylesheets of the page, in their order, into one file: on a slow network every request costs more than
/// its bytes. The first link then names that file, the others go.
fn join_stylesheets(html: &str, staging: &Path) -> Result<String> {
    let (mut css, mut kept, mut first) = (String::new(), String::new(), None);
    for line in html.split_inclusive('\n') {
        let Some(name) = stylesheet_name(line) else {
            kept.push_str(line);
            continue;
        };
        first.get_or_insert(kept.len());
        let path = staging.join(name);
        css += &fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
        fs::remove_file(&path)?;
    }
    let Some(first) = first else {
        return Ok(kept); // a page without any style
    };
    let name = format!("app-{}.css", short_hash(&[css.as_bytes()]));
    fs::write(staging.join(&name), css)?;
    kept.insert_str(first, &format!("    <link rel=\"stylesheet\" href=\"/{name}\" />\n"));
    Ok(kept)
}

/// The file that a line of Trunk's page links as a stylesheet; Trunk leaves one link a line, as in the source.
fn stylesheet_name(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("<link rel=\"stylesheet\" href=\"/")?;
    rest.split_once('"').map(|(name, _)| name)
}

struct Page {
    html: String,
    loader: String,
    loader_name: String,
}

/// Moves the one inline module script that Trunk writes into a file named by its hash.
fn without_inline_loader(html: &str) -> Result<Page> {
    let mut inline = html.match_indices(OPEN).filter_map(|(start, _)| {
        let tag_end = start + html[start..].find('>')?;
        let end = tag_end + html[tag_end..].find(CLOSE)?;
        let text = html[tag_end + 1..end].trim();
        (!text.is_empty()).then_some((start, end + CLOSE.len(), text))
    });
    let (start, end, text) = inline.next().context("index.html has no inline module script: has Trunk changed?")?;
    if inline.next().is_some() {
        bail!("index.html has more than one inline module script, and the CSP allows none");
    }
    let loader = format!("{text}\n");
    let loader_name = format!("loader-{}.js", short_hash(&[loader.as_bytes()]));
    let tag = format!("{OPEN} src=\"/{loader_name}\">{CLOSE}");
    let html = format!("{}{tag}{}", &html[..start], &html[end..]);
    if let Some(left) = inline_code(&html) {
        bail!("index.html has inline code that the CSP would block: {left}");
    }
    Ok(Page { html, loader, loader_name })
}

/// The first inline script or style of a page, if it has any.
fn inline_code(html: &str) -> Option<&str> {
    let style = html.find("<style");
    let mut scripts = html.match_indices("<script").map(|(start, _)| start);
    let script =
        scripts.find(|start| html[*start..].find('>').is_some_and(|end| !html[*start..start + end].contains("src=")));
    let start = style.or(script)?;
    html[start..].lines().next()
}

/// The page itself is asked for at the root.
fn url_of(name: &str) -> String {
    if name == "index.html" { "/".to_owned() } else { format!("/{name}") }
}

fn with_build(html: &str, id: &str) -> Result<String> {
    let (before, after) = html.split_once("<head>").context("index.html has no head")?;
    Ok(format!("{before}<head>\n    <meta name=\"build\" content=\"{id}\" />{after}"))
}

fn with_precache_list(worker: &str, id: &str, list: &[(String, String)]) -> Result<String> {
    if worker.matches(PLACEHOLDER).count() != 1 {
        bail!("sw.js must hold this line once: {PLACEHOLDER}");
    }
    let value = serde_json::json!({ "build": id, "files": list });
    Ok(worker.replace(PLACEHOLDER, &format!("const PRECACHE = {value};")))
}

/// Names a build by its content: the same files give the same id.
fn build_id(list: &[(String, String)]) -> String {
    let mut hasher = Sha256::new();
    for (url, hash) in list {
        hasher.update(format!("{url} {hash}\n"));
    }
    hex(&hasher.finalize())[..16].to_owned()
}

/// Names a file by its content.
pub fn short_hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hex(&hasher.finalize())[..16].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<head><script src=\"/boot.js\" defer></script><script type=\"module\">\nimport init from '/app.js';\n\
                        </script></head><body></body>";

    fn list(hash: &str) -> Vec<(String, String)> {
        vec![(url_of("index.html"), hash.to_owned()), (url_of("icons/a.svg"), "22".to_owned())]
    }

    #[test]
    fn the_loader_leaves_the_page_and_keeps_its_text() {
        let page = without_inline_loader(HTML).unwrap();
        assert_eq!(page.loader, "import init from '/app.js';\n");
        assert!(page.html.contains(&format!("<script type=\"module\" src=\"/{}\"></script></head>", page.loader_name)));
        assert!(!page.html.contains("import init"));
    }

    #[test]
    fn another_loader_gets_another_name() {
        let other = without_inline_loader(&HTML.replace("app.js", "app-2.js")).unwrap();
        assert_ne!(other.loader_name, without_inline_loader(HTML).unwrap().loader_name);
    }

    #[test]
    fn stylesheets_become_one_in_their_order() {
        let staging = std::env::temp_dir().join(format!("xtask-css-{}", std::process::id()));
        fs::create_dir_all(&staging).unwrap();
        fs::write(staging.join("z-1.css"), "@layer a;").unwrap();
        fs::write(staging.join("b-2.css"), "p{}").unwrap();
        let links = "<link rel=\"stylesheet\" href=\"/z-1.css\"/>\n<link rel=\"stylesheet\" href=\"/b-2.css\"/>\n";
        let html = join_stylesheets(&format!("<head>\n{links}</head>\n"), &staging).unwrap();
        let files = files_under(&staging).unwrap();
        let (name, path) = &files[0];
        assert_eq!(html, format!("<head>\n    <link rel=\"stylesheet\" href=\"/{name}\" />\n</head>\n"));
        assert_eq!(fs::read_to_string(path).unwrap(), "@layer a;p{}");
        assert_eq!(files.len(), 1);
        fs::remove_dir_all(&staging).unwrap();
    }

    #[test]
    fn a_page_without_a_loader_or_with_two_is_refused() {
        assert!(without_inline_loader("<head></head>").is_err());
        assert!(without_inline_loader(&HTML.repeat(2)).is_err());
    }

    #[test]
    fn any_other_inline_code_is_refused() {
        for bad in ["<style>a{}</style>", "<script>alert(1)</script>"] {
            assert!(without_inline_loader(&HTML.replace("<body>", bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_worker_gets_every_file_with_its_hash() {
        let worker = with_precache_list(&format!("// head\n{PLACEHOLDER}\n// rest\n"), "5", &list("11")).unwrap();
        assert!(worker.starts_with("// head\nconst PRECACHE = {"));
        assert!(worker.contains("\"files\":[[\"/\",\"11\"],[\"/icons/a.svg\",\"22\"]]"));
        assert!(worker.contains("\"build\":\"5\""));
    }

    #[test]
    fn a_worker_without_the_placeholder_is_refused() {
        assert!(with_precache_list("const PRECACHE = 1;", "5", &list("11")).is_err());
    }

    #[test]
    fn the_page_names_its_build() {
        let html = with_build(HTML, "5").unwrap();
        assert!(html.starts_with("<head>\n    <meta name=\"build\" content=\"5\" /><script"));
        assert!(with_build("<body></body>", "5").is_err());
    }

    #[test]
    fn the_build_id_follows_the_content() {
        assert_eq!(build_id(&list("11")), build_id(&list("11")));
        assert_ne!(build_id(&list("11")), build_id(&list("12")));
    }

    #[test]
    fn the_projects_own_worker_has_the_placeholder() {
        let worker = fs::read_to_string(crate::shell::root().join("public/sw.js")).unwrap();
        with_precache_list(&worker, "5", &list("11")).unwrap();
    }
}
