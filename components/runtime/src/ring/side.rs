//! One side of a wire: its ends of the two rings, and the session that both sides agree on.
//!
//! # Sessions
//!
//! Either domain can stop and start again at any moment, and finds in the shared memory what was left there.
//! So a wire's indices mean something within a *session* only:
//!
//! 1. The client opens one: it resets its own lines, then writes a new number.
//! 2. The server, when it looks at the ring, sees a number that it has not accepted. It resets its own
//!    lines, forgets the former session, accepts the number by writing it in its own line, and signals.
//! 3. Until then the client believes no word of the server's: nothing has been taken or answered.
//!
//! A server that starts again finds a session that its former life accepted. It withdraws that, so that
//! the client sees a number other than its own, and accepts the next one. A client that starts again opens
//! a session of its own accord.
//!
//! The client's first session needs no answer before requests are queued, so that the order in which
//! domains start does not matter. After the *end* of a session (the kernel says that the server's domain has
//! stopped, the number is withdrawn, or the server's words are nonsense) the client opens the next one at
//! once and reports the end; but it queues nothing until that session is accepted, for the peer may be
//! dead for good. Every use in between is [`WireError::PeerGone`], and none waits.

use super::end::{Consumer, Producer};
use super::word::{Line, Word};
use crate::WireError;

/// The shared words of a wire.
#[derive(Debug)]
pub(crate) struct Lines<'a, W> {
    /// The client's, of requests.
    pub(crate) sent: Line<'a, W>,
    /// The server's, of requests.
    pub(crate) taken: Line<'a, W>,
    /// The server's, of answers.
    pub(crate) answered: Line<'a, W>,
    /// The client's, of answers.
    pub(crate) fetched: Line<'a, W>,
    /// The session that the client opened.
    pub(crate) opened: &'a W,
    /// The session that the server accepted.
    pub(crate) accepted: &'a W,
}

/// What the client knows of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// There was none yet.
    New,
    /// It is opened; nothing speaks against it.
    Open,
    /// It followed one that ended, and is not accepted yet.
    Renewed,
}

/// What a use of the wire finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The session goes on.
    Session,
    /// A session was opened just now: the server has to be signalled.
    Opened,
    /// The session is over.
    Over,
    /// The last session is over, and the server has not accepted the next.
    Nobody,
}

/// The client's side.
#[derive(Debug)]
pub(crate) struct ClientSide<'a, W> {
    requests: Producer<'a, W>,
    answers: Consumer<'a, W>,
    opened: &'a W,
    accepted: &'a W,
    session: u32,
    state: State,
    accepted_once: bool,
}

impl<'a, W: Word> ClientSide<'a, W> {
    /// The side of a client that has not used the wire yet.
    pub(crate) fn new(lines: &Lines<'a, W>, slots: u32) -> Self {
        Self {
            requests: Producer::new(lines.sent, lines.taken, slots),
            answers: Consumer::new(lines.fetched, lines.answered, slots),
            opened: lines.opened,
            accepted: lines.accepted,
            session: 0,
            state: State::New,
            accepted_once: false,
        }
    }

    /// Begins a use of the wire.
    pub(crate) fn begin(&mut self) -> Found {
        match self.state {
            State::New => {
                self.open(State::Open);
                Found::Opened
            }
            State::Renewed if !self.is_accepted() => Found::Nobody,
            State::Open | State::Renewed => match self.look() {
                Ok(()) => Found::Session,
                Err(_) => Found::Over,
            },
        }
    }

    /// Opens the next session after an end. The server has to be signalled.
    pub(crate) fn renew(&mut self) {
        self.open(State::Renewed);
    }

    /// Whether no session was opened yet.
    pub(crate) fn is_new(&self) -> bool {
        self.state == State::New
    }

    /// The index of a free request.
    pub(crate) fn room(&mut self) -> Result<Option<u32>, WireError> {
        self.look()?;
        self.requests.room()
    }

    /// Hands the request over. Whether the server has to be signalled.
    pub(crate) fn send(&mut self) -> bool {
        self.requests.hand_over()
    }

    /// The index of the next answer.
    pub(crate) fn answer(&mut self) -> Result<Option<u32>, WireError> {
        self.look()?;
        self.answers.next()
    }

    /// Gives the answer's slot back. Whether the server has to be signalled.
    pub(crate) fn fetch(&mut self) -> bool {
        self.answers.give_back()
    }

