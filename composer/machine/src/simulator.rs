//! A simulator's command line.
//!
//! What composer asks of the program: `PROGRAM ARGUMENTS… --memory MEGABYTES IMAGE` runs the image, with the console
//! as its standard input and output; it ends with status 0 when the node resets itself or can do nothing more, and with
//! another and a word on its standard error when it cannot go on. Its time is the node's own, so that each run is
//! the same. `--gdb SOCKET` has it wait for gdb, which it says in the first line on its standard error.

use std::io::{self, Read};
use std::path::Path;

/// The arguments that start an image, without the program. The board's come first.
pub(crate) fn arguments(memory: u64, board: &[String], image: &Path, gdb: Option<&Path>) -> Vec<String> {
    let mut arguments = board.to_vec();
    if let Some(socket) = gdb {
        arguments.extend(["--gdb".to_owned(), socket.display().to_string()]);
    }
    arguments.extend(["--memory".to_owned(), (memory >> 20).to_string(), image.display().to_string()]);
    arguments
}

/// Waits until a simulator says that it waits for gdb.
pub(crate) fn wait_until_it_listens(complaints: &mut impl Read) -> io::Result<()> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.last() != Some(&b'\n') {
        if complaints.read(&mut byte)? == 0 {
            break;
        }
        line.push(byte[0]);
    }
    let line = String::from_utf8_lossy(&line);
    if line.contains("waits for gdb") { Ok(()) } else { Err(io::Error::other(line.trim().to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_comes_last() {
        let line = arguments(2 << 30, &["run".to_owned()], Path::new("/x/hello.elf"), None).join(" ");
        assert_eq!(line, "run --memory 2048 /x/hello.elf");
        let line = arguments(1 << 20, &[], Path::new("x"), Some(Path::new("/s"))).join(" ");
        assert_eq!(line, "--gdb /s --memory 1 x");
    }

    #[test]
    fn whoever_does_not_listen_says_why() {
        let mut said: &[u8] = b"sim: waits for gdb at /s\nmore";
        wait_until_it_listens(&mut said).expect("it listens");
        assert_eq!(said, b"more");
        let error = wait_until_it_listens(&mut &b"sim: no such file\n"[..]).expect_err("it does not");
        assert_eq!(error.to_string(), "sim: no such file");
    }
}
