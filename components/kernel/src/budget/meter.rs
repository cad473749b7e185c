//! Charging accounts, and keeping threads whose account is used up from running.

use super::{Account, BUDGETS};
use crate::checked::object;
use crate::initial::initial;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::{Run, State};

initial! {
    /// Whose time passes on a core, and when the kernel is to look again.
    pub struct Meter {
        /// The account that is charged.
        account: Option<ThreadId> = None,
        /// When the kernel was entered; the account is charged up to then.
        now: u64 = 0,
        /// The next deadline of a timer.
        timer: Option<u64> = None,
        /// When the account that is charged will be used up, or the first period of a waiting thread ends.
        budget: Option<u64> = None,
        /// The latter must be worked out anew.
        stale: bool = false,
    }
}

impl Meter {
    /// When to look again, for a timer or for a budget.
    fn deadline(&self) -> Option<u64> {
        self.timer.into_iter().chain(self.budget).min()
    }
}

impl<N: Node> Kernel<N> {
    /// Opens all accounts. The periods begin now.
    pub(crate) fn open_accounts(&mut self) {
        if !BUDGETS {
            return;
        }
        let now = self.machine.now();
        self.core().meter.now = now;
        for (place, table) in (1_usize..).zip(self.tables().threads) {
            if let Some(budget) = &table.budget {
                object(self.state().asides, place).account = Account::open(budget, now);
            }
        }
    }

    /// Charges what has passed since the last entry, before anything else happens, and lets threads run again
    /// whose periods have ended.
    pub(crate) fn charge(&mut self) {
        if !BUDGETS {
            return;
        }
        let now = self.machine.now();
        let since = core::mem::replace(&mut self.core().meter.now, now);
        if let Some(id) = self.core().meter.account
            && self.account(id).charge(since, now)
        {
            self.core().meter.stale = true;
            self.put_debt_aside(id);
        }
        if self.core().meter.budget.is_some_and(|time| time <= now) {
            self.core().meter.stale = true;
            for index in 0..self.tables().threads.len() {
                let id = ThreadId::new(index as u16);
                if self.thread(id).run == Run::Spent && !self.is_spent(id) {
                    self.make_ready(id);
                }
            }
        }
    }

    /// The thread's account is used up while a server works for it: the reply must take the general path.
    fn put_debt_aside(&mut self, id: ThreadId) {
        let Some(server) = self.thread(id).peer else { return };
        let server = self.thread(server);
        if server.owes == Some(id) {
            server.handles = server.owes.take();
        }
    }

    fn account(&mut self, id: ThreadId) -> &mut Account {
        &mut object(self.state().asides, id.place()).account
    }

    /// Whether the thread has a budget and nothing is left of it.
    pub(crate) fn is_spent(&mut self, id: ThreadId) -> bool {
        let now = self.core().meter.now;
        BUDGETS && self.account(id).is_spent(now)
    }

    /// Keeps a thread that could run from it, if it would work for itself and its account is used up.
    pub(crate) fn park(&mut self, id: ThreadId) -> bool {
        let parked = BUDGETS && self.is_spent(id) && self.account_of(id) == id;
        if parked {
            self.thread(id).run = Run::Spent;
            self.core().meter.stale = true;
        }
        parked
    }

    /// The same for the thread that runs. One that owes a reply works for another, whatever it has left.
    pub(crate) fn park_current(&mut self, id: ThreadId) {
        if BUDGETS && self.thread(id).run == Run::Running && self.thread(id).owes.is_none() {
            self.park(id);
        }
    }

    /// Charges from now on the account of the thread that runs.
    pub(crate) fn open_account(&mut self) {
        if !BUDGETS {
            return;
        }
        let account = self.core().current.map(|current| self.account_of(current));
        if core::mem::replace(&mut self.core().meter.account, account) == account && !self.core().meter.stale
        {
            return;
        }
        self.core().meter.stale = false;
        let now = self.core().meter.now;
        let lasts = account.and_then(|id| self.account(id).lasts(now));
        let State { threads, asides, .. } = self.state();
        let waiting = threads.iter().zip(asides).filter(|(thread, _)| thread.run == Run::Spent);
        let next = lasts.into_iter().chain(waiting.map(|(_, aside)| aside.account.ends)).min();
        self.core().meter.budget = next;
        let next = self.core().meter.deadline();
        self.machine.set_deadline(next);
    }

    /// Asks for an interrupt at a timer's deadline, or before if a budget needs one.
    pub(crate) fn set_timer_deadline(&mut self, deadline: Option<u64>) {
        let mut next = deadline;
        if BUDGETS {
            self.core().meter.timer = deadline;
            next = self.core().meter.deadline();
        }
        self.machine.set_deadline(next);
    }

    /// The thread at the head of the chain of calls: who pays for this one. No chain is longer than there are
    /// threads, because a thread that is owed a reply owes its own to another.
    fn account_of(&mut self, id: ThreadId) -> ThreadId {
        let mut id = id;
        while let Some(caller) = self.thread(id).owes.or(self.thread(id).handles) {
            id = caller;
        }
        id
    }
}
