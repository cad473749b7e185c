//! A provider of `Probe` whose answers the tests can foretell.

use interfaces::{ServeProbe, probe};
use runtime::{Client, Clients, WireError};

/// Answers as the interface says.
pub(crate) struct Answers<C> {
    /// Where its events go.
    pub(crate) clients: C,
}

impl<C: Clients> ServeProbe for Answers<C> {
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
        let all = [
            &[byte][..],
            &half.to_be_bytes(),
            &signed.to_be_bytes(),
            &[u8::from(flag)],
            &long.to_be_bytes(),
            &bytes,
        ];
        Ok(all.concat().try_into().expect("22 bytes"))
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
        self.clients.signal(from, if chime { probe::CHIMED } else { probe::KNOCKED });
        Ok(())
    }
}
