//! What mutations take.

/// Defines the input of a mutation and, behind `=>`, the command that it becomes. A field goes over by `Into`, or by the function behind
/// `=`. Fields behind `and` are not part of the command.
macro_rules! input {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(async_graphql::InputObject)]
        pub(in crate::graphql) struct $name {
            $($(#[$field_meta])* pub(in crate::graphql) $field: $type,)*
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident => $command:path {
            $($(#[$field_meta:meta])* $field:ident: $type:ty $(= $function:expr)?),* $(,)?
        }
        $(and { $($(#[$other_meta:meta])* $other:ident: $other_type:ty),* $(,)? })?
    ) => {
        $crate::graphql::input::input!(
            $(#[$meta])*
            $name {
                $($(#[$field_meta])* $field: $type,)*
                $($($(#[$other_meta])* $other: $other_type,)*)?
            }
        );

        impl From<$name> for $command {
            fn from(input: $name) -> Self {
                Self { $($field: $crate::graphql::input::converted!(input.$field $(, $function)?)),* }
            }
        }
    };
}
pub(in crate::graphql) use input;

/// A field of an input as the command has it.
macro_rules! converted {
    ($value:expr) => {
        $value.into()
    };
    ($value:expr, $function:expr) => {
        $function($value)
    };
}
pub(in crate::graphql) use converted;

/// A value that may be absent.
pub(in crate::graphql) fn optional<T: Into<U>, U>(value: Option<T>) -> Option<U> {
    value.map(Into::into)
}

/// A list.
pub(in crate::graphql) fn list<T: Into<U>, U>(values: Vec<T>) -> Vec<U> {
    values.into_iter().map(Into::into).collect()
}

/// A list that may be absent.
pub(in crate::graphql) fn optional_list<T: Into<U>, U>(values: Option<Vec<T>>) -> Option<Vec<U>> {
    values.map(list)
}
