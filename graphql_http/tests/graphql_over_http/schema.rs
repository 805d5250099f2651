use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
};

use async_graphql::{Context, InputValueError, Object, Scalar, ScalarType, Schema, Subscription, Value};
use futures::stream::{self, Stream};
use tokio::sync::{Notify, Semaphore};

/// Lets a test hold a resolver: it says that it has come, and waits until it is let go.
pub(crate) struct Gate {
    pub(crate) entered: Semaphore,
    pub(crate) open: Notify,
    /// Whether guests of sockets have to leave.
    pub(crate) is_closed: AtomicBool,
    /// How many mutations were run.
    pub(crate) signed_in: AtomicUsize,
}

impl Gate {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            entered: Semaphore::new(0),
            open: Notify::new(),
            is_closed: AtomicBool::new(false),
            signed_in: AtomicUsize::new(0),
        })
    }

    /// Returns once that many resolvers wait.
    pub(crate) async fn until_entered(&self, count: u32) {
        self.entered.acquire_many(count).await.unwrap().forget();
    }
}

/// What `prepare` found in the request.
pub(crate) struct Caller(pub(crate) String);

pub(crate) struct Even(u64);

#[Scalar]
impl ScalarType for Even {
    fn parse(value: Value) -> Result<Self, InputValueError<Self>> {
        match value {
            Value::Number(number) if number.as_u64().is_some_and(|number| number % 2 == 0) => Ok(Self(number.as_u64().unwrap())),
            _ => Err(InputValueError::custom("not even")),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

pub(crate) struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &str {
        "world"
    }

    async fn caller(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<Caller>().0.clone()
    }

    async fn half(&self, of: Even) -> u64 {
        of.0 / 2
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn this(&self) -> Query {
        Query
    }

    async fn hold(&self, ctx: &Context<'_>) -> &str {
        let gate = ctx.data_unchecked::<Arc<Gate>>();
        gate.entered.add_permits(1);
        gate.open.notified().await;
        "held"
    }

    async fn panics(&self, said: Option<String>) -> String {
        said.expect("no one may see this")
    }

    async fn fails(&self) -> Option<async_graphql::Result<String>> {
        Some(Err(std::io::Error::other("connection to 10.0.0.1 refused for user roster").into()))
    }
}

pub(crate) struct Mutation;

#[Object]
impl Mutation {
    async fn sign_in(&self, ctx: &Context<'_>) -> bool {
        ctx.data_unchecked::<Arc<Gate>>().signed_in.fetch_add(1, Relaxed);
        ctx.append_http_header("set-cookie", "__Host-roster=abc; Secure; HttpOnly; Path=/");
        ctx.append_http_header("set-cookie", "hint=1");
        ctx.append_http_header("content-type", "text/html");
        true
    }
}

pub(crate) struct Ticks;

#[Subscription]
impl Ticks {
    async fn tick(&self) -> impl Stream<Item = i32> {
        stream::iter([1])
    }

    async fn thing(&self) -> impl Stream<Item = Query> {
        stream::iter([Query])
    }

    async fn waits(&self) -> impl Stream<Item = i32> {
        stream::pending()
    }

    async fn fails(&self) -> async_graphql::Result<stream::Pending<i32>> {
        // A subscription's resolver must be asynchronous.
        std::future::ready(()).await;
        Err(std::io::Error::other("connection to 10.0.0.1 refused for user roster").into())
    }

    async fn panics(&self, said: Option<i32>) -> stream::Iter<std::vec::IntoIter<i32>> {
        stream::iter(vec![said.expect("no one may see this")])
    }
}

pub(crate) type TestSchema = Schema<Query, Mutation, Ticks>;

pub(crate) fn schema(gate: &Arc<Gate>) -> TestSchema {
    Schema::build(Query, Mutation, Ticks).data(Arc::clone(gate)).limit_depth(15).limit_complexity(300).finish()
}
