//! The standard output and the standard error of commands. Both can be closed or full at any moment, so nothing here panics.

use std::fmt::Arguments;
use std::io::{self, Write, stderr, stdout};

use thiserror::Error;

/// Standard output is closed, as after `| head`. The command ends without a message.
#[derive(Debug, Error)]
#[error("the standard output was closed")]
pub struct OutputClosed;

/// Standard output cannot be written, for example because the disk is full.
#[derive(Debug, Error)]
#[error("the standard output cannot be written")]
struct OutputFailed(#[source] io::Error);

/// Prints a line to standard output, like `println!`, or returns why it cannot.
macro_rules! print_line {
    ($($arguments:tt)*) => {
        $crate::cli::output::write(format!("{}\n", format_args!($($arguments)*)).as_bytes())?
    };
}
pub(super) use print_line;

/// Writes to standard output without buffering.
///
/// # Errors
/// [`OutputClosed`] if it is closed; otherwise a sentence that says why it cannot be written.
pub(super) fn write(bytes: &[u8]) -> Result<(), super::Failure> {
    let mut out = stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => OutputClosed.into(),
        _ => OutputFailed(error).into(),
    })
}

/// Prints a line to standard error. Errors are ignored.
pub fn tell(line: Arguments<'_>) {
    let _ = writeln!(stderr(), "{line}");
}
