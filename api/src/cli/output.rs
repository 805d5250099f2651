//! The standard output and the standard error of commands. Both can be closed or full at any moment, so nothing here panics.

use std::fmt::Arguments;
use std::io::{self, Write, stderr, stdout};

use thiserror::Error;

/// Nobody reads the standard output any more, as behind `| head`. The command has nothing more to do, and says nothing.
#[derive(Debug, Error)]
#[error("the standard output was closed")]
pub struct OutputClosed;

/// The standard output takes no more, as on a full disk.
#[derive(Debug, Error)]
#[error("the standard output cannot be written")]
struct OutputFailed(#[source] io::Error);

/// Prints a line to the standard output, as `println!` does, or returns why it cannot.
macro_rules! print_line {
    ($($arguments:tt)*) => {
        $crate::cli::output::write(format!("{}\n", format_args!($($arguments)*)).as_bytes())?
    };
}
pub(super) use print_line;

/// Writes to the standard output at once.
///
/// # Errors
/// [`OutputClosed`] where nobody reads it any more; a sentence where it takes no more.
pub(super) fn write(bytes: &[u8]) -> Result<(), super::Failure> {
    let mut out = stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => OutputClosed.into(),
        _ => OutputFailed(error).into(),
    })
}

/// Prints a line to the standard error. Where nobody can read it, nobody misses it.
pub fn tell(line: Arguments<'_>) {
    let _ = writeln!(stderr(), "{line}");
}
