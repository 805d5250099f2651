//! Where mail goes and whom it is from, read from configuration values.

use std::{
    fmt, fs,
    net::{IpAddr, Ipv6Addr},
    path::Path,
    time::Duration,
};

use lettre::message::Mailbox;
use secrecy::SecretString;

use super::tls::{Tls, TlsError};

/// How long one step of a conversation with the mail server may take: connecting, encrypting, a command.
const STEP_TIME_OUT: Duration = Duration::from_secs(15);
/// How long the server may look at a whole mail before it takes it: many look for spam then, and giving up too early sends a mail
/// twice.
const ACCEPTANCE_TIME_OUT: Duration = Duration::from_mins(1);

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The sender of every mail.
    pub from: Mailbox,
    /// The server that takes the mail; `None` when none is configured, and mail stays in a folder.
    pub smtp: Option<SmtpSettings>,
}

/// The mail server, and how to talk to it.
#[derive(Clone)]
pub struct SmtpSettings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<(String, SecretString)>,
    pub(super) step_time_out: Duration,
    pub(super) acceptance_time_out: Duration,
}

/// When the connection becomes encrypted.
#[derive(Clone)]
pub(super) enum Encryption {
    /// From the first byte: `smtps://`.
    Implicit(Tls),
    /// By `STARTTLS`, before anything else is said; a server without it is refused.
    StartTls(Tls),
    /// Never. Only for a server on this machine.
    None,
}

/// What is wrong with the mail settings. Never repeats the values: the URL holds a password.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// Neither `smtp://` nor `smtps://`.
    #[error("ROSTER_SMTP_URL must begin with smtps:// or smtp://")]
    Scheme,
    /// No host, or one with characters that no host has.
    #[error("ROSTER_SMTP_URL names no host")]
    Host,
    /// The port is not a number from 1 to 65535.
    #[error("the port in ROSTER_SMTP_URL is not a number from 1 to 65535")]
    Port,
    /// Something follows the host that is not understood.
    #[error(
        "ROSTER_SMTP_URL must end after the host and port (in a user or password, write '/', '?', '#' and '@' as %2F, %3F, %23 and %40)"
    )]
    Path,
    /// An option other than `tls`, or a value that it does not have.
    #[error("the only option in ROSTER_SMTP_URL is tls=required, or tls=none for a server on this machine")]
    Option,
    /// A user without a password, or the other way round.
    #[error("ROSTER_SMTP_URL must contain both a user and a password, or neither")]
    Credentials,
    /// `%` without two hexadecimal digits, or something that is not UTF-8.
    #[error("the user or password in ROSTER_SMTP_URL is not percent-encoded (write '%' as %25)")]
    Encoding,
    /// Unencrypted to another machine.
    #[error("tls=none is only allowed to a server on this machine (127.0.0.1, ::1 or localhost)")]
    PlainToRemote,
    /// The sender cannot be read.
    #[error("ROSTER_MAIL_FROM must look like 'Roster <no-reply@example.com>'")]
    From,
    /// The file with the certificate authority cannot be read.
    #[error("the certificate authority's file {path} cannot be read")]
    AuthorityFile {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds no usable certificate.
    #[error("the certificate authority's file {path} contains no PEM certificate")]
    Authority {
        /// The file.
        path: String,
    },
    /// The host cannot be checked against a certificate.
    #[error("no certificate could be valid for the host in ROSTER_SMTP_URL")]
    Tls,
}

impl MailSettings {
    /// Reads the settings.
    ///
    /// `smtp_url` is `smtps://user:password@host:465`, `smtp://user:password@host:587` (which demands `STARTTLS`) or
    /// `smtp://127.0.0.1:2525?tls=none`; user and password are percent-encoded and may be left out. `from` is
    /// `Roster <no-reply@example.com>`. `ca_file` is a PEM file of certificate authorities that are trusted *instead of* the
    /// public ones.
    ///
    /// # Errors
    /// When a value cannot be understood, the file cannot be read, or mail would cross a network unencrypted.
    pub fn parse(smtp_url: Option<&str>, from: &str, ca_file: Option<&Path>) -> Result<Self, MailSettingsError> {
        let from = parse_from(from)?;
        let smtp = smtp_url.map(|url| SmtpSettings::parse(url, ca_file)).transpose()?;
        Ok(Self { from, smtp })
    }
}

impl SmtpSettings {
    /// Changes how long one step (connecting, encrypting, a command) and the acceptance of a whole mail may take: 15 and 60
    /// seconds unless told.
    #[must_use]
    pub fn with_time_outs(self, step: Duration, acceptance: Duration) -> Self {
        Self { step_time_out: step, acceptance_time_out: acceptance, ..self }
    }

    /// Where the server is: `mail.example.com:587`.
    #[must_use]
    pub fn host_and_port(&self) -> String {
        if self.host.contains(':') { format!("[{}]:{}", self.host, self.port) } else { format!("{}:{}", self.host, self.port) }
    }

