//! Where everything lies: the interval map, allocation before and after linking, the lowered tables.
//!
//! ```text
//! System ── plan ──> Plan ── generate, compile, link ──> DomainImages ── place ──> Placed
//!                     │                                                               │
//!                     └ program: what domains' crates say        kernel, image: tables ┘
//! ```
//!
//! Two steps and no fixpoint. [`plan`](plan()) decides everything that is compiled into a domain, from
//! declared sizes only. [`place`](place()) decides physical addresses, from measured sizes. Both enter every
//! owner of every address into the one [`IntervalMap`], which refuses the second claim of an address: that
//! is where users' most frequent mistake is found, by one mechanism for all owners.

#![forbid(unsafe_code)]

mod claim;
mod diagnose;
mod growth;
mod input;
mod interval;
pub mod lowered;
mod place;
mod plan;
mod range;
#[cfg(test)]
mod sample;
pub mod view;
pub mod window;

pub use claim::{Access, Claim, Origin, Owner, Role, Segment, Space, User};
pub use growth::{grown, plan_growing};
pub use input::{
    DomainImage, GuestPart, GuestPayload, KernelImage, KernelNeeds, LinkedRights, LinkedSegment, StackFrame,
    StackNeed,
};
pub use interval::{IntervalMap, Refusal};
pub use place::{Contents, ImagePlan, ImageSegment, Placed, Stack, kernel_fits, place};
pub use plan::{Plan, plan};
pub use range::Range;
