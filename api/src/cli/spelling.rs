//! What was probably meant by a misspelt name.

/// How many letters of so many may differ for a name to count as another one, misspelt: one of four.
const ONE_OF: usize = 4;

/// The name that was probably meant.
pub(crate) fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(written, name);
    names.min_by_key(|name| distance(name)).filter(|name| distance(name) * ONE_OF <= written.len().max(name.len()) + 1)
}
