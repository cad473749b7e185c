//! A simulator's command line.
//!
//! What composer asks of the program: `PROGRAM ARGUMENTS… --memory MEGABYTES IMAGE` runs the image, with the console
//! as its standard input and output; it ends with status 0 when the node resets itself or can do nothing more, and with
//! another and a word on its standard error when it cannot go on. Its time is the node's own, so that each run is
//! the same.

use std::path::Path;

/// The arguments that start an image, without the program. The board's come first.
pub(crate) fn arguments(memory: u64, board: &[String], image: &Path) -> Vec<String> {
    let mut arguments = board.to_vec();
    arguments.extend(["--memory".to_owned(), (memory >> 20).to_string(), image.display().to_string()]);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_comes_last() {
        let line = arguments(2 << 30, &["run".to_owned()], Path::new("/x/hello.elf")).join(" ");
        assert_eq!(line, "run --memory 2048 /x/hello.elf");
    }
}
