use std::time::Duration;

use super::*;

const STEPS: [Step; 9] =
    [Step::Connect, Step::Greeting, Step::Ehlo, Step::StartTls, Step::Auth, Step::MailFrom, Step::RcptTo, Step::Data, Step::Content];

/// The codes of IANA's registry "SMTP Enhanced Status Codes", by their second number: how many there are from 0 on.
const REGISTERED: [(u16, u16); 8] = [(0, 0), (1, 10), (2, 4), (3, 6), (4, 7), (5, 6), (6, 10), (7, 30)];

/// Which of them say something about the recipient that no other attempt changes.
const ABOUT_RECIPIENT: [&str; 10] = ["1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1", "2.4", "7.17", "7.18"];

fn judge(step: Step, code: u16, text: &str) -> SendFailure {
    let reply = Reply { code, lines: text.split('\n').map(str::to_owned).collect() };
    step.succeeded(reply).expect_err("a refusal").judge()
}

#[test]
fn only_what_is_said_about_the_recipient_ends_a_mail_at_whatever_step_and_with_whatever_code() {
    let unregistered = [(2, 252), (7, 99), (7, 502), (8, 1), (9, 9)];
    let registered = REGISTERED.iter().flat_map(|(subject, last)| (0..=*last).map(|detail| (*subject, detail)));
    let codes: Vec<_> = registered.chain(unregistered).collect();
    for step in STEPS {
        for basic in [450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 550, 551, 552, 553, 554, 555, 556, 571] {
            for (subject, detail) in &codes {
                let (class, code) = (basic / 100, format!("{subject}.{detail}"));
                let failure = judge(step, basic, &format!("{class}.{code} words"));
                let undefined =
                    ["0.0", "1.0", "2.0"].contains(&code.as_str()) && step == Step::RcptTo && [501, 550, 551, 553].contains(&basic);
                let ends = step.has_recipient() && class == 5 && (ABOUT_RECIPIENT.contains(&code.as_str()) || undefined);
                assert_eq!(failure.permanent, ends, "{step:?}: {basic} {class}.{code}");
                assert!(!failure.permanent || !failure.concerns_server, "{step:?}: {basic} {class}.{code}");
                let waits_for_operator = class == 5 && !ends && !step.comes_before_mail();
                assert_eq!(failure.refusal.is_some(), waits_for_operator, "the operator is told of {step:?}: {basic} {class}.{code}");
                assert!(!judge(step, basic, &format!("4.{code} words")).permanent, "{step:?}: {basic} 4.{code}");
            }
        }
    }
}

#[test]
fn without_an_enhanced_status_code_the_basic_code_and_the_step_decide() {
    for step in STEPS {
        for basic in (400..=599).filter(|code| *code != 421) {
            let ends = step == Step::RcptTo && [501, 550, 551, 553].contains(&basic);
            assert_eq!(judge(step, basic, "not here").permanent, ends, "{step:?}: {basic}");
        }
    }
}

#[test]
fn refusals_of_servers_in_the_field_are_told_apart() {
    use Step::{Content, Data, MailFrom, RcptTo};
    for (step, code, text, ends) in [
        (RcptTo, 550, "5.1.1 <ada@acme.example>: Recipient address rejected: User unknown", true),
        (
            RcptTo,
            550,
            "5.1.1 The email account that you tried to reach does not exist. Please try\n5.1.1 double-checking the address",
            true,
        ),
        (RcptTo, 550, "#5.1.0 Address rejected.", true),
        (RcptTo, 550, "Unknown user", true),
        (RcptTo, 550, "sorry, no mailbox here by that name. (#5.1.1)", true),
        (RcptTo, 550, "5.2.1 The account is disabled", true),
        (RcptTo, 556, "5.1.10 Recipient address has null MX", true),
        (Content, 550, "5.1.1 no such user", true),
        (Data, 554, "5.1.1 no valid recipients", true),
        (RcptTo, 554, "5.7.1 <ada@acme.example>: Relay access denied", false),
        (RcptTo, 550, "relay not permitted", false),
        (RcptTo, 553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", false),
        (RcptTo, 550, "5.1.0 <no-reply@roster.example>: Sender address rejected: User unknown", false),
        (RcptTo, 550, "5.1.8 Sender address rejected: Domain not found", false),
        (RcptTo, 550, "5.4.1 Recipient address rejected: Access denied", false),
        (RcptTo, 550, "5.7.25 no reverse DNS", false),
        (RcptTo, 550, "Authentication required", false),
        (RcptTo, 552, "5.2.2 mailbox full", false),
        (RcptTo, 550, "5.1.1 unknown\n5.7.1 and you are not welcome", false),
        (MailFrom, 553, "5.7.1 sender refused", false),
        (MailFrom, 550, "5.1.1 unknown", false),
        (MailFrom, 530, "5.7.57 client is not authenticated", false),
        (Data, 554, "no valid recipients", false),
        (Content, 550, "5.4.5 Daily user sending limit exceeded", false),
        (Content, 554, "5.2.252 SendAsDenied; no-reply@roster.example not allowed to send as admin@roster.example", false),
        (Content, 554, "Message rejected: Email address is not verified", false),
        (Content, 550, "5.7.26 This mail has been blocked because the sender is unauthenticated", false),
        (Content, 554, "5.7.1 the content is not wanted", false),
    ] {
        assert_eq!(judge(step, code, text).permanent, ends, "{step:?}: {code} {text}");
    }
}

#[test]
fn what_would_befall_every_mail_pauses_all() {
    use Step::{Auth, Content, Data, MailFrom, RcptTo};
    for step in STEPS {
        assert!(judge(step, 421, "4.3.2 closing").concerns_server, "{step:?}");
        assert_eq!(judge(step, 554, "words").concerns_server, !step.has_recipient(), "{step:?}");
    }
    for (step, code, text, kind) in [
        (MailFrom, 553, "5.7.1 sender refused", FailureKind::Refused),
        (MailFrom, 451, "4.7.1 later", FailureKind::Refused),
        (RcptTo, 550, "5.1.8 sender's domain", FailureKind::Refused),
        (RcptTo, 530, "5.7.0 Must issue a STARTTLS command first", FailureKind::Tls),
        (Data, 530, "5.7.57 not authenticated", FailureKind::Auth),
        (Content, 550, "5.4.5 limit", FailureKind::Refused),
        (Auth, 535, "5.7.8 bad credentials", FailureKind::Auth),
        (Auth, 454, "4.7.0 temporary failure", FailureKind::Auth),
    ] {
        let failure = judge(step, code, text);
        assert_eq!((failure.kind, failure.concerns_server, failure.permanent), (kind, true, false), "{step:?}: {code} {text}");
    }
}

#[test]
fn a_connection_that_breaks_never_ends_a_mail() {
    for step in STEPS {
        for broken in [
            Broken::Closed,
            Broken::Endless,
            Broken::NotSmtp("HTTP/1.1".to_owned()),
            Broken::TimedOut(Duration::from_secs(1)),
            Broken::Io(io::Error::from(io::ErrorKind::ConnectionReset)),
        ] {
            let failure = step.broken(broken).judge();
            assert!(!failure.permanent && failure.concerns_server == step.comes_before_mail(), "{step:?}: {failure}");
        }
    }
}
