//! The one unsafe thing here: a child that ends with its parent.
#![expect(unsafe_code, reason = "what runs between fork and exec is the caller's promise to the system")]

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{Pid, getpid, getppid};

/// As [`end_with_parent_in_its_group`], and gives it a process group of its own: a terminal's Ctrl-C is composer's to
/// handle.
pub(crate) fn end_with_parent(command: &mut Command) {
    command.process_group(0);
    end_with_parent_in_its_group(command);
}

/// Makes a command's process die when the thread that starts it does, however that happens.
pub(crate) fn end_with_parent_in_its_group(command: &mut Command) {
    let parent = getpid();
    let ask = move || ask_for_death(parent);
    // SAFETY: between fork and exec only async-signal-safe functions may run. The closure makes two
    // system calls, allocates nothing and takes no lock.
    unsafe { command.pre_exec(ask) };
}

fn ask_for_death(parent: Pid) -> io::Result<()> {
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    // A parent that died before the call sends nothing any more.
    if getppid() == parent { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
}
