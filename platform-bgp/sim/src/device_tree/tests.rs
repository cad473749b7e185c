//! The tree against `dtc`, an independent reader.

use super::*;
use crate::personality::Pset;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The tree's source, as `dtc` reads the blob.
fn source(description: &Description, chosen: &Chosen<'_>) -> String {
    let mut dtc = Command::new("dtc")
        .args(["-I", "dtb", "-O", "dts", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the device tree compiler can be started");
    dtc.stdin.take().expect("piped").write_all(&generate(description, chosen)).expect("it reads");
    let output = dtc.wait_with_output().expect("it ends");
    assert!(output.status.success(), "dtc takes the tree");
    String::from_utf8(output.stdout).expect("text")
}

/// The source without white space and with its order: what is looked for stands in it.
fn has(source: &str, wanted: &str) -> bool {
    let dense = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    dense(source).contains(&dense(wanted))
}

#[test]
fn a_compute_node_has_the_nodes_of_the_reference() {
    let description = Description { rank: 7, card: 20, ..Description::default() }.below_io_node();
    let chosen = Chosen { command_line: "console=bgtty0", initrd: Some(0x1F00_0000..0x1FFF_0000) };
    let source = source(&description, &chosen);
    for wanted in [
        "/memreserve/ 0x000000001f000000 0x0000000000ff0000;",
        "model = \"ibm,bluegene/p\";",
        "PowerPC,450@3 { device_type = \"cpu\"; reg = <0x03>; clock-frequency = <0x32a9f880>;",
        "memory { device_type = \"memory\"; reg = <0x00 0x00 0x80000000>; };",
        "scratch-memory { device_type = \"edram\"; reg = <0x04 0x00 0x800000>; };",
        "reg = <0x07 0x30000000 0x1000>; interrupts = <0x140>;",
        "dcr-reg = <0xc00 0x80>; reg = <0x06 0x10000000 0x400 0x06 0x11000000 0x400>; nodeid = <0x07>;",
        "interrupts = <0xb4 0xb5 0xb6 0xb7 0xa0 0xa1",
        "coordinates = <0x00 0x00 0x00>; dimension = <0x01 0x01 0x01>;",
        "local-mac-address = [02 00 00 00 00 07];",
        "num = <0x256>;",
        "console3 { reg = <0x00 0xfffff700 0xf8>; dcr-reg = <0x417 0x418>; dcr-mask = <0x10 0x10>; };",
        "bgp_uci = \"0x68001400\";",
        "rank = <0x07>; ionoderank = <0x40>;",
        "bootargs = \"console=bgtty0\"; linux,initrd-start = <0x1f000000>; linux,initrd-end = <0x1fff0000>;",
    ] {
        assert!(has(&source, wanted), "{wanted}\n{source}");
    }
    for missing in ["mcmal", "xemac", "xgmii"] {
        assert!(!source.contains(missing), "{missing}");
    }
}

#[test]
fn an_io_node_has_ethernet_and_no_torus() {
    let description = Description { card: 0, memory: 4096, ..Description::default() };
    let source = source(&description, &Chosen::default());
    assert!(has(&source, "mcmal { compatible = \"ibm,tomal\"; dcr-reg = <0x180 0x62>;"));
    assert!(has(&source, "max-frame-size = <0x233a>;"));
    assert!(has(&source, "memory { device_type = \"memory\"; reg = <0x00 0x00 0xfffff000>; };"));
    assert!(!source.contains("bgp-torus") && !source.contains("torus-device"));
}

#[test]
fn all_interrupts_of_the_torus_but_one_are_told() {
    let numbers = interrupts::torus();
    assert_eq!(numbers.len(), 0x79 - 0x20 + 1 - 1);
    assert!(!numbers.contains(&0x35) && numbers.is_sorted());
    assert_eq!(interrupts::collective().len(), 24);
}

/// Section 8.9: all nodes of a pset share the first three bytes.
#[test]
fn interfaces_share_their_sets_bytes() {
    let node = |card, rank, size| Description {
        rack: (1, 2),
        midplane: 1,
        node_card: 5,
        card,
        rank,
        pset: Pset { size, ..Pset::default() },
        ..Description::default()
    };
    assert_eq!(interface(&node(4, 0x10203, 16), 1), Mac([2, 0x12, 0x2A, 1, 2, 3]));
    assert_eq!(interface(&node(20, 4, 16), 1), Mac([2, 0x12, 0x2B, 0, 0, 4]));
    assert_eq!(interface(&node(20, 4, 32), 1), Mac([2, 0x12, 0x2A, 0, 0, 4]));
    assert_eq!(interface(&node(20, 4, 128), 2), Mac([6, 0x12, 0x28, 0, 0, 0]));
}
