//! Who is asking: the device's cookie, the network address, and whether a POST comes from our own pages.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::store::SecretHash;

pub const COOKIE: &str = "tn_device";
/// As long as browsers allow.
const COOKIE_DAYS: u32 = 400;

/// The device's token, hashed. The token itself goes no further than this.
#[derive(Clone, Copy)]
pub struct DeviceToken(pub SecretHash);

impl<S: Sync> FromRequestParts<S> for DeviceToken {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let cookies = parts.headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, token)| *name == COOKIE && !token.is_empty())
            .map(|(_, token)| Self(SecretHash::of(token.as_bytes())))
            .ok_or(Error::DeviceUnknown)
    }
}

/// The cookie that carries a token: scripts can't read it, other sites can't send it.
pub fn set_cookie(token: &str, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    let seconds = COOKIE_DAYS * 24 * 3_600;
    format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/api; Max-Age={seconds}{secure}")
}

/// Whether the browser spoke https; a proxy in front says so.
pub fn is_https(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

/// Where a request comes from. A proxy on this machine is believed, nobody else is.
pub struct Caller(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        if !peer.is_loopback() {
            return Ok(Self(peer));
        }
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let nearest = forwarded.and_then(|list| list.rsplit(',').next()).and_then(|ip| ip.trim().parse().ok());
        Ok(Self(nearest.unwrap_or(peer)))
    }
}

/// The JSON body of a POST from our own pages. What is wrong with it is not told in detail: it may hold names.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        check_site(request.headers())?;
        if !is_of_type(request.headers(), "application/json") {
            return Err(Error::NotJson);
        }
        let body = Bytes::from_request(request, state).await.map_err(body_error)?;
        serde_json::from_slice(&body).map(Self).map_err(|_| Error::BadRequest)
    }
}

/// The bytes of a POST from our own pages.
pub struct OctetBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for OctetBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        check_site(request.headers())?;
        if !is_of_type(request.headers(), "application/octet-stream") {
            return Err(Error::NotOctets);
        }
        Bytes::from_request(request, state).await.map(Self).map_err(body_error)
    }
}

/// A form on another site can send a cookie-less POST, but neither with one of our types nor with this header.
fn check_site(headers: &HeaderMap) -> Result<(), Error> {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return Err(Error::ForeignSite);
    }
    Ok(())
}

fn is_of_type(headers: &HeaderMap, expected: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
}

fn body_error(rejection: BytesRejection) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&rejection);
    while let Some(error) = cause {
        // The limit outside decompression reports through the layers between.
        if error.is::<LengthLimitError>() {
            return Error::TooLarge;
        }
        cause = error.source();
    }
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { Error::TooLarge } else { Error::BadRequest }
}
