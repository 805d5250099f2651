//! What the links begin with that a command prints.

use clap::Args;

use super::Failure;
use crate::site::Site;

#[derive(Args)]
pub(super) struct SiteArgs {
    /// The address that the link begins with, such as https://roster.example
    #[arg(long, env = "ROSTER_PUBLIC_URL", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    public_url: String,
}

impl SiteArgs {
    pub(super) fn parse(&self) -> Result<Site, Failure> {
        Ok(Site::parse(&self.public_url)?)
    }
}
