//! Adds the limit to the message about a document that exceeds it. The library does not name it.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::{ServerError, ValidationResult};

use crate::graphql::{MAX_COMPLEXITY, MAX_DEPTH};

/// Adds the limit to the message about a document that is too deep or too complex.
pub(in crate::graphql) struct NamedLimits;

impl ExtensionFactory for NamedLimits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for NamedLimits {
    async fn validation(&self, ctx: &ExtensionContext<'_>, next: NextValidation<'_>) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await.map_err(|errors| errors.into_iter().map(named).collect())
    }
}

fn named(error: ServerError) -> ServerError {
    let message = match error.message.trim_end_matches('.') {
        text @ "Query is nested too deep" => format!("{text}: at most {MAX_DEPTH} levels"),
        text @ "Query is too complex" => format!("{text}: at most {MAX_COMPLEXITY} points"),
        _ => return error,
    };
    ServerError { message, ..error }
}
