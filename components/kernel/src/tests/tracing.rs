//! The trace, read as a tracer reads it.

use super::node::Node;
use super::*;
use crate::testing::Recorder;
use abi::trace::{Cursor, Event, RECORD_BYTES, Record, capacity};

const ADDRESS: u32 = 0xF800_0000;
const BYTES: u32 = 9 * RECORD_BYTES;

static TRACED: Tables = {
    let tables = Tables { trace: Some(crate::tables::Trace { address: ADDRESS, bytes: BYTES }), ..TABLES };
    tables.check();
    tables
};

/// How many records the kernel says that it wrote.
fn written(machine: &Recorder) -> u64 {
    let word =
        |offset: u32| machine.trace.get(&(ADDRESS + offset)).map_or(0, |word| u32::from_be_bytes(*word));
    u64::from(word(0)) << 32 | u64::from(word(4))
}

/// The next record.
fn read(machine: &Recorder, cursor: &mut Cursor) -> Option<Result<Record, u64>> {
    let offset = cursor.offset(written(machine), capacity(BYTES))?;
    let mut bytes = [0; RECORD_BYTES as usize];
    for (place, word) in (0..).zip(bytes.chunks_exact_mut(4)) {
        word.copy_from_slice(&machine.trace[&(ADDRESS + offset + 4 * place)]);
    }
    let whole = cursor.advance(written(machine), capacity(BYTES));
    Some(whole.map(|()| Record::from_bytes(&bytes).expect("a known event")))
}

#[test]
fn the_trace_tells_what_happened_in_order() {
    let mut node = Node::of(&TRACED, 8);
    node.machine.now = 0x2_0000_0005;
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]);
    node.call(Call::ReplyRecv, SERVED, Tag::new(0, 0), &[]);
    let mut cursor = Cursor::default();
    let mut told = Vec::new();
    while let Some(record) = read(&node.machine, &mut cursor) {
        let record = record.expect("none missed");
        told.push((record.event, record.thread, record.argument));
    }
    let (server, alice) = (0, 1);
    let wanted = [
        (Event::Switch, server, 0),
        (Event::Switch, alice, 0),
        (Event::Call, alice, server),
        (Event::Switch, server, 0),
        (Event::Reply, server, alice),
        (Event::Switch, alice, 0),
    ];
    assert_eq!(told, wanted);
    let last = u32::from_be_bytes(node.machine.trace[&(ADDRESS + 6 * RECORD_BYTES)]);
    assert_eq!(last, 5, "the low word of the time base");
}

#[test]
fn ends_and_devices_are_told() {
    let mut node = Node::of(&TRACED, 8);
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    let mut cursor = Cursor::at(written(&node.machine));
    node.machine.pending = vec![5];
    node.trap(Trap::Interrupt);
    node.trap(Trap::Fault { cause: Cause::Illegal, address: None });
    let events: Vec<_> = std::iter::from_fn(|| read(&node.machine, &mut cursor))
        .map(|record| record.expect("none missed"))
        .map(|record| (record.event, record.thread, record.argument))
        .collect();
    let wanted = [
        (Event::Interrupt, 1, 5),
        (Event::Signal, 0, 0b1000),
        (Event::Switch, 0, 0),
        (Event::Fault, 0, Cause::Illegal as u32),
        (Event::Stop, 0, 0),
        (Event::Signal, 1, 0x8000_0000),
        (Event::Switch, 1, 0),
    ];
    assert_eq!(events, wanted);
}

#[test]
fn a_ring_that_came_round_tells_how_much_is_missing() {
    let mut node = Node::of(&TRACED, 8);
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    let mut cursor = Cursor::at(written(&node.machine));
    for _ in 0..10 {
        node.call(Call::Yield, 0, Tag::default(), &[]);
    }
    assert_eq!(read(&node.machine, &mut cursor), Some(Err(2)), "ten records, room for eight");
    let rest: Vec<_> = std::iter::from_fn(|| read(&node.machine, &mut cursor)).collect();
    assert_eq!(rest.len(), 8);
    assert!(rest.iter().all(|record| record.is_ok_and(|record| record.event == Event::Switch)));
    let highest = node.machine.trace.keys().max();
    assert_eq!(highest, Some(&(ADDRESS + BYTES - 4)), "nothing beyond the ring");
}
