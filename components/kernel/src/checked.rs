//! Indices that come from tables.
//!
//! [`Tables::check`](crate::tables::Tables::check) has seen that each of them names something, so looking them up
//! cannot fail. The compiler does not know that, and would give each of some hundred places a check and a message
//! for the panic that never comes. Objects, whose arrays have a power of two as their length, need no check: an index
//! is masked. The places that look into tables share one message.

/// The object that an index names.
pub(crate) fn object<T>(objects: &mut [T], index: impl Into<usize>) -> &mut T {
    let index = index.into();
    debug_assert!(objects.len().is_power_of_two() && index < objects.len(), "an index that no table has");
    &mut objects[index & (objects.len() - 1)]
}

/// What an index names in a table.
pub(crate) fn at<T>(items: &[T], index: impl Into<usize>) -> &T {
    match items.get(index.into()) {
        Some(item) => item,
        None => absent(),
    }
}

#[cold]
#[inline(never)]
fn absent() -> ! {
    panic!("an index that no table has");
}
