//! Services of the interrupt controller.
//!
//! A type is a target's class: 1 non-critical, 2 critical, 3 machine check. A core above 3 means all of them.

use super::Services;
use super::code::PIR;
use crate::assembler::If;
use bgp_isa::Op;

/// Where firmware has the interrupt controller.
const BIC: u32 = 0xFFFD_E000;
const CLEAR: i32 = 0x08;
const SET: i32 = 0x0C;
const TARGETS: i32 = 0x10;
const MASKED: u32 = 0x20;
const HIERARCHY: u32 = 0x780;

pub(super) fn write(services: &mut Services) {
    target(services);
    change(services, 9, CLEAR);
    change(services, 10, SET);
    pending(services);
}

/// `enableInterrupt(group, irq, type, core)`, `disableInterrupt(group, irq)`.
fn target(services: &mut Services) {
    let (all, set) = (services.code.label(), services.code.label());
    services.begin(6);
    let code = &mut services.code;
    // The code: 4 * type + core, or the type itself for all.
    code.d(Op::Cmpli, 0, 6, 3).go_if(If::Greater, all).rotate(5, 7, 2, 0, 29).x(Op::Add, 7, 7, 6).go(set);
    code.place(all).copy(7, 5).go(set);
    services.begin(7);
    let code = &mut services.code;
    code.load(7, 0);
    code.place(set).load(8, BIC).rotate(3, 9, 7, 0, 24).x(Op::Add, 8, 8, 9);
    // Eight interrupts in a register, four bits each.
    code.rotate(4, 9, 31, 27, 29).x(Op::Add, 8, 8, 9).rotate(4, 9, 2, 27, 29);
    code.load(10, 0xF000_0000).x(Op::Srw, 10, 10, 9).rotate(7, 7, 28, 0, 3).x(Op::Srw, 7, 7, 9);
    code.d(Op::Lwz, 11, 8, TARGETS).x(Op::Andc, 11, 11, 10).x(Op::Or, 11, 11, 7).d(Op::Stw, 11, 8, TARGETS);
    code.plain(Op::Msync).load(3, 0).back();
}

/// `acknowledgeInterrupt(group, irq)`, `raiseInterrupt(group, irq)`.
fn change(services: &mut Services, number: usize, register: i32) {
    services.begin(number);
    let code = &mut services.code;
    code.load(7, 0x8000_0000).x(Op::Srw, 7, 7, 4).load(8, BIC).rotate(3, 9, 7, 0, 24).x(Op::Add, 8, 8, 9);
    code.d(Op::Stw, 7, 8, register).plain(Op::Msync).load(3, 0).back();
}

/// `getInterrupt(type, &group, &irq)`: the first that is pending for this core; -1: none is.
fn pending(services: &mut Services) {
    services.begin(8);
    let code = &mut services.code;
    let none = code.label();
    // Registers of a class are 16 bytes apart, of a core 4.
    code.special(Op::Mfspr, 6, PIR).rotate(6, 6, 2, 0, 29).d(Op::Addi, 3, 3, -1).rotate(3, 3, 4, 0, 27);
    code.x(Op::Add, 6, 6, 3).load(8, BIC).x(Op::Add, 8, 8, 6);
    code.d(Op::Lwz, 7, 8, HIERARCHY as i32).x(Op::Cntlzw, 7, 7, 0).compare(7, 32).go_if(If::Equal, none);
    code.rotate(7, 9, 7, 0, 24).x(Op::Add, 8, 8, 9).d(Op::Lwz, 9, 8, MASKED as i32).x(Op::Cntlzw, 9, 9, 0);
    code.compare(9, 32).go_if(If::Equal, none).d(Op::Stw, 7, 4, 0).d(Op::Stw, 9, 5, 0).load(3, 0).back();
    code.place(none).load(3, u32::MAX).back();
}
