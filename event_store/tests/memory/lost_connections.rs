//! A connection that is lost in the middle of reading is an error, never an end.

use std::path::PathBuf;
use std::str::FromStr;

use domain::UserId;
use domain::user::{User, UserEvent};
use event_store::Cursor;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, UnixStream};

use super::world::World;

const EVENTS: usize = 60;

/// The unix socket of the cluster that a URL leads to.
fn socket(options: &PgConnectOptions) -> PathBuf {
    let folder = options.get_socket().expect("tests reach Postgres through a socket");
    folder.join(format!(".s.PGSQL.{}", options.get_port()))
}

/// A connection through a wire that is cut after so many bytes of answers.
async fn connect_through_a_wire(world: &World, bytes: usize) -> Result<PgConnection, sqlx::Error> {
    let options = PgConnectOptions::from_str(&world.url).expect("a URL");
    let (listener, socket) = (TcpListener::bind("127.0.0.1:0").await.expect("listens"), socket(&options));
    let port = listener.local_addr().expect("is bound").port();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.expect("accepts");
        let mut server = UnixStream::connect(socket).await.expect("connects");
        let (mut from_client, mut to_client) = client.split();
        let (from_server, mut to_server) = server.split();
        let mut answers = from_server.take(bytes as u64);
        tokio::select! {
            _ = copy(&mut from_client, &mut to_server) => {}
            _ = copy(&mut answers, &mut to_client) => {}
        }
        let _ = to_client.shutdown().await;
    });
    let user = options.get_username().to_owned();
    let database = options.get_database().expect("named").to_owned();
    let through = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(port).username(&user).database(&database);
    PgConnection::connect_with(&through.ssl_mode(PgSslMode::Disable)).await
}

/// Reads both ways; answers how much was seen, unless the wire broke.
async fn read(world: &World, id: UserId, bytes: usize) -> Result<(usize, usize), Box<dyn std::error::Error>> {
    let mut connection = connect_through_a_wire(world, bytes).await?;
    let loaded = world.store.load::<User>(&mut connection, world.account, id).await?;
    let feed = world.store.read_feed(&mut connection, Cursor::default(), 1000).await?;
    Ok((usize::try_from(loaded.version)?, feed.len()))
}

#[tokio::test]
async fn a_part_is_never_taken_for_the_whole() {
    let world = World::open().await;
    let (id, mut person) = world.person();
    let events: Vec<_> = std::iter::once(world.invited()).chain((1..EVENTS).map(|_| UserEvent::PasswordSet {})).collect();
    world.commit(id, 0, &events, Some(&mut person)).await.expect("appends");
    world.read_when(EVENTS).await;

    let (mut broken, mut whole) = (0, 0);
    for bytes in (0..80_000).step_by(701) {
        match read(&world, id, bytes).await {
            Err(_) => broken += 1,
            Ok(seen) => {
                assert_eq!(seen, (EVENTS, EVENTS), "after {bytes} bytes");
                whole += 1;
            }
        }
    }
    assert!(broken > 20 && whole > 5, "{broken} broken, {whole} whole: the wire was cut in the middle, and at last not at all");
}
