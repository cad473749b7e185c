//! Boot sequences of known software (sections 8.6 to 8.8), as small images of our own.

use super::*;
use crate::assembler::{Assembler, If};
use crate::devices::mailbox::Kind as Said;
use crate::io_node::link::{self, protocol};
use crate::io_node::wire::Wire;
use crate::io_node::{Attached, IoNode};
use crate::loader::{self, Kind};
use crate::node::Event;
use bgp_isa::Op;

/// Where images keep what they found, 16 bytes a core; where they have a packet to send, and one received.
const FOUND: u32 = 0x8000;
const TO_SEND: u32 = 0xA000;
const RECEIVED: u32 = 0xB000;
/// Numbers of special registers.
const LR: u32 = 8;
const CTR: u32 = 9;
const SPRG1: u32 = 0x111;
const TBL: u32 = 0x11C;
const TBU: u32 = 0x11D;
const PIR: u32 = 0x11E;
const DBCR0: u32 = 0x134;

fn word(node: &Node, at: u32) -> u32 {
    let mut bytes = [0; 4];
    assert!(node.bus.memory.copy_out(at.into(), &mut bytes));
    u32::from_be_bytes(bytes)
}

/// Runs to the reset with which images end; answers what the console said.
fn run(node: &mut Node) -> String {
    let mut said = Vec::new();
    for event in node.run_until(1_000_000_000) {
        match event {
            Event::Message(message) => match message.kind {
                Said::Print(text) => said.extend(text),
                other => panic!("{other:?}"),
            },
            Event::Reset { core: 0, kind: 3 } => return String::from_utf8(said).expect("text"),
            other => panic!("{other:?}"),
        }
    }
    panic!("the image does not end");
}

/// Sets a DCR.
fn dcr(code: &mut Assembler, number: u32, value: u32) {
    code.load(9, number).load(10, value).x(Op::Mtdcrx, 10, 9, 0);
}

/// Ends the run.
fn end(code: &mut Assembler) {
    code.load(4, 0x3000_0000).special(Op::Mtspr, 4, DBCR0);
    let for_ever = code.mark();
    code.go(for_ever);
}

/// Keeps r3, r4 and PIR where this core's findings go. Changes r5 to r7.
fn keep(code: &mut Assembler) {
    code.special(Op::Mfspr, 5, PIR).rotate(5, 6, 4, 0, 27).load(7, FOUND).x(Op::Add, 7, 7, 6);
    code.d(Op::Stw, 3, 7, 0).d(Op::Stw, 4, 7, 4).d(Op::Stw, 5, 7, 8).plain(Op::Msync).load(6, 1).d(
        Op::Stw,
        6,
        7,
        12,
    );
}

/// Waits until a core has kept its findings.
fn wait_for(code: &mut Assembler, core: u32) {
    let again = code.mark();
    code.load(7, FOUND + 16 * core).d(Op::Lwz, 6, 7, 12).compare(6, 0).go_if(If::Equal, again);
}

/// The collective as a boot loader sets it up (section 7.6), and the link driver after it.
fn set_up_collective(code: &mut Assembler) {
    code.load(11, 0xFFFF_F8A8).d(Op::Lwz, 10, 11, 0).load(9, 0xC41).x(Op::Mtdcrx, 10, 9, 0);
    for (register, value) in [
        (0xC4D, 0),
        (0xC4C, 0),
        (0xC4F, 0),
        (0xC4E, 0),
        (0xC08, 0xABCD_ABCD),
        (0xC09, 0xABCD_ABCD),
        (0xC11, u32::MAX),
        (0xC10, 0x60),
        (0xC49, 0),
        (0xC45, 0),
    ] {
        dcr(code, register, value);
    }
    code.load(11, 0xFFFF_F8B0);
    for pair in 0..8 {
        code.d(Op::Lwz, 10, 11, 4 * pair).load(9, 0xC00 + pair as u32).x(Op::Mtdcrx, 10, 9, 0);
    }
    let flags = |code: &mut Assembler| {
        for register in [0xC48, 0xC44] {
            code.load(9, register).x(Op::Mfdcrx, 10, 9, 0);
        }
    };
    flags(code);
    for (register, value) in [(0xC48, 1), (0xC49, 0x03FF_0078), (0xC45, 0x00FF_003C)] {
        dcr(code, register, value);
    }
    for (register, value) in [(0xC42, 0), (0xC43, 0), (0xC49, 0), (0xC45, 3)] {
        dcr(code, register, value);
    }
    flags(code);
}

