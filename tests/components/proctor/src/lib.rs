//! Tells a domain of its own faults, and has it go on: after a fault, `r0` has [`FAULT`] and the cause's number, `r3` the
//! address that it concerns, or 0. Nothing else has changed.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::ServeFaultHandler;
use interfaces::fault_handler::Verdict;
use runtime::{Cause, Client, Passive, Registers, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// What no status is.
pub const FAULT: u32 = 0xFA00;

/// The number of the link register.
const LINK: u32 = 33;

/// A fault handler.
pub struct Proctor<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for Proctor<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Passive for Proctor<P> {}

impl<P: Ports> ServeFaultHandler for Proctor<P> {
    fn fault(
        &mut self,
        _: Client,
        cause: u32,
        address: u32,
        instruction: u32,
        _thread: u32,
    ) -> Result<u64, WireError> {
        let subject = &mut self.wires.subject;
        subject.write(0, FAULT + cause)?;
        subject.write(3, address)?;
        let next = match Cause::ALL.into_iter().find(|known| *known as u32 == cause) {
            // `sc` has been left behind already.
            Some(
                Cause::UnknownCall
                | Cause::BadSlot
                | Cause::WrongObject
                | Cause::MissingRight
                | Cause::BadArgument
                | Cause::Failed,
            ) => instruction,
            // A jump has left its way back.
            Some(Cause::FetchUnmapped | Cause::FetchDenied) => {
                let [link, ..] = subject.read(LINK);
                link
            }
            Some(_) => instruction.wrapping_add(4),
            None => return Ok(Verdict::Unhandled.into()),
        };
        Ok(Verdict::Resume(next).into())
    }
}
