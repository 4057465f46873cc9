//! Who is asking: the device's cookie and the network address; and what they bring.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use crate::edge::Client;
use crate::edge::pace::TooSlow;
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
        token(&parts.headers).map(Self).ok_or(Error::DeviceUnknown)
    }
}

/// The token that a request carries, hashed; whether anybody has it is another question.
pub fn token(headers: &HeaderMap) -> Option<SecretHash> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, token)| *name == COOKIE && !token.is_empty())
        .map(|(_, token)| SecretHash::of(token.as_bytes()))
}

/// The cookie that carries a token: scripts can't read it, other sites can't send it.
pub fn set_cookie(token: &str, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    let seconds = COOKIE_DAYS * 24 * 3_600;
    format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/api; Max-Age={seconds}{secure}")
}

/// Whom limits count a request against, and whether the browser spoke https.
pub struct Caller {
    pub address: IpAddr,
    pub is_https: bool,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let client = parts.extensions.get::<Client>();
        Ok(Self {
            address: client.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), Client::limit_key),
            is_https: client.is_some_and(|client| client.is_https),
        })
    }
}

/// The JSON body of a POST. What is wrong with it is not told in detail: it may hold names.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !is_of_type(request.headers(), "application/json") {
            return Err(Error::NotJson);
        }
        let body = Bytes::from_request(request, state).await.map_err(body_error)?;
        serde_json::from_slice(&body).map(Self).map_err(|_| Error::BadRequest)
    }
}

/// The bytes of a POST.
pub struct OctetBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for OctetBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !is_of_type(request.headers(), "application/octet-stream") {
            return Err(Error::NotOctets);
        }
        Bytes::from_request(request, state).await.map(Self).map_err(body_error)
    }
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
        if error.is::<TooSlow>() {
            return Error::Timeout;
        }
        cause = error.source();
    }
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { Error::TooLarge } else { Error::BadRequest }
}
