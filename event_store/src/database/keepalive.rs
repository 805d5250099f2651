//! Keepalives on our side of the connections to Postgres: a connection that a firewall has dropped fails within 15 seconds.

use std::fs;
use std::time::Duration;

use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use socket2::{SockRef, TcpKeepalive};

/// How long a connection is silent before it is asked whether it still exists, how often it is asked, and how many times.
const IDLE: Duration = Duration::from_secs(5);
const INTERVAL: Duration = Duration::from_secs(3);
const RETRIES: u32 = 3;
/// How long what was sent may stay unconfirmed.
const USER_TIMEOUT: Duration = Duration::from_secs(12);

/// Sets keepalives on every connection of this process to a port.
///
/// sqlx connects by itself and gives no access to its sockets, so they are found among the open files of the process. Where the system
/// does not allow that (Linux before 5.6, or a container that forbids `pidfd_getfd`), nothing is set, and a lost connection is noticed by
/// the time limits of the tasks that wait for it.
pub(super) fn set(port: u16) {
    let Ok(process) = pidfd_open(getpid(), PidfdFlags::empty()) else { return };
    let Ok(entries) = fs::read_dir("/proc/self/fd") else { return };
    for number in entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()) {
        // A duplicate, which stays ours whatever happens to the file meanwhile.
        let Ok(file) = pidfd_getfd(&process, number, PidfdGetfdFlags::empty()) else { continue };
        let socket = SockRef::from(&file);
        if socket.peer_addr().is_ok_and(|peer| peer.as_socket().is_some_and(|peer| peer.port() == port)) {
            // What a system does not offer is left as it is.
            let _ = socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(IDLE).with_interval(INTERVAL).with_retries(RETRIES));
            let _ = socket.set_tcp_user_timeout(Some(USER_TIMEOUT));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn connections_to_the_port_have_keepalives_and_others_do_not() {
        let listener = || TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let (postgres, other) = (listener(), listener());
        let connect = |listener: &TcpListener| TcpStream::connect(listener.local_addr().expect("is bound")).expect("connects");
        let (ours, foreign) = (connect(&postgres), connect(&other));
        set(postgres.local_addr().expect("is bound").port());
        let has_keepalive = |stream: &TcpStream| SockRef::from(stream).keepalive().expect("is a socket");
        assert!(has_keepalive(&ours) && !has_keepalive(&foreign));
        assert_eq!(SockRef::from(&ours).tcp_user_timeout().expect("is a socket"), Some(USER_TIMEOUT));
    }
}
