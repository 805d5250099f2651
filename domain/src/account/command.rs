//! What can be asked of an account.

use crate::{Name, Slug};

/// A command to one account's stream.
#[derive(Clone, Debug)]
pub enum AccountCommand {
    /// Begins the stream.
    Open(OpenAccount),
}

/// Opens an account.
#[derive(Clone, Debug)]
pub struct OpenAccount {
    /// What people read.
    pub name: Name,
    /// Its part of every link.
    pub slug: Slug,
}