/// The barrier of all nodes, the time base, and leaving the barrier network (section 8.1).
fn pass_barrier(code: &mut Assembler) {
    let wait = |code: &mut Assembler, mask| {
        code.load(11, mask).load(9, 0x660);
        let again = code.mark();
        code.x(Op::Mfdcrx, 10, 9, 0).x(Op::And, 10, 10, 11).compare(10, 0).go_if(If::Equal, again);
    };
    (0x660..0x664).for_each(|register| dcr(code, register, 1));
    wait(code, 0x800 >> 3);
    for (register, value) in [(0x66B, 0), (0x66F, 1), (0x66B, 1)] {
        dcr(code, register, value);
    }
    wait(code, 0x0800_0000 >> 3);
    code.load(3, 0).special(Op::Mtspr, 3, TBL).special(Op::Mtspr, 3, TBU);
    (0x660..0x664).chain([0x666]).for_each(|register| dcr(code, register, 0));
}

/// Says a word on the console, by core 0's mailbox (section 8.3).
fn say(code: &mut Assembler, text: [u8; 4]) {
    code.load(8, 0xFFFF_FFD4).d(Op::Lhz, 9, 8, 0).load(8, 0xFFFF_8000).x(Op::Add, 8, 8, 9);
    code.load(5, u32::from_be_bytes(text)).d(Op::Stw, 5, 8, 8).load(5, 4).d(Op::Sth, 5, 8, 2);
    code.load(5, 2).d(Op::Sth, 5, 8, 0).plain(Op::Msync);
    dcr(code, 0x417, 0x80);
    let again = code.mark();
    code.x(Op::Dcbi, 0, 0, 8).d(Op::Lhz, 5, 8, 0).d(Op::AndiRecord, 5, 5, 0x8000).go_if(If::Equal, again);
}

/// Receives packets from channel 0 until one is of the control protocol.
fn wait_for_announcement(code: &mut Assembler) {
    code.load(21, 0xFFFD_C000).load(22, 0x20);
    let again = code.mark();
    code.d(Op::Lwz, 5, 21, 0x40).d(Op::AndiRecord, 5, 5, 15).go_if(If::Equal, again);
    code.d(Op::Lwz, 5, 21, 0x30).load(23, RECEIVED).load(24, 0).load(5, 16).special(Op::Mtspr, 5, CTR);
    let quad = code.mark();
    code.x(Op::Lfpdx, 1, 21, 22).x(Op::Stfpdx, 1, 23, 24).d(Op::Addi, 24, 24, 16).go_if(If::Counting, quad);
    code.d(Op::Lhz, 5, 23, 12).compare(5, protocol::CONTROL.into()).go_if(If::NotEqual, again);
}

/// Sends a payload point to point to the I/O node, whose number the personality tells.
fn send(code: &mut Assembler) {
    let again = code.mark();
    code.d(Op::Lbz, 5, 21, 0x41).compare(5, 8).go_if(If::NotLess, again);
    code.load(11, 0xFFFF_F8AC).d(Op::Lwz, 5, 11, 0).rotate(5, 5, 2, 0, 29).d(Op::Oris, 5, 5, 0x0800);
    code.d(Op::Stw, 5, 21, 0x10).load(23, TO_SEND - 16).load(24, 16).load(5, 16).special(Op::Mtspr, 5, CTR);
    let quad = code.mark();
    code.x(Op::Lfpdux, 1, 23, 24).x(Op::Stfpdx, 1, 0, 21).go_if(If::Counting, quad);
}

struct Frames(Vec<Vec<u8>>);

impl Wire for Frames {
    fn send(&mut self, frame: &[u8]) {
        self.0.push(frame.to_vec());
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        None
    }
}

