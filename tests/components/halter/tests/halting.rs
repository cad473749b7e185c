//! A halter over a timer and a grant that stand in memory.

use std::cell::RefCell;

use halter::{Component, Config, Halter, Ports, Wires};
use runtime::{Active, Bits, Halt, Timer, WireError};

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn note(what: String) {
    SEEN.with_borrow_mut(|seen| seen.push(what));
}

struct Delay;

impl Timer for Delay {
    fn now(&self) -> u64 {
        1000
    }

    fn arm(&mut self, deadline: u64) {
        note(format!("armed for {deadline}"));
    }

    fn arm_every(&mut self, _: u64, _: u64) {}

    fn frequency(&self) -> u64 {
        400_000_000
    }

    fn cancel(&mut self) {}

    fn bits(&self) -> Bits {
        Bits(1)
    }

    fn wait(&mut self) -> Result<(), WireError> {
        note("waited".to_owned());
        Ok(())
    }
}

struct Node;

impl Halt for Node {
    fn halt(&mut self, code: u32) -> Result<(), WireError> {
        note(format!("halted with {code}"));
        Ok(())
    }
}

enum Mocked {}

impl Ports for Mocked {
    type Delay = Delay;
    type Node = Node;
}

#[test]
fn the_node_ends_after_the_delay() {
    let mut halter =
        Halter::<Mocked>::new(Wires { delay: Delay, node: Node }, Config { after: 234, code: 5 });
    assert_eq!(halter.run(), Ok(()));
    assert_eq!(SEEN.take(), ["armed for 1234", "waited", "halted with 5"]);
}
