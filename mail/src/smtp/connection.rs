//! A connection to a mail server: one command, one reply.
//!
//! It is our own because lettre's (0.11.23) fails in what counts most here: a reply that is not UTF-8 or has a long line is an error, also
//! after the mail was accepted, so that it is sent again; it keeps what it has read across `STARTTLS`, so that an attacker on the way can
//! slip in replies which are then believed to be encrypted; it sends the end of a mail in a packet of its own with Nagle's algorithm
//! on, which costs 45 ms a mail; and its errors do not say at which step the server refused.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpStream, lookup_host},
    time::timeout,
};

use super::{
    judgement::{Step, StepFailure},
    reply::{Broken, Reading, Reply},
};
use crate::tls::Tls;

/// How long the rest of a reply may take of which the code is known, or that explains why the connection broke.
const REST_OF_REPLY: Duration = Duration::from_secs(5);

/// What carries the conversation: TCP, or TLS over it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A connection that has greeted.
pub(super) struct Connection<S = Box<dyn Stream>> {
    stream: BufReader<S>,
    /// What the server can do, a line each, in capital letters.
    capabilities: Vec<String>,
    limit: Duration,
}

/// Connects to the first address of the host that answers within `time_out`.
pub(super) async fn connect_tcp(host: &str, port: u16, time_out: Duration) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in lookup_host((host, port)).await? {
        match timeout(time_out, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                tcp.set_nodelay(true)?;
                return Ok(tcp);
            }
            Ok(Err(error)) => failure = error,
            Err(_) => failure = io::Error::new(io::ErrorKind::TimedOut, "no answer in time"),
        }
    }
    Err(failure)
}

impl<S: Stream + 'static> Connection<S> {
    /// Waits for the server's greeting, and greets as `name`. Each step may take as long as `limit`.
    pub(super) async fn start(stream: S, name: &str, limit: Duration) -> Result<Self, StepFailure> {
        let mut connection = Self { stream: BufReader::new(stream), capabilities: Vec::new(), limit };
        let greeting = connection.read(limit).await.map_err(|broken| Step::Greeting.broken(broken))?;
        Step::Greeting.succeeded(greeting)?;
        connection.greet(name).await?;
        Ok(connection)
    }

    async fn greet(&mut self, name: &str) -> Result<(), StepFailure> {
        let reply = self.ask(Step::Ehlo, &format!("EHLO {name}")).await?;
        // The first line names the server.
        self.capabilities = Step::Ehlo.succeeded(reply)?.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    /// Whether the server says that it can do something.
    pub(super) fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|line| line == capability)
    }

    /// The ways to sign in that the server offers, also where it says so as in the times before the standard: `AUTH=LOGIN`.
    pub(super) fn ways_to_sign_in(&self) -> Vec<&str> {
        let offered = self.capabilities.iter().filter_map(|line| line.strip_prefix("AUTH").filter(|rest| rest.starts_with([' ', '='])));
        let mut ways: Vec<&str> = offered.flat_map(|rest| rest.split([' ', '='])).filter(|way| !way.is_empty()).collect();
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    /// Sends a command, and answers the reply to it.
    pub(super) async fn ask(&mut self, step: Step, command: &str) -> Result<Reply, StepFailure> {
        self.exchange(format!("{command}\r\n").as_bytes(), self.limit).await.map_err(|broken| step.broken(broken))
    }

    /// Sends the content of a mail, which the server may look at for as long as `limit`. The second value says whether the reply has
    /// ended: the server has taken the mail, but the connection is of no more use.
    pub(super) async fn send_content(&mut self, message: &[u8], limit: Duration) -> Result<(Reply, bool), StepFailure> {
        let broken = |broken| Step::Content.broken(broken);
        self.write(&escaped(message)).await.map_err(broken)?;
        let mut reading = Reading::default();
        let ended = match timeout(limit, reading.read(&mut self.stream)).await {
            Ok(ended) => ended,
            Err(_) => Err(Broken::TimedOut(limit)),
        };
        match (ended, reading.finish()) {
            (Ok(()), Some(reply)) => Ok((reply, true)),
            (Err(_), Some(reply)) if reply.is_success() => Ok((reply, false)),
            (Err(failed), _) => Err(broken(failed)),
            (Ok(()), None) => Err(broken(Broken::Closed)),
        }
    }

    /// Whether the server still answers, and has said nothing that was not asked for.
    pub(super) async fn answers(&mut self) -> Result<bool, Duration> {
        if !self.stream.buffer().is_empty() {
            return Ok(false);
        }
        match self.exchange(b"NOOP\r\n", self.limit).await {
            Ok(reply) => Ok(reply.is_success() && self.stream.buffer().is_empty()),
            Err(Broken::TimedOut(limit)) => Err(limit),
            Err(_) => Ok(false),
        }
    }

    /// The same connection, whatever carries it.
    pub(super) fn boxed(self) -> Connection {
        let Self { stream, capabilities, limit } = self;
        Connection { stream: BufReader::new(Box::new(stream.into_inner())), capabilities, limit }
    }

    async fn exchange(&mut self, request: &[u8], limit: Duration) -> Result<Reply, Broken> {
        self.write(request).await?;
        self.read(limit).await
    }

    /// Sends bytes. Where that breaks because the server has closed, what it said before is the answer.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let stream = self.stream.get_mut();
        let written = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        match timeout(self.limit, written).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => match self.read(REST_OF_REPLY).await {
                Ok(reply) if !reply.is_success() => Err(Broken::Said(reply)),
                _ => Err(error.into()),
            },
            Err(_) => Err(Broken::TimedOut(self.limit)),
        }
    }

    async fn read(&mut self, limit: Duration) -> Result<Reply, Broken> {
        let mut reading = Reading::default();
        timeout(limit, reading.read(&mut self.stream)).await.unwrap_or(Err(Broken::TimedOut(limit)))?;
        reading.finish().ok_or(Broken::Closed)
    }
}