/// Entered by the service firmware at 0x10, as Kittyhawk's boot loader is; the other cores are taken with entry point
/// 0, as Plan 9 takes them. It ends where the boot loader has its prompt, having sent a frame.
#[test]
fn a_boot_loader_reaches_its_prompt_and_the_world() {
    let mut code = Assembler::new(0);
    let secondary = code.label();
    code.go(secondary).word(0x4247_5039).word(0x434E_4B21).word(0);
    assert_eq!(code.here(), 0x10);
    code.special(Op::Mtspr, 3, SPRG1).load(4, 0x2000).x(Op::Mtmsr, 4, 0, 0).plain(Op::Isync).copy(14, 3);
    for core in 1..4 {
        code.load(3, core).load(4, 0x100 + core).load(5, 0);
        // takeCPU, by bctrl.
        code.d(Op::Lwz, 12, 14, 0).d(Op::Lwz, 12, 12, 16).special(Op::Mtspr, 12, CTR).word(0x4E80_0421);
        wait_for(&mut code, core);
    }
    set_up_collective(&mut code);
    pass_barrier(&mut code);
    say(&mut code, *b"wait");
    wait_for_announcement(&mut code);
    say(&mut code, *b" up\n");
    send(&mut code);
    end(&mut code);
    code.place(secondary);
    keep(&mut code);
    let for_ever = code.mark();
    code.go(for_ever);

    let description =
        Description { rack: (0, 1), node_card: 2, rank: 7, io_node_rank: 65, ..Description::default() }
            .below_io_node();
    let mut node = Node::new(Configuration::default());
    describe(&mut node, &description);
    let io_node = Attached::new(IoNode::above(&description), &mut node);
    assert!(node.bus.memory.copy_in(0, &code.bytes()));
    let frame: Vec<u8> = (0..100).collect();
    let header = link::Header {
        destination: 1,
        source: 7,
        connection: 0,
        fragment: 0,
        fragments: 1,
        protocol: protocol::NET,
        option: 0,
    };
    let payload = link::cut(&frame, header).expect("it fits").concat();
    assert!(node.bus.memory.copy_in(TO_SEND.into(), &payload));
    let image = Loaded { entry: 0x10, end: 0x1_0000, kind: Kind::Raw };
    enter_with_services(&mut node, &image).expect("there is room");
    let copy: String = serde_json::to_string(&node).expect("a node can be written");

    assert_eq!(run(&mut node), "wait up\n");
    for core in 1..4 {
        assert_eq!([0, 4, 8].map(|at| word(&node, FOUND + 16 * core + at)), [core, 0x100 + core, core]);
    }
    // What the I/O node announced: its number among all, and its address.
    assert_eq!([16, 20, 32].map(|at| word(&node, RECEIVED + at)), [17_408 + 68, 0, 0x0A02_0201]);
    assert_eq!(node.cores[0].registers.special.sprg[1], services::BASE);
    let mut frames = Frames(Vec::new());
    io_node.exchange(&mut node, &mut frames);
    assert_eq!(frames.0, [frame]);

    // Again, from a checkpoint: the same to the bit.
    let mut again: Node = serde_json::from_str(&copy).expect("what was written can be read");
    again.refresh();
    let _again = Attached::again(IoNode::above(&description), &mut again);
    assert_eq!(run(&mut again), "wait up\n");
    assert_eq!(again.instructions(), node.instructions());
    assert_eq!(again.time(), node.time());
}

/// Started as a kernel is by a boot loader: all cores at the entry point, a device tree in core 0's r3, and the others
/// released one by one, as Kittyhawk's Linux does. What waits invalidates the line before each load.
#[test]
fn a_kernel_finds_its_device_tree_and_releases_the_others() {
    const RELEASED: u32 = 0x7000;
    let mut code = Assembler::new(0x1000);
    let first = code.label();
    code.special(Op::Mfspr, 8, PIR).compare(8, 0).go_if(If::Equal, first);
    let again = code.mark();
    code.load(7, RELEASED)
        .x(Op::Dcbi, 0, 0, 7)
        .d(Op::Lwz, 6, 7, 0)
        .x(Op::Cmp, 0, 6, 8)
        .go_if(If::NotEqual, again);
    keep(&mut code);
    let for_ever = code.mark();
    code.go(for_ever).place(first);
    keep(&mut code);
    for core in 1..4 {
        code.load(7, RELEASED).load(6, core).d(Op::Stw, 6, 7, 0).plain(Op::Msync);
        wait_for(&mut code, core);
    }
    end(&mut code);

    let description = Description::default();
    let mut node = Node::new(Configuration::default());
    describe(&mut node, &description);
    let image = loader::load(&mut node.bus.memory, &code.bytes(), 0x1000).expect("it fits");
    let ramdisk = [&[0x27, 5, 0x19, 0x56], &[0; 60][..], &[0xAB; 5000]].concat();
    direct(&mut node, &description, &image, Some(&ramdisk), "console=ttyS0").expect("it fits");
    assert_eq!(run(&mut node), "");
    let tree = word(&node, FOUND);
    assert_eq!((tree, word(&node, FOUND + 4)), (0x0100_0000, 0x1000));
    assert_eq!(word(&node, tree), 0xD00D_FEED);
    for core in 1..4 {
        assert_eq!([0, 8].map(|at| word(&node, FOUND + 16 * core + at)), [0x1001, core]);
    }
    // The ramdisk's own bytes, whole and below where boot loaders have it end.
    let mut bytes = vec![0; word(&node, tree + 4) as usize];
    assert!(node.bus.memory.copy_out(tree.into(), &mut bytes));
    let place = (0x2000_0000_u32 - 5000) & !0xFFF;
    assert_eq!(word(&node, place), 0xABAB_ABAB);
    assert!(
        bytes
            .windows(8)
            .any(|part| part == [0, 0, 0, 0].iter().chain(&place.to_be_bytes()).copied().collect::<Vec<_>>())
    );
}

