//! The benchmarks by name: how each is measured, and what is taken off.

use interfaces::{Bench, FloatRounds, Pages};
use runtime::{Memory, Timer, WireError};

use crate::{Driver, Ports, rounds, store};

/// Ticks of so many rounds.
type Ticks = Result<u64, WireError>;

/// A benchmark.
pub(crate) struct Benchmark<P: Ports> {
    pub(crate) name: &'static str,
    /// Ticks of so many rounds.
    pub(crate) measured: fn(&mut Driver<P>, u32) -> Ticks,
    /// Ticks of as many rounds without what is measured.
    pub(crate) around: fn(&mut Driver<P>, u32) -> Ticks,
    /// How often the measured thing happens in a round.
    pub(crate) each: u32,
    /// What begins a round: `clock` or, where no reading of the clock can mark it, `entry` into the kernel.
    pub(crate) from: &'static str,
}

/// Entries in the map whose refills are measured. `composer bench` holds the image to it.
const MAP_ENTRIES: u32 = 16;

/// Words that are queued before the server gets to run: as many as the ring has slots, less the request that
/// waits for them.
const POSTS: u32 = 15;

impl<P: Ports> Driver<P> {
    /// All of them, in the order in which they are measured and printed.
    pub(crate) fn benchmarks() -> [Benchmark<P>; 17] {
        [
            Self::benchmark("syscall.null", Self::null, Self::empty),
            Self::benchmark(
                "syscall.signal",
                |driver, rounds| driver.wires.bench.signals(rounds, false),
                |driver, rounds| driver.wires.bench.signals(rounds, true),
            ),
            Self::benchmark("ipc.call_reply.0w", Self::nothing, Self::empty),
            Self::benchmark("ipc.call_reply.2w", Self::two, Self::empty),
            Self::benchmark("ipc.call_reply.4w", Self::four, Self::empty),
            Self::benchmark("ipc.call_reply.8w", Self::eight, Self::empty),
            Self::benchmark("ipc.one_way.0w", Self::one_way, Self::no_time),
            Self::benchmark("notify.signal_wait", Self::signal_wait, Self::no_time),
            Self::benchmark("irq.to_user", Self::irq, Self::no_time),
            Benchmark {
                from: "entry",
                ..Self::benchmark("timer.to_user", Self::timer, Self::nothing_at_all)
            },
            Self::benchmark("ring.call_reply.0w", Self::drain, Self::empty),
            Benchmark { each: POSTS, ..Self::benchmark("ring.post", Self::post, Self::drain) },
            Self::benchmark("fault.handler_resume", Self::fault, Self::empty),
            Benchmark {
                each: 2,
                ..Self::benchmark(
                    "fpu.switch",
                    |driver, rounds| driver.wires.floats.rounds(rounds, 1, 1),
                    |driver, rounds| driver.wires.floats.rounds(rounds, 2, 0),
                )
            },
            Self::benchmark(
                "fpu.call_reply.one",
                |driver, rounds| driver.wires.floats.rounds(rounds, 1, 0),
                |driver, rounds| driver.wires.floats.empty(rounds),
            ),
            Self::benchmark(
                "fpu.call_reply.both",
                |driver, rounds| driver.wires.floats.rounds(rounds, 1, 1),
                |driver, rounds| driver.wires.floats.empty(rounds),
            ),
            Benchmark { each: MAP_ENTRIES, ..Self::benchmark("tlb.refill", Self::refill, Self::no_refill) },
        ]
    }

    const fn benchmark(
        name: &'static str,
        measured: fn(&mut Self, u32) -> Ticks,
        around: fn(&mut Self, u32) -> Ticks,
    ) -> Benchmark<P> {
        Benchmark { name, measured, around, each: 1, from: "clock" }
    }

    /// Ticks of a loop.
    #[inline(always)]
    fn ticks(&mut self, rounds: u32, mut round: impl FnMut(&mut P::Bench)) -> Ticks {
        let start = self.wires.clock.now();
        for _ in 0..rounds {
            round(&mut self.wires.bench);
        }
        Ok(self.wires.clock.now() - start)
    }

    /// Ticks of intervals that end at another place than they begin.
    #[inline(always)]
    fn sum(&mut self, rounds: u32, mut round: impl FnMut(&mut Self) -> Ticks) -> Ticks {
        let mut sum = 0;
        for _ in 0..rounds {
            sum += round(self)?;
        }
        Ok(sum)
    }

    fn empty(&mut self, rounds: u32) -> Ticks {
        self.ticks(rounds, |_| rounds::empty())
    }

    fn null(&mut self, rounds: u32) -> Ticks {
        self.ticks(rounds, |_| rounds::null())
    }

