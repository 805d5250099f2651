//! A mail server of our own (python's aiosmtpd), and certificates for it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

const DEADLINE: Duration = Duration::from_secs(20);

/// A running server; it ends with this value.
pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    child: Child,
    lines: Mutex<Receiver<Value>>,
}

/// A mail that the server took.
pub(crate) struct Received {
    pub(crate) source: Vec<u8>,
    pub(crate) envelope: Value,
}

impl SmtpServer {
    /// Starts a server with the options that `smtp_server.py` describes.
    pub(crate) fn start(options: &Value) -> Self {
        let python = std::env::var("ROSTER_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mail/smtp_server.py");
        let mut child = Command::new(python)
            .args([script, &options.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 with aiosmtpd (pip install aiosmtpd)");
        let stdout = child.stdout.take().unwrap();
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        let first: Value = receiver.recv_timeout(DEADLINE).expect("the server's port (pip install aiosmtpd)");
        let port = u16::try_from(first["port"].as_u64().unwrap()).unwrap();
        Self { port, child, lines: Mutex::new(receiver) }
    }

    /// Starts a server with a certificate for 127.0.0.1 from [`Certificates`].
    pub(crate) fn start_with_tls(tls: &str) -> Self {
        let certificates = Certificates::get();
        Self::start(&json!({ "tls": tls, "certificate": certificates.file("server.pem"), "key": certificates.file("server.key") }))
    }

    /// The next mail that arrived.
    pub(crate) fn received(&self) -> Received {
        loop {
            let envelope = self.lines.lock().unwrap().recv_timeout(DEADLINE).expect("a mail");
            if let Some(mail) = envelope["mail"].as_str() {
                return Received { source: BASE64_STANDARD.decode(mail).unwrap(), envelope };
            }
        }
    }

    /// Whether no mail has arrived that was not looked at.
    pub(crate) fn received_nothing(&self) -> bool {
        self.lines.lock().unwrap().try_iter().all(|line| line.get("mail").is_none())
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Two certificate authorities, and a server certificate for 127.0.0.1 from the first.
pub(crate) struct Certificates(PathBuf);

impl Certificates {
    pub(crate) fn get() -> &'static Self {
        static MADE: OnceLock<Certificates> = OnceLock::new();
        MADE.get_or_init(|| {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mail-certificates-{}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("extensions"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n").unwrap();
            let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
            openssl(&folder, &format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=Roster-test-authority"));
            openssl(&folder, &format!("req -x509 {key} -keyout other.key -out other.pem -days 2 -subj /CN=Another-authority"));
            openssl(&folder, &format!("req {key} -keyout server.key -out server.csr -subj /CN=127.0.0.1"));
            let signing = "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 2 -extfile extensions -out server.pem";
            openssl(&folder, signing);
            Self(folder)
        })
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

fn openssl(folder: &Path, arguments: &str) {
    let done = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().expect("openssl");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
