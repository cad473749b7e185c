//! A console and a timer that stand in memory.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use interfaces::Console;
use runtime::{Bits, Events, Timer, Wire, WireError};

/// What console and timer have seen.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) written: Vec<u8>,
    pub(crate) shown: usize,
    pub(crate) typed: VecDeque<u8>,
    pub(crate) has_news: bool,
    pub(crate) armed: Option<u64>,
}

pub(crate) type Shared = Rc<RefCell<World>>;

pub(crate) struct Screen(pub(crate) Shared);

impl Wire for Screen {
    fn wait(&mut self, _: Events) -> Result<Events, WireError> {
        panic!("a monitor waits in its guest")
    }

    fn pending(&mut self, wanted: Events) -> Result<Events, WireError> {
        Ok(if std::mem::take(&mut self.0.borrow_mut().has_news) { wanted } else { Events::NONE })
    }
}

impl Console for Screen {
    fn write(&mut self, text: &[u8]) -> Result<u32, WireError> {
        self.0.borrow_mut().written.extend_from_slice(text);
        Ok(text.len() as u32)
    }

    fn read(&mut self, into: &mut [u8]) -> Result<u32, WireError> {
        let mut world = self.0.borrow_mut();
        let count = into.len().min(world.typed.len());
        into[..count].fill_with(|| world.typed.pop_front().unwrap());
        Ok(count as u32)
    }

    fn flush(&mut self) -> Result<(), WireError> {
        let mut world = self.0.borrow_mut();
        world.shown = world.written.len();
        Ok(())
    }
}

pub(crate) struct Clock(pub(crate) Shared);

impl Timer for Clock {
    fn now(&self) -> u64 {
        1000
    }

    fn arm(&mut self, deadline: u64) {
        self.0.borrow_mut().armed = Some(deadline);
    }

    fn arm_every(&mut self, _: u64, _: u64) {
        panic!("once is enough")
    }

    fn frequency(&self) -> u64 {
        400_000_000
    }

    fn cancel(&mut self) {
        self.0.borrow_mut().armed = None;
    }

    fn bits(&self) -> Bits {
        Bits(1)
    }

    fn wait(&mut self) -> Result<(), WireError> {
        panic!("a monitor waits in its guest")
    }
}

/// The guest's timers, which these guests do not use.
#[allow(dead_code, reason = "not every test has a whole component")]
pub(crate) struct Still;

impl Timer for Still {
    fn now(&self) -> u64 {
        1000
    }

    fn arm(&mut self, _: u64) {}

    fn arm_every(&mut self, _: u64, _: u64) {}

    fn frequency(&self) -> u64 {
        400_000_000
    }

    fn cancel(&mut self) {}

    fn bits(&self) -> Bits {
        Bits(1 << 29)
    }

    fn wait(&mut self) -> Result<(), WireError> {
        panic!("a monitor waits in its guest")
    }
}

/// All that was written.
pub(crate) fn text(world: &Shared) -> String {
    String::from_utf8(world.borrow().written.clone()).unwrap()
}
