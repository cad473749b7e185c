//! The list of requirements.

use std::process::{Command, Stdio};

use crate::host::Host;
use crate::toolchain::{Compiler, Linker, OLDEST};

/// What a requirement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Making an image.
    Build,
    /// Running one.
    Run,
    /// Checking the node's crates with clippy.
    Lint,
    /// Holding the simulator of the Blue Gene/P node to programs of others, in tests.
    Test,
    /// Making a guest's kernel and initial file system by a recipe.
    Guest,
    /// Looking into a running node by hand.
    Debug,
}

/// One thing that composer needs from the machine.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// What it is, in a few words.
    pub what: &'static str,
    /// Why it is needed.
    pub why: &'static str,
    /// What it is needed for.
    pub purpose: Purpose,
    /// The Debian packages that bring it.
    pub packages: &'static [&'static str],
    /// What to do where there is no `apt-get`.
    pub elsewhere: &'static str,
    /// Looks for it: where it is and which version, or None.
    pub find: fn(&Host) -> Option<String>,
}

/// Everything that composer needs, in the order in which it is shown and installed.
pub const REQUIREMENTS: &[Requirement] = &[
    Requirement {
        what: "host linker",
        why: "components' build scripts and macros are programs of this machine",
        purpose: Purpose::Build,
        packages: &["gcc", "libc6-dev"],
        elsewhere: "install a C compiler, so that `cc` is on the PATH",
        find: |host| host.program("cc").map(|path| path.display().to_string()),
    },
    Requirement {
        what: "compiler with library sources",
        why: "no toolchain ships a core library for the node, so it is compiled from source",
        purpose: Purpose::Build,
        packages: &["rustc-web", "rust-web-src"],
        elsewhere: "run `rustup component add rust-src`",
        find: |host| Compiler::find(host).map(|found| format!("{}, {}", found.release, found.origin)),
    },
    Requirement {
        what: "linker for PowerPC",
        why: "it links the programs that run on the node",
        purpose: Purpose::Build,
        packages: &["lld"],
        elsewhere: "install LLVM's `lld`, or GNU binutils for powerpc-linux-gnu",
        find: |host| Linker::find(host).map(|found| found.program.display().to_string()),
    },
    Requirement {
        what: "QEMU for PowerPC",
        why: "it is the machine on which images run",
        purpose: Purpose::Run,
        packages: &["qemu-system-ppc"],
        elsewhere: "install QEMU 7.2 or newer with the program `qemu-system-ppc`",
        find: |host| version_line(host, "qemu-system-ppc", "--version"),
    },
    Requirement {
        what: "clippy for the node's crates",
        why: "it holds the node's crates to the workspace's lints",
        purpose: Purpose::Lint,
        packages: &["rust-web-clippy"],
        elsewhere: "run `rustup component add clippy`",
        find: |host| Compiler::find(host)?.clippy_driver.map(|path| path.display().to_string()),
    },
    Requirement {
        what: "QEMU for PowerPC programs",
        why: "the simulator's instructions are held to it in tests",
        purpose: Purpose::Test,
        packages: &["qemu-user"],
        elsewhere: "install QEMU 7.2 or newer with the program `qemu-ppc`",
        find: |host| version_line(host, "qemu-ppc", "--version"),
    },
    Requirement {
        what: "disassembler for PowerPC",
        why: "the simulator's table of instructions is held to it in tests",
        purpose: Purpose::Test,
        packages: &["binutils-powerpc-linux-gnu"],
        elsewhere: "install GNU binutils for powerpc-linux-gnu",
        find: |host| version_line(host, "powerpc-linux-gnu-objdump", "--version"),
    },
    Requirement {
        what: "C++ and Fortran compilers for PowerPC",
        why: "programs of theirs run in the simulator in tests",
        purpose: Purpose::Test,
        packages: &["g++-powerpc-linux-gnu", "gfortran-powerpc-linux-gnu"],
        elsewhere: "install GCC's C++ and Fortran for powerpc-linux-gnu with static libraries",
        find: |host| {
            let fortran = version_line(host, "powerpc-linux-gnu-gfortran", "--version");
            version_line(host, "powerpc-linux-gnu-g++", "--version").filter(|_| fortran.is_some())
        },
    },
    Requirement {
        what: "C compiler for PowerPC",
        why: "guests' kernels and programs are in C",
        purpose: Purpose::Guest,
        packages: &["gcc-powerpc-linux-gnu", "libc6-dev-powerpc-cross"],
        elsewhere: "install a GCC for powerpc-linux-gnu with a static C library",
        find: |host| {
            let library = host.prefix.join("powerpc-linux-gnu/lib/libc.a").is_file();
            version_line(host, "powerpc-linux-gnu-gcc", "--version").filter(|_| library)
        },
    },
    Requirement {
        what: "source of the guest's kernel",
        why: "guests run a mainline kernel, compiled here",
        purpose: Purpose::Guest,
        packages: &["linux-source-6.1"],
        elsewhere: "use a kernel of your own in place of the recipe's",
        find: |host| {
            let archive = host.prefix.join("src/linux-source-6.1.tar.xz");
            archive.is_file().then(|| archive.display().to_string())
        },
    },
    Requirement {
        what: "what a kernel is built with",
        why: "the kernel's own build calls these programs",
        purpose: Purpose::Guest,
        packages: &["make", "flex", "bison", "bc", "xz-utils", "bzip2", "gcc", "libc6-dev"],
        elsewhere: "install make, flex, bison, bc, xz, bzip2 and a C compiler for this machine",
        find: |host| {
            let all = ["make", "flex", "bison", "bc", "xz", "bzip2", "cc"];
            let there = all.iter().all(|name| host.program(name).is_some());
            version_line(host, "make", "--version").filter(|_| there)
        },
    },
    Requirement {
        what: "device tree compiler",
        why: "it makes the device tree with which a guest's kernel runs natively",
        purpose: Purpose::Guest,
        packages: &["device-tree-compiler"],
        elsewhere: "install `dtc`",
        find: |host| version_line(host, "dtc", "--version"),
    },
    Requirement {
        what: "debugger",
        why: "it looks into a running node through QEMU",
        purpose: Purpose::Debug,
        packages: &["gdb-multiarch"],
        elsewhere: "install a GDB that knows PowerPC",
        find: |host| version_line(host, "gdb-multiarch", "--version"),
    },
];

impl Requirement {
    /// The requirement's version bound, where it has one, for people.
    pub fn bound(&self) -> Option<String> {
        (self.packages.first() == Some(&"rustc-web")).then(|| format!("{OLDEST} or newer"))
    }
}

/// The first line that a program on the path says about its version.
fn version_line(host: &Host, name: &str, argument: &str) -> Option<String> {
    let program = host.program(name)?;
    let output = Command::new(&program).arg(argument).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.lines().next().unwrap_or_default().trim().to_owned()).filter(|line| !line.is_empty())
}
