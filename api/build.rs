//! Embeds what lies outside of the sources anew when it changes: the migrations and the built dashboard.

use std::{fs, io};

fn main() -> io::Result<()> {
    // A folder that is missing counts as changed, each time.
    fs::create_dir_all("../dashboard/dist")?;
    println!("cargo:rerun-if-changed=../dashboard/dist");
    println!("cargo:rerun-if-changed=../migrations");
    Ok(())
}
