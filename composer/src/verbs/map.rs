//! `composer map`.

use composer_build::setup::Purpose;
use composer_layout::view::View;

use super::build::built;
use super::output::print;
use crate::arguments::{Consent, Target};
use crate::exit::{self, End};
use crate::screen::Screen;

/// Prints who owns which address. Physical places follow from measured sizes, so the system is built.
pub(crate) fn map(target: &Target, consent: Consent, screen: &mut Screen) -> End {
    let finished = built(target, consent, &[Purpose::Build], screen)?;
    print(&View::new(&finished.system, &finished.placed).to_string());
    exit::OK
}
