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
    pub const fn new(on_reset: Reaction, on_death: Reaction) -> Self {
        let [on_reset, on_death] =
            [Counted { reaction: on_reset, done: 0 }, Counted { reaction: on_death, done: 0 }];
        Self { on_reset, on_death }
    }

    /// What follows an end.
    pub fn follow(&mut self, end: End) -> Next {
        let counted = match end {
            End::Reset | End::Watchdog => &mut self.on_reset,
            End::Died(_) => &mut self.on_death,
            End::Ordered => return Next::Stop,
        };
        match counted.reaction {
            Reaction::Restart { max } if counted.done < max => {
                // Without a number it goes on for ever.
                counted.done += u32::from(max != u32::MAX);
                Next::Restart
            }
            Reaction::Restart { .. } | Reaction::Stop => Next::Stop,
            Reaction::Fail => Next::Fail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_end_has_its_own_count() {
        let mut policy = Policy::new(Reaction::ALWAYS, Reaction::Restart { max: 2 });
        let ends = [End::Died(""), End::Reset, End::Died(""), End::Reset, End::Died(""), End::Reset];
        let next = ends.map(|end| policy.follow(end));
        assert_eq!(next[..4], [Next::Restart; 4]);
        assert_eq!(next[4..], [Next::Stop, Next::Restart]);
    }

    #[test]
    fn some_guests_never_start_again() {
        let mut policy = Policy::new(Reaction::Stop, Reaction::Fail);
        assert_eq!([policy.follow(End::Reset), policy.follow(End::Died(""))], [Next::Stop, Next::Fail]);
    }
}
