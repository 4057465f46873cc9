//! The edge on real connections: who sends slowly, too much or unasked takes nothing from who is honest.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use server::edge::{Client, Edge, Limits, Proxies, Settings, accept, client};
use server::store::SecretHash;
use server::{admin, router};
use server::{app::App, handlers::files::AppFiles};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::helpers::*;
use domain::InstallId;

/// Far more than anything here takes; what waits longer waits for ever.
const LONG: Duration = Duration::from_secs(20);
/// What an honest phone may have to wait while others misbehave. The machine may be busy with other tests.
const SOON: Duration = Duration::from_secs(5);

struct Served {
    world: World,
    limits: Limits,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

async fn serve(limits: Limits, proxies: Proxies) -> Served {
    let world = World::new().await;
    for number in 1..=9 {
        let token = SecretHash::of(format!("phone-{number}").as_bytes());
        admin::enrol(&world.store, COORDINATOR, InstallId(number), token, fresh_id(), NOW).await.expect("enrolled");
    }
    let edge = Arc::new(Edge::new(Settings { limits, proxies, ..Settings::default() }));
    let app = App::with_clock(world.store.clone(), AppFiles::None, || NOW).behind(Arc::clone(&edge));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let stopped = async move {
        let _ = stopped.await;
    };
    let ended = tokio::spawn(accept::serve(listener, router::build(app), edge, stopped));
    Served { world, limits, address, stop, ended }
}

async fn serve_with(limits: Limits) -> Served {
    serve(limits, Proxies::default()).await
}

impl Served {
    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        stream.write_all(bytes).await.expect("sent");
        stream
    }

