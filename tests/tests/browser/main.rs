//! Journeys in a real browser, against the real server and the release build of the app. Run them with `cargo xtask test browser`.
//! Each name is a claim; a journey that fails tells its step and leaves pictures in target/e2e/.

mod afternoon;
mod agreement;
mod codes;
mod devices;
mod foreign;
mod full;
mod handouts;
mod honesty;
mod invites;
mod killed;
mod kills;
mod lead;
mod lists;
mod moving;
mod old_app;
mod outbox;
mod plan;
mod point;
mod reconcile;
mod report;
mod rollback;
mod tabs;
mod update;
mod whole;

use e2e::browser::journey;

#[test]
fn a_member_works_an_afternoon_with_the_server_off() {
    journey("afternoon", afternoon::journey);
}

#[test]
fn two_phones_on_one_street_agree_with_the_lead() {
    journey("agreement", agreement::journey);
}

#[test]
fn a_tab_killed_in_the_middle_of_a_visit_loses_nothing() {
    journey("killed", killed::journey);
}

#[test]
fn a_visit_survives_a_kill_between_any_two_writes() {
    journey("kills-door", kills::at_the_door);
}

#[test]
fn a_persons_form_survives_a_kill_between_any_two_writes() {
    journey("kills-people", kills::over_people);
}

#[test]
fn a_new_household_survives_a_kill_between_any_two_writes() {
    journey("kills-household", kills::over_a_household);
}

#[test]
fn a_division_survives_a_kill_between_any_two_writes() {
    journey("kills-division", kills::division);
}

#[test]
fn joining_survives_a_kill_between_any_two_writes() {
    journey("kills-joining", kills::joining);
}

#[test]
fn leaving_with_unsent_work_survives_a_kill_between_any_two_writes() {
    journey("kills-leaving", kills::leaving);
}

#[test]
fn two_tabs_agree() {
    journey("tabs", tabs::journey);
}

#[test]
fn bad_invites_get_a_sentence() {
    journey("bad-invites", invites::bad);
}

#[test]
fn a_phone_with_unsent_work_is_not_given_away() {
    journey("given-away", invites::given_away);
}

#[test]
fn the_lead_invites_a_members_next_phone() {
    journey("invited", invites::by_the_lead);
}

#[test]
fn a_lost_phone_is_shut_out_by_the_lead_and_empties_itself() {
    journey("lost", devices::lost);
}

#[test]
fn what_a_lost_phone_had_unsent_is_brought_by_the_lead() {
    journey("lost-with-work", devices::lost_with_work);
}

#[test]
fn both_phones_of_a_member_go_on() {
    journey("two-phones", devices::two_phones);
}

#[test]
fn a_phone_that_is_handed_over_shows_and_sends_nothing_of_the_one_before() {
    journey("handed-over", devices::handed_over);
}

#[test]
fn a_commune_of_eighteen_thousand_is_imported_without_the_page_standing_still() {
    journey("lists", lists::journey);
}

#[test]
fn the_lead_divides_the_area_and_assigns() {
    journey("lead", lead::divides);
}

#[test]
fn a_name_that_a_member_writes_over_another_is_seen_and_put_back_by_the_lead() {
    journey("second-look", lead::looks_again);
}

#[test]
fn the_coordinator_sees_areas_against_targets() {
    journey("coordinator", lead::coordinator);
}

#[test]
fn the_coordinator_edits_the_plan_and_everybody_works_to_it() {
    journey("plan", plan::journey);
}

#[test]
fn people_are_helped_at_a_support_point() {
    journey("point", point::journey);
}

#[test]
fn a_report_stays_as_it_was_sent_and_the_next_one_tells_what_came_late() {
    journey("report", report::journey);
}

#[test]
fn the_province_sees_its_communes_and_nobody_in_them() {
    journey("province", report::province);
}

#[test]
fn an_update_is_offered_between_visits() {
    journey("update", update::offered);
}

#[test]
fn a_visit_that_the_phone_breaks_off_goes_on_in_the_build_it_was_begun_in() {
    journey("held-update", update::held_for_a_visit);
}

#[test]
fn a_build_that_does_not_start_gives_way_to_the_one_before() {
    journey("rollback", rollback::by_itself);
}

#[test]
fn the_person_goes_back_to_the_build_before_at_once() {
    journey("rollback-by-hand", rollback::by_hand);
}

#[test]
fn an_older_build_put_back_on_the_server_opens_the_same_data() {
    journey("rollback-by-the-server", rollback::by_the_server);
}

#[test]
fn the_first_released_app_works_with_this_server_and_takes_the_update_with_unsent_work() {
    journey("old-app", old_app::journey);
}

#[test]
fn a_half_deployed_build_never_replaces_a_whole_one() {
    journey("half-deployed", update::half_deployed);
}

#[test]
fn the_cache_holds_exactly_the_build() {
    journey("cache", update::cache);
}

#[test]
fn a_full_phone_says_so_and_loses_nothing() {
    journey("full", full::journey);
}

#[test]
fn browsers_that_lose_data_are_refused_before_the_first_record() {
    journey("refused", honesty::refused);
}

#[test]
fn a_database_that_is_closed_held_newer_or_gone_is_told_honestly() {
    journey("honesty", honesty::closed_held_newer_gone);
}

#[test]
fn a_phone_says_whether_it_is_ready_to_go() {
    journey("ready", honesty::ready_to_go);
}

#[test]
fn a_foreign_areas_id_is_refused_with_a_sentence() {
    journey("foreign", foreign::journey);
}

#[test]
fn no_console_errors_and_no_csp_violations() {
    journey("console", whole::console);
}

#[test]
fn paper_taken_out_comes_back_as_the_helpers_work() {
    journey("handouts", handouts::journey);
}

#[test]
fn a_household_moves_while_a_phone_is_away_and_nothing_of_it_is_lost() {
    journey("moving", moving::journey);
}

#[test]
fn what_is_unsent_is_sent_by_the_worker_while_the_app_is_closed() {
    journey("background", outbox::background);
}

#[test]
fn unsent_work_goes_as_a_file_by_way_of_a_colleague() {
    journey("by-file", outbox::by_file);
}

#[test]
fn unsent_work_is_rescued_before_the_phone_is_emptied() {
    journey("rescue", outbox::rescue);
}

#[test]
fn unsent_work_is_rescued_before_the_phone_becomes_somebody_elses() {
    journey("rescued-for-the-next", outbox::rescued_for_the_next);
}

#[test]
fn what_a_phone_keeps_sealed_stays_until_somebody_brings_it_whom_the_server_believes() {
    journey("rescued-and-shut-out", outbox::rescued_and_shut_out);
}

#[test]
fn unsent_work_outlives_a_database_that_the_browser_throws_away() {
    journey("thrown-away", outbox::thrown_away);
}

#[test]
fn a_providers_list_is_reconciled_once() {
    journey("reconcile", reconcile::journey);
}

#[test]
fn unsent_work_reaches_the_server_by_another_phones_camera() {
    journey("codes", codes::journey);
}
