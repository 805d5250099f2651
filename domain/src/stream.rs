//! What all aggregates have in common.

use std::fmt::Display;
use std::str::FromStr;

use cqrs_es::Aggregate;

use crate::Refusal;

/// An aggregate whose events form one short stream, and which decides without side effects.
///
/// `cqrs_es::Aggregate::handle` of every aggregate is one function, `handle`: it decides, then applies.
pub trait Stream: Aggregate<Error = Refusal, Services = ()> {
    /// Names one stream of this kind.
    type Id: Copy + Display + FromStr + Send + Sync;

    /// Answers a command: the events to append, none when there is nothing to do, or a refusal.
    ///
    /// # Errors
    /// The rule that said no.
    fn decide(&self, command: Self::Command) -> Result<Vec<Self::Event>, Refusal>;

    /// The state after events.
    #[must_use]
    fn after(&self, events: &[Self::Event]) -> Self
    where
        Self: Clone,
    {
        let mut after = self.clone();
        for event in events {
            after.apply(event.clone());
        }
        after
    }
}

/// Decides, and hands each event to the sink, which applies it.
pub(crate) async fn handle<S: Stream>(state: &mut S, command: S::Command, sink: &cqrs_es::event_sink::EventSink<S>) -> Result<(), Refusal> {
    for event in state.decide(command)? {
        sink.write(event, state).await;
    }
    Ok(())
}

/// Implements `cqrs_es::Aggregate` for a [`Stream`], and `DomainEvent` for its events.
macro_rules! aggregate {
    ($state:ident, $name:literal, $id:ty, $command:ty, $event:ident { $($variant:ident $(= $version:literal)?),+ $(,)? }) => {
        impl cqrs_es::Aggregate for $state {
            const TYPE: &'static str = $name;
            type Command = $command;
            type Event = $event;
            type Error = $crate::Refusal;
            type Services = ();

            async fn handle(
                &mut self,
                command: Self::Command,
                (): &Self::Services,
                sink: &cqrs_es::event_sink::EventSink<Self>,
            ) -> Result<(), Self::Error> {
                $crate::stream::handle(self, command, sink).await
            }

            fn apply(&mut self, event: Self::Event) {
                self.apply_event(event);
            }
        }

        impl $crate::Stream for $state {
            type Id = $id;

            fn decide(&self, command: Self::Command) -> Result<Vec<Self::Event>, $crate::Refusal> {
                self.decide_command(command)
            }
        }

        impl $event {
            /// The type of every event of this aggregate, as stored.
            pub const TYPES: &'static [&'static str] = &[$(stringify!($variant)),+];
            /// The newest version of each, in the same order.
            pub const VERSIONS: &'static [&'static str] = &[$($crate::stream::version!($($version)?)),+];
        }

        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                match self { $(Self::$variant { .. } => stringify!($variant).to_owned(),)+ }
            }

            /// Raised when a field of this event changes its meaning or shape: then [`upcast`]($crate::upcast) learns to read the older one.
            fn event_version(&self) -> String {
                match self { $(Self::$variant { .. } => $crate::stream::version!($($version)?).to_owned(),)+ }
            }
        }
    };
}
pub(crate) use aggregate;

/// The version of an event: the first, where none is given.
macro_rules! version {
    () => {
        "1"
    };
    ($version:literal) => {
        $version
    };
}
pub(crate) use version;
