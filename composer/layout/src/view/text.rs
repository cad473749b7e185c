//! The view as aligned tables.

use std::fmt;

use ppc440::tlb;

use super::{Row, SpaceView, StackView, View};
use crate::diagnose::{Address, Bytes};

/// The heads of the columns.
const HEADS: [&str; 6] = ["start", "last", "size", "rights", "owner", "why"];
/// The column of sizes, whose cells align to the right.
const SIZE: usize = 2;

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, space) in self.spaces.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            self.head(space, f)?;
            table(&space.rows, f)?;
        }
        writeln!(f, "\nstacks: what the deepest path takes of each")?;
        self.stacks.iter().try_for_each(|stack| line(stack, f))
    }
}

impl View {
    fn head(&self, space: &SpaceView, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = space.pages.map(|pages| format!("{pages} of {} TLB entries", tlb::ENTRIES));
        match (&space.pid, entries) {
            (Some(pid), Some(entries)) if space.pinned => {
                writeln!(f, "{}: pid {pid}, {entries} are pinned for it", space.space)
            }
            (Some(pid), Some(entries)) => writeln!(f, "{}: pid {pid}, {entries} hold all of it", space.space),
            (None, Some(entries)) => writeln!(f, "{}: {entries} are pinned for it", space.space),
            _ => {
                let free: u64 = space.rows.iter().filter(|row| row.owner.is_none()).map(|row| row.size).sum();
                let (board, ram, free) = (&self.board, Bytes(self.ram), Bytes(free));
                writeln!(f, "{}: board {board}, {ram} of RAM, {free} free", space.space)
            }
        }
    }
}

fn line(stack: &StackView, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let StackView { owner, given, .. } = stack;
    match (stack.needed, &stack.unknown) {
        (Some(needed), _) => writeln!(f, "  {owner:24}  {needed:>6} of {given} bytes"),
        (None, why) => {
            let why = why.as_deref().unwrap_or_default();
            writeln!(f, "  {owner:24}  {:>6} of {given} bytes, stated in the spec: {why}", "?")
        }
    }
}

fn table(rows: &[Row], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let cells: Vec<[String; 6]> =
        std::iter::once(HEADS.map(str::to_owned)).chain(rows.iter().map(cells)).collect();
    let mut widths = [0; HEADS.len()];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in &cells {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            line += "  ";
            line += &if column == SIZE { format!("{cell:>width$}") } else { format!("{cell:width$}") };
        }
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cells(row: &Row) -> [String; 6] {
    [
        Address(row.start).to_string(),
        Address(row.last).to_string(),
        Bytes(row.size).to_string(),
        row.rights.clone(),
        row.owner.clone().unwrap_or_else(|| "free".to_owned()),
        why(row),
    ]
}

/// Who said so and why, and who else reaches it.
fn why(row: &Row) -> String {
    let mut parts = Vec::new();
    match (&row.owner, &row.place) {
        (Some(_), None) => parts.push("automatic".to_owned()),
        (_, place) => parts.extend(place.clone()),
    }
    parts.extend(row.pin.clone());
    let users: Vec<_> = row
        .users
        .iter()
        .map(|user| match &user.borrows {
            Some(purpose) => format!("{} ({purpose})", user.name),
            None => user.name.clone(),
        })
        .collect();
    if !users.is_empty() {
        parts.push(format!("for {}", users.join(", ")));
    }
    parts.join("; ")
}
