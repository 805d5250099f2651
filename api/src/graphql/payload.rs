//! What mutations answer.

use async_graphql::{Context, Result};
use commands::Error;

use crate::graphql::error::{UserError, refused, top_level};

/// Defines a payload: its own fields, then `userErrors`.
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(async_graphql::SimpleObject)]
        pub(in crate::graphql) struct $name {
            $($(#[$field_meta])* pub(in crate::graphql) $field: $type,)*
            /// Why the mutation was refused. Empty on success.
            pub(in crate::graphql) user_errors: Vec<$crate::graphql::error::UserError>,
        }
    };
}
pub(in crate::graphql) use payload;

/// What a command did, or why it was refused, for `userErrors`. Everything else is a top-level error.
pub(in crate::graphql) fn outcome<T>(ctx: &Context<'_>, result: Result<T, Error>) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(done) => Ok((Some(done), vec![])),
        Err(Error::Refused { refusal, .. }) => Ok((None, vec![refused(ctx, &refusal)])),
        Err(error) => Err(top_level(error)),
    }
}
