//! The user's terminal: raw while a console is attached, as it was afterwards.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;

use nix::sys::termios::{
    InputFlags, LocalFlags, OutputFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};

/// Standard input. While it is attached to a terminal, every key comes as it is typed and none is a
/// signal; dropping this restores the terminal, also when a panic unwinds.
#[derive(Debug)]
pub(crate) struct Keyboard {
    /// The stream itself, without the standard library's buffer, which would hide bytes from `poll`.
    pub(crate) file: File,
    before: Option<Termios>,
}

impl Keyboard {
    /// Takes standard input over.
    pub(crate) fn attach() -> io::Result<Self> {
        Self::take(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    }

    fn take(file: File) -> io::Result<Self> {
        let before = if file.is_terminal() { Some(tcgetattr(&file)?) } else { None };
        if let Some(before) = &before {
            tcsetattr(&file, SetArg::TCSADRAIN, &raw(before))?;
        }
        Ok(Self { file, before })
    }

    /// Whether a person sits there.
    pub(crate) fn is_terminal(&self) -> bool {
        self.before.is_some()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // A terminal that is gone needs no restoring.
            let _ = tcsetattr(&self.file, SetArg::TCSADRAIN, before);
        }
    }
}

/// The settings for single keys. Output is still processed, since the node ends its lines with a line
/// feed alone.
fn raw(before: &Termios) -> Termios {
    let mut raw = before.clone();
    raw.local_flags -= LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG | LocalFlags::IEXTEN;
    raw.input_flags -=
        InputFlags::IXON | InputFlags::ICRNL | InputFlags::INLCR | InputFlags::IGNCR | InputFlags::ISTRIP;
    raw.output_flags |= OutputFlags::OPOST | OutputFlags::ONLCR;
    raw.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
    raw.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
    raw
}

#[cfg(test)]
mod tests {
    use nix::pty::openpty;

    use super::*;

    #[test]
    fn the_terminal_is_as_it_was_afterwards_even_after_a_panic() {
        let pair = openpty(None, None).expect("a terminal");
        let terminal = File::from(pair.slave);
        let settings = || tcgetattr(&terminal).expect("settings").local_flags;
        let before = settings();
        assert!(before.contains(LocalFlags::ECHO | LocalFlags::ISIG));
        let other = terminal.try_clone().expect("a second handle");
        let unwound = std::panic::catch_unwind(|| {
            let keyboard = Keyboard::take(other).expect("taken");
            assert!(keyboard.is_terminal());
            assert!(!settings().intersects(LocalFlags::ECHO | LocalFlags::ISIG | LocalFlags::ICANON));
            std::panic::resume_unwind(Box::new("gone"));
        });
        assert!(unwound.is_err());
        assert_eq!(settings(), before);
    }

    #[test]
    fn a_pipe_is_left_alone() {
        let (reader, _writer) = io::pipe().expect("a pipe");
        let keyboard = Keyboard::take(File::from(std::os::fd::OwnedFd::from(reader))).expect("taken");
        assert!(!keyboard.is_terminal());
    }
}
