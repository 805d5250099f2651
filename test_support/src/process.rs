//! Child processes of tests.

use std::process::Command;

/// Kills the child when the thread that spawns it ends, also when its process is killed. Call it before `spawn`, on a thread that
/// lives as long as the child should: the one of a test, or a worker of its runtime.
///
/// `kill_on_drop` does not suffice: a test that takes too long is killed, and then nothing is dropped.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "std marks pre_exec unsafe: its closure runs in the forked child, where only plain system calls are sound")]
pub fn end_with_test(command: &mut Command) {
    use std::io::Error;
    use std::os::unix::process::CommandExt;

    use rustix::io::Errno;
    use rustix::process::{Signal, getppid, set_parent_process_death_signal};

    let parent = std::process::id();
    // SAFETY: the closure makes two system calls on copied integers; it neither allocates nor takes a lock.
    unsafe {
        command.pre_exec(move || {
            set_parent_process_death_signal(Some(Signal::KILL))?;
            // A parent that died before that call sends no signal.
            let has_parent = getppid().is_some_and(|pid| pid.as_raw_nonzero().get().unsigned_abs() == parent);
            if has_parent { Ok(()) } else { Err(Error::from(Errno::SRCH)) }
        });
    }
}

/// Only Linux has such a signal.
#[cfg(not(target_os = "linux"))]
pub fn end_with_test(_command: &mut Command) {}
