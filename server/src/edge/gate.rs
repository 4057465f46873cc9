//! Before a body is read: does it come from our own pages, from a device that we know, and is there a place for it?

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::pace::{Held, Load};
use super::slots::NoSlot;
use super::{Client, Sender, origin};
use crate::app::Shared;
use crate::auth::token;
use crate::error::Error;
use crate::store::{SecretHash, Store, Tx as _};

/// Who may use a route at all. Its handler decides the rest, in the transaction that serves the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Devices that the database knows; also those that were shut out, which must be told so.
    Devices,
    /// Anybody, with something small that proves itself: an invite, a capsule.
    Anybody,
    /// Anybody; there is no body to read.
    Public,
}

/// The gate of one route.
#[derive(Clone)]
pub struct Gate<S> {
    pub app: Shared<S>,
    pub entry: Entry,
    /// Below this a body counts as small.
    pub small_bytes: u64,
    /// Whether a body may be larger.
    pub takes_lists: bool,
}

/// Marks the answer to a device that the database knows, for the log.
#[derive(Clone, Copy, Debug)]
pub struct Known;

/// Lets a request pass to its handler, or answers it without reading its body.
pub async fn pass<S: Store>(State(gate): State<Gate<S>>, request: Request, next: Next) -> Response {
    let is_body_under_way = request.extensions().get::<Load>().is_some_and(|load| load.has_body);
    let (request, is_known) = match gate.admit(request).await {
        Ok(admitted) => admitted,
        Err(error) => {
            let mut refusal = error.into_response();
            if is_body_under_way {
                // The rest of the body is never read, so nothing else can come on this connection.
                refusal.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            return refusal;
        }
    };
    let mut response = next.run(request).await;
    if is_known {
        response.extensions_mut().insert(Known);
    }
    response
}

impl<S: Store> Gate<S> {
    async fn admit(&self, request: Request) -> Result<(Request, bool), Error> {
        let edge = &self.app.edge;
        let (client, load) =
            (request.extensions().get::<Client>().cloned(), request.extensions().get::<Load>().copied());
        let (client, load) =
            client.zip(load).ok_or_else(|| Error::Internal("a layer of the edge is missing".into()))?;
        if request.method() == Method::POST {
            let public_host = edge.settings.public_host.as_deref();
            origin::check(&client, public_host, request.headers(), request.uri())?;
        }
        let known = match token(request.headers()) {
            Some(token) if self.entry != Entry::Public => self.look_up(token).await?,
            _ => None,
        };
        if self.entry == Entry::Devices && known.is_none() {
            return Err(Error::DeviceUnknown);
        }
        if !load.has_body || self.entry == Entry::Public {
            return Ok((request, known.is_some()));
        }
        let (slots, sender) = match known {
            Some(device) if self.takes_lists && !self.is_small(load, &request) => (&edge.large, Sender::Device(device)),
            Some(device) => (&edge.small, Sender::Device(device)),
            None => (&edge.unknown, Sender::Address(client.limit_key())),
        };
        let slot = slots.take(sender, edge.settings.limits.slot_wait).await.map_err(|refusal| match refusal {
            NoSlot::SenderHasEnough => {
                Error::TooMany { retry_after_s: edge.settings.limits.body_idle.as_secs().max(1) }
            }
            NoSlot::AllTaken => Error::Busy,
        })?;
        Ok((
            request.map(|body| Body::new(Held::new(body, slot, edge.settings.limits.body_idle_wanted))),
            known.is_some(),
        ))
    }

    /// Asks the database each time: a device that is removed is a stranger at once.
    async fn look_up(&self, token: SecretHash) -> Result<Option<SecretHash>, Error> {
        let _turn = self.app.edge.lookups.acquire().await.map_err(|_| Error::Busy)?;
        let mut tx = self.app.store.read().await?;
        let is_known = tx.device(token).await?.is_some();
        tx.commit().await?;
        Ok(is_known.then_some(token))
    }

    /// A body that says how long it is, and holds no more than it says.
    fn is_small(&self, load: Load, request: &Request) -> bool {
        let is_plain = !request.headers().contains_key(header::CONTENT_ENCODING);
        is_plain && load.bytes.is_some_and(|bytes| bytes <= self.small_bytes)
    }
}
