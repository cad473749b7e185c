//! A prober on the host, where most acts panic before they happen.

use std::panic::{AssertUnwindSafe, catch_unwind};

use interfaces::Console;
use prober::{Component, Config, Ports, Prober, Wires};
use runtime::{Active, Events, Wire, WireError};

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

struct Mocked<'t>(std::marker::PhantomData<&'t ()>);

impl<'t> Ports for Mocked<'t> {
    type Console = Recorder<'t>;
}

/// What the prober says, and how it ends; `None` for a panic.
fn probe(act: &'static str) -> (String, Option<Result<(), WireError>>) {
    let mut said = Vec::new();
    let wires = Wires { console: Recorder(&mut said) };
    let mut prober =
        Prober::<Mocked<'_>>::new(wires, Config { act, address: 0x4000_0000, bytes: 8, rounds: 1 });
    let outcome = catch_unwind(AssertUnwindSafe(|| prober.run())).ok();
    (String::from_utf8(said).unwrap(), outcome)
}

#[test]
fn harmless_acts_come_back() {
    assert_eq!(probe("nothing"), ("about to: nothing\nsurvived: nothing\n".to_owned(), Some(Ok(()))));
    assert_eq!(probe("find-mark"), ("about to: find-mark\nsurvived: find-mark\n".to_owned(), Some(Ok(()))));
    assert_eq!(probe("error"), ("about to: error\n".to_owned(), Some(Err(WireError::Hardware))));
}

#[test]
fn an_act_that_is_none_is_refused() {
    assert_eq!(probe("behave"), ("there is no act `behave`\n".to_owned(), Some(Err(WireError::Malformed))));
}

#[test]
fn other_acts_do_not_come_back() {
    for act in [
        "load",
        "store",
        "jump",
        "store-to-text",
        "jump-to-stack",
        "privileged",
        "illegal",
        "panic",
        "scribble",
    ] {
        assert_eq!(probe(act), (format!("about to: {act}\n"), None));
    }
}
