//! Texts of operators: what is used, and what keeps a server from starting.

use std::collections::BTreeSet;

use super::*;
use crate::templates::samples::samples;

/// A folder with these files, that is deleted when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("roster-texts-{}", uuid::Uuid::now_v7()));
        for (name, source) in files {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, source).unwrap();
        }
        Self(folder)
    }

    /// The problems, without the folder.
    fn problems(&self) -> Vec<String> {
        let error = MailTexts::with_folder(&self.0).err().map(|error| error.problems).unwrap_or_default();
        error.into_iter().map(|problem| problem.replace(&format!("{}/", self.0.display()), "")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

const REMOVED: &str = "subject: Gone\npreview: p\nheading: h\nfooter: f\n\nYou left {{ account }}.\n";

#[test]
fn every_text_that_roster_comes_with_passes_the_check_of_operators_texts() {
    let texts = MailTexts::built_in();
    for language in Language::ALL {
        for kind in Kind::ALL {
            assert_eq!(texts.check(kind, language, kind.built_in(language)), [], "{}", kind.path(language));
        }
    }
}

#[test]
fn each_mail_has_the_values_that_its_texts_can_contain() {
    for sample in samples() {
        let (kind, values) = sample.mail.values(sample.language).unwrap();
        let known: BTreeSet<_> = kind.placeholders().iter().map(|(placeholder, _)| *placeholder).collect();
        assert_eq!(values.placeholders().into_iter().collect::<BTreeSet<_>>(), known, "{}", sample.name);
    }
}

#[test]
fn a_file_of_an_operator_replaces_one_text_and_no_other() {
    let folder = Folder::new(&[("en/access-removed.txt", REMOVED), (".git/config", "x")]);
    let texts = MailTexts::with_folder(&folder.0).unwrap();
    for sample in samples() {
        let mail = sample.mail.compose(&texts, sample.language, &sample.brand, uuid::Uuid::nil(), chrono::Utc::now()).unwrap();
        assert_eq!(mail.subject() == "Gone", sample.name == "access-removed", "{}", sample.name);
        assert!(mail.subject() != "Gone" || mail.text().contains("You left Acme Observability."), "{}", mail.text());
    }
}

#[test]
fn what_is_wrong_with_a_text_is_named_with_file_and_line() {
    let with = |from: &str, to: &str| Kind::Invitation.built_in(Language::English).replace(from, to);
    for (source, problem) in [
        (
            with("**{{ role }}**", "**{{ rolle }}**"),
            "en/invitation.txt:7: the placeholder `rolle` is unknown: this text can contain account, inviter, recipient, role, link, \
             works_for, expires_at, resent",
        ),
        (with("{{ link }}\n", ""), "en/invitation.txt: the placeholder `{{ link }}` is missing: it must be a paragraph of its own"),
        (
            with("{{ link }}\n", "{% if resent %}{{ link }}{% endif %}\n"),
            "en/invitation.txt: the placeholder `{{ link }}` is missing: it must be a paragraph of its own",
        ),
        (with("{{ link }}\n", "Go to {{ link }}\n"), "en/invitation.txt: `{{ link }}` must be a paragraph of its own"),
        (with("preview:", "prewiew:"), "en/invitation.txt:2: `prewiew:` is unknown: write subject, preview, heading, button or footer"),
        (with("button: Accept the invitation\n", ""), "en/invitation.txt: a line `button: …` is missing, or empty"),
        (with("**{{ role }}**", "**{{ role }}"), "en/invitation.txt: a `**` has no second one in its paragraph"),
    ] {
        assert_eq!(Folder::new(&[("en/invitation.txt", &source)]).problems(), [problem]);
    }
    let broken = Folder::new(&[("de/test.txt", "subject: a\n\n{% if %}")]).problems();
    assert!(broken.len() == 1 && broken[0].starts_with("de/test.txt:3: syntax error"), "{broken:?}");
    let filter = Folder::new(&[("en/access-removed.txt", &REMOVED.replace("{{ account }}", "{{ account|upper }}"))]).problems();
    assert!(filter.len() == 1 && filter[0].starts_with("en/access-removed.txt:6: unknown filter"), "{filter:?}");
    let unknown = Folder::new(&[("fr/test.txt", REMOVED), ("readme.md", "")]).problems();
    assert!(unknown.len() == 2 && unknown[0].starts_with("fr/test.txt: there is no such text."), "{unknown:?}");
    let missing = MailTexts::with_folder(Path::new("/nowhere/at/all")).err().unwrap().to_string();
    assert!(missing.contains("/nowhere/at/all: No such file"), "{missing}");
}
