//! What a spec switches on and off as a whole: a config field of kind `Choice`.

/// Whether something is there: [`On`] or [`Off`], by the spec.
///
/// A component asks for it by type, so that nothing of what is off is in the program:
///
/// ```
/// use runtime::{Choice, Off, On};
///
/// struct Meter<C: Choice> {
///     counts: C::Of<[u32; 64]>,
/// }
///
/// impl<C: Choice> Meter<C> {
///     fn count(&mut self, what: usize) {
///         if let Some(counts) = C::get(&mut self.counts) {
///             counts[what] += 1;
///         }
///     }
/// }
///
/// assert_eq!(size_of::<Meter<Off>>(), 0);
/// let mut meter = Meter::<On> { counts: On::of([0; 64]) };
/// meter.count(3);
/// assert_eq!(meter.counts[3], 1);
/// ```
pub trait Choice {
    /// The value if it is on, nothing if it is off.
    type Of<T>;

    /// Keeps the value if it is on.
    fn of<T>(value: T) -> Self::Of<T>;

    /// The value, if it is on.
    fn get<T>(of: &mut Self::Of<T>) -> Option<&mut T>;
}

/// It is there.
#[derive(Clone, Copy, Debug)]
pub enum On {}

/// It is not there.
#[derive(Clone, Copy, Debug)]
pub enum Off {}

impl Choice for On {
    type Of<T> = T;

    #[inline(always)]
    fn of<T>(value: T) -> T {
        value
    }

    #[inline(always)]
    fn get<T>(of: &mut T) -> Option<&mut T> {
        Some(of)
    }
}

impl Choice for Off {
    type Of<T> = ();

    #[inline(always)]
    fn of<T>(_: T) {}

    #[inline(always)]
    fn get<T>(_: &mut ()) -> Option<&mut T> {
        None
    }
}
