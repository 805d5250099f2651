//! Rebuilds when embedded files outside of the sources change: the migrations and the built dashboard.

use std::{fs, io};

fn main() -> io::Result<()> {
    // A folder that is missing counts as changed, each time.
    fs::create_dir_all("../dashboard/dist")?;
    println!("cargo:rerun-if-changed=../dashboard/dist");
    println!("cargo:rerun-if-changed=../migrations");
    Ok(())
}
