//! The network between a server and Postgres: a TCP proxy that can lose what it carries.
//!
//! A wire that is dark answers nothing at all, as a firewall that drops packets: not even the kernel acknowledges what arrives. A
//! socket filter that lets nothing through does it, which needs no privileges.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    os::fd::AsRawFd,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

/// A proxy on a port of 127.0.0.1.
pub(crate) struct Wire {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

struct Shared {
    listener: TcpListener,
    upstream: Mutex<SocketAddr>,
    connections: Mutex<Vec<Connection>>,
}

/// An open connection through the wire.
struct Connection {
    dark: watch::Sender<bool>,
    /// Weak: a connection is closed when its task ends.
    sockets: [Weak<TcpStream>; 2],
    task: AbortHandle,
}

impl Wire {
    /// Starts a wire to this address.
    pub(crate) async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let shared = Arc::new(Shared { listener, upstream: Mutex::new(upstream), connections: Mutex::default() });
        let accepting = tokio::spawn(accept(Arc::clone(&shared))).abort_handle();
        Self { address, shared, accepting }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// New connections go there.
    pub(crate) fn lead_to(&self, upstream: SocketAddr) {
        *lock(&self.shared.upstream) = upstream;
    }

    /// Closes every connection.
    pub(crate) fn cut(&self) {
        for connection in lock(&self.shared.connections).drain(..) {
            connection.task.abort();
        }
    }

    /// Connections that are open now carry nothing from now on, and neither side is told. New ones work.
    pub(crate) fn forget(&self) {
        lock(&self.shared.connections).iter().for_each(|connection| connection.turn(true));
    }

    /// Nothing is carried, not even the packets that open or close a connection.
    pub(crate) fn darken(&self) {
        filter(&self.shared.listener, true);
        self.forget();
    }

    /// Carries again what both sides have kept open.
    pub(crate) fn lighten(&self) {
        filter(&self.shared.listener, false);
        lock(&self.shared.connections).iter().for_each(|connection| connection.turn(false));
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

impl Connection {
    fn turn(&self, dark: bool) {
        self.dark.send_replace(dark);
        self.sockets.iter().filter_map(Weak::upgrade).for_each(|socket| filter(&*socket, dark));
    }
}

async fn accept(shared: Arc<Shared>) {
    loop {
        let Ok((client, _)) = shared.listener.accept().await else { continue };
        let upstream = *lock(&shared.upstream);
        // Where no one listens, the client sees its connection closed.
        let Ok(server) = TcpStream::connect(upstream).await else { continue };
        let (client, server) = (Arc::new(client), Arc::new(server));
        let sockets = [Arc::downgrade(&client), Arc::downgrade(&server)];
        let (dark, is_dark) = watch::channel(false);
        let task = tokio::spawn(carry(client, server, is_dark)).abort_handle();
        let mut connections = lock(&shared.connections);
        connections.retain(|connection| !connection.task.is_finished());
        connections.push(Connection { dark, sockets, task });
    }
}

/// Carries both ways until one side closes.
async fn carry(client: Arc<TcpStream>, server: Arc<TcpStream>, dark: watch::Receiver<bool>) {
    tokio::select! {
        _ = pump(&client, &server, dark.clone()) => {}
        _ = pump(&server, &client, dark) => {}
    }
}

/// Carries one way until it ends. `None` is the end.
async fn pump(from: &TcpStream, to: &TcpStream, mut dark: watch::Receiver<bool>) -> Option<()> {
    let mut buffer = vec![0; 16_384];
    loop {
        dark.wait_for(|dark| !dark).await.ok()?;
        tokio::select! {
            changed = dark.changed() => {
                changed.ok()?;
                continue;
            }
            ready = from.readable() => ready.ok()?,
        }
        let count = match from.try_read(&mut buffer) {
            Ok(0) => return None,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(_) => return None,
        };
        let mut rest = &buffer[..count];
        while !rest.is_empty() {
            dark.wait_for(|dark| !dark).await.ok()?;
            to.writable().await.ok()?;
            match to.try_write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return None,
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the kernel drop every packet that arrives at a socket, or take them again.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "no safe binding of this socket option is among our dependencies")]
fn filter(socket: &impl AsRawFd, drop_all: bool) {
    // One instruction, `BPF_RET | BPF_K`: of each packet, keep 0 bytes.
    let mut instruction = libc::sock_filter { code: 0x06, jt: 0, jf: 0, k: 0 };
    let program = libc::sock_fprog { len: 1, filter: &raw mut instruction };
    let option = if drop_all { libc::SO_ATTACH_FILTER } else { libc::SO_DETACH_FILTER };
    let size = libc::socklen_t::try_from(size_of::<libc::sock_fprog>()).expect("it is small");
    // SAFETY: the descriptor is open, and the kernel copies the program before it returns.
    let answer = unsafe { libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, option, (&raw const program).cast(), size) };
    // Nothing is attached where nothing was filtered.
    assert!(answer == 0 || !drop_all, "the socket takes no filter: {}", std::io::Error::last_os_error());
}

/// Elsewhere the wire only stops to carry: the kernel goes on to acknowledge.
#[cfg(not(target_os = "linux"))]
fn filter(_socket: &impl AsRawFd, _drop_all: bool) {}