    fn fault(&mut self, rounds: u32) -> Ticks {
        self.ticks(rounds, |_| rounds::fault())
    }

    fn nothing(&mut self, rounds: u32) -> Ticks {
        self.ticks(rounds, rounds::nothing)
    }

    fn two(&mut self, rounds: u32) -> Ticks {
        self.ticks(rounds, rounds::two)
    }

    fn four(&mut self, rounds: u32) -> Ticks {
        self.ticks(rounds, rounds::four)
    }

    fn eight(&mut self, rounds: u32) -> Ticks {
        self.ticks(rounds, rounds::eight)
    }

    /// From here to the server's method.
    fn one_way(&mut self, rounds: u32) -> Ticks {
        self.sum(rounds, |driver| rounds::one_way(&mut driver.wires.bench, &driver.wires.clock))
    }

    /// A request over a ring that is empty, and its answer.
    fn drain(&mut self, rounds: u32) -> Ticks {
        self.queue(rounds, rounds::drain)
    }

    /// The same behind as many words as the ring holds.
    fn post(&mut self, rounds: u32) -> Ticks {
        self.queue(rounds, |queue| {
            for word in 0..POSTS {
                rounds::put(queue, word);
            }
            rounds::drain(queue);
        })
    }

    #[inline(always)]
    fn queue(&mut self, rounds: u32, mut round: impl FnMut(&mut P::Queue)) -> Ticks {
        let start = self.wires.clock.now();
        for _ in 0..rounds {
            round(&mut self.wires.queue);
        }
        Ok(self.wires.clock.now() - start)
    }

    /// From one reading of the clock to the next: what an interval costs that is empty.
    fn no_time(&mut self, rounds: u32) -> Ticks {
        self.sum(rounds, |driver| {
            let start = driver.wires.clock.now();
            Ok(driver.wires.clock.now() - start)
        })
    }

    /// For what begins at a moment that no reading of the clock marks.
    fn nothing_at_all(&mut self, rounds: u32) -> Ticks {
        self.no_time(rounds).map(|_| 0)
    }

    fn signal_wait(&mut self, rounds: u32) -> Ticks {
        self.sum(rounds, |driver| {
            let waits = driver.ask(0)?;
            let start = driver.wires.bench.signal()?;
            Ok(driver.end(waits)?.0 - start)
        })
    }

    fn irq(&mut self, rounds: u32) -> Ticks {
        let register = self.config.interrupt_enable;
        self.sum(rounds, |driver| {
            let waits = driver.ask(1)?;
            let start = driver.wires.clock.now();
            store::raise(register);
            Ok(driver.end(waits)?.0 - start)
        })
    }

    fn timer(&mut self, rounds: u32) -> Ticks {
        self.sum(rounds, |driver| {
            let waits = driver.ask(2)?;
            let (end, deadline) = driver.end(waits)?;
            Ok(end.saturating_sub(deadline))
        })
    }

    /// From here through all pages of a domain that has none in the TLB.
    fn refill(&mut self, rounds: u32) -> Ticks {
        self.sum(rounds, |driver| {
            driver.wires.other_a.touch()?;
            driver.wires.other_b.touch()?;
            driver.wires.other_c.touch()?;
            driver.wires.other_d.touch()?;
            driver.touched()
        })
    }

    /// The same with all of them there.
    fn no_refill(&mut self, rounds: u32) -> Ticks {
        self.wires.pages.touch()?;
        self.sum(rounds, Self::touched)
    }

    #[inline(never)]
    fn touched(&mut self) -> Ticks {
        // The way of the call itself: this domain's own pages are in the TLB again.
        self.wires.bench.nothing()?;
        let start = self.wires.clock.now();
        Ok(self.wires.pages.touch_and_stamp()? - start)
    }

    /// Asks the handler for a trial; how many waits had ended before.
    fn ask(&mut self, trial: u32) -> Result<u32, WireError> {
        let waits = self.waits()?;
        self.wires.bench.ask(trial)?;
        Ok(waits)
    }

    /// Waits, without giving up the processor, for the handler's next wait to have ended; the time of that,
    /// and the deadline that it had.
    fn end(&mut self, waits: u32) -> Result<(u64, u64), WireError> {
        while self.waits()? == waits {}
        let (mut end, mut deadline) = ([0; 8], [0; 8]);
        self.wires.board.read(0, &mut end)?;
        self.wires.board.read(8, &mut deadline)?;
        Ok((u64::from_be_bytes(end), u64::from_be_bytes(deadline)))
    }

    fn waits(&self) -> Result<u32, WireError> {
        let mut waits = [0; 4];
        self.wires.board.read(16, &mut waits)?;
        Ok(u32::from_be_bytes(waits))
    }
}
