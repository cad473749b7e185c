//! The map for people and for programs: who owns what, and who said so.
//!
//! [`View`] is the same for both: it serialises, and prints as aligned tables.

mod text;

use composer_model::System;
use serde::Serialize;

use crate::{Claim, Origin, Placed, Role, Space, Stack, StackNeed};

/// Every space of a placed system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    /// Version of this form.
    pub schema: u32,
    /// The system.
    pub system: String,
    /// The board.
    pub board: String,
    /// Bytes of RAM.
    pub ram: u64,
    /// The spaces: physical, the kernel's, then the domains' in their order.
    pub spaces: Vec<SpaceView>,
    /// The stacks: the domains', in their order, then the kernel's.
    pub stacks: Vec<StackView>,
}

/// A thread's stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StackView {
    /// The domain, or `kernel`.
    pub owner: String,
    /// Bytes that it has.
    pub given: u64,
    /// Bytes that it needs at most; none if nobody can say.
    pub needed: Option<u64>,
    /// Why nobody can say.
    pub unknown: Option<String>,
    /// The deepest path, or the functions that call each other in a circle.
    pub path: Vec<String>,
}

/// One space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpaceView {
    /// `physical`, `kernel` or `domain alice`.
    pub space: String,
    /// Hardware PID, of a domain.
    pub pid: Option<u8>,
    /// How many pages translate it: entries that the TLB needs to hold all of it.
    pub pages: Option<usize>,
    /// Whether they stay in the TLB.
    pub pinned: bool,
    /// What lies in it, by address.
    pub rows: Vec<Row>,
}

/// A range with one owner, or free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// First address.
    pub start: u64,
    /// Last address.
    pub last: u64,
    /// Bytes.
    pub size: u64,
    /// `rwx`, with `-` for what is not allowed; of a physical range, to anybody.
    pub rights: String,
    /// The owner; none of free RAM.
    pub owner: Option<String>,
    /// The line that states it; none if composer chose.
    pub place: Option<String>,
    /// Why it lies exactly there, if it must.
    pub pin: Option<String>,
    /// Who else reaches it.
    pub users: Vec<UserView>,
}

/// Somebody besides the owner who reaches a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserView {
    /// `kernel`, or a domain.
    pub name: String,
    /// For what, if it is borrowed.
    pub borrows: Option<String>,
}

impl View {
    /// The view of a placed system.
    pub fn new(system: &System, placed: &Placed) -> Self {
        let domains = placed.kernel.domains.iter().map(|domain| SpaceView {
            pid: Some(domain.pid),
            pages: Some(domain.pages.len()),
            pinned: domain.pinned,
            ..space(placed, &Space::Domain(domain.name.clone()))
        });
        let boot = &placed.kernel.boot;
        // Text, data, the core's own, what a report reads; then devices.
        let kernel = SpaceView {
            pages: Some(4 + usize::from(system.has_vm()) + boot.devices.len()),
            pinned: true,
            ..space(placed, &Space::Kernel)
        };
        let physical = physical(system, placed);
        Self {
            schema: 1,
            system: system.name.clone(),
            board: system.board.name.clone(),
            ram: system.board.memory.iter().map(|memory| memory.size).sum(),
            spaces: [physical, kernel].into_iter().chain(domains).collect(),
            stacks: placed.stacks.iter().map(stack).collect(),
        }
    }
}

fn stack(stack: &Stack) -> StackView {
    let (owner, given) = (stack.owner.clone(), stack.given);
    match &stack.need {
        StackNeed::Bounded { bytes, path } => {
            let path = path.iter().map(|frame| format!("{} {}", frame.bytes, frame.function)).collect();
            StackView { owner, given, needed: Some(*bytes), unknown: None, path }
        }
        StackNeed::Unbounded { why, cycle, .. } => {
            StackView { owner, given, needed: None, unknown: Some(why.clone()), path: cycle.clone() }
        }
    }
}

fn space(placed: &Placed, space: &Space) -> SpaceView {
    let rows = placed.map.claims(space).map(row).collect();
    SpaceView { space: space.to_string(), pid: None, pages: None, pinned: false, rows }
}

/// Physical memory, with what of RAM is free.
fn physical(system: &System, placed: &Placed) -> SpaceView {
    let mut view = space(placed, &Space::Physical);
    for ram in crate::plan::ram(&system.board) {
        view.rows.extend(placed.map.gaps(&Space::Physical, ram).into_iter().map(|gap| Row {
            start: gap.start(),
            last: gap.last(),
            size: gap.size(),
            rights: crate::Access::NONE.to_string(),
            owner: None,
            place: None,
            pin: None,
            users: Vec::new(),
        }));
    }
    view.rows.sort_by_key(|row| row.start);
    view
}

fn row(claim: &Claim) -> Row {
    Row {
        start: claim.range.start(),
        last: claim.range.last(),
        size: claim.range.size(),
        rights: claim.access.to_string(),
        owner: Some(claim.owner.to_string()),
        place: match &claim.origin {
            Origin::Stated { place, .. } => Some(place.clone()),
            Origin::Automatic => None,
        },
        pin: claim.pin.clone(),
        users: claim
            .users
            .iter()
            .map(|user| UserView {
                name: user.name.clone(),
                borrows: match &user.role {
                    Role::Granted => None,
                    Role::Borrower(why) => Some(why.clone()),
                },
            })
            .collect(),
    }
}
