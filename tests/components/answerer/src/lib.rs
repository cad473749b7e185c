//! A native component that answers ARP and pings like a machine, for tests of networks.

#![no_std]
#![forbid(unsafe_code)]

mod answer;

use interfaces::Ethernet;
use interfaces::ethernet::{self, LONGEST_FRAME};
use runtime::{Active, Wire, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The machine.
pub struct Answerer<P: Ports> {
    wires: Wires<P>,
    config: Config,
    frame: [u8; LONGEST_FRAME],
}

impl<P: Ports> Component<P> for Answerer<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config, frame: [0; LONGEST_FRAME] }
    }
}

impl<P: Ports> Active for Answerer<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let ethernet = &mut self.wires.ethernet;
        let own = ethernet.address()?;
        let address = self.config.address.to_be_bytes();
        loop {
            let bytes = ethernet.receive(&mut self.frame)? as usize;
            if bytes == 0 {
                ethernet.wait(ethernet::RECEIVED.into())?;
                continue;
            }
            let frame = &mut self.frame[..bytes];
            if answer::answer(frame, own, address) && ethernet.send(frame) == Err(WireError::Full) {
                ethernet.settle()?;
                ethernet.send(frame)?;
            }
        }
    }
}
