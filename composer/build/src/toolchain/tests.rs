use std::fs;
use std::sync::MutexGuard;

use super::*;
use crate::testing::{alone, program};

/// A host whose folders lie in one temporary folder.
struct Made {
    folder: tempfile::TempDir,
    host: Host,
    _alone: MutexGuard<'static, ()>,
}

impl Made {
    fn new() -> Self {
        let alone = alone();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = folder.path().to_path_buf();
        let host = Host {
            path: vec![at.join("bin")],
            rustup: at.join("rustup"),
            prefix: at.join("usr"),
            cargo: None,
            active_toolchain: None,
            package_lists: None,
            root: false,
        };
        Self { folder, host, _alone: alone }
    }

    fn program(&self, path: &str, says: &str) {
        program(&self.folder.path().join(path), says);
    }

    fn compiler(&self, sysroot: &str, release: &str) {
        let says = format!(
            "rustc {release} (abc)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: {release}"
        );
        self.program(&format!("{sysroot}/bin/rustc"), &says);
        self.program(&format!("{sysroot}/bin/cargo"), "cargo");
    }

    fn sources(&self, sysroot: &str) {
        let core = self.folder.path().join(sysroot).join("lib/rustlib/src/rust/library/core/src");
        fs::create_dir_all(&core).expect("folder");
        fs::write(core.join("lib.rs"), "").expect("file");
    }
}

#[test]
fn no_sources_no_compiler() {
    let made = Made::new();
    made.compiler("rustup/toolchains/stable-x", "1.96.0");
    assert!(Compiler::find(&made.host).is_none());
    made.sources("rustup/toolchains/stable-x");
    let found = Compiler::find(&made.host).expect("a compiler");
    assert_eq!(found.origin, "rustup toolchain stable-x");
    assert_eq!(found.release, "rustc 1.96.0 (abc)");
}

#[test]
fn the_active_toolchain_comes_first_and_the_distribution_last() {
    let mut made = Made::new();
    for sysroot in ["rustup/toolchains/nightly-x", "rustup/toolchains/stable-x", "usr"] {
        made.compiler(sysroot, "1.96.0");
        made.sources(sysroot);
    }
    let origin = |made: &Made| Compiler::find(&made.host).expect("a compiler").origin;
    assert_eq!(origin(&made), "rustup toolchain stable-x");
    made.host.active_toolchain = Some("nightly-x".to_owned());
    assert_eq!(origin(&made), "rustup toolchain nightly-x");
    fs::remove_dir_all(&made.host.rustup).expect("removed");
    made.program("bin/cargo", "cargo");
    assert_eq!(origin(&made), "the distribution's rustc");
}

#[test]
fn an_old_compiler_is_passed_over() {
    let made = Made::new();
    made.compiler("rustup/toolchains/stable-x", "1.85.1");
    made.sources("rustup/toolchains/stable-x");
    assert!(Compiler::find(&made.host).is_none());
}

#[test]
fn a_linker_is_found_where_rustup_has_it_else_on_the_path() {
    let made = Made::new();
    assert_eq!(Linker::find(&made.host), None);
    made.program("bin/powerpc-linux-gnu-ld", "ld");
    assert_eq!(Linker::find(&made.host).expect("a linker").flavour, Flavour::Gnu);
    made.program("bin/ld.lld", "lld");
    assert!(Linker::find(&made.host).expect("a linker").program.ends_with("ld.lld"));
    made.program("rustup/toolchains/stable-x/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld", "lld");
    let found = Linker::find(&made.host).expect("a linker");
    assert!(found.program.ends_with("rust-lld"));
    assert_eq!(found.flavour, Flavour::Lld);
}

#[test]
fn versions_are_read_and_compared() {
    let said = version::read("rustc 1.97.0-nightly (x)\nrelease: 1.97.0-nightly\nhost: h").expect("read");
    assert_eq!(said.version, Version { major: 1, minor: 97 });
    assert!(said.version > OLDEST);
    assert_eq!(version::read("not a compiler"), None);
}
