//! `composer clean`.

use std::{fs, io};

use composer_build::progress::Progress;

use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;

/// Removes everything that composer has built.
pub(crate) fn clean(screen: &mut Screen) -> End {
    let folder = place::checkout()?.root().join("target/composer");
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(exit::cannot_write(&folder, &error)),
        _ => {
            screen.step("Removed", "target/composer");
            exit::OK
        }
    }
}