    /// Whether the client may sleep until there is room. The server signals when it accepts, in any case.
    pub(crate) fn may_sleep_for_room(&mut self) -> Result<bool, WireError> {
        if self.accepted_once { self.requests.may_sleep() } else { Ok(true) }
    }

    /// Whether the client may sleep until there is an answer.
    pub(crate) fn may_sleep_for_answer(&mut self) -> Result<bool, WireError> {
        if self.accepted_once { self.answers.may_sleep() } else { Ok(true) }
    }

    fn open(&mut self, state: State) {
        // Any number does that differs from both that stand there.
        let next = self.opened.get().wrapping_add(1);
        self.session = if next == self.accepted.get() { next.wrapping_add(1) } else { next };
        self.requests.reset(false);
        self.answers.reset(false);
        self.opened.set(self.session);
        (self.state, self.accepted_once) = (state, false);
    }

    fn is_accepted(&self) -> bool {
        self.accepted.get() == self.session
    }

    /// Notices that the session is accepted, or withdrawn.
    fn look(&mut self) -> Result<(), WireError> {
        match (self.accepted_once, self.is_accepted()) {
            (false, true) => {
                self.requests.trust();
                self.answers.trust();
                (self.state, self.accepted_once) = (State::Open, true);
                Ok(())
            }
            (true, false) => Err(WireError::PeerGone),
            (false, false) | (true, true) => Ok(()),
        }
    }
}

/// The server's side.
#[derive(Debug)]
pub(crate) struct ServerSide<'a, W> {
    requests: Consumer<'a, W>,
    answers: Producer<'a, W>,
    opened: &'a W,
    accepted: &'a W,
    /// The session that was seen last, and whether it is served.
    session: Option<u32>,
    serves: bool,
}

impl<'a, W: Word> ServerSide<'a, W> {
    /// The side of a server that starts. It withdraws a session that its former life has accepted.
    pub(crate) fn new(lines: &Lines<'a, W>, slots: u32) -> Self {
        let opened = lines.opened.get();
        let former = lines.accepted.get() == opened;
        if former {
            lines.accepted.set(opened.wrapping_sub(1));
        }
        Self {
            requests: Consumer::new(lines.taken, lines.sent, slots),
            answers: Producer::new(lines.answered, lines.fetched, slots),
            opened: lines.opened,
            accepted: lines.accepted,
            session: former.then_some(opened),
            serves: false,
        }
    }

    /// Accepts a session that was opened since. Whether there is one: then the client has to be signalled.
    pub(crate) fn accept(&mut self) -> bool {
        let opened = self.opened.get();
        if self.session == Some(opened) {
            return false;
        }
        self.requests.reset(true);
        self.answers.reset(true);
        (self.session, self.serves) = (Some(opened), true);
        self.accepted.set(opened);
        true
    }

    /// Serves this session no further: the client's words are nonsense.
    pub(crate) fn refuse(&mut self) {
        self.serves = false;
        self.accepted.set(self.opened_number().wrapping_sub(1));
    }

    fn opened_number(&self) -> u32 {
        self.session.unwrap_or_default()
    }

    /// The index of the next request.
    pub(crate) fn request(&self) -> Result<Option<u32>, WireError> {
        let request = self.requests.next();
        // The client may have opened another session since this one was accepted. Then what was read just
        // now belongs to that one, and would be answered twice.
        if self.is_current() { request } else { Ok(None) }
    }

    /// Whether this side serves the session that the client opened last.
    fn is_current(&self) -> bool {
        self.serves && self.session == Some(self.opened.get())
    }

    /// The index of a free answer.
    pub(crate) fn room(&self) -> Result<Option<u32>, WireError> {
        self.answers.room()
    }

    /// Hands the answer over. Whether the client has to be signalled.
    pub(crate) fn answer(&mut self) -> bool {
        self.answers.hand_over()
    }

    /// Gives the request's slot back. Whether the client has to be signalled.
    pub(crate) fn take(&mut self) -> bool {
        self.requests.give_back()
    }

    /// Whether the server may sleep until there is a request.
    pub(crate) fn may_sleep_for_request(&mut self) -> Result<bool, WireError> {
        let sleeps = self.requests.may_sleep();
        // Who opens another session signals in any case.
        if self.is_current() { sleeps } else { Ok(true) }
    }

    /// Whether the server may sleep until there is room for an answer.
    pub(crate) fn may_sleep_for_room(&mut self) -> Result<bool, WireError> {
        let sleeps = self.answers.may_sleep();
        if self.is_current() { sleeps } else { Ok(true) }
    }
}
