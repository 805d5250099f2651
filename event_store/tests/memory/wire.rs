//! A wire between a test and Postgres that can be cut after any byte of an answer.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// Listens on a port of its own and passes everything on to the socket of a Postgres.
pub(crate) struct Wire {
    options: PgConnectOptions,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// How many more bytes of answers pass; all, when there is no limit.
    remaining: Option<usize>,
    /// The answers that passed since they were last taken.
    passed: Vec<u8>,
}

impl Wire {
    pub(crate) async fn to(url: &str) -> Self {
        let server: PgConnectOptions = url.parse().expect("a URL");
        let folder = server.get_socket().expect("the cluster of the tests listens on a socket");
        let socket = folder.join(format!(".s.PGSQL.{}", server.get_port()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("is bound").port();
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username(server.get_username())
            .database(server.get_database().expect("the URL names one"))
            .ssl_mode(PgSslMode::Disable);
        let state = Arc::new(Mutex::new(State::default()));
        tokio::spawn(accept(listener, socket, Arc::clone(&state)));
        Self { options, state }
    }

    pub(crate) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// The next `bytes` of answers pass, then both sides see the other go.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.lock().remaining = Some(bytes);
    }

    pub(crate) fn repair(&self) {
        self.lock().remaining = None;
    }

    /// Takes the answers that passed since the last time.
    pub(crate) fn take_passed(&self) -> Vec<u8> {
        std::mem::take(&mut self.lock().passed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no panic inside")
    }
}

async fn accept(listener: TcpListener, socket: PathBuf, state: Arc<Mutex<State>>) {
    while let Ok((client, _)) = listener.accept().await {
        let server = UnixStream::connect(&socket).await.expect("Postgres listens");
        tokio::spawn(pass(client, server, Arc::clone(&state)));
    }
}

async fn pass(mut client: TcpStream, mut server: UnixStream, state: Arc<Mutex<State>>) {
    let (mut questions, mut answers) = ([0; 8192], [0; 8192]);
    loop {
        tokio::select! {
            read = client.read(&mut questions) => match read {
                Ok(length) if length > 0 => if server.write_all(&questions[..length]).await.is_err() { return },
                _ => return,
            },
            read = server.read(&mut answers) => match read {
                Ok(length) if length > 0 => {
                    let allowed = {
                        let mut state = state.lock().expect("no panic inside");
                        let allowed = state.remaining.map_or(length, |remaining| remaining.min(length));
                        state.remaining = state.remaining.map(|remaining| remaining - allowed);
                        state.passed.extend_from_slice(&answers[..allowed]);
                        allowed
                    };
                    if client.write_all(&answers[..allowed]).await.is_err() || allowed < length {
                        return;
                    }
                }
                _ => return,
            },
        }
    }
}

/// Where the messages of the Postgres protocol end: a type byte, and a length that counts itself.
pub(crate) fn message_ends(answers: &[u8]) -> Vec<usize> {
    let (mut ends, mut end) = (vec![], 0);
    while let Some((_, length)) = answers[end..].split_first().and_then(|(kind, rest)| Some((kind, rest.first_chunk::<4>()?))) {
        end += 1 + usize::try_from(u32::from_be_bytes(*length)).expect("small");
        ends.push(end);
    }
    ends
}
