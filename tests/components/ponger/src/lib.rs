//! Answers a pinger: a probe whose answers are those that the interface promises.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::{ServeProbe, probe};
use runtime::{Client, Clients, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// A probe.
pub struct Ponger<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for Ponger<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Passive for Ponger<P> {}

impl<P: Ports> ServeProbe for Ponger<P> {
    fn nothing(&mut self, _: Client) -> Result<(), WireError> {
        Ok(())
    }

    fn add(&mut self, _: Client, left: u32, right: u32) -> Result<u64, WireError> {
        Ok(u64::from(left) + u64::from(right))
    }

    fn values(
        &mut self,
        _: Client,
        byte: u8,
        half: u16,
        signed: i32,
        flag: bool,
        long: u64,
        bytes: [u8; 6],
    ) -> Result<[u8; 22], WireError> {
        let mut all = [0; 22];
        all[0] = byte;
        all[1..3].copy_from_slice(&half.to_be_bytes());
        all[3..7].copy_from_slice(&signed.to_be_bytes());
        all[7] = u8::from(flag);
        all[8..16].copy_from_slice(&long.to_be_bytes());
        all[16..].copy_from_slice(&bytes);
        Ok(all)
    }

    fn reverse(&mut self, _: Client, text: &[u8], into: &mut [u8]) -> Result<u32, WireError> {
        let room = into.get_mut(..text.len()).ok_or(WireError::Full)?;
        for (place, byte) in room.iter_mut().zip(text.iter().rev()) {
            *place = *byte;
        }
        Ok(text.len() as u32)
    }

    fn refuse(&mut self, _: Client, number: u16) -> Result<(), WireError> {
        WireError::ALL.into_iter().find(|error| error.number() == number).map_or(Ok(()), Err)
    }

    fn ring(&mut self, from: Client, chime: bool) -> Result<(), WireError> {
        self.wires.probe_clients.signal(from, if chime { probe::CHIMED } else { probe::KNOCKED });
        Ok(())
    }
}
