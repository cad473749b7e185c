//! What follows when a guest stops.

use runtime::vm::Reaction;

use crate::monitor::End;

/// What follows now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It starts afresh.
    Restart,
    /// The machine stops.
    Stop,
    /// The monitor's domain faults.
    Fail,
}

/// What the spec wants, and how often it has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    on_reset: Counted,
    /// None if a panic is a reset like any other.
    on_panic: Option<Counted>,
    on_death: Counted,
}

/// A reaction, and how often the guest was started afresh for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    reaction: Reaction,
    done: u32,
}

impl Policy {
    /// The spec's reactions, none of which has been called for.
    pub fn new(on_reset: Reaction, on_panic: Option<Reaction>, on_death: Reaction) -> Self {
        let counted = |reaction| Counted { reaction, done: 0 };
        Self { on_reset: counted(on_reset), on_panic: on_panic.map(counted), on_death: counted(on_death) }
    }

    /// What follows an end, and how often the guest has been started afresh for its reason.
    pub fn follow(&mut self, end: End) -> (Next, u32) {
        let counted = match end {
            End::Reset | End::Watchdog => &mut self.on_reset,
            End::Panic => self.on_panic.as_mut().unwrap_or(&mut self.on_reset),
            End::Died(_) => &mut self.on_death,
            End::Ordered => return (Next::Stop, 0),
        };
        let next = match counted.reaction {
            // Without a number it goes on for ever.
            Reaction::Restart { max } if counted.done < max || max == u32::MAX => {
                counted.done = counted.done.wrapping_add(1);
                Next::Restart
            }
            Reaction::Restart { .. } | Reaction::Stop => Next::Stop,
            Reaction::Fail => Next::Fail,
        };
        (next, counted.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_end_has_its_own_count() {
        let mut policy = Policy::new(Reaction::ALWAYS, None, Reaction::Restart { max: 2 });
        let ends = [End::Died(""), End::Reset, End::Died(""), End::Reset, End::Died(""), End::Reset];
        let next = ends.map(|end| policy.follow(end).0);
        assert_eq!(next[..4], [Next::Restart; 4]);
        assert_eq!(next[4..], [Next::Stop, Next::Restart]);
    }

    #[test]
    fn some_guests_never_start_again() {
        let mut policy = Policy::new(Reaction::Stop, None, Reaction::Fail);
        assert_eq!(
            [policy.follow(End::Reset), policy.follow(End::Died(""))],
            [(Next::Stop, 0), (Next::Fail, 0)]
        );
    }

    #[test]
    fn a_panic_counts_by_itself_where_the_spec_tells_it_apart() {
        let panics = |on_panic| {
            let mut policy = Policy::new(Reaction::Restart { max: 1 }, on_panic, Reaction::Stop);
            [End::Panic, End::Reset, End::Panic].map(|end| policy.follow(end))
        };
        assert_eq!(panics(None), [(Next::Restart, 1), (Next::Stop, 1), (Next::Stop, 1)]);
        let always = [(Next::Restart, 1), (Next::Restart, 1), (Next::Restart, 2)];
        assert_eq!(panics(Some(Reaction::ALWAYS)), always);
    }
}
