//! Domains that are wired to a machine.

use std::cell::RefCell;
use std::rc::Rc;

use runtime::{Client, Clients, Event};

/// Clients of the machine, and who was told of what.
pub(crate) struct Watchers {
    pub(crate) count: u32,
    pub(crate) told: Rc<RefCell<Vec<u32>>>,
}

impl Clients for Watchers {
    fn count(&self) -> u32 {
        self.count
    }

    fn name(&self, _: Client) -> &'static str {
        "watcher"
    }

    fn signal(&mut self, client: Client, event: Event) {
        assert_eq!(event, interfaces::machine::ENDED);
        self.told.borrow_mut().push(client.0);
    }
}
