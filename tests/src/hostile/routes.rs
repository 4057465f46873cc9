//! Every route of the API with ids of others, and requests that are wrong as HTTP.

use std::io::Write as _;

use domain::DocId;
use serde_json::{Value, json};
use server::router;
use server::store::SqliteStore;

use super::forge::Forger;
use super::wire::Request;
use super::world::Crew;
use crate::fleet::rng::Rng;

const METHODS: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "GETT"];
const TYPES: [&str; 6] = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "application/xml",
    "",
    "multipart/form-data; boundary=x",
];
const ENCODINGS: [&str; 5] = ["gzip", "br", "deflate", "gzip, gzip", "nothing"];

impl Forger<'_> {
    /// A request of the form that a route takes, for somebody or something that may be another's.
    pub fn ask(&self, rng: &mut Rng) -> Request {
        let (area, member) = (self.any_scope(rng), self.any_member(rng));
        let any = |rng: &mut Rng, kind: &str| -> Value {
            let of_kind: Vec<DocId> = self.targets.of_kind(kind).map(|target| target.id).collect();
            json!(rng.pick(&of_kind).copied().unwrap_or_else(|| DocId::random(rng.bits())))
        };
        let (household, resident) = (any(rng, "household"), any(rng, "resident"));
        let source = if rng.chance(500) { json!({"handout": rng.below(5)}) } else { json!({"area": area}) };
        match rng.below(19) {
            0 => Request::new("GET", &format!("/api/devices/{member}")),
            1 => {
                // Own attackers' phones stay in: without them nothing would be tried.
                let may_end = matches!(self.person.crew, Crew::Coordinators | Crew::Leads);
                let devices = if may_end { &self.targets.spare_devices } else { &self.targets.devices };
                let device = rng.pick(devices).copied().unwrap_or(self.person.device);
                let member = if rng.chance(500) { DocId::from_u128(device.as_u128() + 0x1000) } else { member };
                let reason = if rng.chance(500) { "lost" } else { "left" };
                Request::json("/api/devices/revoke", &json!({"member": member, "device": device, "reason": reason}))
            }
            2 => Request::json("/api/invites", &json!({"member": member})),
            3 => {
                let code = format!("{:032x}", rng.bits());
                Request::json("/api/join", &json!({"code": code, "install": format!("{:x}", rng.next())}))
            }
            4 => {
                let bytes = (0..rng.below(600)).map(|_| rng.next().to_le_bytes()[0]);
                Request::new("POST", "/api/capsules").with_body("application/octet-stream", bytes.collect())
            }
            5 => {
                let what = match rng.below(4) {
                    0 => json!({"household": household, "to_area": area}),
                    1 => json!({"resident": resident, "to_area": area, "to_household": household}),
                    2 => json!({"route": any(rng, "route"), "to_area": area}),
                    _ => json!({"households": [household], "route": any(rng, "route"), "to_area": area}),
                };
                Request::json("/api/lists/moves", &what)
            }
            6 => Request::new("GET", "/api/lists/doubles"),
            7 => {
                let path = if rng.chance(500) { "join" } else { "part" };
                let (a, b) = (any(rng, "resident"), any(rng, "resident"));
                Request::json(&format!("/api/lists/doubles/{path}"), &json!({"a": a, "b": b, "keep": a}))
            }
            8 => Request::new("GET", "/api/lists/handouts"),
            9 => {
                let what = match rng.below(3) {
                    0 => json!({"list": "helped", "member": member, "with_phones": true}),
                    1 => json!({"list": "doors", "area": area}),
                    _ => json!({"list": "doors", "area": area, "route": any(rng, "route")}),
                };
                Request::json("/api/lists/handouts", &json!({"what": what, "reason": "check", "words": "xem"}))
            }
            10 => {
                let path = if rng.chance(500) { "/api/lists/holders" } else { "/api/lists/holders/preview" };
                let holder = json!({"row": 1, "name": "Chủ", "birth_year": 1970, "phone": null, "provider": null});
                Request::json(path, &json!({"holders": [holder], "step": "signature_activated"}))
            }
            11 => {
                let choice = if rng.chance(800) {
                    json!({"known": area})
                } else {
                    json!({"new": {"name": "Bản giả", "kind": "ban"}})
                };
                let resident = json!({"name": "Người giả", "birth_year": 1980, "relation": "", "phone": null, "gone": null, "row": 1, "already": []});
                let household = json!({"list_key": "giả 1", "head": "Giả", "house_no": "", "phone": null, "priorities": [], "cell": null, "residents": [resident]});
                let list = json!({"households": [household], "report": [], "columns": [], "first_row": 1});
                let batch = DocId::from_u128(0xba7c + u128::from(rng.below(5)));
                Request::json(
                    "/api/lists/import",
                    &json!({"batch": batch, "area": choice, "file": "giả.csv", "list": list, "is_preview": rng.chance(400)}),
                )
            }
            12 => Request::new("GET", "/api/lists/imports"),
            13 => Request::json(
                "/api/lists/imports/undo",
                &json!({"batch": DocId::from_u128(0xba7c + u128::from(rng.below(5)))}),
            ),
            14 => Request::new("GET", "/api/lists/office"),
            15 => Request::json("/api/lists/paper/open", &json!({"source": source})),
            16 => {
                let entry = json!({"household": household, "results": ["met"], "people": []});
                Request::json(
                    "/api/lists/paper",
                    &json!({"source": source, "member": member, "day": "2026-11-30", "entry": entry}),
                )
            }
            17 => {
                let facts = [any(rng, "visit"), any(rng, "outcome")];
                Request::json(
                    "/api/lists/paper/take-back",
                    &json!({"area": area, "household": household, "facts": facts}),
                )
            }
            _ => {
                Request::new("GET", ["/api/time", "/api/plans", "/api/health/ready", "/api/openapi.json"][rng.index(4)])
            }
        }
    }
}

