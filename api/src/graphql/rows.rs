//! Objects whose fields are resolved in place, for lists.
//!
//! async-graphql makes a boxed future of each field of each object and runs them side by side. In a list of 50 users with six fields these
//! are 300 futures, and nearly all of them are ready at once. [`Row`] awaits the fields of an object one after the other, in one future.
//! [`Rows`] does so for each object of a list; objects that have to wait, wait side by side. The result is the same. The schema
//! has no extensions: none would see these fields.

use std::borrow::Cow;
use std::task::Poll;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::{ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use futures::stream::FuturesUnordered;
use futures::{StreamExt, poll};

/// An object whose fields are resolved in place.
#[derive(Clone, Copy, Debug)]
pub(in crate::graphql) struct Row<T>(pub(in crate::graphql) T);

/// A list of objects whose fields are resolved in place.
pub(in crate::graphql) struct Rows<T>(Vec<T>);

impl<T> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl<T: ContainerType> OutputType for Row<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match selected::<T>(ctx) {
            Some(fields) => Ok(resolve_fields(ctx, &fields, &self.0).await),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

impl<T: ContainerType> OutputType for Rows<T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let Some(fields) = selected::<T>(ctx) else { return OutputType::resolve(&self.0, ctx, field).await };
        let contexts: Vec<_> = (0..self.0.len()).map(|index| ctx.with_index(index)).collect();
        let mut values = vec![Value::Null; self.0.len()];
        let waiting = FuturesUnordered::new();
        for (index, (row, ctx)) in self.0.iter().zip(&contexts).enumerate() {
            let mut resolving = Box::pin(resolve_fields(ctx, &fields, row));
            match poll!(resolving.as_mut()) {
                Poll::Ready(value) => values[index] = value,
                Poll::Pending => waiting.push(async move { (index, resolving.await) }),
            }
        }
        let mut waiting = waiting;
        while let Some((index, value)) = waiting.next().await {
            values[index] = value;
        }
        Ok(Value::List(values))
    }
}

/// The fields that are selected of an object, with fragments written out. `None` if the library has to resolve them: it merges fields that
/// are selected twice, and knows directives.
fn selected<'a, T: ContainerType>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    let mut fields = Vec::with_capacity(ctx.item.node.items.len());
    collect::<T>(ctx, &ctx.item.node, &mut fields).then_some(fields)
}

fn collect<'a, T: ContainerType>(ctx: &ContextSelectionSet<'a>, set: &'a SelectionSet, fields: &mut Vec<&'a Positioned<Field>>) -> bool {
    set.items.iter().all(|selection| {
        let (condition, set) = match &selection.node {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                let is_new = fields.iter().all(|other| other.node.response_key().node != *key);
                fields.push(field);
                return is_new && field.node.directives.is_empty();
            }
            Selection::InlineFragment(inline) => (inline.node.type_condition.as_ref(), &inline.node.selection_set),
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = ctx.query_env.fragments.get(&spread.node.fragment_name.node) else { return false };
                (Some(&fragment.node.type_condition), &fragment.node.selection_set)
            }
        };
        let applies = condition.is_none_or(|condition| is_a::<T>(ctx, &condition.node.on.node));
        !applies || collect::<T>(ctx, &set.node, fields)
    })
}

/// Whether objects of a type have this type: their own, or an interface that they implement.
fn is_a<T: ContainerType>(ctx: &ContextSelectionSet<'_>, name: &str) -> bool {
    let own = T::type_name();
    own == name || ctx.schema_env.registry.implements.get(&*own).is_some_and(|interfaces| interfaces.contains(name))
}

async fn resolve_fields<T: ContainerType>(ctx: &ContextSelectionSet<'_>, fields: &[&Positioned<Field>], object: &T) -> Value {
    let mut values = IndexMap::with_capacity(fields.len());
    for field in fields {
        let name = field.node.response_key().node.clone();
        if field.node.name.node == "__typename" {
            values.insert(name, Value::String(object.introspection_type_name().into_owned()));
            continue;
        }
        match object.resolve_field(&ctx.with_field(field)).await {
            Ok(value) => {
                values.insert(name, value.unwrap_or_default());
            }
            Err(error) => ctx.add_error(error),
        }
    }
    if values.is_empty() { Value::Null } else { Value::Object(values) }
}

#[cfg(test)]
mod tests;