    /// How the connection is encrypted.
    #[must_use]
    pub const fn encryption_in_words(&self) -> &'static str {
        match self.encryption {
            Encryption::Implicit(_) => "encrypted from the first byte",
            Encryption::StartTls(_) => "encrypted with STARTTLS",
            Encryption::None => "not encrypted",
        }
    }

    /// Whom mail is handed over as, where the server wants to know that.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.credentials.as_ref().map(|(user, _)| user.as_str())
    }

    fn parse(url: &str, ca_file: Option<&Path>) -> Result<Self, MailSettingsError> {
        let (implicit, rest) = match (url.strip_prefix("smtps://"), url.strip_prefix("smtp://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(MailSettingsError::Scheme),
        };
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '#', '?']) {
            return Err(MailSettingsError::Path);
        }
        let (user_info, host_port) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        let plain = match (query, implicit) {
            (None | Some("" | "tls=required"), _) => false,
            (Some("tls=none"), false) => true,
            _ => return Err(MailSettingsError::Option),
        };
        let (host, port) = parse_host(host_port)?;
        if plain && !is_this_machine(&host) {
            return Err(MailSettingsError::PlainToRemote);
        }
        let port = port.unwrap_or(if implicit {
            465
        } else if plain {
            25
        } else {
            587
        });
        let encryption = match (implicit, plain) {
            (_, true) => Encryption::None,
            (true, false) => Encryption::Implicit(tls(&host, ca_file)?),
            (false, false) => Encryption::StartTls(tls(&host, ca_file)?),
        };
        let credentials = user_info.map(parse_credentials).transpose()?;
        Ok(Self { host, port, encryption, credentials, step_time_out: STEP_TIME_OUT, acceptance_time_out: ACCEPTANCE_TIME_OUT })
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encryption = match self.encryption {
            Encryption::Implicit(_) => "implicit TLS",
            Encryption::StartTls(_) => "STARTTLS",
            Encryption::None => "none",
        };
        formatter
            .debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &encryption)
            .field("credentials", &self.credentials)
            .field("step_time_out", &self.step_time_out)
            .field("acceptance_time_out", &self.acceptance_time_out)
            .finish()
    }
}

fn parse_from(from: &str) -> Result<Mailbox, MailSettingsError> {
    if !from.is_ascii() && from.split_once('<').is_none_or(|(_, address)| !address.is_ascii()) || from.contains(char::is_control) {
        return Err(MailSettingsError::From);
    }
    from.trim().parse().map_err(|_| MailSettingsError::From)
}

fn parse_credentials(user_info: &str) -> Result<(String, SecretString), MailSettingsError> {
    match user_info.split_once(':') {
        Some((user, password)) if !user.is_empty() && !password.is_empty() => {
            Ok((percent_decode(user)?, SecretString::from(percent_decode(password)?)))
        }
        _ => Err(MailSettingsError::Credentials),
    }
}

/// Splits `host:port`, where an IPv6 address stands in brackets.
fn parse_host(host_port: &str) -> Result<(String, Option<u16>), MailSettingsError> {
    let (host, rest) = if let Some(bracketed) = host_port.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']').ok_or(MailSettingsError::Host)?;
        (host.parse::<Ipv6Addr>().map_err(|_| MailSettingsError::Host)?.to_string(), rest)
    } else {
        let end = host_port.find(':').unwrap_or(host_port.len());
        (host_port[..end].to_ascii_lowercase(), &host_port[end..])
    };
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
    if host.is_empty() || !host.bytes().all(known) {
        return Err(MailSettingsError::Host);
    }
    match rest.strip_prefix(':') {
        None if rest.is_empty() => Ok((host, None)),
        Some(port) => match port.parse() {
            Ok(port) if port > 0 => Ok((host, Some(port))),
            _ => Err(MailSettingsError::Port),
        },
        None => Err(MailSettingsError::Host),
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn tls(host: &str, ca_file: Option<&Path>) -> Result<Tls, MailSettingsError> {
    let authorities = ca_file.map(read_authorities).transpose()?;
    Tls::new(host, authorities.as_deref()).map_err(|error| match (error, ca_file) {
        (TlsError::Authorities, Some(path)) => MailSettingsError::Authority { path: path.display().to_string() },
        _ => MailSettingsError::Tls,
    })
}

fn read_authorities(path: &Path) -> Result<Vec<u8>, MailSettingsError> {
    fs::read(path).map_err(|source| MailSettingsError::AuthorityFile { path: path.display().to_string(), source })
}

fn percent_decode(value: &str) -> Result<String, MailSettingsError> {
    let mut decoded = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or(MailSettingsError::Encoding);
        let code = digit()? * 16 + digit()?;
        decoded.push(u8::try_from(code).map_err(|_| MailSettingsError::Encoding)?);
    }
    String::from_utf8(decoded).map_err(|_| MailSettingsError::Encoding)
}

#[cfg(test)]
mod tests;
