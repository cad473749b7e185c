//! Services of the mailboxes (section 8.3).

use super::code::PIR;
use super::{BASE, MESSAGES, Services};
use crate::assembler::{If, Label};
use crate::devices::mailbox::{ALERT, TO_HOST_BYTES};
use bgp_isa::Op;

/// Where firmware has the SRAM, and the first descriptor of a box to the host in it.
const SRAM: u32 = 0xFFFF_8000;
const TO_HOST: u32 = 0xFFFF_FFD4;
/// The personality's UCI.
const IDENTIFIER: u32 = 0xFFFF_F804;
/// Commands.
const PRINT: u32 = 2;
const EVENT: u32 = 3;
/// DCRs: alerts are set, cleared; the chip's number, four words.
const SET: u32 = 0x417;
const CLEAR: u32 = 0x418;
const CHIP: u32 = 0x40D;
/// Bytes of an event before its details, and details at most.
const EVENT_BYTES: i32 = 32;
const DETAILS: u32 = 32;
const TBL: u32 = 0x10C;
const TBU: u32 = 0x10D;

pub(super) fn write(services: &mut Services) {
    // What a core can be told: the data of its box. Nothing is ever said to one.
    services.answer(&[11], 0x1000 - 8);
    services.answer(&[12], TO_HOST_BYTES - 8);
    services.answer(&[15, 17], 0);
    let send = send(services);
    services.begin_all(&[13, 14]);
    services.code.load(5, PRINT).go(send);
    event(services, send);
}

/// `writeToMailbox(message, length, command)`: waits until the service node has taken it. What is longer than the box
/// goes in parts. 0, or -1 if there is no box.
fn send(services: &mut Services) -> Label {
    services.begin(19);
    let code = &mut services.code;
    let (send, next, sent, none) = (code.mark(), code.label(), code.label(), code.label());
    code.special(Op::Mfspr, 6, PIR).rotate(6, 7, 3, 0, 28).load(8, TO_HOST).x(Op::Add, 8, 8, 7);
    code.d(Op::Lhz, 9, 8, 0).d(Op::Lhz, 10, 8, 2).load(8, SRAM).x(Op::Add, 9, 9, 8);
    code.d(Op::Addi, 10, 10, -8).compare(10, 0).go_if(If::NotGreater, none);
    // r3 data, r4 bytes left, r5 command, r6 core, r9 box, r10 its room.
    code.place(next).compare(4, 0).go_if(If::NotGreater, sent).copy(11, 4);
    let fits = code.label();
    code.x(Op::Cmp, 0, 11, 10).go_if(If::NotGreater, fits).copy(11, 10).place(fits);
    code.load(12, 0).d(Op::Sth, 11, 9, 2).d(Op::Stw, 12, 9, 4).x(Op::Subf, 4, 11, 4);
    code.d(Op::Addi, 12, 9, 7).d(Op::Addi, 3, 3, -1).special(Op::Mtspr, 11, 9);
    let copying = code.mark();
    code.d(Op::Lbzu, 0, 3, 1).d(Op::Stbu, 0, 12, 1).go_if(If::Counting, copying).d(Op::Addi, 3, 3, 1);
    code.plain(Op::Msync).d(Op::Sth, 5, 9, 0).plain(Op::Msync);
    code.load(12, ALERT).x(Op::Srw, 12, 12, 6).load(7, SET).x(Op::Mtdcrx, 12, 7, 0);
    let waiting = code.mark();
    code.d(Op::Lhz, 0, 9, 0).d(Op::AndiRecord, 0, 0, 0x8000).go_if(If::Equal, waiting);
    code.load(7, CLEAR).x(Op::Mtdcrx, 12, 7, 0).go(next);
    code.place(sent).load(3, 0).back();
    code.place(none).load(3, u32::MAX).back();
    send
}

/// `writeRASEvent(facility, unit, code, number of details, details)`.
fn event(services: &mut Services, send: Label) {
    services.begin_all(&[21, 46]);
    let code = &mut services.code;
    // Each core composes in room of its own.
    code.special(Op::Mfspr, 9, PIR).rotate(9, 9, 8, 0, 23).load(12, BASE + MESSAGES).x(Op::Add, 12, 12, 9);
    let few = code.label();
    code.d(Op::Cmpli, 0, 6, DETAILS as i32).go_if(If::NotGreater, few).load(6, DETAILS).place(few);
    code.load(9, IDENTIFIER).d(Op::Lwz, 9, 9, 0).d(Op::Stw, 9, 12, 0);
    for (register, at) in [(3, 4), (4, 5), (5, 6), (6, 7)] {
        code.d(Op::Stb, register, 12, at);
    }
    // The time, of which the upper half must not change in between.
    let time = code.mark();
    code.special(Op::Mftb, 9, TBU).special(Op::Mftb, 10, TBL).special(Op::Mftb, 11, TBU);
    code.x(Op::Cmp, 0, 9, 11).go_if(If::NotEqual, time).d(Op::Stw, 9, 12, 8).d(Op::Stw, 10, 12, 12);
    for word in 0..4 {
        code.load(9, CHIP + word).x(Op::Mfdcrx, 9, 9, 0).d(Op::Stw, 9, 12, 16 + 4 * word as i32);
    }
    let done = code.label();
    code.copy(3, 12).rotate(6, 4, 2, 0, 29).d(Op::Addi, 4, 4, EVENT_BYTES);
    code.compare(6, 0).go_if(If::Equal, done).special(Op::Mtspr, 6, 9);
    code.d(Op::Addi, 12, 12, EVENT_BYTES - 4).d(Op::Addi, 7, 7, -4);
    let copying = code.mark();
    code.d(Op::Lwzu, 0, 7, 4).d(Op::Stwu, 0, 12, 4).go_if(If::Counting, copying);
    code.place(done).load(5, EVENT).go(send);
}
