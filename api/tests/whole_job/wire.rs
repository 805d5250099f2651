//! A wire between Roster and its database that goes silent, as when a firewall drops packets.

use std::path::PathBuf;

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// Passes everything on to a Postgres until it is silenced.
pub(crate) struct Wire {
    url: String,
    is_silent: watch::Sender<bool>,
}

impl Wire {
    /// A wire to the database of this URL, whose Postgres listens on a socket.
    pub(crate) async fn to(url: &str) -> Self {
        let server: PgConnectOptions = url.parse().expect("a URL");
        let folder = server.get_socket().expect("the cluster of the tests listens on a socket");
        let socket = folder.join(format!(".s.PGSQL.{}", server.get_port()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let database = server.get_database().expect("the URL names one");
        let url = format!("postgres://{}@{address}/{database}?sslmode=disable", server.get_username());
        let is_silent = watch::Sender::new(false);
        tokio::spawn(accept(listener, socket, is_silent.subscribe()));
        Self { url, is_silent }
    }

    /// The URL of the database by way of this wire.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on nothing passes in either direction, and no connection is closed.
    pub(crate) fn silence(&self) {
        self.is_silent.send_replace(true);
    }
}

async fn accept(listener: TcpListener, socket: PathBuf, is_silent: watch::Receiver<bool>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(pass(client, socket.clone(), is_silent.clone()));
    }
}

async fn pass(mut client: TcpStream, socket: PathBuf, mut is_silent: watch::Receiver<bool>) {
    let passing = async {
        let mut server = UnixStream::connect(&socket).await.expect("Postgres listens");
        let (mut questions, mut answers) = ([0; 8192], [0; 8192]);
        loop {
            tokio::select! {
                read = client.read(&mut questions) => match read {
                    Ok(length) if length > 0 => if server.write_all(&questions[..length]).await.is_err() { return },
                    _ => return,
                },
                read = server.read(&mut answers) => match read {
                    Ok(length) if length > 0 => if client.write_all(&answers[..length]).await.is_err() { return },
                    _ => return,
                },
            }
        }
    };
    let goes_silent = async { drop(is_silent.wait_for(|silent| *silent).await) };
    tokio::select! {
        biased;
        // Both sides are kept open for ever.
        () = goes_silent => std::future::pending().await,
        () = passing => {}
    }
}
