//! Guests.

use crate::suite::{Case, What, custom};

/// The cases.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "guest-shell",
        about: "the guest's kernel and files, made by their recipe, boot natively to a shell",
        what: What::Custom(custom::guest_shell),
    },
    Case {
        name: "guest-benchmark",
        about: "the guest's benchmark says the same in every native run",
        what: What::Custom(custom::guest_benchmark),
    },
];
