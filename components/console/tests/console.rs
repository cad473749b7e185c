//! The console over a UART that stands in memory.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use console::{Component, Config, Ports, Uart16550, Wires};
use interfaces::{ServeConsole, console as interface};
use runtime::{Bits, Client, Clients, Device, Event, Passive, WireError};

/// What a test sees of the hardware and of the clients.
#[derive(Default)]
struct World {
    sent: Vec<u8>,
    typed: VecDeque<u8>,
    interrupt_enable: u8,
    is_broken: bool,
    acknowledged: u32,
    signalled: Vec<(Client, Event)>,
}

type Shared = Rc<RefCell<World>>;

/// The interrupt's bit in these tests.
const INTERRUPT: Bits = Bits(0b100);

struct Uart(Shared);

impl Device for Uart {
    fn read8(&mut self, offset: u32) -> u8 {
        let mut world = self.0.borrow_mut();
        match offset {
            0 => world.typed.pop_front().expect("nothing is read that has not arrived"),
            5 if world.is_broken => 0,
            5 => 0x20 | u8::from(!world.typed.is_empty()),
            _ => 0,
        }
    }

    fn write8(&mut self, offset: u32, value: u8) {
        match offset {
            0 => self.0.borrow_mut().sent.push(value),
            1 => self.0.borrow_mut().interrupt_enable = value,
            _ => {}
        }
    }

    fn read32(&mut self, _: u32) -> u32 {
        panic!("a 16550 has registers of 8 bits")
    }

    fn write32(&mut self, _: u32, _: u32) {
        panic!("a 16550 has registers of 8 bits")
    }

    fn interrupt(&self) -> Bits {
        INTERRUPT
    }

    fn acknowledge(&mut self) {
        self.0.borrow_mut().acknowledged += 1;
    }

    fn wait(&mut self) -> Result<(), WireError> {
        Err(WireError::Busy)
    }
}

struct Three(Shared);

impl Clients for Three {
    fn count(&self) -> u32 {
        3
    }

    fn name(&self, client: Client) -> &'static str {
        ["alice", "bob", "carol"].get(client.0 as usize).copied().unwrap_or("?")
    }

    fn signal(&mut self, client: Client, event: Event) {
        self.0.borrow_mut().signalled.push((client, event));
    }
}

enum Mocked {}

impl Ports for Mocked {
    type ConsoleClients = Three;
    type Uart = Uart;
}

fn console(prefix: bool) -> (Uart16550<Mocked>, Shared) {
    let world = Shared::default();
    let wires = Wires { console_clients: Three(Rc::clone(&world)), uart: Uart(Rc::clone(&world)) };
    (Uart16550::new(wires, Config { prefix }), world)
}

const ALICE: Client = Client(0);
const BOB: Client = Client(1);

fn sent(world: &Shared) -> String {
    String::from_utf8(std::mem::take(&mut world.borrow_mut().sent)).unwrap()
}

#[test]
fn a_line_appears_whole_with_the_client_s_name() {
    let (mut console, world) = console(true);
    assert_eq!(console.write(ALICE, b"hello "), Ok(6));
    assert_eq!(sent(&world), "");
    assert_eq!(console.write(BOB, b"hi\n"), Ok(3));
    assert_eq!(sent(&world), "bob: hi\r\n");
    assert_eq!(console.write(ALICE, b"world\n\nand "), Ok(11));
    assert_eq!(sent(&world), "alice: hello world\r\nalice: \r\n");
}

#[test]
fn without_prefix_a_line_appears_as_it_is() {
    let (mut console, world) = console(false);
    assert_eq!(console.write(ALICE, b"hello\n"), Ok(6));
    assert_eq!(sent(&world), "hello\r\n");
}

#[test]
fn a_line_longer_than_a_message_stays_one_line() {
    let (mut console, world) = console(true);
    let half = [b'x'; 150];
    assert_eq!(console.write(ALICE, &half), Ok(150));
    assert_eq!(console.write(BOB, b"between\n"), Ok(8));
    assert_eq!(console.write(ALICE, &half), Ok(150));
    assert_eq!(console.write(ALICE, b"\n"), Ok(1));
    assert_eq!(sent(&world), format!("bob: between\r\nalice: {}\r\n", "x".repeat(300)));
}

