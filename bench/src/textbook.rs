//! The program of the tutorial: `InviteUser` on cqrs-es and postgres-es, with a view of each user.
//!
//! It does less than Roster: no unique address, no permission, no mail, no idempotency, no encryption; and a crash between its events and
//! its view loses the view. It is here to be compared with.

use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::GenericQuery;
use cqrs_es::{Aggregate, DomainEvent, EventEnvelope, View};
use postgres_es::{PostgresCqrs, PostgresViewRepository, default_postgress_pool, postgres_cqrs};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::outcome::Outcome;

/// The tables of postgres-es's own `db/init.sql`.
const TABLES: &str = "
    create table if not exists events (
        aggregate_type text not null, aggregate_id text not null, sequence bigint check (sequence >= 0) not null,
        event_type text not null, event_version text not null, payload json not null, metadata json not null,
        primary key (aggregate_type, aggregate_id, sequence)
    );
    create table if not exists user_view (
        view_id text not null, version bigint check (version >= 0) not null, payload json not null, primary key (view_id)
    )";

#[derive(Debug, Default, Serialize, Deserialize)]
struct User {
    is_invited: bool,
}

struct InviteUser {
    email: String,
    role: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum UserEvent {
    Invited { email: String, role: String },
}

impl DomainEvent for UserEvent {
    fn event_type(&self) -> String {
        "Invited".to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

#[derive(Debug)]
struct AlreadyInvited;

impl std::fmt::Display for AlreadyInvited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("already invited")
    }
}

impl std::error::Error for AlreadyInvited {}

impl Aggregate for User {
    const TYPE: &'static str = "user";
    type Command = InviteUser;
    type Event = UserEvent;
    type Error = AlreadyInvited;
    type Services = ();

    async fn handle(&mut self, command: InviteUser, _services: &(), sink: &EventSink<Self>) -> Result<(), AlreadyInvited> {
        if self.is_invited {
            return Err(AlreadyInvited);
        }
        sink.write(UserEvent::Invited { email: command.email, role: command.role }, self).await;
        Ok(())
    }

    fn apply(&mut self, _event: UserEvent) {
        self.is_invited = true;
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct UserView {
    email: String,
    role: String,
    status: String,
}

impl View<User> for UserView {
    fn update(&mut self, event: &EventEnvelope<User>) {
        let UserEvent::Invited { email, role } = &event.payload;
        *self = Self { email: email.clone(), role: role.clone(), status: "invited".to_owned() };
    }
}

/// The program over one database.
pub(crate) struct Textbook(PostgresCqrs<User>);

impl Textbook {
    pub(crate) async fn connect(url: &str) -> Outcome<Self> {
        let pool = default_postgress_pool(url).await;
        sqlx::raw_sql(TABLES).execute(&pool).await?;
        let views = PostgresViewRepository::<UserView, User>::new("user_view", pool.clone());
        let mut query = GenericQuery::new(Arc::new(views));
        query.use_error_handler(Box::new(|error| eprintln!("textbook: {error}")));
        Ok(Self(postgres_cqrs(pool, vec![Box::new(query)], ())))
    }

    pub(crate) async fn invite(&self, email: String) -> Outcome<()> {
        let command = InviteUser { email, role: "viewer".to_owned() };
        self.0.execute(&Uuid::now_v7().to_string(), command).await.map_err(|error| error.to_string())?;
        Ok(())
    }
}
