//! Machines with and without the Postgres programs.

use std::fs;

use embedded_postgres::{Config, EmbeddedPostgres};

use crate::workshop::Folder;

#[tokio::test]
async fn a_folder_without_the_programs_is_named() {
    let folder = Folder::open();
    let config = Config { bin_dir: Some(folder.path().to_owned()), ..folder.config() };

    let refused = EmbeddedPostgres::start(config).await.unwrap_err().to_string();

    assert_eq!(refused, format!("{} does not hold the programs `postgres` and `initdb` of Postgres 15 or newer", folder.path().display()));
}

#[tokio::test]
async fn data_of_a_version_that_is_not_installed_asks_for_that_version_in_one_sentence() {
    let folder = Folder::open();
    folder.start().await.stop().await.unwrap();
    fs::write(folder.cluster().join("PG_VERSION"), "9\n").unwrap();

    let refused = EmbeddedPostgres::start(folder.config()).await.unwrap_err().to_string();

    assert!(refused.starts_with("Postgres 9 is not installed: run `"), "{refused}");
    assert!(refused.contains("install"), "{refused}");
    assert!(!refused.contains('\n'), "{refused}");
}

#[tokio::test]
async fn the_programs_are_found_and_reported() {
    let folder = Folder::open();
    let found = folder.start().await;
    let bin_dir = found.report().bin_dir.clone();
    assert!(bin_dir.join("postgres").is_file());
    assert!(found.report().version.major >= 15);
    found.stop().await.unwrap();

    let named = EmbeddedPostgres::start(Config { bin_dir: Some(bin_dir.clone()), ..folder.config() }).await.unwrap();

    assert_eq!(named.report().bin_dir, bin_dir);
    named.stop().await.unwrap();
}
