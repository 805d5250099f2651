use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::ExecutableDocument;

use crate::recent::Recent;
use crate::request::limits::Limits;
use crate::request::operation;
use crate::request::request_error::RequestError;

/// How many documents are kept, and how long the text of one may be. A parsed document takes about 20 times the space of its text.
const KEPT: usize = 200;
const KEPT_BYTES: usize = 4 * 1024;

/// Parses documents. Clients send the same few again and again, so the latest ones are kept.
pub(super) struct Documents(Mutex<Recent<Box<str>, Arc<ExecutableDocument>>>);

impl Documents {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Recent::new(KEPT)))
    }

    /// As [`operation::parse`]. The limits must always be the same.
    pub(super) fn parse(&self, text: &str, limits: &Limits) -> Result<Arc<ExecutableDocument>, RequestError> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = kept().get(text) {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(operation::parse(text, limits)?);
        if text.len() <= KEPT_BYTES {
            kept().insert(text.into(), Arc::clone(&document));
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_parsed_once_and_refused_each_time() {
        let (documents, limits) = (Documents::new(), Limits::default());
        let [first, second] = [(); 2].map(|()| documents.parse("{ a }", &limits).unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        for _ in 0..2 {
            assert_eq!(documents.parse("{", &limits).unwrap_err().code(), "GRAPHQL_PARSE_FAILED");
        }
        let long = format!("{{ a }} #{}", "x".repeat(KEPT_BYTES));
        let [first, second] = [(); 2].map(|()| documents.parse(&long, &limits).unwrap());
        assert!(!Arc::ptr_eq(&first, &second));
    }
}
