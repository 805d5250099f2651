//! Search finds the same in every script, whatever the locale of the database.

use domain::user::UserEvent;
use domain::{Name, Personal, Role};
use projections::users::UserFilter;
use sqlx::PgPool;
use test_support::TestDatabase;

use super::world::{World, now};

const LOCALES: [&str; 4] = [
    "encoding 'UTF8' locale 'C'",
    "encoding 'UTF8' locale 'C.UTF-8'",
    "encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale 'en-US'",
    "encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale 'tr-TR'",
];

const NAMES: [&str; 10] =
    ["ÅSA ÖBERG", "Ελένη ΠΑΠΑΣ", "Ирина", "STRAẞE Groß", "Ada Lovelace", "Արամ", "İREM Işık", "𐐔𐐯𐑆", "Tomás Ćœ Łukasz Ærø", "Nguyễn 각 が"];

/// What is searched for, and whom it finds, by number.
const SEARCHES: [(&str, &[usize]); 32] = [
    ("åsa", &[0]),
    ("öberg ÅSA", &[0]),
    ("ΕΛΈΝΗ", &[1]),
    ("παπας", &[1]),
    ("παπασ", &[1]),
    ("ИРИНА", &[2]),
    ("ир", &[2]),
    ("strasse", &[3]),
    ("GROSS straße", &[3]),
    ("lovelace ada", &[4]),
    ("ada  \u{a0}lovelace\t", &[4]),
    ("ADA", &[4]),
    ("user4 LOVE", &[4]),
    ("example ada@", &[]),
    ("lovelace eve", &[]),
    ("ԱՐԱՄ", &[5]),
    ("irem", &[6]),
    ("IŞIK", &[6]),
    ("𐐼𐐯𐐞", &[7]),
    ("example.com", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("asa oberg", &[0]),
    ("ελενη", &[1]),
    ("isik", &[6]),
    ("tomas", &[8]),
    ("TOMÁS coe", &[8]),
    ("to\u{301}mas", &[8]),
    ("lukasz aero", &[8]),
    ("user8@example.com", &[8]),
    ("lukasz.tomas", &[8]),
    ("nguyen", &[9]),
    ("각 が", &[9]),
    (" . ", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
];

#[tokio::test]
async fn search_ignores_case_in_every_script_and_takes_words_in_any_order_whatever_the_locale() {
    for locale in LOCALES {
        let world = World::over(TestDatabase::create_with(locale).await).await;
        for (number, name) in NAMES.iter().enumerate() {
            let named = UserEvent::NameChanged { name: Personal::Known(Name::parse(name).expect("valid")) };
            world.user(world.account, &format!("user{number}@example.com"), Role::Viewer, now(), &[named]).await;
        }
        for (search, expected) in SEARCHES {
            let filter = UserFilter { search: Some(search.to_owned()), ..UserFilter::default() };
            let mut found = world.emails(&filter, now()).await;
            found.sort_unstable();
            let expected: Vec<_> = expected.iter().map(|number| format!("user{number}@example.com")).collect();
            assert_eq!(found, expected, "{search:?} in {locale}");
        }
    }
}

#[tokio::test]
async fn every_letter_is_found_in_the_other_case() {
    let database = TestDatabase::create().await;
    let (lower, upper) = (|letter: char| other(letter, letter.to_lowercase()), |letter: char| other(letter, letter.to_uppercase()));
    let is_cased = |letter: &char| [lower(*letter), upper(*letter)] != [*letter; 2];
    let letters: Vec<_> = (char::MIN..=char::MAX).filter(is_cased).collect();
    assert!(letters.len() > 2_000, "only {} letters have another case", letters.len());
    let texts = |change: &dyn Fn(char) -> char| letters.iter().map(|letter| change(*letter).to_string()).collect::<Vec<_>>();
    let kept = folded(&database.pool(), &texts(&|letter| letter)).await;
    let others = [texts(&lower), texts(&upper), kept.clone()];
    for others in others {
        let others = folded(&database.pool(), &others).await;
        for ((letter, kept), other) in letters.iter().zip(&kept).zip(&others) {
            assert_eq!(other, kept, "U+{:04X} {letter}", u32::from(*letter));
        }
    }
}

/// The letter in the other case, where that is one letter: only such mappings are in the table.
fn other(letter: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(other), None) => other,
        _ => letter,
    }
}

async fn folded(pool: &PgPool, texts: &[String]) -> Vec<String> {
    let select = "select search_fold(text) from unnest($1::text[]) with ordinality as given (text, number) order by number";
    sqlx::query_scalar(select).bind(texts).fetch_all(pool).await.expect("folds")
}
