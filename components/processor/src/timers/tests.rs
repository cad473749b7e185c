//! Timers against a model that counts every tick.

use crate::timers::{NEVER, Timers};
use proptest::prelude::*;
use std::vec;

const WIS: u32 = 0x4000_0000;
const ENW: u32 = 0x8000_0000;
const DIS: u32 = 0x0800_0000;
const FIS: u32 = 0x0400_0000;

/// The manual's description, tick by tick; the watchdog and the fixed interval by the bits of the time base.
struct Model {
    now: u64,
    dec: u32,
    tsr: u32,
    reset: u32,
}

impl Model {
    fn tick(&mut self, tcr: u32, reload: u32) {
        let before = self.now;
        self.now += 1;
        if self.dec == 1 {
            self.tsr |= DIS;
            self.dec = if tcr & 0x0040_0000 != 0 { reload } else { 0 };
        } else if self.dec > 0 {
            self.dec -= 1;
        }
        let rises = |period: u32| before >> (period - 1) & 1 == 0 && self.now >> (period - 1) & 1 == 1;
        if rises([13, 17, 21, 25][(tcr >> 24 & 3) as usize]) {
            self.tsr |= FIS;
        }
        if rises([21, 25, 29, 33][(tcr >> 30) as usize]) {
            if self.tsr & ENW == 0 {
                self.tsr |= ENW;
            } else if self.tsr & WIS == 0 {
                self.tsr |= WIS;
            } else if tcr & 0x3000_0000 != 0 && self.reset == 0 {
                self.reset = tcr & 0x3000_0000;
                self.tsr = self.tsr & !0x3000_0000 | self.reset;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn settling_agrees_with_counting(
        // Close to where every bit that matters rises.
        start in prop::sample::select(vec![0xF00_u64, 0xF_F000, 0x1_000F_F000, 0xFF_F000, 0xFFFF_F000, 0x2_FFFF_F000]),
        periods in (0..4_u32, 0..4_u32, 0..4_u32),
        steps in prop::collection::vec(
            (1..9000_u64, 0..4_u32, 0..3000_u32, 0..3000_u32, any::<bool>(), any::<u32>()),
            1..12,
        ),
    ) {
        let mut model = Model { now: start, dec: 0, tsr: 0, reset: 0 };
        let mut timers = Timers::after_reset(start);
        let mut tsr = 0;
        for (ticks, what, value, reload, auto, clear) in steps {
            let (wp, fp, wrc) = periods;
            let tcr = wp << 30 | wrc << 28 | fp << 24 | 0x0C80_0000 | if auto { 0x0040_0000 } else { 0 };
            match what {
                0 => {
                    model.dec = value;
                    timers.set_decrementer(model.now, value);
                }
                1 => {
                    model.tsr &= !clear;
                    tsr &= !clear;
                }
                _ => {}
            }
            // The deadline comes before anything happens unseen, and something that interrupts happens then.
            timers.settle(model.now, tcr, &mut tsr, reload);
            let deadline = Some(timers.deadline).filter(|deadline| *deadline != NEVER);
            let before = (tsr & (DIS | FIS | WIS), timers.reset);
            for _ in 0..ticks {
                model.tick(tcr, reload);
                if deadline.is_none_or(|deadline| model.now < deadline) {
                    prop_assert_eq!((model.tsr & (DIS | FIS | WIS), model.reset), before);
                }
            }
            timers.settle(model.now, tcr, &mut tsr, reload);
            prop_assert_eq!((timers.decrementer(model.now), tsr, timers.reset), (model.dec, model.tsr, model.reset));
        }
    }
}

#[test]
fn a_reload_is_exact_however_late() {
    let mut timers = Timers::after_reset(0);
    let mut tsr = 0;
    timers.set_decrementer(0, 7);
    // 10^15 ticks later, in the middle of a period of 1009 that began at 7.
    let now = 7 + 1009 * 1_000_000_000_003 + 500;
    timers.settle(now, 0x0040_0000, &mut tsr, 1009);
    assert_eq!((timers.decrementer(now), tsr & DIS), (509, DIS));
}

#[test]
fn writing_zero_is_no_time_out() {
    let mut timers = Timers::after_reset(0);
    let mut tsr = 0;
    timers.set_decrementer(100, 0);
    timers.settle(200, 0x0400_0000, &mut tsr, 0);
    assert_eq!((tsr, timers.deadline), (0, NEVER));
}
