//! Bodies that come too slowly are cut, and bodies that are being read hold their place.

use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::slots::Slot;
use super::{Edge, Limits, Sender};

/// The body stalled, or trickled.
#[derive(Debug, thiserror::Error)]
#[error("the body comes too slowly")]
pub struct TooSlow;

/// What a request brings over the wire; further in, decompression hides it.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub has_body: bool,
    /// As the request says itself.
    pub bytes: Option<u64>,
}

/// Watches the body of every request as it comes over the wire.
pub async fn watch(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let limits = edge.settings.limits;
    let load = Load { has_body: !request.body().is_end_stream(), bytes: request.body().size_hint().exact() };
    request.extensions_mut().insert(load);
    next.run(request.map(|body| if body.is_end_stream() { body } else { Body::new(Paced::new(body, limits)) })).await
}

struct Paced {
    body: Body,
    limits: Limits,
    bytes: u64,
    /// Starts when somebody first wants the body: waiting for a place is not the sender's fault.
    begun: Option<Instant>,
    idle: Pin<Box<Sleep>>,
}

impl Paced {
    fn new(body: Body, limits: Limits) -> Self {
        Self { body, limits, bytes: 0, begun: None, idle: Box::pin(sleep_until(Instant::now())) }
    }

    fn is_too_slow(&self, begun: Instant, now: Instant) -> bool {
        let spent = now - begun;
        spent > self.limits.body_grace && self.bytes < self.limits.body_bytes_per_s.saturating_mul(spent.as_secs())
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = self.get_mut();
        let now = Instant::now();
        let begun = *this.begun.get_or_insert_with(|| {
            this.idle.as_mut().reset(now + this.limits.body_idle);
            now
        });
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                this.idle.as_mut().reset(now + this.limits.body_idle);
                if this.is_too_slow(begun, now) {
                    return Poll::Ready(Some(Err(TooSlow.into())));
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => this.idle.as_mut().poll(cx).map(|()| Some(Err(TooSlow.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body with its place; the place is free again once the body is read, or given up.
pub struct Held {
    body: Body,
    slot: Option<Slot<Sender>>,
    /// How long the body may bring nothing while others wait for its place.
    idle_wanted: Duration,
    stalled: Pin<Box<Sleep>>,
}

impl Held {
    pub fn new(body: Body, slot: Slot<Sender>, idle_wanted: Duration) -> Self {
        Self { body, slot: Some(slot), idle_wanted, stalled: Box::pin(sleep(idle_wanted)) }
    }

    /// Resolves to ready when the body has stalled and its place is wanted.
    fn poll_wanted(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.stalled.as_mut().poll(cx).is_ready() {
            if self.slot.as_ref().is_some_and(Slot::is_wanted) {
                return Poll::Ready(());
            }
            self.stalled.as_mut().reset(Instant::now() + self.idle_wanted);
        }
        Poll::Pending
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let mut polled = Pin::new(&mut this.body).poll_frame(cx);
        match polled {
            Poll::Pending if this.poll_wanted(cx).is_ready() => {
                polled = Poll::Ready(Some(Err(axum::Error::new(TooSlow))));
            }
            Poll::Pending => {}
            Poll::Ready(_) => this.stalled.as_mut().reset(Instant::now() + this.idle_wanted),
        }
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            this.slot = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
