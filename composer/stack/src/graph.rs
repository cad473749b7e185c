//! Who calls whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::Call;
use crate::claim::Claim;
use crate::frames::Switches;
use crate::instruction::{Flow, flow};
use crate::program::Program;

/// Functions and their calls.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    /// Functions, as the program numbers them.
    pub(crate) nodes: Vec<Node>,
    /// How often a function can be on a stack at once, of those whose source guards that.
    pub(crate) limits: BTreeMap<usize, u32>,
}

/// A function.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its name.
    pub(crate) name: String,
    /// Bytes of its frame, if they are fixed.
    pub(crate) frame: Option<u32>,
    /// Its calls, each callee once.
    pub(crate) edges: Vec<Edge>,
    /// Its first call through a pointer of which nobody says what it reaches.
    pub(crate) unsaid: Option<Call>,
}

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    /// The callee.
    pub(crate) to: usize,
    /// Whether through a pointer.
    pub(crate) indirect: bool,
}

impl Graph {
    /// The calls of a program.
    pub(crate) fn of(program: &Program<'_>, claims: &[Claim]) -> Self {
        let nodes = (0..program.functions.len()).map(|function| {
            let (edges, unsaid) = edges(program, function, claims);
            let about = &program.functions[function];
            let unsaid = unsaid.map(|at| Call {
                function: program.names().innermost(at).unwrap_or_else(|| about.name.clone()),
                at,
                place: program.names().place(at),
            });
            Node { name: about.name.clone(), frame: about.frame, edges, unsaid }
        });
        Self { nodes: nodes.collect(), limits: program.limits.clone() }
    }
}

/// A function's calls, and the place of the first of which nobody says what it reaches.
fn edges(program: &Program<'_>, function: usize, claims: &[Claim]) -> (Vec<Edge>, Option<u32>) {
    let about = &program.functions[function];
    let mut direct = BTreeSet::new();
    let mut indirect = BTreeSet::new();
    let mut unsaid = None;
    // Whether the next instruction runs after the last one.
    let mut falls = true;
    for (at, word) in program.words(about.start, about.end) {
        let found = flow(word, at);
        match found {
            Flow::Call(to) => direct.extend(program.at(to)),
            Flow::Jump(to, _) if !(about.start..about.end).contains(&to) => direct.extend(program.at(to)),
            Flow::CallPointer | Flow::JumpPointer(_) => match program.reached(at, claims) {
                Some(reached) => indirect.extend(reached),
                None => unsaid = unsaid.or(Some(at)),
            },
            Flow::Jump(..) | Flow::Leave(_) | Flow::Next => {}
        }
        falls = !matches!(found, Flow::Jump(_, true) | Flow::JumpPointer(true) | Flow::Leave(true));
    }
    // Assembly may run on into what follows it; the compiler's functions do not.
    if about.by_hand && falls {
        direct.extend(program.at(about.end));
    }
    if about.by_hand && program.switches == Switches::Allowed {
        // The kernel's assembly enters Rust by name. One piece that jumps to the next leaves nothing on the
        // stack for it, and each is a way in of its own.
        indirect.clear();
        unsaid = None;
        direct.retain(|&to| !(program.functions[to].by_hand && about.frame == Some(0)));
    }
    let direct = direct.iter().map(|&to| Edge { to, indirect: false });
    let indirect = indirect.iter().map(|&to| Edge { to, indirect: true });
    (direct.chain(indirect).collect(), unsaid)
}
