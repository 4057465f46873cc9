//! Takes connections, serves them, and ends when it is told to, after the requests that are under way.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use super::Edge;
use super::client::limit_key;
use super::connections::{Connections, Seat};

/// For the whole head of a request. Ours are below 2 kB; hyper's usual buffer is 400 kB for each connection.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Serves until `stop` ends; then takes no new connection, and waits for the requests that are under way.
pub async fn serve(listener: TcpListener, service: Router, edge: Arc<Edge>, stop: impl Future<Output = ()>) {
    let limits = edge.settings.limits;
    let connections = Arc::new(Connections::new(limits.connections, limits.connections_per_address));
    let (stopping, stopped) = watch::channel(false);
    let (alive, mut all_gone) = mpsc::channel::<Infallible>(1);
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            () = &mut stop => break,
        };
        let peer_address = peer.ip().to_canonical();
        let address = (!edge.settings.proxies.trusts(peer_address)).then(|| limit_key(peer_address));
        let Some(seat) = connections.admit(address) else { continue };
        let (service, stopped, alive) = (service.clone(), stopped.clone(), alive.clone());
        tokio::spawn(async move {
            serve_one(stream, peer, Arc::new(seat), service, limits, stopped).await;
            drop(alive);
        });
    }
    // The next server may take the port now.
    drop(listener);
    let _ = stopping.send(true);
    drop(alive);
    let _ = all_gone.recv().await;
}

/// The next connection. An error of one connection, or of a full table of descriptors, does not end the server.
async fn accept(listener: &TcpListener, connections: &Connections) -> (TcpStream, SocketAddr) {
    const TRY_AGAIN: Duration = Duration::from_millis(50);
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, open = connections.count(), "no connection could be taken");
                connections.close_one();
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn serve_one(
    stream: TcpStream,
    peer: SocketAddr,
    seat: Arc<Seat>,
    service: Router,
    limits: super::Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_time));
    let own_seat = Arc::clone(&seat);
    let answer = service_fn(move |request| answer(request, peer, Arc::clone(&seat), service.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(Box::pin(stream)), answer);
    let mut connection = pin!(connection);
    let mut is_stopping = false;
    loop {
        tokio::select! {
            // A connection that breaks is the network's affair, and of no use in a log.
            _ = &mut connection => return,
            () = own_seat.closed() => return,
            _ = stopped.wait_for(|is_stopped| *is_stopped), if !is_stopping => {
                is_stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    seat: Arc<Seat>,
    service: Router,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    seat.set_busy(true);
    let response = service.oneshot(request).await;
    seat.set_busy(false);
    response
}
