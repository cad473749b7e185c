//! A direct wire: both instances in one domain, a method call as static as any.

use core::cell::RefCell;

use crate::{Client, EventFlags, Events, Inbox, Wire, WireError};

/// The client's end of a wire to a provider in the same domain. `#[interface]` implements each interface
/// for it, over any provider that has the server twin.
#[derive(Debug)]
pub struct Direct<'a, S> {
    inbox: Inbox<'a>,
    provider: &'a RefCell<S>,
    client: Client,
    events: &'a EventFlags,
}

impl<'a, S> Direct<'a, S> {
    /// The wire of a client; `events` are the flags that the provider raises for it.
    pub const fn new(
        inbox: Inbox<'a>,
        provider: &'a RefCell<S>,
        client: Client,
        events: &'a EventFlags,
    ) -> Self {
        Self { inbox, provider, client, events }
    }

    /// Calls a method of the provider.
    ///
    /// # Errors
    ///
    /// [`WireError::Busy`] if the provider is already in a call, else what the method answers.
    #[inline]
    pub fn enter<T>(
        &mut self,
        method: impl FnOnce(&mut S, Client) -> Result<T, WireError>,
    ) -> Result<T, WireError> {
        let mut provider = self.provider.try_borrow_mut().map_err(|_| WireError::Busy)?;
        method(&mut provider, self.client)
    }
}

impl<S> Wire for Direct<'_, S> {
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError> {
        if wanted.is_empty() {
            return Err(WireError::Malformed);
        }
        loop {
            let happened = self.events.take(wanted);
            if !happened.is_empty() {
                return Ok(happened);
            }
            // The provider runs in this thread: only a notification can make it raise an event.
            self.inbox.wait_for_more()?;
        }
    }

    fn pending(&mut self, wanted: Events) -> Result<Events, WireError> {
        self.inbox.look();
        Ok(self.events.take(wanted))
    }
}
