//! The app itself: files of the build, and `index.html` for every address that the app draws.

use std::borrow::Cow;
use std::path::PathBuf;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::app::Shared;
use crate::error::Error;
use crate::headers::is_api;
use crate::store::Store;

#[cfg(feature = "embed-app")]
#[derive(rust_embed::RustEmbed)]
#[folder = "../dist"]
struct Embedded;

/// Pages under this address are the office's list pages, which have a build of their own.
const OFFICE: &str = "danh-sach";

/// Where the app's files are.
#[derive(Clone, Debug)]
pub enum AppFiles {
    /// A folder, such as `dist`.
    Folder(PathBuf),
    /// Inside this program.
    #[cfg(feature = "embed-app")]
    Embedded,
    /// Only the API is served.
    None,
}

impl AppFiles {
    async fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Folder(folder) => tokio::fs::read(folder.join(path)).await.ok().map(Cow::Owned),
            #[cfg(feature = "embed-app")]
            Self::Embedded => Embedded::get(path).map(|file| file.data),
            Self::None => None,
        }
    }
}

pub async fn serve<S: Store>(State(app): State<Shared<S>>, method: Method, uri: Uri) -> Response {
    if is_api(uri.path()) {
        return Error::NotFound.into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if !path.split('/').all(is_plain) {
        return not_found();
    }
    if !path.is_empty()
        && let Some(content) = app.files.read(path).await
    {
        return file(path, content);
    }
    // A name with an extension is a file that is not there; anything else is a page that the app draws.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return not_found();
    }
    let page = if path == OFFICE || path.strip_prefix(OFFICE).is_some_and(|rest| rest.starts_with('/')) {
        "danh-sach.html"
    } else {
        "index.html"
    };
    match app.files.read(page).await {
        Some(content) => file(page, content),
        None => not_found(),
    }
}

/// No way out of the folder, no hidden files, nothing that one system reads otherwise than another.
fn is_plain(part: &str) -> bool {
    !part.starts_with('.') && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn file(path: &str, content: Cow<'static, [u8]>) -> Response {
    let cache = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type(path))),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    // Without a copy for each request: many who read slowly would hold many copies.
    let content = match content {
        Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        Cow::Owned(read) => Bytes::from(read),
    };
    (headers, content).into_response()
}

fn not_found() -> Response {
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::NOT_FOUND, text, "Không có trang này.").into_response()
}

/// The build puts a hash into the names of files that never change: `app-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    const HASH_CHARS: usize = 8;
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.'])
        .any(|part| part.len() >= HASH_CHARS && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("app-0123456789abcdef_bg.wasm"));
        assert!(is_hashed("styles/base-8f14e45fceea167a.css"));
        for changing in ["index.html", "sw.js", "manifest.webmanifest", "icons/icon-512.png"] {
            assert!(!is_hashed(changing), "{changing}");
        }
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for bad in ["..", ".git", "a%2e", "a\\b", "tệp"] {
            assert!(!is_plain(bad), "{bad}");
        }
        assert!(is_plain("app-01_bg.wasm"));
    }
}
