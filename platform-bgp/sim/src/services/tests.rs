//! Software calls the services as a kernel does, and the machine shows what they did.

use super::*;
use crate::assembler::If;
use crate::boot;
use crate::devices::mailbox::{Kind, Message};
use crate::loader::{Kind as Image, Loaded};
use crate::node::{Configuration, Event, Node};
use crate::personality::Description;
use bgp_isa::Op;

/// Where programs begin, keep results, and have data.
const ENTRY: u32 = 0x10;
const RESULTS: u32 = 0x8000;
const DATA: u32 = 0x9000;

/// A program that keeps the descriptor in r14 and a pointer to the next result in r15.
struct Program {
    code: Assembler,
}

impl Program {
    fn new() -> Self {
        let mut code = Assembler::new(ENTRY);
        code.copy(14, 3).load(15, RESULTS - 4);
        Self { code }
    }

    /// Calls a service and keeps its result.
    fn call(&mut self, service: i32, arguments: &[u32]) -> &mut Self {
        for (register, value) in (3..).zip(arguments) {
            self.code.load(register, *value);
        }
        self.code.d(Op::Lwz, 12, 14, 0).d(Op::Lwz, 12, 12, 4 * service).special(Op::Mtspr, 12, 9);
        // bctrl
        self.code.word(0x4E80_0421).d(Op::Stwu, 3, 15, 4);
        self
    }

    /// A node in which the program has run to its end, what it told the service node, and its results.
    fn run(&mut self) -> (Node, Vec<Message>, Vec<u32>) {
        self.call(53, &[0]);
        let mut node = Node::new(Configuration::default());
        boot::describe(&mut node, &Description { rank: 9, ..Description::default() });
        assert!(node.bus.memory.copy_in(ENTRY.into(), &self.code.bytes()));
        assert!(node.bus.memory.copy_in(DATA.into(), &[b'x'; 300]));
        let image = Loaded { entry: ENTRY, end: 0x1_0000, kind: Image::Raw };
        boot::enter_with_services(&mut node, &image).expect("there is room");
        let mut events = node.run_until(100_000_000);
        let end = events.pop();
        assert_eq!(end, Some(Event::Reset { core: 0, kind: 3 }), "{events:?}");
        let messages = events
            .into_iter()
            .map(|event| match event {
                Event::Message(message) => message,
                other => panic!("{other:?}"),
            })
            .collect();
        let results = (node.cores[0].registers.gpr[15] - (RESULTS - 4)) / 4;
        let results = (0..results).map(|number| word(&node, RESULTS + 4 * number)).collect();
        (node, messages, results)
    }
}

fn word(node: &Node, at: u32) -> u32 {
    let mut bytes = [0; 4];
    assert!(node.bus.memory.copy_out(at.into(), &mut bytes));
    u32::from_be_bytes(bytes)
}

#[test]
fn the_descriptor_says_where_the_firmware_is() {
    let mut memory = Memory::new();
    memory.add(0, 1 << 32);
    let installed = install(&mut memory, Facts { dram: 1 << 32, io_node: true }).expect("there is room");
    let mut bytes = [0; 32];
    assert!(memory.copy_out(0xFFFC_0000, &mut bytes));
    let words: Vec<u32> = bytes.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word)).collect();
    assert_eq!(words, [0xFFF4_0040, 0xFFF4_0000, 0x4_0000, 0xFFFC_0000, 0, 0, 0, 0x0103_0000]);
    assert_eq!(installed.entry(0).physical(installed.descriptor), 0xFFFC_0000);
    assert_eq!(install(&mut Memory::new(), Facts { dram: 0x1_0000, io_node: false }), None);
}

