//! Running a guest's own kernel without the µ-kernel: on QEMU's board, as any 440 would boot it.
//!
//! What a guest does in a VM is held against this. The board loads the kernel at the place that its uImage
//! names, the device tree at 0x0180_0000 and the initial file system at 0x0190_0000 (QEMU 7.2,
//! `hw/ppc/ppc440_bamboo.c`), so the kernel must be smaller than 24 MiB.

use std::io::Write;
use std::path::{Path, PathBuf};

use composer_build::{Built, Launch};
use composer_syntax::{Code, Diagnostic};

use crate::{Outcome, RunOptions, run};

/// A kernel, and what it boots with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Native {
    /// The kernel, as a uImage.
    pub uimage: PathBuf,
    /// The initial file system.
    pub initrd: Option<PathBuf>,
    /// A device tree with the name `bamboo.dtb`, by which alone the board finds it; None for QEMU's own.
    pub device_tree: Option<PathBuf>,
    /// The kernel's command line.
    pub command_line: String,
    /// Bytes of RAM.
    pub memory: u64,
}

/// Runs a kernel natively to its end, as [`run()`](crate::run()) does an image. A machine that restarts has
/// ended.
///
/// # Errors
///
/// [`Code::CannotRun`] for a device tree with another name; those of [`run()`](crate::run()).
pub fn run_native(
    native: &Native,
    options: &RunOptions,
    screen: &mut dyn Write,
) -> Result<Outcome, Diagnostic> {
    let built = Built {
        system: "native".to_owned(),
        board: "qemu".to_owned(),
        image: native.uimage.clone(),
        kernel: PathBuf::new(),
        domains: Vec::new(),
        guests: Vec::new(),
        launch: Launch::Qemu {
            program: "qemu-system-ppc".to_owned(),
            machine: "bamboo".to_owned(),
            memory: native.memory,
            arguments: arguments(native)?,
        },
        lowered: PathBuf::new(),
        checkout: PathBuf::new(),
    };
    run(&built, options, screen)
}

/// The board's arguments. Without `-nic none` it would want the firmware of a network card that no
/// package brings.
fn arguments(native: &Native) -> Result<Vec<String>, Diagnostic> {
    let mut arguments = ["-nographic", "-nic", "none", "-no-reboot", "-append"].map(str::to_owned).to_vec();
    arguments.push(native.command_line.clone());
    if let Some(initrd) = &native.initrd {
        arguments.extend(["-initrd".to_owned(), initrd.display().to_string()]);
    }
    if let Some(tree) = &native.device_tree {
        arguments.extend(["-L".to_owned(), folder_of(tree)?.display().to_string()]);
    }
    Ok(arguments)
}

/// The folder in which the board looks for its tree.
fn folder_of(tree: &Path) -> Result<&Path, Diagnostic> {
    let named = tree.file_name().is_some_and(|name| name == "bamboo.dtb");
    tree.parent().filter(|_| named).ok_or_else(|| {
        let message = format!("QEMU does not find the device tree `{}`", tree.display());
        Diagnostic::error(Code::CannotRun, message).help("name the file `bamboo.dtb`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_gets_kernel_files_and_tree() {
        let native = Native {
            uimage: "/p/uImage".into(),
            initrd: Some("/p/initrd.cpio".into()),
            device_tree: Some("/p/tree/bamboo.dtb".into()),
            command_line: "console=ttyS0 quiet".into(),
            memory: 256 << 20,
        };
        assert_eq!(
            arguments(&native).expect("arguments").join(" "),
            "-nographic -nic none -no-reboot -append console=ttyS0 quiet -initrd /p/initrd.cpio -L /p/tree"
        );
        let other = Native { device_tree: Some("/p/other.dtb".into()), ..native };
        assert_eq!(arguments(&other).expect_err("a wrong name").code, Code::CannotRun);
    }
}