/// Makes a request wrong as HTTP, in one way.
pub fn distort(request: &mut Request, rng: &mut Rng) {
    match rng.below(9) {
        0 => rng.pick(&METHODS).copied().unwrap_or("GET").clone_into(&mut request.method),
        1 => {
            request.headers.retain(|(name, _)| name != "content-type");
            request.headers.push(("content-type".to_owned(), rng.pick(&TYPES).copied().unwrap_or("").to_owned()));
        }
        2 => {
            let encoding = rng.pick(&ENCODINGS).copied().unwrap_or("gzip");
            request.headers.push(("content-encoding".to_owned(), encoding.to_owned()));
            if rng.chance(500) {
                request.body = gzipped(&request.body);
            }
        }
        3 => {
            let site = ["cross-site", "same-site", "none", "same-origin"][rng.index(4)];
            request.headers.push(("sec-fetch-site".to_owned(), site.to_owned()));
            request.headers.push(("origin".to_owned(), "https://evil.example".to_owned()));
        }
        4 => {
            let routes = router::routes::<SqliteStore>();
            rng.pick(&routes).map_or("/api", |(_, path, _)| *path).clone_into(&mut request.path);
        }
        5 => request.path += ["/", "/..", "%2e%2e/", "?a=1", "//", ";x", "/%00", "/%ff"][rng.index(8)],
        6 => {
            request.headers.push(("x-forwarded-for".to_owned(), format!("10.0.{}.{}", rng.below(256), rng.below(256))));
        }
        7 => {
            let length = rng.index(9_000);
            request.headers.push(("x-long".to_owned(), "y".repeat(length)));
        }
        _ => {
            request.headers.retain(|(name, _)| name != "cookie");
            request.headers.push(("cookie".to_owned(), cookie(rng)));
        }
    }
}

/// No cookie that was ever given to anybody.
pub fn cookie(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => format!("tn_device={:032x}", rng.bits()),
        1 => "tn_device=".to_owned(),
        2 => format!("a=b; tn_device={:x}; tn_device=phone-1", rng.bits()),
        _ => "tn_device='; DROP TABLE devices; --".to_owned(),
    }
}

pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
