//! `composer map`.

use composer_build::setup::Purpose;
use composer_layout::view::View;

use super::build::built;
use super::output::{print, print_json};
use crate::arguments::{Consent, Target};
use crate::exit::{self, End};
use crate::screen::Screen;

/// Prints who owns which address. Physical places follow from measured sizes, so the system is built.
pub(crate) fn map(target: &Target, consent: Consent, as_json: bool, screen: &mut Screen) -> End {
    let finished = built(target, consent, &[Purpose::Build], screen)?;
    let view = View::new(&finished.system, &finished.placed);
    if as_json {
        print_json(&view);
    } else {
        print(&view.to_string());
    }
    exit::OK
}
