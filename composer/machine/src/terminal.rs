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
        let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
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
