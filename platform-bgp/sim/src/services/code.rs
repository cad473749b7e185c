//! The services that concern node and cores, and what stands for those that are missing.
//!
//! Services are leaves: they use the registers that calls may change, and no stack. Arguments are in r3 and up, the
//! result in r3.

use super::{BASE, BOXES, Facts, MISSING, SERVICES, Services, barrier, console, device, interrupt};
use crate::assembler::{If, Label};
use crate::personality;
use bgp_isa::Op;

/// Numbers of special registers.
pub(super) const PIR: u32 = 0x11E;
const TBL: u32 = 0x11C;
const TBU: u32 = 0x11D;
const DBCR0: u32 = 0x134;
/// DBCR0: reset the system, which ends a run.
const SYSTEM_RESET: u32 = 0x3000_0000;
/// Where firmware has the personality.
const PERSONALITY: u32 = 0xFFFF_F800;
/// Of a core's box, 16 bytes: it was taken; then its argument and its entry point.
const BOX: u32 = 16;

/// Writes all services; answers where cores wait.
pub(super) fn write(services: &mut Services, facts: Facts) -> Label {
    services.answer(&[0], u32::from(facts.io_node));
    services.answer(&[1], personality::BYTES as u32);
    services.answer(&[2], PERSONALITY);
    services.answer(&[3], 4);
    // The networks stand, and links are trained.
    services.answer(&[25, 42], 0);
    take_core(services);
    end(services);
    let waiting = wait(services);
    interrupt::write(services);
    console::write(services);
    barrier::write(services, |services| {
        // TBL first and last, so that no carry comes between (section 2.5).
        services.code.load(3, 0);
        for register in [TBL, TBU, TBL] {
            services.code.special(Op::Mtspr, 3, register);
        }
    });
    device::write(services);
    missing(services);
    waiting
}

/// `takeCPU(core, argument, entry)`: 0, or -1 if there is no such core or somebody has taken it.
fn take_core(services: &mut Services) {
    services.begin(4);
    let code = &mut services.code;
    let refused = code.label();
    code.compare(3, 1).go_if(If::Less, refused).compare(3, 3).go_if(If::Greater, refused);
    code.load(6, BASE + BOXES).rotate(3, 7, 4, 0, 27).x(Op::Add, 6, 6, 7);
    code.d(Op::Lwz, 7, 6, 0).compare(7, 0).go_if(If::NotEqual, refused);
    code.d(Op::Stw, 4, 6, 4).d(Op::Stw, 5, 6, 8).plain(Op::Msync);
    code.load(7, 1).d(Op::Stw, 7, 6, 0).load(3, 0).back();
    code.place(refused).load(3, u32::MAX).back();
}

/// Where cores 1 to 3 wait to be taken; they enter with their number and the argument.
fn wait(services: &mut Services) -> Label {
    let code = &mut services.code;
    let waiting = code.mark();
    code.special(Op::Mfspr, 3, PIR).load(6, BASE + BOXES);
    code.rotate(3, 7, BOX.trailing_zeros(), 0, 27).x(Op::Add, 6, 6, 7);
    let again = code.mark();
    code.d(Op::Lwz, 7, 6, 0).compare(7, 0).go_if(If::Equal, again).plain(Op::Isync);
    code.d(Op::Lwz, 4, 6, 4).d(Op::Lwz, 8, 6, 8).special(Op::Mtspr, 8, 9).go_to_count();
    waiting
}

/// `exit`: the run ends.
fn end(services: &mut Services) {
    services.begin(53);
    let code = &mut services.code;
    code.load(4, SYSTEM_RESET).special(Op::Mtspr, 4, DBCR0);
    let for_ever = code.mark();
    code.go(for_ever);
}

/// Every other service: reads a DCR that says which.
fn missing(services: &mut Services) {
    for number in 0..SERVICES {
        if services.table[number].is_none() {
            services.begin(number);
            services.code.load(3, MISSING + number as u32).x(Op::Mfdcrx, 3, 3, 0).back();
        }
    }
}
