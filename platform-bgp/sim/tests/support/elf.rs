//! Writing small static programs.

use super::{CODE, DATA};
use std::path::Path;
use std::process::Command;

/// An ELF file of code and data; it is entered at the first word.
pub(crate) fn program(code: &[u32], data: &[u8]) -> Vec<u8> {
    let code: Vec<u8> = code.iter().flat_map(|word| word.to_be_bytes()).collect();
    let code_at = 0x1000;
    let data_at = (code_at + code.len()).next_multiple_of(0x1000);
    let mut file = Vec::new();
    let half = |file: &mut Vec<u8>, value: u16| file.extend(value.to_be_bytes());
    let word = |file: &mut Vec<u8>, value: u32| file.extend(value.to_be_bytes());
    file.extend(b"\x7FELF\x01\x02\x01\0\0\0\0\0\0\0\0\0");
    half(&mut file, 2);
    half(&mut file, 20);
    for value in [1, CODE, 52, 0, 0] {
        word(&mut file, value);
    }
    for value in [52, 32, 2, 40, 0, 0] {
        half(&mut file, value);
    }
    for (at, address, bytes, rights) in [(code_at, CODE, code.len(), 5), (data_at, DATA, data.len(), 6)] {
        for value in [1, at as u32, address, address, bytes as u32, bytes as u32, rights, 0x1000] {
            word(&mut file, value);
        }
    }
    file.resize(code_at, 0);
    file.extend(&code);
    file.resize(data_at, 0);
    file.extend(data);
    file
}

/// What a program writes under QEMU's 440.
pub(crate) fn run_with_qemu(program: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("program");
    std::fs::write(&path, program).expect("the folder takes a file");
    make_executable(&path);
    let output = Command::new("qemu-ppc")
        .args(["-cpu", "440epb"])
        .arg(&path)
        .output()
        .expect("qemu-ppc runs (Debian's qemu-user)");
    assert!(output.status.success(), "{:?}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("our file");
}
