//! Certificates for the mail server, made by the `openssl` program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The files of one server.
#[derive(Debug)]
pub(crate) struct Certificates {
    pub(crate) authority: PathBuf,
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

const EXTENSIONS: &str = "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n";

/// Issues a certificate for `localhost` by an authority made for it: clients refuse one that vouches for itself.
pub(crate) fn issue(folder: &Path) -> Certificates {
    let file = |name: &str| folder.join(name);
    fs::write(file("extensions"), EXTENSIONS).expect("the folder can be written");
    for arguments in [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout authority.key -out authority.pem -days 30 -subj /CN=authority",
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=localhost",
        "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -out server.pem -days 30 -extfile extensions",
    ] {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
        let output = output.unwrap_or_else(|error| panic!("cannot run openssl: {error}; run scripts/install-test-tools"));
        assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Certificates { authority: file("authority.pem"), certificate: file("server.pem"), key: file("server.key") }
}