impl Connection<TcpStream> {
    /// Encrypts the connection, and greets again: what the server said in the clear counts no more.
    pub(super) async fn start_tls(mut self, tls: &Tls, name: &str) -> Result<Connection, StepFailure> {
        if !self.can("STARTTLS") {
            return Err(Step::StartTls.broken(Broken::Refusing("the server does not offer STARTTLS".to_owned())));
        }
        let reply = self.ask(Step::StartTls, "STARTTLS").await?;
        Step::StartTls.succeeded(reply)?;
        if !self.stream.buffer().is_empty() {
            return Err(Step::StartTls.broken(Broken::Refusing("data was added to the answer to STARTTLS".to_owned())));
        }
        let limit = self.limit;
        let stream = encrypted(tls, self.stream.into_inner(), limit, Step::StartTls).await?;
        let mut connection = Connection { stream: BufReader::new(stream), capabilities: Vec::new(), limit };
        connection.greet(name).await?;
        Ok(connection)
    }
}

/// Encrypts a connection from its first byte on.
pub(super) async fn encrypted(tls: &Tls, tcp: TcpStream, limit: Duration, step: Step) -> Result<Box<dyn Stream>, StepFailure> {
    match timeout(limit, tls.connect(tcp)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(step.broken(explained(error).into())),
        Err(_) => Err(step.broken(Broken::TimedOut(limit))),
    }
}

/// What rustls says of a certificate, in words for the operator who has to make another one.
fn explained(error: io::Error) -> io::Error {
    if !error.to_string().contains("CaUsedAsEndEntity") {
        return error;
    }
    let words = "the mail server's certificate is an authority's own: make the server one with basicConstraints CA:FALSE, signed by itself or \
                 by that authority";
    io::Error::new(error.kind(), words)
}

/// A message as it is sent: a line that begins with a dot gets another one, and a line of one dot ends it (RFC 5321, 4.5.2).
fn escaped(message: &[u8]) -> Vec<u8> {
    let mut sent = Vec::with_capacity(message.len() + 64);
    for (number, line) in message.split(|byte| *byte == b'\n').enumerate() {
        if number > 0 {
            sent.push(b'\n');
        }
        if line.first() == Some(&b'.') {
            sent.push(b'.');
        }
        sent.extend_from_slice(line);
    }
    sent.extend_from_slice(if message.ends_with(b"\r\n") { b".\r\n" } else { b"\r\n.\r\n" });
    sent
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn dots_at_the_beginning_of_lines_are_doubled_and_the_end_is_a_line_of_its_own() {
        for (message, sent) in [
            (&b"one"[..], &b"one\r\n.\r\n"[..]),
            (b"one\r\n", b"one\r\n.\r\n"),
            (b".\r\n..\r\n.a\r\nb.", b"..\r\n...\r\n..a\r\nb.\r\n.\r\n"),
            (b"", b"\r\n.\r\n"),
        ] {
            assert_eq!(escaped(message), sent, "{}", String::from_utf8_lossy(message));
        }
    }
}
