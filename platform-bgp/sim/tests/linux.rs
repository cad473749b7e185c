//! Static Linux programs of the distribution's compilers, C, C++ and Fortran: what they print here is what they print
//! under `qemu-ppc`. Their libraries bring a few hundred thousand instructions that nobody here has chosen.
//!
//! The programs avoid those functions of glibc that set the rounding for themselves (sine and its relatives, `gamma`): by
//! `mffscrni`, which a 440 takes as `mffs`, because it ignores bits that are reserved, and which QEMU's 440 refuses.

mod support;

use std::path::Path;
use std::process::Command;
use support::{elf, linux};

/// Compiles a program, and runs it both ways.
fn compare(compiler: &str, source: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("program");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/linux").join(source);
    let status = Command::new(compiler)
        .args(["-O2", "-static", "-o"])
        .arg(&program)
        .arg(&source)
        .arg("-lm")
        .status()
        .unwrap_or_else(|error| panic!("{compiler} runs (`composer doctor` names its package): {error}"));
    assert!(status.success(), "{} does not compile", source.display());
    let program = std::fs::read(&program).expect("just made");
    let (ours, theirs) = (linux::run(&program), elf::run_with_qemu(&program));
    let (ours, theirs) = (String::from_utf8_lossy(&ours), String::from_utf8_lossy(&theirs));
    assert!(theirs.lines().count() > 5, "{theirs}");
    assert_eq!(ours, theirs);
}

#[test]
fn a_program_in_c_prints_what_it_prints_under_qemu() {
    compare("powerpc-linux-gnu-gcc", "program.c");
}

#[test]
fn a_program_in_cpp_prints_what_it_prints_under_qemu() {
    compare("powerpc-linux-gnu-g++", "program.cpp");
}

#[test]
fn a_program_in_fortran_prints_what_it_prints_under_qemu() {
    compare("powerpc-linux-gnu-gfortran", "program.f90");
}
