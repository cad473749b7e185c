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
    configured(Config { prefix, keys: true })
}

fn configured(config: Config) -> (Uart16550<Mocked>, Shared) {
    let world = Shared::default();
    let wires = Wires { console_clients: Three(Rc::clone(&world)), uart: Uart(Rc::clone(&world)) };
    (Uart16550::new(wires, config), world)
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
    assert_eq!(sent(&world), "alice: again? \r\nbob: between\r\nalice: again? y\r\n", "no line is torn");
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

/// Types.
fn types(console: &mut Uart16550<Mocked>, world: &Shared, text: &str) {
    world.borrow_mut().typed.extend(text.bytes());
    console.notified(INTERRUPT);
}

/// What a client reads.
fn read(console: &mut Uart16550<Mocked>, client: Client) -> String {
    let mut into = [0; 64];
    let count = console.read(client, &mut into).unwrap() as usize;
    String::from_utf8(into[..count].to_vec()).unwrap()
}

/// Whom input was announced to.
fn announced(world: &Shared) -> Vec<u32> {
    let signalled = std::mem::take(&mut world.borrow_mut().signalled);
    assert!(signalled.iter().all(|(_, event)| *event == interface::READABLE));
    signalled.into_iter().map(|(client, _)| client.0).collect()
}

#[test]
fn input_comes_by_interrupt_and_is_the_first_reader_s() {
    let (mut console, world) = console(true);
    world.borrow_mut().typed = b"yes\r".iter().copied().collect();
    console.notified(Bits(!INTERRUPT.0));
    assert_eq!((announced(&world), world.borrow().typed.len()), (vec![], 4));

    console.notified(INTERRUPT);
    assert_eq!(world.borrow().acknowledged, 1);
    assert_eq!(announced(&world)[..3], [0, 1, 2], "nobody has read: all of them learn of it");
    let mut into = [0; 3];
    assert_eq!((console.read(BOB, &mut into), into), (Ok(3), *b"yes"));
    assert_eq!((console.read(ALICE, &mut into), into), (Ok(0), *b"yes"));
    assert_eq!((console.read(BOB, &mut into), into), (Ok(1), *b"\nes"));
    assert_eq!(console.read(BOB, &mut into), Ok(0));
}

#[test]
fn keys_choose_who_gets_input() {
    let (mut console, world) = console(true);
    assert_eq!((read(&mut console, BOB), sent(&world)), (String::new(), String::new()));
    assert_eq!(read(&mut console, ALICE), "");
    assert_eq!(sent(&world), "[console] input goes to alice; Ctrl-A H helps\r\n");
    console.write(BOB, b"name? ").unwrap();
    console.flush(BOB).unwrap();
    types(&mut console, &world, "to alice\x011to bob");
    assert_eq!(sent(&world), "bob: name? \r\n[console] input goes to bob\r\nbob: name? ", "the prompt again");
    assert_eq!(announced(&world), [[0; 8].as_slice(), &[1; 6]].concat());
    assert_eq!(read(&mut console, BOB), "to bob");
    assert_eq!(read(&mut console, ALICE), "to alice", "what was typed for her is hers");

    types(&mut console, &world, "\x01n.\x01N.\x01:bob\r.\x01a");
    assert!(
        sent(&world).ends_with("[console] input goes to: bob\r\n[console] input goes to bob\r\nbob: name? ")
    );
    assert_eq!(announced(&world), [2, 0, 1, 1]);
    assert_eq!(read(&mut console, BOB), ".\x01");
}

#[test]
fn nobody_of_that_name_is_told_with_those_who_are_there() {
    let (mut console, world) = console(true);
    read(&mut console, ALICE);
    types(&mut console, &world, "\x017\x01:dave\r\x01=\r\x01z\x01l");
    let there = "; there is 0 alice, 1 bob, 2 carol\r\n";
    assert_eq!(
        sent(&world),
        format!(
            "[console] there is no number 7{there}[console] input goes to: dave\r\n\
             [console] there is no `dave`{there}[console] there is no ``{there}\
             [console] that is no key of the console's; Ctrl-A H helps\r\n\
             [console] 0 alice  has the input\r\n[console] 1 bob\r\n[console] 2 carol\r\n"
        )
    );
    types(&mut console, &world, "x");
    assert_eq!(read(&mut console, ALICE), "x", "nothing has changed");
}

#[test]
fn one_alone_is_shown_as_it_is() {
    let (mut console, world) = console(true);
    types(&mut console, &world, "\x01\x01=bob\r");
    assert_eq!(sent(&world), "[console] input goes to bob, which alone is shown; Ctrl-A O shows all\r\n");
    console.write(ALICE, b"one\ntwo\nthr").unwrap();
    console.flush(ALICE).unwrap();
    console.write(BOB, b"hello\n$ ").unwrap();
    console.flush(BOB).unwrap();
    read(&mut console, ALICE);
    read(&mut console, BOB);
    assert_eq!(sent(&world), "hello\r\n$ ", "no greeting either");
    types(&mut console, &world, "\x01o");
    assert_eq!(
        sent(&world),
        "\r\n[console] input goes to bob\r\n[console] 2 lines of alice were not shown\r\nbob: $ "
    );
    console.write(ALICE, b"ee\n").unwrap();
    assert_eq!(sent(&world), "\r\nalice: three\r\n", "what was begun hidden is shown whole");
}

#[test]
fn without_keys_every_byte_is_input() {
    let (mut console, world) = configured(Config { prefix: true, keys: false });
    types(&mut console, &world, "\x011\x01h");
    assert_eq!((read(&mut console, BOB).as_str(), sent(&world).as_str()), ("\x011\x01h", ""));
}

#[test]
fn a_key_reaches_the_console_behind_all_that_waits() {
    let (mut console, world) = console(true);
    read(&mut console, ALICE);
    types(&mut console, &world, &"a".repeat(255));
    types(&mut console, &world, "\x011b");
    assert_eq!((read(&mut console, BOB).as_str(), world.borrow().interrupt_enable), ("b", 1));
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
