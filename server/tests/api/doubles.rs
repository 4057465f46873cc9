//! Nghi trùng over HTTP: suggested over the whole commune, joined and parted by a coordinator, remembered.

use domain::protocol::{DoublesReply, JoinDoubles, PartDoubles};
use domain::{DocId, Document, Value};

use crate::helpers::*;
use crate::holders::browser;

struct Twice {
    world: World,
    cookie: String,
    /// Two of one area, and one of another.
    here: [Document; 2],
    there: Document,
}

impl Twice {
    async fn new() -> Self {
        let world = World::new().await;
        let at = stamp(NOW - 9 * MINUTE, 2);
        let phone = [("phone", Value::from("0912345678"))];
        let homes = [household("Lý Văn Sơn", at), household("Lý Thị Mai", at), household("Lý Văn Sơn", at)];
        let person = |home: &Document, name| resident(home.id, name, 1975, at).with(at, phone.clone());
        let here = [person(&homes[0], "Lý Văn Sơn"), person(&homes[1], "LY VAN SON")];
        let there = person(&homes[2], "Lý Văn Sơn");
        let [first, second, third] = homes;
        world.write(AREA_A, &[first, second, here[0].clone(), here[1].clone()], NOW - 8 * MINUTE).await;
        world.write(AREA_B, &[third, there.clone()], NOW - 8 * MINUTE).await;
        let cookie = browser(&world, COORDINATOR).await;
        Self { world, cookie, here, there }
    }

    async fn list(&self) -> DoublesReply {
        let mut request = get("/api/lists/doubles");
        request.headers_mut().insert("cookie", self.cookie.parse().expect("a header"));
        serde_json::from_slice(&ask(&self.world.router(), request).await.body).expect("a reply")
    }

    async fn pairs(&self) -> Vec<[DocId; 2]> {
        self.list().await.doubles.iter().map(|double| [double.a, double.b]).collect()
    }

    async fn join(&self, cookie: &str, a: DocId, b: DocId) -> u16 {
        let request = post("/api/lists/doubles/join", Some(cookie), &JoinDoubles { a, b, keep: a });
        ask(&self.world.router(), request).await.status.as_u16()
    }

    async fn part(&self, a: DocId, b: DocId) -> u16 {
        let request = post("/api/lists/doubles/part", Some(&self.cookie), &PartDoubles { a, b });
        ask(&self.world.router(), request).await.status.as_u16()
    }
}

fn pair(left: &Document, right: &Document) -> [DocId; 2] {
    domain::doubles::in_order([left.id, right.id])
}

#[tokio::test]
async fn doubles_are_suggested_over_all_areas_until_they_are_settled() {
    let twice = Twice::new().await;
    let [one, other] = &twice.here;
    let mut expected = vec![pair(one, other), pair(one, &twice.there), pair(other, &twice.there)];
    let mut found = twice.pairs().await;
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(twice.list().await.people[&twice.there.id].area, AREA_B);

    assert_eq!(twice.world.figures(AREA_A).await.people, 2);
    assert_eq!(twice.join(&twice.cookie, one.id, other.id).await, 200);
    assert_eq!(twice.world.figures(AREA_A).await.people, 1);
    let joined = twice.list().await;
    assert_eq!(joined.joined, [Vec::from(pair(one, other))]);
    let canonical = pair(one, other)[0];
    assert_eq!(twice.pairs().await, [domain::doubles::in_order([canonical, twice.there.id])]);
    // Joining again writes nothing.
    let before = twice.world.all(AREA_A).await.0;
    assert_eq!(twice.join(&twice.cookie, other.id, one.id).await, 200);
    assert_eq!(twice.world.all(AREA_A).await.0, before);
}

#[tokio::test]
async fn who_is_parted_is_two_people_again_and_not_suggested_again() {
    let twice = Twice::new().await;
    let [one, other] = &twice.here;
    twice.join(&twice.cookie, one.id, other.id).await;
    assert_eq!(twice.part(one.id, other.id).await, 200);
    assert_eq!(twice.world.figures(AREA_A).await.people, 2);
    assert!(!twice.pairs().await.contains(&pair(one, other)));
    // Of two areas, too.
    assert_eq!(twice.part(twice.there.id, one.id).await, 200);
    assert_eq!(twice.pairs().await, [pair(other, &twice.there)]);
    // Somebody thinks again.
    assert_eq!(twice.join(&twice.cookie, one.id, other.id).await, 200);
    assert_eq!(twice.world.figures(AREA_A).await.people, 1);
    assert_eq!(twice.world.figures(AREA_A).await, twice.world.recounted(AREA_A).await);
}

#[tokio::test]
async fn doubles_of_two_areas_are_joined_where_one_lives_and_parted_to_where_they_came_from() {
    let twice = Twice::new().await;
    let [one, other] = &twice.here;
    twice.part(one.id, other.id).await;
    let total = || async { (twice.world.figures(AREA_A).await.people, twice.world.figures(AREA_B).await.people) };
    assert_eq!(total().await, (2, 1));
    // A record of the one who moves, which keeps its author.
    let phone = twice.world.phone(MEMBER_B).await;
    let record = signature(twice.there.id, MEMBER_B, stamp(NOW - 1, phone.install.0));
    twice.world.push(&phone, AREA_B, &[&record]).await;

    assert_eq!(twice.join(&twice.cookie, one.id, twice.there.id).await, 200);
    assert_eq!(total().await, (2, 0));
    assert_eq!(twice.world.figures(AREA_A).await.members[&MEMBER_B].credited, 1);
    let joined = twice.list().await.joined;
    assert_eq!(joined.len(), 1);
    assert_eq!(twice.world.figures(AREA_A).await, twice.world.recounted(AREA_A).await);

    assert_eq!(twice.part(joined[0][0], joined[0][1]).await, 200);
    assert_eq!(total().await, (2, 1));
    assert_eq!(twice.world.figures(AREA_B).await.members[&MEMBER_B].credited, 1);
    assert!(twice.list().await.joined.is_empty());
    assert!(!twice.pairs().await.contains(&pair(one, &twice.there)), "nobody is asked again");
}

#[tokio::test]
async fn only_a_coordinator_settles_doubles_here_and_only_of_residents_of_the_commune() {
    let twice = Twice::new().await;
    let [one, other] = &twice.here;
    for member in [MEMBER_A, LEAD_A] {
        let cookie = browser(&twice.world, member).await;
        assert_eq!(twice.join(&cookie, one.id, other.id).await, 403);
    }
    for stranger in [fresh_id(), MEMBER_A, one.id] {
        assert_eq!(twice.join(&twice.cookie, one.id, stranger).await, 403);
    }
    assert_eq!(twice.world.figures(AREA_A).await.people, 2);
}

#[tokio::test]
async fn a_leads_phone_joins_and_keeps_apart_by_facts_of_its_own() {
    use domain::Kind;
    use domain::visit::{Apart, Link};
    let twice = Twice::new().await;
    let [one, other] = &twice.here;
    let lead = twice.world.phone(LEAD_A).await;
    let at = stamp(NOW - 1, lead.install.0);
    let apart = Document::fact(fresh_id(), Kind::Apart, at, Apart::fields([one.id, other.id], LEAD_A));
    twice.world.push(&lead, AREA_A, &[&apart]).await;
    assert!(!twice.pairs().await.contains(&pair(one, other)));
    let link = Document::fact(fresh_id(), Kind::Link, at, Link::fields([one.id, other.id], LEAD_A));
    twice.world.push(&lead, AREA_A, &[&link]).await;
    assert_eq!(twice.world.figures(AREA_A).await.people, 1);
}
