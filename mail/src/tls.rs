//! How a connection to a mail server is encrypted, and which certificates are trusted.

use std::{io, sync::Arc};

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        self, ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

/// Encrypts connections to one host.
#[derive(Clone)]
pub(crate) struct Tls {
    connector: TlsConnector,
    host: ServerName<'static>,
}

/// Why connections to a host cannot be encrypted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// No certificate could name the host.
    #[error("the host is neither a DNS name nor an IP address")]
    Host,
    /// The authorities are no PEM, or hold no certificate.
    #[error("there is no PEM certificate")]
    Authorities,
    /// The configuration is not possible.
    #[error("TLS cannot be configured")]
    Configuration(#[from] rustls::Error),
}

impl Tls {
    /// Trusts the certificates that `authorities` (PEM) signed or holds; the public authorities where it is `None`.
    pub(crate) fn new(host: &str, authorities: Option<&[u8]>) -> Result<Self, TlsError> {
        let roots = match authorities {
            None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
            Some(pem) => read_authorities(pem)?,
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let host = ServerName::try_from(host.to_owned()).map_err(|_| TlsError::Host)?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), host })
    }

    /// Encrypts a connection.
    pub(crate) async fn connect(&self, tcp: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.host.clone(), tcp).await
    }
}

fn read_authorities(pem: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| TlsError::Authorities)?;
        roots.add(certificate).map_err(|_| TlsError::Authorities)?;
    }
    // An empty list would be valid, and then trust no server at all.
    if roots.is_empty() { Err(TlsError::Authorities) } else { Ok(roots) }
}
