use secrecy::ExposeSecret;

use super::*;

const FROM: &str = "Roster <no-reply@example.com>";

fn parse(url: &str) -> Result<SmtpSettings, MailSettingsError> {
    MailSettings::parse(Some(url), FROM, None).map(|settings| settings.smtp.unwrap())
}

fn encryption(settings: &SmtpSettings) -> &'static str {
    match settings.encryption {
        Encryption::Implicit(_) => "implicit",
        Encryption::StartTls(_) => "starttls",
        Encryption::None => "none",
    }
}

#[test]
fn every_form_of_the_url_is_understood() {
    for (url, host, port, expected) in [
        ("smtps://mail.example.com", "mail.example.com", 465, "implicit"),
        ("smtps://mail.example.com:4465/", "mail.example.com", 4465, "implicit"),
        ("smtps://mail.example.com?tls=required", "mail.example.com", 465, "implicit"),
        ("smtp://Mail.Example.com", "mail.example.com", 587, "starttls"),
        ("smtp://mail.example.com:25?tls=required", "mail.example.com", 25, "starttls"),
        ("smtp://192.0.2.7:25", "192.0.2.7", 25, "starttls"),
        ("smtp://[2001:db8::7]:25", "2001:db8::7", 25, "starttls"),
        ("smtp://127.0.0.1:2525?tls=none", "127.0.0.1", 2525, "none"),
        ("smtp://127.8.8.8:2525?tls=none", "127.8.8.8", 2525, "none"),
        ("smtp://localhost?tls=none", "localhost", 25, "none"),
        ("smtp://[::1]:2525?tls=none", "::1", 2525, "none"),
    ] {
        let settings = parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!((settings.host.as_str(), settings.port, encryption(&settings)), (host, port, expected), "{url}");
        assert!(settings.credentials.is_none(), "{url}");
    }
}

#[test]
fn a_server_is_described_without_its_password() {
    for (url, place, encryption, user) in [
        (
            "smtps://ada%40example.com:hunter2@mail.example.com",
            "mail.example.com:465",
            "encrypted from the first byte",
            Some("ada@example.com"),
        ),
        ("smtp://[2001:db8::7]:25", "[2001:db8::7]:25", "encrypted with STARTTLS", None),
        ("smtp://[::1]:2525?tls=none", "[::1]:2525", "not encrypted", None),
    ] {
        let settings = parse(url).unwrap();
        assert_eq!((settings.host_and_port().as_str(), settings.encryption_in_words(), settings.user()), (place, encryption, user));
    }
}

#[test]
fn user_and_password_are_percent_decoded() {
    let settings = parse("smtps://ada%40example.com:p%3Aa%2Fs%25%F0%9F%A6%80:+@mail.example.com").unwrap();
    let (user, password) = settings.credentials.unwrap();
    assert_eq!((user.as_str(), password.expose_secret()), ("ada@example.com", "p:a/s%🦀:+"));
}

#[test]
fn a_broken_url_is_named_by_what_is_wrong_with_it() {
    for (url, expected) in [
        ("", "begin with"),
        ("mail.example.com:25", "begin with"),
        ("http://mail.example.com", "begin with"),
        ("smtps://", "no host"),
        ("smtps://user:secret@", "no host"),
        ("smtps://mail example", "no host"),
        ("smtps://[::1", "no host"),
        ("smtps://[nonsense]", "no host"),
        ("smtps://[::1]25", "no host"),
        ("smtps://mail.example.com:", "port"),
        ("smtps://mail.example.com:0", "port"),
        ("smtps://mail.example.com:65536", "port"),
        ("smtps://mail.example.com/path", "end after"),
        ("smtps://user:sec/ret@mail.example.com", "end after"),
        ("smtps://user@mail.example.com", "both"),
        ("smtps://user:@mail.example.com", "both"),
        ("smtps://:secret@mail.example.com", "both"),
        ("smtps://user:%zz@mail.example.com", "percent-encoded"),
        ("smtps://user:100%@mail.example.com", "percent-encoded"),
        ("smtps://user:%ff@mail.example.com", "percent-encoded"),
        ("smtps://mail.example.com?tls=none", "only option"),
        ("smtp://mail.example.com?tls=opportunistic", "only option"),
        ("smtp://mail.example.com?verify=no", "only option"),
    ] {
        let error = parse(url).expect_err(url).to_string();
        assert!(error.contains(expected), "{url}: {error}");
    }
}

#[test]
fn mail_never_crosses_a_network_unencrypted() {
    for host in ["mail.example.com:25", "192.168.1.4", "0.0.0.0", "[2001:db8::7]", "localhost.example.com", "127.0.0.1.example.com"] {
        let error = parse(&format!("smtp://{host}?tls=none")).expect_err(host);
        assert!(matches!(error, MailSettingsError::PlainToRemote), "{host}: {error}");
    }
}

#[test]
fn the_password_is_in_no_debug_output_and_no_error() {
    let settings = MailSettings::parse(Some("smtps://user:hunter2@mail.example.com"), FROM, None).unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
    for url in [
        "smtps://user:hunter2",
        "smtps://user:hunter2@",
        "smtps://user:hunter2/x@host",
        "smtps://user:hunter2?x@host",
        "smtps://user:hunter2%@host",
        "smtp://user:hunter2@host?tls=none",
        "smtp://user:hunter2@host?hunter2",
    ] {
        let error = parse(url).expect_err(url);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn the_sender_is_a_name_and_an_address() {
    for from in [FROM, "no-reply@example.com", "\"Roster, Inc.\" <no-reply@example.com>", "Rösti <no-reply@example.com>"] {
        let settings = MailSettings::parse(None, from, None).unwrap_or_else(|error| panic!("{from}: {error}"));
        assert_eq!(settings.from.email.to_string(), "no-reply@example.com");
        assert!(settings.smtp.is_none());
    }
    for from in
        ["", "Roster", "Roster <>", "Roster <no-reply>", "Ro\r\nBcc: x <no-reply@example.com>", "Roster <nö@example.com>", "nö@example.com"]
    {
        let error = MailSettings::parse(None, from, None).expect_err(from);
        assert!(matches!(error, MailSettingsError::From), "{from}: {error}");
    }
}

#[test]
fn a_certificate_authority_must_be_a_readable_certificate() {
    let url = Some("smtps://mail.example.com");
    let missing = MailSettings::parse(url, FROM, Some(Path::new("/nonexistent/ca.pem"))).expect_err("no such file");
    assert!(matches!(missing, MailSettingsError::AuthorityFile { .. }));
    for (name, content) in [("empty", ""), ("broken", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")] {
        let path = std::env::temp_dir().join(format!("roster-ca-{name}-{}.pem", std::process::id()));
        fs::write(&path, content).unwrap();
        let error = MailSettings::parse(url, FROM, Some(&path)).expect_err(name);
        fs::remove_file(&path).unwrap();
        assert!(matches!(error, MailSettingsError::Authority { .. }), "{name}: {error}");
    }
}
