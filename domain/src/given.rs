//! The beginning of every test of an aggregate: given these events, when a command comes, then these events or this refusal.

use cqrs_es::test::{AggregateTestExecutor, TestFramework};

use crate::Stream;

/// A stream with this history. `when` hands a command to `Aggregate::handle`.
pub(crate) fn given<S: Stream>(history: impl Into<Vec<S::Event>>) -> AggregateTestExecutor<S> {
    TestFramework::with(()).given(history.into())
}

/// What a history adds up to.
pub(crate) fn fold<S: Stream>(history: impl IntoIterator<Item = S::Event>) -> S {
    history.into_iter().fold(S::default(), |mut state, event| {
        state.apply(event);
        state
    })
}
