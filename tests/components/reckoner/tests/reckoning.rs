//! A reckoner over a console and a timer that stand in memory. The target's run expects the same bits.

use interfaces::Console;
use reckoner::{Component as _, Config, Ports, Reckoner, Wires};
use runtime::{Active, Bits, Events, Timer, Wire, WireError};

struct Recorder<'t>(&'t mut Vec<u8>);

impl Wire for Recorder<'_> {
    fn wait(&mut self, _: Events) -> Result<Events, WireError> {
        Err(WireError::Busy)
    }

    fn pending(&mut self, _: Events) -> Result<Events, WireError> {
        Ok(Events::NONE)
    }
}

impl Console for Recorder<'_> {
    fn write(&mut self, text: &[u8]) -> Result<u32, WireError> {
        self.0.extend_from_slice(text);
        Ok(text.len() as u32)
    }

    fn read(&mut self, _: &mut [u8]) -> Result<u32, WireError> {
        Ok(0)
    }

    fn flush(&mut self) -> Result<(), WireError> {
        Ok(())
    }
}

struct Pause;

impl Timer for Pause {
    fn now(&self) -> u64 {
        0
    }

    fn frequency(&self) -> u64 {
        1
    }

    fn arm(&mut self, _: u64) {}

    fn arm_every(&mut self, _: u64, _: u64) {}

    fn cancel(&mut self) {}

    fn bits(&self) -> Bits {
        Bits(1)
    }

    fn wait(&mut self) -> Result<(), WireError> {
        Ok(())
    }
}

struct Mocked<'t>(std::marker::PhantomData<&'t ()>);

impl<'t> Ports for Mocked<'t> {
    type Console = Recorder<'t>;
    type Pause = Pause;
}

/// What a reckoner says that starts there.
fn said(start: u32) -> Vec<String> {
    let mut said = Vec::new();
    let wires = Wires { console: Recorder(&mut said), pause: Pause };
    let config = Config { start, rounds: 4, pause: 1 };
    Reckoner::<Mocked<'_>>::new(wires, config).run().expect("nothing fails");
    String::from_utf8(said).expect("text").lines().map(str::to_owned).collect()
}

#[test]
fn the_bits_are_the_same_everywhere() {
    assert_eq!(said(200)[3], "round 4: 3fedafc223b5ae06 3f43dd0e");
    assert_eq!(said(700)[3], "round 4: 3fe02afaa9f04f12 3f07fcce");
}

#[test]
fn the_smallest_difference_shows() {
    assert_ne!(said(200)[0], said(201)[0]);
}
