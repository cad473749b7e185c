use std::collections::BTreeSet;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use proptest::prelude::*;

use super::*;
use crate::registers::System;

/// A processor with 1,024 bytes of memory at 0x1000.
#[derive(Default)]
struct Mock {
    registers: Vec<(u32, u64)>,
    memory: Vec<u8>,
    breakpoints: BTreeSet<u32>,
}

const BASE: u32 = 0x1000;

fn mock() -> Mock {
    Mock { memory: vec![0; 1024], ..Mock::default() }
}

fn number(register: Register) -> u32 {
    (0..REGISTERS).find(|number| Register::from_number(*number) == Some(register)).expect("a number")
}

impl Target for Mock {
    fn register(&mut self, register: Register) -> u64 {
        let number = number(register);
        let known = self.registers.iter().rev().find(|(one, _)| *one == number);
        known.map_or(number.into(), |(_, value)| *value)
    }

    fn set_register(&mut self, register: Register, value: u64) {
        self.registers.push((number(register), value));
    }

    fn read(&mut self, address: u32, into: &mut [u8]) -> usize {
        let Some(start) = address.checked_sub(BASE) else { return 0 };
        let rest = self.memory.get(start as usize..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        count
    }

    fn write(&mut self, address: u32, from: &[u8]) -> Result<(), Refused> {
        let start = address.checked_sub(BASE).ok_or(Refused)? as usize;
        let place = self.memory.get_mut(start..start + from.len()).ok_or(Refused)?;
        place.copy_from_slice(from);
        Ok(())
    }

    fn set_breakpoint(&mut self, address: u32) -> Result<(), Refused> {
        self.breakpoints.insert(address);
        Ok(())
    }

    fn clear_breakpoint(&mut self, address: u32) {
        self.breakpoints.remove(&address);
    }

    fn command(&mut self, words: &str, out: &mut impl core::fmt::Write) -> core::fmt::Result {
        write!(out, "[{words}]")
    }
}

/// The reply to a packet, without its frame, and what follows.
fn ask(target: &mut Mock, packet: &str) -> (String, Request) {
    let mut reply = Reply::new();
    let request = Session::new().packet(packet.as_bytes(), Stop::Step, target, &mut reply);
    let framed = String::from_utf8(reply.framed().to_vec()).expect("text");
    (framed[1..framed.len() - 3].to_string(), request)
}

fn said(target: &mut Mock, packet: &str) -> String {
    let (text, request) = ask(target, packet);
    assert_eq!(request, Request::Answer, "{packet}");
    text
}

#[test]
fn registers_are_read_and_written_alone_and_together() {
    let mut target = mock();
    assert_eq!(said(&mut target, "p40"), "00000040");
    assert_eq!(said(&mut target, "p20"), "0000000000000020");
    assert_eq!(said(&mut target, "P40=c0001234"), "OK");
    assert_eq!(said(&mut target, "p40"), "c0001234");
    let all = said(&mut target, "g");
    assert_eq!(all.len(), 8 * (REGISTERS as usize - 32) + 16 * 32);
    assert!(all.starts_with("0000000000000001"), "{all}");
    let changed = format!("G{}{}", "deadbeef", &all[8..]);
    assert_eq!(said(&mut target, &changed), "OK");
    assert_eq!(said(&mut target, "p0"), "deadbeef");
    let last = number(Register::System(System::Pvr));
    for wrong in ["p", "px", "p100", "P0", "P0=123", "P=", "G00", &format!("p{:x}", last + 1)] {
        assert_eq!(said(&mut target, wrong), "E01", "{wrong}");
    }
}

#[test]
fn memory_is_read_as_far_as_there_is_any() {
    let mut target = mock();
    assert_eq!(said(&mut target, "M1000,4:01020304"), "OK");
    assert_eq!(said(&mut target, "m1000,5"), "0102030400");
    assert_eq!(said(&mut target, "m13fe,4"), "0000");
    assert_eq!(said(&mut target, "m1000,400").len(), 2048);
    assert_eq!(said(&mut target, "m1000,0"), "");
    for wrong in
        ["m", "m1000", "m0,4", "m1000,", "m100000000,4", "M1000,4:0102", "M1000,1:0g", "M13ff,2:0000"]
    {
        assert_eq!(said(&mut target, wrong), "E01", "{wrong}");
    }
}

#[test]
fn breakpoints_come_and_go() {
    let mut target = mock();
    assert_eq!(said(&mut target, "Z0,c0000000,4"), "OK");
    assert_eq!(said(&mut target, "Z1,c0000004,4"), "OK");
    assert!(target.breakpoints.iter().eq(&[0xC000_0000, 0xC000_0004]));
    assert_eq!(said(&mut target, "z0,c0000000,4"), "OK");
    assert_eq!(target.breakpoints.len(), 1);
    // Watchpoints are unknown.
    assert_eq!(said(&mut target, "Z2,1000,4"), "");
    assert_eq!(said(&mut target, "Z0,x,4"), "E01");
}

#[test]
fn it_goes_on_steps_and_ends() {
    let mut target = mock();
    for (packet, request) in [
        ("c", Request::Continue),
        ("s", Request::Step),
        ("C05", Request::Continue),
        ("S05;1004", Request::Step),
        ("vCont;c", Request::Continue),
        ("vCont;s:1;c", Request::Step),
        ("k", Request::Kill),
        ("D;1", Request::Detach),
    ] {
        assert_eq!(ask(&mut target, packet).1, request, "{packet}");
    }
    assert_eq!(ask(&mut target, "vKill;1"), ("OK".to_string(), Request::Kill));
    assert_eq!(said(&mut target, "p40"), "00001004");
    assert_eq!(said(&mut target, "cx"), "E01");
    assert_eq!(said(&mut target, "vCont?"), "vCont;c;C;s;S");
    assert_eq!(said(&mut target, "?"), "T05thread:1;");
}

#[test]
fn it_says_what_it_can_and_describes_its_registers() {
    let mut target = mock();
    assert!(said(&mut target, "qSupported:xmlRegisters=i386").contains("PacketSize=800;"));
    let mut text = String::new();
    loop {
        let piece = said(&mut target, &format!("qXfer:features:read:target.xml:{:x},100", text.len()));
        text.push_str(&piece[1..]);
        if piece.starts_with('l') {
            break;
        }
    }
    assert_eq!(text, DESCRIPTION.replace('\n', " "));
    assert_eq!(said(&mut target, "qRcmd,7068"), "5b70685d");
    assert_eq!(said(&mut target, "vMustReplyEmpty"), "");
    assert_eq!(said(&mut target, ""), "");
}

#[test]
fn acknowledgements_end_when_gdb_trusts_the_wire() {
    let (mut session, mut reply) = (Session::new(), Reply::new());
    assert!(session.acknowledges());
    session.packet(b"QStartNoAckMode", Stop::Step, &mut mock(), &mut reply);
    assert_eq!(reply.framed(), b"$OK#9a");
    assert!(!session.acknowledges());
    session.packet(b"D", Stop::Step, &mut mock(), &mut reply);
    assert!(session.acknowledges());
}

proptest! {
    #[test]
    fn no_packet_is_too_strange(
        start in prop::sample::select(vec![
            "", "g", "G", "p", "P", "m", "M", "Z0,", "z1,", "c", "s", "C", "vCont;", "qXfer:features:read:target.xml:", "qRcmd,",
        ]),
        rest in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"0123456789abcdef,:;=".to_vec())], 0..300),
    ) {
        let mut packet = start.as_bytes().to_vec();
        packet.extend(rest);
        let mut reply = Reply::new();
        Session::new().packet(&packet, Stop::Breakpoint, &mut mock(), &mut reply);
        let framed = reply.framed();
        prop_assert!(framed.len() <= PACKET + 4);
        prop_assert!(framed[1..framed.len() - 3].iter().all(|byte| !b"$#".contains(byte)));
    }
}
