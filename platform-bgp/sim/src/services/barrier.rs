//! Services of the global interrupts (section 8.1). The firmware's own barrier is on channel 3.

use super::Services;
use crate::assembler::{If, Label};
use bgp_isa::Op;

/// DCRs: direct values of the channels, users' enables, fire, arm.
const DIRECT: u32 = 0x660;
const USERS: u32 = 0x666;
const FIRE: u32 = 0x668;
const ARM: u32 = 0x66C;
/// Status of channel 0: received, downtree. Those of the others are the next lower bits.
const RECEIVED: u32 = 0x0800_0000;
const DOWNTREE: u32 = 0x0000_0800;
/// The firmware's channel.
const OWN: u32 = 3;
/// SPR LR.
const LR: u32 = 8;

/// Writes the services; `reset_time` is what setting the time base to zero takes.
pub(super) fn write(services: &mut Services, reset_time: impl FnOnce(&mut Services)) {
    let fire = fire(services);
    let pass = pass(services, fire);
    services.begin_all(&[23, 24]);
    services.code.special(Op::Mfspr, 12, LR).call(pass).special(Op::Mtspr, 12, LR).back();
    // Everybody resets the time as they leave the barrier.
    services.begin(48);
    services.code.special(Op::Mfspr, 12, LR).call(pass);
    reset_time(services);
    services.code.special(Op::Mtspr, 12, LR).back();
    enable(services);
    step(services, fire);
}

/// Takes part in channel r3, waits until it is idle, arms and fires. Changes r9 to r11.
fn fire(services: &mut Services) -> Label {
    let code = &mut services.code;
    let fire = code.mark();
    code.load(10, 1).d(Op::Addi, 9, 3, DIRECT as i32).x(Op::Mtdcrx, 10, 9, 0);
    code.load(11, DOWNTREE).x(Op::Srw, 11, 11, 3).load(9, DIRECT);
    let idle = code.mark();
    code.x(Op::Mfdcrx, 10, 9, 0).x(Op::And, 10, 10, 11).compare(10, 0).go_if(If::Equal, idle);
    for (register, value) in [(FIRE, 0), (ARM, 1), (FIRE, 1)] {
        code.load(10, value).d(Op::Addi, 9, 3, register as i32).x(Op::Mtdcrx, 10, 9, 0);
    }
    code.back();
    fire
}

/// Passes the firmware's barrier; r3 is 0 then. Keeps r12 alone.
fn pass(services: &mut Services, fire: Label) -> Label {
    let code = &mut services.code;
    let pass = code.mark();
    code.special(Op::Mfspr, 8, LR).load(3, OWN).call(fire);
    code.load(11, RECEIVED >> OWN).load(9, DIRECT);
    let waiting = code.mark();
    code.x(Op::Mfdcrx, 10, 9, 0).x(Op::And, 10, 10, 11).compare(10, 0).go_if(If::Equal, waiting);
    code.load(10, 0).load(9, FIRE + OWN).x(Op::Mtdcrx, 10, 9, 0);
    code.load(3, 0).special(Op::Mtspr, 8, LR).back();
    pass
}

/// `enableBarrier(channel, users)`, `disableBarrier(channel)`.
fn enable(services: &mut Services) {
    services.begin(60);
    let code = &mut services.code;
    let done = code.label();
    code.load(10, 1).d(Op::Addi, 9, 3, DIRECT as i32).x(Op::Mtdcrx, 10, 9, 0);
    code.compare(4, 0).go_if(If::Equal, done);
    // Users' enables are in the status four bits further up than they are written.
    code.load(10, 8).x(Op::Srw, 10, 10, 3).load(9, DIRECT).x(Op::Mfdcrx, 11, 9, 0).rotate(11, 11, 28, 28, 31);
    code.x(Op::Or, 10, 10, 11).load(9, USERS).x(Op::Mtdcrx, 10, 9, 0);
    code.place(done).load(3, 0).back();
    services.begin(61);
    let code = &mut services.code;
    code.load(10, 0).d(Op::Addi, 9, 3, DIRECT as i32).x(Op::Mtdcrx, 10, 9, 0).load(3, 0).back();
}

/// `globalBarrier_nonBlocking(channel, begin, timeout)`: 0 when it is passed, 1 as long as it is not. No time-out ever
/// comes.
fn step(services: &mut Services, fire: Label) {
    services.begin(62);
    let code = &mut services.code;
    let (look, passed) = (code.label(), code.label());
    code.compare(4, 0).go_if(If::Equal, look);
    code.special(Op::Mfspr, 12, LR).call(fire).special(Op::Mtspr, 12, LR);
    code.place(look).load(11, RECEIVED).x(Op::Srw, 11, 11, 3).load(9, DIRECT).x(Op::Mfdcrx, 10, 9, 0);
    code.x(Op::And, 10, 10, 11).compare(10, 0).go_if(If::NotEqual, passed).load(3, 1).back();
    code.place(passed).load(10, 0).d(Op::Addi, 9, 3, FIRE as i32).x(Op::Mtdcrx, 10, 9, 0).load(3, 0).back();
}
