//! A device's line: once, masked, acknowledged, again.

use abi::{Call, Status};
use runtime::Device;

use crate::rights::{IRQ, NOTIFICATION};
use crate::timers::nothing;
use crate::{Wrong, call, ensure, hold};

/// The 16550's interrupt enable register, and what makes an idle UART raise its line.
const INTERRUPT_ENABLE: u32 = 1;
const EMPTY: u8 = 2;
/// Its modem control register, and what lets interrupts through.
const MODEM_CONTROL: u32 = 4;
const READY: u8 = 0x0B;

/// Looks; the line's bits have come.
fn comes(place: u32) -> Result<(), Wrong> {
    ensure(place, call(Call::Poll, NOTIFICATION, &[]).words[0] != 0)
}

fn acknowledge(place: u32) -> Result<(), Wrong> {
    hold(place, call(Call::IrqAck, IRQ, &[]).status, Status::Ok as u32)
}

pub(crate) fn all(line: &mut impl Device) -> Result<(), Wrong> {
    line.write8(INTERRUPT_ENABLE, 0);
    line.write8(MODEM_CONTROL, READY);
    nothing(0)?;
    line.write8(INTERRUPT_ENABLE, EMPTY);
    comes(1)?;
    // It is masked from then on, however often the device asks.
    nothing(2)?;
    line.write8(INTERRUPT_ENABLE, 0);
    line.write8(INTERRUPT_ENABLE, EMPTY);
    nothing(3)?;
    // A device that still asks when it is acknowledged interrupts again.
    acknowledge(4)?;
    comes(5)?;
    line.write8(INTERRUPT_ENABLE, 0);
    acknowledge(6)?;
    nothing(7)?;
    // What nobody has masked may be acknowledged all the same.
    acknowledge(8)?;
    nothing(9)?;
    line.write8(INTERRUPT_ENABLE, EMPTY);
    let woken = call(Call::Wait, NOTIFICATION, &[]);
    hold(10, woken.status, Status::Ok as u32)?;
    ensure(11, woken.words[0] != 0)?;
    line.write8(INTERRUPT_ENABLE, 0);
    acknowledge(12)?;
    nothing(13)
}
