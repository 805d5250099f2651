//! Prepares a child process between fork and exec: another user, a process group of its own, and an end tied to ours.

use std::{
    os::unix::process::CommandExt,
    path::Path,
    process::{self, Command},
};

use rustix::process::Signal;

use crate::owner::RunsAs;

/// A command that runs as the server's user and gets `farewell` when the thread that spawns it ends, which must therefore live
/// as long as the child should.
///
/// The environment is emptied (`PG…` variables change what the programs do), and the group is its own, so that Ctrl-C in a
/// terminal reaches us alone and we stop the server after our own work.
pub(crate) fn command(program: &Path, runs_as: &RunsAs, farewell: Signal) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").env("PATH", "/usr/local/bin:/usr/bin:/bin").current_dir("/").process_group(0);
    if let Some((uid, gid)) = runs_as.ids() {
        // Rust also gives up root's supplementary groups here, and does all this before the closure below.
        command.uid(uid).gid(gid);
    }
    before_exec(&mut command, *runs_as == RunsAs::Namespace, process::id(), farewell);
    command
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "std marks pre_exec unsafe: its closure runs in the forked child, where only plain system calls are sound")]
fn before_exec(command: &mut Command, namespace: bool, parent: u32, farewell: Signal) {
    // SAFETY: the closure makes system calls on constants and on copied integers; it neither allocates nor takes a lock.
    unsafe {
        command.pre_exec(move || {
            if namespace {
                enter_namespace()?;
            }
            // Every change of user clears this signal, so it comes last.
            rustix::process::set_parent_process_death_signal(Some(farewell))?;
            // If we died before that call, the signal will never come.
            let parent_lives = rustix::process::getppid().is_some_and(|pid| pid.as_raw_nonzero().get().unsigned_abs() == parent);
            if parent_lives { Ok(()) } else { Err(std::io::Error::from(rustix::io::Errno::SRCH)) }
        });
    }
}

/// Where there is no such signal the next start stops the orphan.
#[cfg(not(target_os = "linux"))]
fn before_exec(_command: &mut Command, _namespace: bool, _parent: u32, _farewell: Signal) {}

/// Makes root an ordinary user (id 1) in a namespace of its own: outside, its files stay root's and closed folders stay open.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "unshare is unsafe in general; a new user namespace in a single-threaded child is not")]
fn enter_namespace() -> std::io::Result<()> {
    // SAFETY: the child has one thread and shares nothing that this detaches.
    if unsafe { libc::unshare(libc::CLONE_NEWUSER) } != 0 {
        return Err(std::io::Error::last_os_error());
    }
    write(c"/proc/self/uid_map", b"1 0 1")?;
    write(c"/proc/self/setgroups", b"deny")?;
    write(c"/proc/self/gid_map", b"1 0 1")
}

#[cfg(target_os = "linux")]
fn write(path: &std::ffi::CStr, bytes: &[u8]) -> std::io::Result<()> {
    let file = rustix::fs::open(path, rustix::fs::OFlags::WRONLY | rustix::fs::OFlags::CLOEXEC, rustix::fs::Mode::empty())?;
    rustix::io::write(&file, bytes)?;
    Ok(())
}
