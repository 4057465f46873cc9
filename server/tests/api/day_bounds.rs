//! Days that cannot be are refused, whatever kind of fact names them; what is dated back takes nobody's credit.

use domain::campaign::{AgeRule, Campaign, ServiceGoal};
use domain::protocol::{Rejection, Verdict};
use domain::service::{Origin, Service, Step};
use domain::visit::{Outcome, Visit, VisitResult};
use domain::{Day, DocId, Document, Kind, Value};

use crate::helpers::*;

/// Two months before `NOW`.
fn issued() -> Day {
    Day::at_ms(NOW).plus(-60)
}

async fn world_with_plan() -> World {
    let world = World::new().await;
    let rule = AgeRule { years: 15, inclusive: true };
    let plan = Campaign {
        name: "Kế hoạch".to_owned(),
        issued_on: Some(issued()),
        serves: rule,
        counts: rule,
        services: vec![ServiceGoal::new(Service::PublicSignature, Step::SignatureActivated)],
        ..Campaign::asking_nothing()
    };
    let plan = Document::description(CAMPAIGN, Kind::Campaign).with(stamp(NOW - 5 * MINUTE, 1), plan.to_fields());
    world.write(COMMUNE, &[plan], NOW - 5 * MINUTE).await;
    world
}

fn visit(household: DocId, day: Day) -> Document {
    let fields = Visit::fields(household, MEMBER_A, day, VisitResult::Met, None, &[], "");
    Document::fact(fresh_id(), Kind::Visit, stamp(NOW, 7), fields)
}

fn signed(resident: DocId, member: DocId, day: Day, ms: u64) -> Document {
    let fields = Outcome::fields(resident, member, day, Step::SignatureActivated, Origin::NewlyInstalled);
    Document::fact(fresh_id(), Kind::Outcome, stamp(ms, 7), fields)
}

#[tokio::test]
async fn a_day_long_before_the_plan_or_after_tomorrow_is_refused_and_counts_nowhere() {
    let world = world_with_plan().await;
    let phone = world.phone(MEMBER_A).await;
    let door = household("Nông Thị Mỷ", stamp(NOW, 7));
    let person = resident(door.id, "Nông Thị Mỷ", 1950, stamp(NOW, 7));
    world.push(&phone, AREA_A, &[&door, &person]).await;
    let today = Day::at_ms(NOW);
    let far = [Day::from_ymd(1999, 1, 1).expect("a day"), issued().plus(-32), today.plus(2), today.plus(1_600)];
    for day in far {
        let documents = [visit(door.id, day), signed(person.id, MEMBER_A, day, NOW)];
        let verdicts = world.push(&phone, AREA_A, &[&documents[0], &documents[1]]).await;
        assert_eq!(verdicts, [refused(Rejection::DayUnlikely), refused(Rejection::DayUnlikely)], "{day}");
        assert_eq!(world.stored(documents[0].id).await, None);
    }
    let figures = world.figures(AREA_A).await;
    assert_eq!((figures.doors.reached, figures.complete), (0, 0));
    for day in [issued().plus(-31), issued(), today, today.plus(1)] {
        assert_eq!(world.push(&phone, AREA_A, &[&visit(door.id, day)]).await, [Verdict::Ok], "{day}");
    }
}

#[tokio::test]
async fn who_dates_a_record_back_takes_no_credit_from_whom_the_office_knew() {
    let world = world_with_plan().await;
    let (one, two) = (world.phone(MEMBER_A).await, world.phone(MEMBER_AB).await);
    let week = 7 * 24 * 60 * MINUTE;
    let door = household("Nông Thị Mỷ", stamp(NOW - week, 7));
    let person = resident(door.id, "Nông Thị Mỷ", 1950, stamp(NOW - week, 7));
    let that_day = Day::at_ms(NOW - week);
    let first = signed(person.id, MEMBER_A, that_day, NOW - week);
    world.push(&one, AREA_A, &[&door, &person, &first]).await;
    let dated_back = signed(person.id, MEMBER_AB, that_day.plus(-1), NOW);
    assert_eq!(world.push(&two, AREA_A, &[&dated_back]).await, [Verdict::Ok]);
    assert_eq!(world.figures(AREA_A).await.members[&MEMBER_A].credited, 1);
    // Who was offline stamped on the day itself.
    let offline = signed(person.id, MEMBER_AB, that_day.plus(-1), NOW - week - 24 * 60 * MINUTE);
    assert_eq!(world.push(&two, AREA_A, &[&offline]).await, [Verdict::Ok]);
    assert_eq!(world.figures(AREA_A).await.members[&MEMBER_AB].credited, 1);
}

#[tokio::test]
async fn a_phone_does_not_say_that_a_fact_came_back_on_paper() {
    let world = world_with_plan().await;
    let door = household("Nông Thị Mỷ", stamp(NOW, 7));
    for member in [MEMBER_A, LEAD_A] {
        let phone = world.phone(member).await;
        world.push(&phone, AREA_A, &[&door]).await;
        let mut fields = Visit::fields(door.id, member, issued(), VisitResult::Met, None, &[], "");
        fields.insert("entered_by".to_owned(), Value::from(LEAD_A));
        let fact = Document::fact(fresh_id(), Kind::Visit, stamp(NOW, 7), fields);
        assert_eq!(world.push(&phone, AREA_A, &[&fact]).await, [refused(Rejection::Forbidden)]);
    }
}
