//! Whether anybody is left who does work.

use composer_model::Worker;

use crate::report::{Event, Reporter};

/// The domains that do work, and what has become of them.
#[derive(Debug)]
pub(crate) struct Work {
    workers: Vec<(Worker, State)>,
    in_order: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It works, after so many faults.
    Works(u32),
    Ended,
}

impl Work {
    /// All of them work.
    pub(crate) fn of(workers: &[Worker]) -> Self {
        let workers = workers.iter().map(|worker| (worker.clone(), State::Works(0))).collect();
        Self { workers, in_order: true }
    }

    /// Learns what the kernel says.
    pub(crate) fn note(&mut self, event: &Event) {
        match event {
            Event::Exited { name, code } => self.end(name, *code == 0),
            Event::Stopped { name, .. } => self.end(name, true),
            Event::Restarted { name, .. } => {
                if let Some((_, state @ State::Ended)) = self.find(name) {
                    *state = State::Works(0);
                }
            }
            Event::Report(report) if report.reporter == Reporter::Domain => {
                let Some((worker, State::Works(faults))) = self.find(&report.name) else { return };
                match worker.restarts {
                    Some(restarts) if *faults < restarts => *faults += 1,
                    Some(_) => self.end(&report.name, false),
                    None => {}
                }
            }
            _ => {}
        }
    }

    /// Whether all have ended, and then whether all did so in order.
    pub(crate) fn ended(&self) -> Option<bool> {
        let all = self.workers.iter().all(|(_, state)| *state == State::Ended);
        (all && !self.workers.is_empty()).then_some(self.in_order)
    }

    fn end(&mut self, name: &str, in_order: bool) {
        if let Some((_, state)) = self.find(name) {
            *state = State::Ended;
            self.in_order &= in_order;
        }
    }

    fn find(&mut self, name: &str) -> Option<&mut (Worker, State)> {
        self.workers.iter_mut().find(|(worker, _)| worker.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Parser;

    fn after(workers: &[(&str, Option<u32>)], lines: &str) -> Option<bool> {
        let workers: Vec<Worker> = workers
            .iter()
            .map(|(name, restarts)| Worker { name: (*name).into(), restarts: *restarts })
            .collect();
        let mut work = Work::of(&workers);
        let lines: String = lines.lines().map(|line| format!("[fugue] {line}\n")).collect();
        Parser::new().feed(lines.as_bytes()).iter().for_each(|(_, event)| work.note(event));
        work.ended()
    }

    const TWO: &[(&str, Option<u32>)] = &[("alice", Some(0)), ("bob", Some(1))];
    const FAULT: &str = "domain-report v1\ncause=trap domain=2 name=bob thread=2\nend";

    #[test]
    fn all_must_have_ended() {
        assert_eq!(after(TWO, "exited domain=1 name=alice code=0\nexited domain=3 name=carol code=0"), None);
        assert_eq!(
            after(TWO, "exited domain=1 name=alice code=0\nexited domain=2 name=bob code=0"),
            Some(true)
        );
        assert_eq!(
            after(TWO, "exited domain=1 name=alice code=1\nstopped domain=2 name=bob by=x"),
            Some(false)
        );
        assert_eq!(after(&[], "exited domain=1 name=alice code=0"), None, "nobody works: nobody is done");
    }

    #[test]
    fn one_that_starts_afresh_has_not_ended() {
        let alice = "exited domain=1 name=alice code=0";
        assert_eq!(after(TWO, &format!("{alice}\n{FAULT}")), None);
        let again = format!("{alice}\n{FAULT}\nrestarted domain=2 name=bob generation=1\n{FAULT}");
        assert_eq!(after(TWO, &again), Some(false));
        assert_eq!(after(&[("bob", None)], FAULT), None, "the node ends by itself");
        let bob = "stopped domain=2 name=bob by=carol\nrestarted domain=2 name=bob generation=1";
        assert_eq!(after(TWO, &format!("{alice}\n{bob}")), None);
    }
}
