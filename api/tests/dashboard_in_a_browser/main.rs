//! The dashboard as people use it: in a real browser, against the finished program, with real mail and a real provider.
//!
//! The stories are scripts in `dashboard/tests/browser`. What a browser cannot do, they ask of `hands`, which also prepares the account
//! that most of them begin in. Pictures of pages go to `target/screenshots`, pictures of failures to its folder `failed`.

mod hands;
mod left_behind;
mod office;
#[expect(dead_code, reason = "a server is all that is started here")]
#[path = "../program/mod.rs"]
mod program;
mod script;
mod world;

use script::Script;
use world::World;

/// A part is played in the first look; every page that it inspects is inspected in the others as well.
const EVERY_LOOK: &str = "light,dark,phone";

/// Plays a part of the whole job, in a world of its own.
async fn play_part(part: &str, looks: &str) {
    World::start().await.play("whole-job.mjs", &[part], looks).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_welcome_link_opens_the_first_account() {
    play_part("opening", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_invited_and_join() {
    play_part("invitations", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_ordered_searched_and_shown_as_it_was() {
    play_part("list", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_ordered_searched_and_shown_as_it_was_on_a_phone() {
    play_part("list", "phone").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_managed() {
    play_part("managing", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_managed_on_a_phone() {
    play_part("managing", "phone").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_do_not_work_and_what_happened_to_a_user_are_told() {
    play_part("links-and-history", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_do_meanwhile_shows() {
    play_part("meanwhile", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_and_the_overview_tell_what_happened() {
    play_part("audit-log", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_the_account_are_managed_and_roles_limit_what_is_shown() {
    play_part("account", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_manage_their_own_sessions() {
    play_part("sessions", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_and_one_of_several_accounts_is_chosen() {
    play_part("signing-in", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_acts_for_no_one_but_the_person_whom_it_shows() {
    play_part("tabs", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_survives_the_end_of_the_session_in_every_form() {
    play_part("typing", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_whose_clock_is_off_tells_the_times_of_the_server() {
    play_part("clocks", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn small_things_that_were_wrong_once_are_right() {
    play_part("details", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_is_in_the_language_of_the_reader() {
    play_part("languages", EVERY_LOOK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_is_done_with_the_keyboard_alone() {
    World::start().await.play("keyboard.mjs", &[], "light").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_is_done_in_firefox() {
    World::start().await.play("firefox.mjs", &[], "light").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_addresses_are_shown_as_text_on_every_page() {
    World::start().await.play("hostile.mjs", &[], "phone").await;
}

#[tokio::test]
async fn every_part_of_the_whole_job_is_played() {
    let parts = Script::start("whole-job.mjs", &["--list"], &[]).ended().await;
    assert!(parts.lines().count() > 5, "{parts}");
    for part in parts.lines() {
        assert!(include_str!("main.rs").contains(&format!("play_part(\"{part}\", EVERY_LOOK)")), "no one plays {part}");
    }
}