    /// A request whose body is said to be long and stops after its first byte.
    async fn stall(&self, path: &str, token: &str, bytes: usize) -> TcpStream {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncookie: tn_device={token}\r\ncontent-type: application/json\r\n\
             content-length: {bytes}\r\n\r\n{{"
        );
        self.send(head.as_bytes()).await
    }

    /// A phone that asks for what is new.
    async fn is_honest_phone_served(&self, number: u64) -> bool {
        timeout(SOON, answer(self.send(&sync_of(number)).await))
            .await
            .is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }
}

fn sync_of(number: u64) -> Vec<u8> {
    let body = format!(r#"{{"protocol":1,"schema":1,"install":"{number}","cursors":[],"push":[]}}"#);
    let length = body.len();
    format!(
        "POST /api/sync HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: tn_device=phone-{number}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// All that comes until the server closes the connection.
async fn answer(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset after the answer is an end too: the server has not read what we still had to say.
    let _ = timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("the server closes the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn bodies_with_an_invented_token_are_sent_away_unread() {
    let served = serve_with(Limits::default()).await;
    let mut stalled = Vec::new();
    for number in 0..150 {
        stalled.push(served.stall("/api/lists/import", &format!("invented-{number}"), 7_900_000).await);
    }
    assert!(served.is_honest_phone_served(1).await);
    for stream in stalled {
        let answer = answer(stream).await;
        assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn a_device_reads_few_bodies_at_once_and_a_stalled_one_is_cut() {
    let limits = Limits { body_idle: Duration::from_secs(2), bodies: 4, ..Limits::default() };
    let served = serve_with(limits).await;
    let mut stalled = Vec::new();
    for _ in 0..=limits.bodies_per_device {
        stalled.push(served.stall("/api/sync", "phone-1", 1_000).await);
    }
    assert!(served.is_honest_phone_served(2).await, "another phone still has a place");
    let mut answers = Vec::new();
    for stream in stalled {
        answers.push(answer(stream).await);
    }
    let count = |status: &str| answers.iter().filter(|answer| answer.starts_with(status)).count();
    assert_eq!((count("HTTP/1.1 408"), count("HTTP/1.1 429")), (limits.bodies_per_device, 1), "{answers:?}");
    assert!(answers.iter().any(|answer| answer.contains("retry-after: ")));
    assert!(served.is_honest_phone_served(1).await, "the places are free again");
}

#[tokio::test]
async fn when_all_places_are_taken_a_phone_waits_for_the_next() {
    let limits = Limits { body_idle: Duration::from_millis(300), bodies: 2, bodies_per_device: 1, ..Limits::default() };
    let served = serve_with(limits).await;
    let _first = served.stall("/api/sync", "phone-1", 1_000).await;
    let _second = served.stall("/api/sync", "phone-2", 1_000).await;
    assert!(served.is_honest_phone_served(3).await);
    let impatient = Limits { body_idle: LONG, slot_wait: Duration::from_millis(50), ..limits };
    let served = serve_with(impatient).await;
    let mut stalled = Vec::new();
    for number in 1..=3 {
        stalled.push(served.stall("/api/sync", &format!("phone-{number}"), 1_000).await);
    }
    let mut ended = 0;
    for mut stream in stalled {
        let mut bytes = [0; 12];
        if timeout(Duration::from_secs(1), stream.read_exact(&mut bytes)).await.is_ok() {
            assert_eq!(&bytes, b"HTTP/1.1 503");
            ended += 1;
        }
    }
    assert_eq!(ended, 1);
}

#[tokio::test]
async fn who_stalls_makes_room_while_somebody_waits() {
    let limits = Limits { body_idle: LONG, slot_wait: LONG, bodies: 2, bodies_per_device: 1, ..Limits::default() };
    let served = serve_with(limits).await;
    let _first = served.stall("/api/sync", "phone-1", 1_000).await;
    let _second = served.stall("/api/sync", "phone-2", 1_000).await;
    assert!(served.is_honest_phone_served(3).await);
}

#[tokio::test]
async fn who_brings_little_needs_no_place_among_those_who_bring_much() {
    let served = serve_with(Limits { body_idle: LONG * 3, large_bodies: 1, ..Limits::default() }).await;
    let mut stalled = Vec::new();
    for _ in 0..=served.limits.unknown_bodies_per_address {
        stalled.push(served.stall("/api/join", "invented", 4_000).await);
    }
    for path in ["/api/time", "/api/health/ready", "/api/lists/office"] {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: tn_device=phone-1\r\n\r\n");
        assert!(answer(served.send(request.as_bytes()).await).await.starts_with("HTTP/1.1 200"), "{path}");
    }
    stalled.push(served.stall("/api/lists/import", "phone-1", 7_000_000).await);
    let small = String::from_utf8(sync_of(1)).expect("text").replace("/api/sync", "/api/lists/moves");
    assert!(answer(served.send(small.as_bytes()).await).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn a_body_that_trickles_is_cut_and_a_slow_one_is_not() {
    let limits = Limits { body_grace: Duration::from_millis(50), body_bytes_per_s: 1_000, ..Limits::default() };
    let served = serve_with(limits).await;
    let (mut reading, mut writing) = served.stall("/api/sync", "phone-1", 100_000).await.into_split();
    let trickle = tokio::spawn(async move {
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut head = [0; 12];
    timeout(LONG, reading.read_exact(&mut head)).await.expect("an answer").expect("a head");
    assert_eq!(&head, b"HTTP/1.1 408");
    trickle.abort();
    let slow = sync_of(2);
    let (head, body) = slow.split_at(slow.len() - 30);
    let mut stream = served.send(head).await;
    for byte in body {
        stream.write_all(&[*byte]).await.expect("sent");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(answer(stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn slow_heads_are_cut() {
    let served = serve_with(Limits { header_time: Duration::from_millis(200), ..Limits::default() }).await;
    let silent = served.send(b"").await;
    let slow = served.send(b"GET /api/time HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
    let resting = served.send(b"GET /api/time HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(!answer(silent).await.contains("200"));
    assert!(!answer(slow).await.contains("200"));
    assert!(answer(resting).await.starts_with("HTTP/1.1 200"), "a connection that rests is closed too");
}

#[tokio::test]
async fn more_connections_than_there_is_room_for_shut_nobody_out() {
    let served = serve_with(Limits { connections: 20, header_time: LONG * 3, ..Limits::default() }).await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        slow.push(served.send(b"GET /api/time HTTP/1.1\r\nx-slow: ").await);
    }
    assert!(served.is_honest_phone_served(1).await);
    assert_eq!(answer(slow.remove(0)).await, "", "the oldest made room");
}

#[tokio::test]
async fn one_address_has_only_so_many_connections() {
    let elsewhere = Proxies::named(vec![client::network("10.0.0.0/8").expect("a network")]);
    let limits = Limits { connections_per_address: 5, header_time: LONG * 3, ..Limits::default() };
    let served = serve(limits, elsewhere).await;
    let mut slow = Vec::new();
    for _ in 0..6 {
        slow.push(served.send(b"GET /api/time HTTP/1.1\r\nx-slow: ").await);
    }
    assert_eq!(answer(slow.remove(0)).await, "", "the oldest of this address made room");
    assert!(served.is_honest_phone_served(1).await);
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_answers_what_is_under_way() {
    let served = serve_with(Limits { header_time: LONG * 3, ..Limits::default() }).await;
    let resting = served.send(b"GET /api/time HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let request = sync_of(1);
    let (first, rest) = request.split_at(request.len() - 10);
    let mut under_way = served.send(first).await;
    assert!(served.is_honest_phone_served(2).await);
    served.stop.send(()).expect("still there");
    assert!(answer(resting).await.starts_with("HTTP/1.1 200"), "a resting connection is closed");
    assert!(TcpStream::connect(served.address).await.is_err(), "no new connection is taken");
    assert!(!served.ended.is_finished());
    under_way.write_all(rest).await.expect("sent");
    assert!(answer(under_way).await.starts_with("HTTP/1.1 200"));
    timeout(LONG, served.ended).await.expect("it ends").expect("without a panic");
    assert!(served.world.audit_count().await > 0);
}

#[tokio::test]
async fn limits_count_who_is_behind_a_trusted_proxy() {
    let served = serve_with(Limits::default()).await;
    let join = |forwarded: &str| {
        let body = r#"{"code":"x","install":"1"}"#;
        let length = body.len();
        format!(
            "POST /api/join HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             x-forwarded-for: 198.51.100.{length}, {forwarded}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let mut last = String::new();
    for _ in 0..61 {
        last = answer(served.send(join("203.0.113.9").as_bytes()).await).await;
    }
    assert!(last.starts_with("HTTP/1.1 429"), "{last}");
    assert!(answer(served.send(join("203.0.113.8").as_bytes()).await).await.starts_with("HTTP/1.1 404"));
    let named = Client::of(served.address.ip(), &axum::http::HeaderMap::new(), &Proxies::default());
    assert!(named.is_proxied, "this test speaks as a proxy does");
}
