//! What gdb asks, and what it is answered.

use core::fmt::Write;

use crate::registers::DESCRIPTION;
use crate::reply::Words;
use crate::target::{Refused, Target};
use crate::{PACKET, REGISTERS, Register, Reply, hex};

/// Why the target has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It was asked to, or is at its beginning.
    Interrupted,
    /// It is at a breakpoint.
    Breakpoint,
    /// It has made a step.
    Step,
    /// It cannot go on.
    Fault,
}

/// What follows a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// The reply is sent, and the target stays as it is.
    Answer,
    /// The target goes on. There is no reply until it stops.
    Continue,
    /// It makes one step. The same.
    Step,
    /// The reply is sent, and nobody debugs any more: the target goes on.
    Detach,
    /// The target is to end. The reply is sent if it has text: one of the two packets that ask for it wants none.
    Kill,
}

/// One debugger at one target.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// gdb trusts the wire, and wants no acknowledgements.
    is_trusted: bool,
}

impl Session {
    /// Nobody has said anything.
    pub const fn new() -> Self {
        Self { is_trusted: false }
    }

    /// Whether packets are acknowledged.
    pub const fn acknowledges(&self) -> bool {
        !self.is_trusted
    }

    /// Says that the target has stopped.
    pub fn stopped(&self, why: Stop, reply: &mut Reply) {
        reply.clear();
        reply.text(match why {
            Stop::Interrupted => "T02thread:1;",
            Stop::Breakpoint => "T05thread:1;swbreak:;",
            Stop::Step => "T05thread:1;",
            Stop::Fault => "T0bthread:1;",
        });
    }

    /// Says that the target is gone.
    pub fn exited(&self, reply: &mut Reply) {
        reply.clear();
        reply.text("W00");
    }

    /// Does what a packet asks for. `why` is the reason of the latest stop.
    pub fn packet(
        &mut self,
        packet: &[u8],
        why: Stop,
        target: &mut impl Target,
        reply: &mut Reply,
    ) -> Request {
        reply.clear();
        let Some((kind, rest)) = packet.split_first() else { return Request::Answer };
        match kind {
            b'?' => self.stopped(why, reply),
            b'g' => all_registers(target, reply),
            b'G' => answer(set_all_registers(rest, target), reply),
            b'p' => one_register(rest, target, reply),
            b'P' => answer(set_one_register(rest, target), reply),
            b'm' => read_memory(rest, target, reply),
            b'M' => answer(write_memory(rest, target), reply),
            b'Z' | b'z' => breakpoint(*kind == b'Z', rest, target, reply),
            b'c' | b's' => return go(*kind == b's', rest, target, reply),
            // A signal means nothing to a processor.
            b'C' | b'S' => {
                let address =
                    rest.iter().position(|byte| *byte == b';').map_or(&[][..], |at| &rest[at + 1..]);
                return go(*kind == b'S', address, target, reply);
            }
            b'v' => return self.verbose(rest, reply),
            b'q' => query(rest, target, reply),
            b'Q' if rest == b"StartNoAckMode" => {
                self.is_trusted = true;
                reply.text("OK");
            }
            b'H' | b'T' => reply.text("OK"),
            b'D' => {
                self.is_trusted = false;
                reply.text("OK");
                return Request::Detach;
            }
            b'k' => return Request::Kill,
            _ => {}
        }
        Request::Answer
    }

    fn verbose(&mut self, rest: &[u8], reply: &mut Reply) -> Request {
        match rest {
            b"Cont?" => reply.text("vCont;c;C;s;S"),
            _ if rest.starts_with(b"Kill") => {
                reply.text("OK");
                return Request::Kill;
            }
            _ => match rest.strip_prefix(b"Cont;").and_then(<[u8]>::first) {
                Some(b'c' | b'C') => return Request::Continue,
                Some(b's' | b'S') => return Request::Step,
                _ => {}
            },
        }
        Request::Answer
    }
}

fn answer(outcome: Option<()>, reply: &mut Reply) {
    reply.text(if outcome.is_some() { "OK" } else { "E01" });
}

/// `c` or `s`, perhaps at another address.
fn go(steps: bool, address: &[u8], target: &mut impl Target, reply: &mut Reply) -> Request {
    if !address.is_empty() {
        let Some(address) = word(address) else {
            reply.text("E01");
            return Request::Answer;
        };
        target.set_register(Register::Pc, address.into());
    }
    if steps { Request::Step } else { Request::Continue }
}

fn registers() -> impl Iterator<Item = Register> {
    (0..REGISTERS).filter_map(Register::from_number)
}

fn put(register: Register, target: &mut impl Target, reply: &mut Reply) {
    let value = target.register(register).to_be_bytes();
    value[8 - register.bytes()..].iter().for_each(|byte| reply.hex(*byte));
}

/// A register's value from as many digits as it has.
fn value(register: Register, text: &[u8]) -> Option<u64> {
    if text.len() == 2 * register.bytes() { hex::number(text) } else { None }
}

fn all_registers(target: &mut impl Target, reply: &mut Reply) {
    registers().for_each(|register| put(register, target, reply));
}

fn set_all_registers(mut text: &[u8], target: &mut impl Target) -> Option<()> {
    for register in registers() {
        let (digits, rest) = text.split_at_checked(2 * register.bytes())?;
        target.set_register(register, value(register, digits)?);
        text = rest;
    }
    Some(())
}

