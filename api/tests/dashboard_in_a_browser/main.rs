//! The dashboard as people use it: in a real browser, against the finished program, with real mail and a real provider.
//!
//! The stories are scripts in `dashboard/tests/browser`, one for each test; what a browser cannot do, they ask of `hands`. Pictures of
//! pages go to `target/screenshots`, of what went wrong to its folder `failed`.

mod hands;
#[expect(dead_code, reason = "a server is all that is started here")]
#[path = "../program/mod.rs"]
mod program;
mod script;
mod world;

use world::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_job_is_done_in_light_colours() {
    World::start().await.play("whole-job.mjs", "light").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_job_is_done_in_dark_colours() {
    World::start().await.play("whole-job.mjs", "dark").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_job_is_done_on_a_phone() {
    World::start().await.play("whole-job.mjs", "phone").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_is_done_with_the_keyboard_alone() {
    World::start().await.play("keyboard.mjs", "light").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_addresses_are_shown_as_text_on_every_page() {
    World::start().await.play("hostile.mjs", "phone").await;
}

/// Nothing else runs beside it: see `.config/nextest.toml`.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_users_can_be_used_within_a_second() {
    World::start().await.play("speed.mjs", "light").await;
}
