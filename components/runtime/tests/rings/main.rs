//! Rings between domains, by the kernel's rules on the host: what honest ends see of each other, and what
//! hostile ones cannot do.

mod behaviour;
mod hostile;
mod world;
