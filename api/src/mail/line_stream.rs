//! A connection that begins in clear text, and is read line by line.
//!
//! lettre's connection reads ahead, and keeps what it has read across `STARTTLS`: someone on the way can append replies to the
//! clear-text answer, which are then believed to have come encrypted (tried with 0.11.23: a mail that the server refused counted as
//! accepted). Where a read never returns more than one line, what was appended reaches the TLS handshake instead, which fails.
//!
//! Nor does lettre's connection turn off Nagle's algorithm, though it writes the end of a mail by itself, which then waits until the
//! server has acknowledged the rest (tried with 0.11.23 on one machine: a thousand mails over four connections took 12 seconds, and
//! take 2). `smtps://` still waits, some 45 ms a mail: there, lettre opens the connection.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// How much is taken from the network at once.
const CHUNK: usize = 4096;

/// A TCP connection of which no read returns anything beyond the next line break.
#[derive(Debug)]
pub(super) struct LineStream {
    tcp: TcpStream,
    /// Received, but not read yet.
    waiting: Vec<u8>,
    read: usize,
}

impl LineStream {
    /// Connects to the first address of the host that answers within `patience`.
    pub(super) async fn connect(host: &str, port: u16, patience: Duration) -> io::Result<Self> {
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in lookup_host((host, port)).await? {
            match timeout(patience, TcpStream::connect(address)).await {
                Ok(Ok(tcp)) => {
                    tcp.set_nodelay(true)?;
                    return Ok(Self { tcp, waiting: Vec::new(), read: 0 });
                }
                Ok(Err(error)) => failure = error,
                Err(_) => failure = io::Error::new(io::ErrorKind::TimedOut, "no answer in time"),
            }
        }
        Err(failure)
    }
}

impl AsyncRead for LineStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.read == this.waiting.len() {
            let mut chunk = [0; CHUNK];
            let mut received = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.tcp).poll_read(context, &mut received))?;
            this.waiting.clear();
            this.waiting.extend_from_slice(received.filled());
            this.read = 0;
        }
        let waiting = &this.waiting[this.read..];
        let line = waiting.iter().position(|byte| *byte == b'\n').map_or(waiting.len(), |end| end + 1);
        let length = line.min(buffer.remaining());
        buffer.put_slice(&waiting[..length]);
        this.read += length;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().tcp).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(context)
    }
}

impl AsyncTokioStream for LineStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}