#[test]
fn facts_are_answered() {
    let mut program = Program::new();
    for service in [0, 1, 2, 3, 11, 12, 15, 17, 25, 42] {
        program.call(service, &[]);
    }
    let (node, messages, results) = program.run();
    assert_eq!(messages, []);
    assert_eq!(results, [0, 416, 0xFFFF_F800, 4, 0xFF8, 248, 0, 0, 0, 0]);
    // The personality that is pointed at is the node's.
    let mut rank = [0; 4];
    assert!(node.bus.memory.copy_out(0x7_FFFF_F8A8, &mut rank));
    assert_eq!(rank, [0, 0, 0, 9]);
}

#[test]
fn text_reaches_the_service_node_in_parts_that_fit() {
    let (_, messages, results) = Program::new().call(13, &[DATA, 300]).call(13, &[DATA, 0]).run();
    let said: Vec<_> = messages.into_iter().map(|message| message.kind).collect();
    assert_eq!(said, [Kind::Print(vec![b'x'; 248]), Kind::Print(vec![b'x'; 52])]);
    assert_eq!(results, [0, 0]);
}

#[test]
fn messages_and_events_carry_their_command() {
    let details = RESULTS + 0x100;
    let mut program = Program::new();
    program.code.load(3, details).load(4, 0xAABB_CCDD).d(Op::Stw, 4, 3, 0).d(Op::Stw, 4, 3, 4);
    let (_, messages, _) = program.call(19, &[DATA, 3, 1]).call(21, &[1, 0x1E, 0x15, 2, details]).run();
    let [first, second] = &messages[..] else { panic!("{messages:?}") };
    assert_eq!(first.kind, Kind::Other(1, b"xxx".to_vec()));
    let Kind::Event(data) = &second.kind else { panic!("{second:?}") };
    assert_eq!(data.len(), 40);
    assert_eq!(data[..8], [0x68, 0, 4, 0, 1, 0x1E, 0x15, 2]);
    let time = u64::from_be_bytes(data[8..16].try_into().expect("eight"));
    assert!(time > 0 && time < second.time);
    assert_eq!(data[16..20], *b"FUGU");
    assert_eq!(data[32..], [0xAA, 0xBB, 0xCC, 0xDD, 0xAA, 0xBB, 0xCC, 0xDD]);
}

#[test]
fn cores_wait_until_they_are_taken_and_enter_with_number_and_argument() {
    let mut program = Program::new();
    let entry = program.code.label();
    let start = program.code.label();
    program.code.go(start).place(entry);
    // Each keeps what it was given at DATA + 16 * core: entered with r3 = core, r4 = argument.
    program.code.load(5, DATA).rotate(3, 6, 4, 0, 27).x(Op::Add, 5, 5, 6);
    program.code.special(Op::Mfspr, 7, 0x11E).d(Op::Stw, 7, 5, 4).d(Op::Stw, 4, 5, 0);
    let for_ever = program.code.mark();
    program.code.go(for_ever).place(start);
    let entry = program.code.address(entry);
    for (core, argument) in [(0, 1), (1, 11), (2, 12), (3, 13), (4, 1), (2, 5)] {
        program.call(4, &[core, argument, entry]);
    }
    for core in 1..4 {
        let waiting = program.code.mark();
        program.code.load(5, DATA + 16 * core).d(Op::Lwz, 6, 5, 0).compare(6, 10 + core as i32);
        program.code.go_if(If::NotEqual, waiting);
    }
    let (node, _, results) = program.run();
    assert_eq!(results, [u32::MAX, 0, 0, 0, u32::MAX, u32::MAX]);
    for core in 1..4 {
        assert_eq!((word(&node, DATA + 16 * core), word(&node, DATA + 16 * core + 4)), (10 + core, core));
    }
}

