use std::time::Duration;

/// What one GraphQL request may cost before and while it is run. Depth and complexity are set on the schema.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long finding out who asks and running the operation may take together.
    pub execution_time: Duration,
    /// Bytes of the operation's text.
    pub text_bytes: usize,
    /// Tokens of the operation's text.
    pub tokens: usize,
    /// How deep brackets may be nested in the text: the parser is recursive, and its stack is not endless.
    pub nesting: usize,
    /// Fields of all operations, with every fragment counted as often as it is spread.
    pub fields: usize,
    /// Aliased fields, counted the same way: a hundred aliased sign-ins are a hundred guesses.
    pub aliases: usize,
    /// Fields at the root of a mutation.
    pub mutation_fields: usize,
    /// Values in the JSON of a request, counted through lists and objects: twice what the largest input needs.
    pub values: usize,
    /// Bytes of one text among the values of a request.
    pub value_bytes: usize,
    /// A field of an input whose text may be longer, and how many bytes it may have. Only in variables.
    pub long_value: Option<(&'static str, usize)>,
    /// Entries of one list among the values of a request.
    pub list_values: usize,
    /// Whether the schema may be asked for.
    pub introspection: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            body_time: Duration::from_secs(10),
            execution_time: Duration::from_secs(30),
            text_bytes: 64 * 1024,
            tokens: 5_000,
            nesting: 48,
            fields: 2_000,
            aliases: 200,
            mutation_fields: 10,
            values: 20_000,
            value_bytes: 4_096,
            long_value: None,
            list_values: 2_000,
            introspection: true,
        }
    }
}
