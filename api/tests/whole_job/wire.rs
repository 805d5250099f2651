//! A network between a server and Postgres that can drop packets without closing connections, as a firewall does.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use sqlx::postgres::PgConnectOptions;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_util::sync::CancellationToken;

/// Listens on a port of its own and passes everything on to the socket of a Postgres.
pub(crate) struct Wire {
    url: String,
    /// Cancelled when the connections that were opened until then are forgotten.
    forgotten: Arc<Mutex<CancellationToken>>,
}

impl Wire {
    /// A wire to the database of this URL, whose Postgres listens on a socket.
    pub(crate) async fn to(url: &str) -> Self {
        let server: PgConnectOptions = url.parse().expect("a URL");
        let folder = server.get_socket().expect("the cluster of the tests listens on a socket");
        let socket = folder.join(format!(".s.PGSQL.{}", server.get_port()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("is bound").port();
        let (user, database) = (server.get_username(), server.get_database().expect("the URL names one"));
        let url = format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=disable");
        let forgotten = Arc::default();
        tokio::spawn(accept(listener, socket, Arc::clone(&forgotten)));
        Self { url, forgotten }
    }

    /// The URL of the database over this wire.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on nothing passes on any connection, old or new, and neither side is told.
    pub(crate) fn silence(&self) {
        self.forgotten.lock().expect("no one panics").cancel();
    }

    /// From now on nothing passes on the connections of before, and neither side is told. New ones work.
    pub(crate) fn forget_connections(&self) {
        std::mem::take(&mut *self.forgotten.lock().expect("no one panics")).cancel();
    }
}

async fn accept(listener: TcpListener, socket: PathBuf, forgotten: Arc<Mutex<CancellationToken>>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let forgotten = forgotten.lock().expect("no one panics").clone();
        let socket = socket.clone();
        tokio::spawn(async move {
            let mut server = UnixStream::connect(socket).await.expect("Postgres listens");
            forgotten.run_until_cancelled(copy_bidirectional(&mut client, &mut server)).await;
            if forgotten.is_cancelled() {
                keep_open(client, server).await;
            }
        });
    }
}

/// Both ends stay open until the test is over.
async fn keep_open(_client: TcpStream, _server: UnixStream) {
    std::future::pending::<()>().await;
}