/// All cores come out of reset at once and run what the SRAM holds: they build translations of their own in place of
/// the reset page's, and all but core 0 wait for a word, the same for all (section 8.7).
#[test]
fn cores_out_of_reset_build_their_translations_and_wait_for_the_first() {
    const GO: u32 = 0x7000;
    let rights = (tlb::SX | tlb::SW | tlb::SR) as i32;
    let mut code = Assembler::new(0xFFFF_F000);
    // Entry 0: low memory; entry 1: the last 4 KiB of the SRAM. Rights and attributes before the entry is valid.
    for (number, words) in [
        (0, [VALID_16M, 0, COHERENT | rights as u32]),
        (1, [0xFFFF_F000 | 0x210, 0xFFFF_F007, COHERENT | rights as u32]),
    ] {
        code.load(5, number);
        for which in [1, 2, 0] {
            code.load(6, words[which as usize]).x(Op::Tlbwe, 6, 5, which);
        }
    }
    code.plain(Op::Isync).special(Op::Mfspr, 8, PIR).load(3, 0).load(4, 0);
    let (first, go) = (code.label(), code.label());
    code.compare(8, 0).go_if(If::Equal, first);
    let again = code.mark();
    code.load(7, GO).x(Op::Dcbi, 0, 0, 7).d(Op::Lwz, 6, 7, 0).compare(6, -1).go_if(If::Equal, again);
    code.special(Op::Mtspr, 6, CTR).go_to_count();
    code.place(go);
    keep(&mut code);
    let for_ever = code.mark();
    code.go(for_ever).place(first);
    let target = code.address(go);
    code.load(7, GO).load(6, target).d(Op::Stw, 6, 7, 0).plain(Op::Msync);
    (1..4).for_each(|core| wait_for(&mut code, core));
    // The personality, as it is mapped out of reset.
    code.load(7, 0xFFFF_F8A8).d(Op::Lwz, 3, 7, 0).special(Op::Mfspr, 4, LR);
    keep(&mut code);
    end(&mut code);
    assert!(code.here() < 0xFFFF_F800);

    let mut node = Node::new(Configuration::default());
    describe(&mut node, &Description { rank: 0x77, ..Description::default() });
    let memory = &mut node.bus.memory;
    assert!(memory.copy_in(SRAM + 0x7000, &code.bytes()));
    // `b .-0xFFC`, at the reset vector.
    assert!(memory.copy_in(SRAM + 0x7FFC, &0x4BFF_F004_u32.to_be_bytes()));
    assert!(memory.copy_in(GO.into(), &[0xFF; 4]));
    reset(&mut node, &[0, 1, 2, 3]);
    assert_eq!(run(&mut node), "");
    assert_eq!([0, 1, 2, 3].map(|core| word(&node, FOUND + 16 * core + 8)), [0, 1, 2, 3]);
    assert_eq!(word(&node, FOUND), 0x77);
    assert!(node.cores.iter().all(|core| !core.reset_page));
}

/// TLB word 0 of low memory's first 16 MiB.
const VALID_16M: u32 = tlb::VALID | 7 << 4;