#[test]
fn a_line_longer_than_the_room_never_shares_one() {
    let (mut console, world) = console(true);
    let long = [b'x'; 384];
    assert_eq!(console.write(ALICE, &long), Ok(384));
    assert_eq!(console.write(ALICE, b"more"), Ok(4));
    assert_eq!(console.write(BOB, b"between\n"), Ok(8));
    assert_eq!(console.write(ALICE, b" and the end\n"), Ok(13));
    let long = "x".repeat(384);
    assert_eq!(sent(&world), format!("alice: {long}\r\nbob: between\r\nalice: more and the end\r\n"));
    // Nobody comes between: the pieces make one line.
    assert_eq!(console.write(ALICE, &[b'y'; 400]), Ok(400));
    assert_eq!(console.write(ALICE, b"\n"), Ok(1));
    assert_eq!(sent(&world), format!("alice: {}\r\n", "y".repeat(400)));
}

#[test]
fn a_flushed_prompt_appears_at_once() {
    let (mut console, world) = console(true);
    assert_eq!(console.flush(ALICE), Ok(()));
    assert_eq!(sent(&world), "", "nothing was written");
    assert_eq!(console.write(ALICE, b"one\nname? "), Ok(10));
    assert_eq!(console.flush(ALICE), Ok(()));
    assert_eq!(sent(&world), "alice: one\r\nalice: name? ");
    assert_eq!(console.write(ALICE, b"x\n"), Ok(2));
    assert_eq!(sent(&world), "x\r\n", "the line goes on");
    assert_eq!(console.write(ALICE, b"again? "), Ok(7));
    assert_eq!(console.flush(ALICE), Ok(()));
    assert_eq!(console.write(BOB, b"between\n"), Ok(8));
    assert_eq!(console.write(ALICE, b"y\n"), Ok(2));
    assert_eq!(sent(&world), "alice: again? \r\nbob: between\r\nalice: y\r\n");
    assert_eq!(console.flush(Client(16)), Err(WireError::Full));
}

#[test]
fn a_client_beyond_the_room_is_told() {
    let (mut console, _) = console(true);
    assert_eq!(console.write(Client(16), b"hello\n"), Err(WireError::Full));
}

#[test]
fn a_uart_that_takes_nothing_is_an_error() {
    let (mut console, world) = console(true);
    world.borrow_mut().is_broken = true;
    assert_eq!(console.write(ALICE, b"hello\n"), Err(WireError::Hardware));
    world.borrow_mut().is_broken = false;
    assert_eq!(console.write(ALICE, b"again\n"), Ok(6));
    assert!(sent(&world).ends_with("again\r\n"));
}

#[test]
fn input_comes_by_interrupt_and_is_announced_to_all() {
    let (mut console, world) = console(true);
    world.borrow_mut().typed = b"yes\r".iter().copied().collect();
    let mut into = [0; 3];
    assert_eq!(console.read(ALICE, &mut into), Ok(0));
    console.notified(Bits(!INTERRUPT.0));
    assert_eq!(console.read(ALICE, &mut into), Ok(0));

    console.notified(INTERRUPT);
    assert_eq!(world.borrow().acknowledged, 1);
    let announced: Vec<u32> = world.borrow().signalled.iter().map(|(client, _)| client.0).collect();
    assert_eq!(announced, [0, 1, 2]);
    assert!(world.borrow().signalled.iter().all(|(_, event)| *event == interface::READABLE));
    assert_eq!((console.read(BOB, &mut into), into), (Ok(3), *b"yes"));
    assert_eq!((console.read(BOB, &mut into), into), (Ok(1), *b"\nes"));
    assert_eq!(console.read(BOB, &mut into), Ok(0));
}

#[test]
fn input_without_a_reader_stays_in_the_device() {
    let (mut console, world) = console(true);
    world.borrow_mut().typed = (0..300).map(|n| b'a' + (n % 26) as u8).collect();
    console.notified(INTERRUPT);
    assert_eq!((world.borrow().typed.len(), world.borrow().interrupt_enable), (300 - 256, 0));

    let mut read = Vec::new();
    while read.len() < 300 {
        let mut into = [0; 64];
        let count = console.read(ALICE, &mut into).unwrap() as usize;
        read.extend_from_slice(&into[..count]);
        assert_eq!(world.borrow().interrupt_enable, 1, "there is room, so the device interrupts again");
        console.notified(INTERRUPT);
    }
    assert!(read.iter().enumerate().all(|(n, byte)| *byte == b'a' + (n % 26) as u8));
}