#[test]
fn interrupts_are_directed_raised_found_and_acknowledged() {
    let mut program = Program::new();
    let found = RESULTS + 0x200;
    // To core 0, not critical; to all, critical; switched off again.
    program.call(6, &[0, 5, 1, 0]).call(6, &[3, 17, 2, 7]).call(6, &[9, 31, 3, 3]).call(6, &[9, 30, 3, 2]);
    program.call(7, &[9, 30]).call(8, &[1, found, found + 4]);
    program.call(10, &[0, 5]).call(8, &[1, found, found + 4]).call(8, &[2, found + 8, found + 12]);
    program
        .call(10, &[3, 17])
        .call(8, &[2, found + 8, found + 12])
        .call(9, &[0, 5])
        .call(8, &[1, found, found]);
    let (mut node, _, results) = program.run();
    let none = u32::MAX;
    assert_eq!(results, [0, 0, 0, 0, 0, none, 0, 0, none, 0, 0, 0, none]);
    assert_eq!([0, 4, 8, 12].map(|at| word(&node, found + at)), [0, 5, 3, 17]);
    let bic = &mut node.bus.devices.bic;
    let targets =
        [(0, 0x10), (3, 0x18), (9, 0x1C)].map(|(group, register)| bic.read(group * 0x80 + register));
    assert_eq!(targets, [Ok(4 << 8), Ok(2 << 24), Ok(0xF)]);
}

#[test]
fn barriers_are_passed_and_time_begins_again() {
    let mut program = Program::new();
    program.call(23, &[]).call(24, &[]).call(62, &[1, 1, 0]);
    let passed = program.code.label();
    let again = program.code.mark();
    program.code.compare(3, 0).go_if(If::Equal, passed);
    program.call(62, &[1, 0, 0]).code.go(again).place(passed);
    program.call(60, &[0, 1]).call(60, &[2, 1]).call(61, &[2]).call(48, &[]);
    program.code.special(Op::Mftb, 3, 0x10C).d(Op::Stwu, 3, 15, 4);
    let (node, _, results) = program.run();
    let (time, passed) = results.split_last().expect("the time");
    assert!(passed.ends_with(&[0, 0, 0, 0, 0]), "{results:?}");
    assert!(*time < 100 && node.time() > 200, "{time}");
    assert_eq!(node.bus.devices.barrier.read() & 0xF0, 0xA0);
}

#[test]
fn devices_are_mapped_where_they_are_wanted() {
    let mut program = Program::new();
    // Another process searches the TLB: its number must survive, and the entries be everybody's.
    program.code.load(3, 0x0020_0055).special(Op::Mtspr, 3, 0x3B2);
    program.call(59, &[0x8000_0000, 0xE000_0000]).call(59, &[0x0400_0000, 0xE100_0000]);
    program.call(59, &[0x0200_0000, 0xE200_0000]);
    // The rank, in the SRAM's second page; a lock, and the lock by the users' window; the collective's status.
    for address in [0xE000_78A8, 0xE100_0200, 0xE100_4200, 0xE100_4600, 0xE200_1040] {
        program.code.load(4, address).d(Op::Lwz, 3, 4, 0).d(Op::Stwu, 3, 15, 4);
    }
    program.code.special(Op::Mfspr, 3, 0x3B2).d(Op::Stwu, 3, 15, 4);
    let (node, _, results) = program.run();
    assert_eq!(results, [0, 0, 0, 9, 0, 1, 2, 0, 0x0020_0055]);
    assert!((0..64).map(|number| node.cores[0].tlb.get(number)).all(|entry| entry.tid == 0));
}

#[test]
fn a_service_that_is_missing_is_reported_by_name() {
    let mut program = Program::new();
    program.call(38, &[]);
    let mut node = Node::new(Configuration::default());
    assert!(node.bus.memory.copy_in(ENTRY.into(), &program.code.bytes()));
    let image = Loaded { entry: ENTRY, end: 0x1_0000, kind: Image::Raw };
    boot::enter_with_services(&mut node, &image).expect("there is room");
    let events = node.run_until(1_000_000);
    let [Event::Unmodelled(what)] = &events[..] else { panic!("{events:?}") };
    assert!(what.to_string().ends_with("service 38 (macResetPHY) is not there"), "{what}");
}
