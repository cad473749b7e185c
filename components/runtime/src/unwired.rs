//! Ports that a spec leaves unwired.

use crate::{Buffer, Endpoint, Events, Wire, WireError, Words};

/// The far end of an optional port that the spec leaves unwired.
///
/// No value of it exists, so an `Option` of a client through it is always `None`, and the compiler drops all that a
/// component would have done with one.
#[derive(Clone, Copy, Debug)]
pub enum Unwired {}

impl Wire for Unwired {
    fn wait(&mut self, _: Events) -> Result<Events, WireError> {
        match *self {}
    }

    fn pending(&mut self, _: Events) -> Result<Events, WireError> {
        match *self {}
    }
}

impl Endpoint for Unwired {
    fn call<const N: usize>(
        &mut self,
        _: u16,
        _: [u32; N],
        _: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
        _: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<Words, WireError> {
        match *self {}
    }

    fn post<const N: usize>(
        &mut self,
        _: u16,
        _: [u32; N],
        _: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        match *self {}
    }
}

const _: () = assert!(size_of::<Option<Unwired>>() == 0);