fn one_register(text: &[u8], target: &mut impl Target, reply: &mut Reply) {
    match word(text).and_then(Register::from_number) {
        Some(register) => put(register, target, reply),
        None => reply.text("E01"),
    }
}

fn set_one_register(text: &[u8], target: &mut impl Target) -> Option<()> {
    let (number, digits) = split(text, b'=')?;
    let register = Register::from_number(word(number)?)?;
    target.set_register(register, value(register, digits)?);
    Some(())
}

/// `address,length`.
fn extent(text: &[u8]) -> Option<(u32, usize)> {
    let (address, length) = split(text, b',')?;
    Some((word(address)?, usize::try_from(hex::number(length)?).ok()?))
}

fn read_memory(text: &[u8], target: &mut impl Target, reply: &mut Reply) {
    let Some((address, length)) = extent(text) else {
        reply.text("E01");
        return;
    };
    let mut bytes = [0; 256];
    // Fewer bytes than asked for are an answer too.
    let length = length.min(PACKET / 2);
    let mut done = 0;
    while done < length {
        let piece = &mut bytes[..(length - done).min(256)];
        let count = target.read(address.wrapping_add(done as u32), piece).min(piece.len());
        piece[..count].iter().for_each(|byte| reply.hex(*byte));
        done += count;
        if count < piece.len() {
            break;
        }
    }
    if done == 0 && length > 0 {
        reply.text("E01");
    }
}

fn write_memory(text: &[u8], target: &mut impl Target) -> Option<()> {
    let (place, digits) = split(text, b':')?;
    let (address, length) = extent(place)?;
    if digits.len() != 2 * length || hex::bytes(digits).any(|byte| byte.is_none()) {
        return None;
    }
    let mut bytes = [0; 256];
    for (number, digits) in digits.chunks(2 * bytes.len()).enumerate() {
        let mut count = 0;
        for (place, byte) in bytes.iter_mut().zip(hex::bytes(digits)) {
            *place = byte?;
            count += 1;
        }
        let address = address.wrapping_add((number * bytes.len()) as u32);
        target.write(address, &bytes[..count]).ok()?;
    }
    Some(())
}

/// `type,address,kind`. Types 0 and 1 are breakpoints, and one is as good as the other here.
fn breakpoint(sets: bool, text: &[u8], target: &mut impl Target, reply: &mut Reply) {
    let Some((b"0" | b"1", rest)) = split(text, b',') else { return };
    let address = split(rest, b',').and_then(|(address, _)| word(address));
    let outcome = match address {
        Some(address) if sets => target.set_breakpoint(address),
        Some(address) => {
            target.clear_breakpoint(address);
            Ok(())
        }
        None => Err(Refused),
    };
    answer(outcome.ok(), reply);
}

fn query(text: &[u8], target: &mut impl Target, reply: &mut Reply) {
    if text.starts_with(b"Supported") {
        let _ = write!(
            Plain(reply),
            "PacketSize={PACKET:x};qXfer:features:read+;QStartNoAckMode+;vContSupported+;swbreak+"
        );
    } else if let Some(place) = text.strip_prefix(b"Xfer:features:read:target.xml:") {
        describe(place, reply);
    } else if let Some(command) = text.strip_prefix(b"Rcmd,") {
        command_of_user(command, target, reply);
    } else {
        reply.text(match text {
            b"C" => "QC1",
            b"fThreadInfo" => "m1",
            b"sThreadInfo" => "l",
            // The debugger has come to what ran before: when it leaves, that goes on.
            _ if text.starts_with(b"Attached") => "1",
            _ => "",
        });
    }
}

/// A piece of the registers' description. Its lines are joined: a console may change how they end.
fn describe(place: &[u8], reply: &mut Reply) {
    let Some((offset, length)) = extent(place) else {
        reply.text("E01");
        return;
    };
    let rest = DESCRIPTION.as_bytes().get(offset as usize..).unwrap_or_default();
    let length = length.min(PACKET - 1);
    reply.byte(if rest.len() > length { b'm' } else { b'l' });
    rest.iter().take(length).for_each(|byte| reply.byte(if *byte == b'\n' { b' ' } else { *byte }));
}

/// `monitor …`: the words in digits, and so the answer.
fn command_of_user(digits: &[u8], target: &mut impl Target, reply: &mut Reply) {
    let mut bytes = [0; 256];
    let mut count = 0;
    for (place, byte) in bytes.iter_mut().zip(hex::bytes(digits)) {
        let Some(byte) = byte else { break };
        *place = byte;
        count += 1;
    }
    let Ok(words) = core::str::from_utf8(&bytes[..count]) else {
        reply.text("E01");
        return;
    };
    // A reply takes everything, and says at its end if that was too much.
    let _ = target.command(words.trim(), &mut Words(reply));
}

/// A number of 32 bits.
fn word(text: &[u8]) -> Option<u32> {
    hex::number(text).and_then(|number| u32::try_from(number).ok())
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let middle = text.iter().position(|byte| *byte == at)?;
    Some((&text[..middle], &text[middle + 1..]))
}

/// Text as it is.
struct Plain<'a>(&'a mut Reply);

impl Write for Plain<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0.text(text);
        Ok(())
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
