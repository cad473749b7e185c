//! Indices that come from tables.
//!
//! [`Tables::check`](crate::tables::Tables::check) has seen that each of them names something, so looking them up
//! cannot fail. The compiler does not know that, and would give each of some hundred places a message of its own
//! for the panic that never comes: with these two functions they share one.

/// What an index names.
#[inline(always)]
pub(crate) fn at<T>(items: &[T], index: impl Into<usize>) -> &T {
    match items.get(index.into()) {
        Some(item) => item,
        None => absent(),
    }
}

/// The same, to change it.
#[inline(always)]
pub(crate) fn at_mut<T>(items: &mut [T], index: impl Into<usize>) -> &mut T {
    match items.get_mut(index.into()) {
        Some(item) => item,
        None => absent(),
    }
}

#[cold]
#[inline(never)]
fn absent() -> ! {
    panic!("an index that no table has");
}
