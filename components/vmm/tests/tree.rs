//! The device tree, read back by the compiler that everybody uses.

use std::io::Write;
use std::process::Command;

use vmm::device_tree::{Facts, Full, write};

const FACTS: Facts<'_> = Facts {
    memory_bytes: 0x1000_0000,
    frequency: 400_000_000,
    command_line: "console=ttyS0,115200 quiet",
    initrd: Some((0x0190_0000, 0x0195_0001)),
    virtio: [false, true, false, false, false, false, true],
};

/// The tree as text; nothing if no `dtc` is installed.
fn decompile(tree: &[u8]) -> Option<String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(tree).unwrap();
    let output = Command::new("dtc").args(["-I", "dtb", "-O", "dts"]).arg(file.path()).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A reader of its own, which knows the format from the specification: nodes and properties, one a line.
fn read(tree: &[u8]) -> String {
    let word = |at: usize| u32::from_be_bytes(tree[at..at + 4].try_into().unwrap()) as usize;
    let text = |at: usize| std::ffi::CStr::from_bytes_until_nul(&tree[at..]).unwrap().to_str().unwrap();
    assert_eq!((word(0), word(4), word(20), word(24)), (0xD00D_FEED, tree.len(), 17, 16));
    let (nodes, names) = (word(8), word(12));
    assert_eq!(word(36), names - nodes);
    assert_eq!(word(32), tree.len() - names);
    assert!(tree[word(16)..nodes].iter().all(|byte| *byte == 0) && nodes - word(16) == 16);
    let (mut at, mut path, mut out) = (nodes, Vec::new(), String::new());
    loop {
        let token = word(at);
        at += 4;
        match token {
            1 => {
                path.push(text(at));
                at += (text(at).len() + 4) & !3;
            }
            2 => drop(path.pop()),
            3 => {
                let (bytes, name) = (word(at), text(names + word(at + 4)));
                let value = &tree[at + 8..at + 8 + bytes];
                out += &format!("{}/{name}={}\n", path.join("/"), value.escape_ascii());
                at += 8 + ((bytes + 3) & !3);
            }
            9 => break,
            other => panic!("token {other} at {at}"),
        }
    }
    assert!(path.is_empty());
    assert_eq!(at, names);
    out
}

#[test]
fn it_says_where_things_are() {
    let tree = read(&write(&FACTS).unwrap());
    for line in [
        "/memory/reg=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x10\\x00\\x00\\x00",
        "/cpus/cpu@0/timebase-frequency=\\x17\\xd7\\x84\\x00",
        "/plb/ranges=",
        "/plb/opb/serial@ef600300/reg=\\xef`\\x03\\x00\\x00\\x00\\x00\\x08",
        "/plb/opb/serial@ef600300/interrupts=\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x04",
        "/interrupt-controller0/dcr-reg=\\x00\\x00\\x00\\xc0\\x00\\x00\\x00\\t",
        "/plb/opb/virtio@ef700200/reg=\\xefp\\x02\\x00\\x00\\x00\\x02\\x00",
        "/plb/opb/virtio@ef700200/interrupts=\\x00\\x00\\x00\\x11\\x00\\x00\\x00\\x04",
        "/plb/opb/virtio@ef700c00/reg=\\xefp\\x0c\\x00\\x00\\x00\\x02\\x00",
        "/plb/opb/virtio@ef700c00/interrupts=\\x00\\x00\\x00\\x16\\x00\\x00\\x00\\x04",
        "/chosen/bootargs=console=ttyS0,115200 quiet\\x00",
        "/chosen/linux,initrd-start=\\x01\\x90\\x00\\x00",
        "/chosen/linux,initrd-end=\\x01\\x95\\x00\\x01",
    ] {
        assert!(!tree.contains("virtio@ef700000"), "a device that is not there");
        assert!(tree.lines().any(|found| found == line), "{line} is not in\n{tree}");
    }
}

#[test]
fn handles_name_the_nodes_that_they_mean() {
    let tree = read(&write(&FACTS).unwrap());
    let value = |path: &str| {
        let line = tree.lines().find(|line| line.starts_with(path)).unwrap_or_else(|| panic!("no {path}"));
        line.split_once('=').unwrap().1.to_owned()
    };
    assert_eq!(value("/plb/opb/serial@ef600300/interrupt-parent"), value("/interrupt-controller0/phandle"));
    assert_eq!(value("/dcr-parent"), value("/cpus/cpu@0/phandle"));
    assert_ne!(value("/interrupt-controller0/phandle"), value("/cpus/cpu@0/phandle"));
}

#[test]
fn the_compiler_reads_it() {
    let Some(source) = decompile(&write(&FACTS).unwrap()) else { return };
    assert!(source.contains("serial@ef600300 {"), "{source}");
    assert!(source.contains("bootargs = \"console=ttyS0,115200 quiet\";"), "{source}");
}

#[test]
fn without_a_first_file_system_nothing_is_said_of_one() {
    let tree = read(&write(&Facts { initrd: None, ..FACTS }).unwrap());
    assert!(!tree.contains("initrd"), "{tree}");
}

#[test]
fn a_command_line_that_does_not_fit_is_told() {
    let long = "x".repeat(4096);
    assert_eq!(write(&Facts { command_line: &long, ..FACTS }), Err(Full));
}
