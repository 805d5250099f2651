//! A mail server that says what a real one cannot be made to say, and remembers what it was told.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
};

/// What is said to a whole mail.
#[derive(Clone)]
pub(crate) enum Reply {
    /// At once.
    Now(String),
    /// Only when the client says something again on this connection.
    Late(String),
}

/// What is said to one step: `greeting`, a command, or `content` for the end of data.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) reply: Vec<u8>,
    /// How often; later ones are answered as usual.
    pub(crate) times: usize,
    /// Whether the connection is cut after it.
    pub(crate) cuts: bool,
}

/// Takes all it is offered, except where `replies` say otherwise.
pub(crate) struct ScriptedServer {
    pub(crate) port: u16,
    state: Arc<State>,
}

struct State {
    replies: Mutex<VecDeque<Reply>>,
    steps: HashMap<&'static str, Step>,
    /// How often each of the steps was answered.
    said: Mutex<HashMap<&'static str, usize>>,
    connections: AtomicUsize,
    heard: Mutex<Vec<String>>,
}

impl ScriptedServer {
    /// Answers the first mails with `replies`, and all later ones with 250.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start_with(replies, []).await
    }

    /// Answers this step with these bytes, always.
    pub(crate) async fn answering(step: &'static str, reply: &str) -> Self {
        Self::start_with([], [(step, Step { reply: format!("{reply}\r\n").into_bytes(), times: usize::MAX, cuts: false })]).await
    }

    /// Answers the first mails with `replies`, and these steps as they say.
    pub(crate) async fn start_with(
        replies: impl IntoIterator<Item = Reply>,
        steps: impl IntoIterator<Item = (&'static str, Step)>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let replies = Mutex::new(replies.into_iter().collect());
        let state = Arc::new(State {
            replies,
            steps: steps.into_iter().collect(),
            said: Mutex::default(),
            connections: AtomicUsize::new(0),
            heard: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { port, state }
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// The commands so far, over all connections.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.state.heard.lock().unwrap().clone()
    }
}

impl State {
    /// What is said to this step instead of the usual.
    fn step(&self, name: &str) -> Option<Step> {
        let (name, step) = self.steps.get_key_value(name)?;
        let mut said = self.said.lock().unwrap();
        let times = said.entry(name).or_default();
        *times += 1;
        (*times <= step.times).then(|| step.clone())
    }
}

/// A connection that is being answered.
struct Output<'a> {
    stream: OwnedWriteHalf,
    state: &'a State,
}

impl Output<'_> {
    async fn say(&mut self, step: &str, usual: &str) -> std::io::Result<()> {
        let Some(step) = self.state.step(step) else { return self.stream.write_all(format!("{usual}\r\n").as_bytes()).await };
        self.stream.write_all(&step.reply).await?;
        if step.cuts { Err(std::io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

async fn converse(stream: TcpStream, state: Arc<State>) -> std::io::Result<()> {
    let (input, stream) = stream.into_split();
    let mut output = Output { stream, state: &state };
    let mut lines = BufReader::new(input).lines();
    let mut owed: Option<String> = None;
    output.say("greeting", "220 mail.test").await?;
    while let Some(line) = lines.next_line().await? {
        if let Some(late) = owed.take() {
            output.say("late", &late).await?;
        }
        state.heard.lock().unwrap().push(line.clone());
        if line != "DATA" {
            output.say(line.split(' ').next().unwrap_or_default(), "250 ok").await?;
            continue;
        }
        output.say("DATA", "354 go on").await?;
        if state.steps.contains_key("DATA") {
            continue;
        }
        while lines.next_line().await?.is_some_and(|line| line != ".") {}
        let reply = state.replies.lock().unwrap().pop_front().unwrap_or_else(|| Reply::Now("250 taken".to_owned()));
        match reply {
            Reply::Now(reply) => output.say("content", &reply).await?,
            Reply::Late(reply) => owed = Some(reply),
        }
    }
    Ok(())
}

/// Stands between a client and the real server at `port`, and appends a reply of its own to the answer to `STARTTLS`. Answers
/// where it listens.
pub(crate) async fn append_to_starttls(port: u16, injected: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let between = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = TcpStream::connect(("127.0.0.1", port)).await.unwrap().into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
            tokio::spawn(async move {
                let mut chunk = vec![0; 65_536];
                while let Ok(length @ 1..) = from_server.read(&mut chunk).await {
                    let mut passed = chunk[..length].to_vec();
                    if passed.starts_with(b"220 Ready to start TLS") {
                        passed.extend_from_slice(injected.as_bytes());
                    }
                    if to_client.write_all(&passed).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    between
}
