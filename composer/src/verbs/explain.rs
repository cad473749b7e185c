//! `composer explain`.

use composer_syntax::{Code, nearest};

use super::output::print;
use crate::exit::{self, End};

/// Prints a code's page, or the list of codes.
pub(crate) fn explain(written: Option<&str>) -> End {
    let Some(written) = written else {
        let lines = Code::ALL.iter().map(|code| format!("{code}  {}\n", code.title()));
        print(&lines.collect::<String>());
        return exit::OK;
    };
    match Code::find(written).and_then(composer_diagnostics::explain) {
        Some(page) => {
            print(page);
            exit::OK
        }
        None => {
            let codes: Vec<String> = Code::ALL.iter().map(Code::to_string).collect();
            let hint = nearest(&written.to_uppercase(), codes.iter().map(String::as_str))
                .map(|near| format!("; did you mean {near}?"))
                .unwrap_or_default();
            eprintln!("there is no code `{written}`{hint}\n`composer explain` lists all codes");
            Ok(exit::wrong())
        }
    }
}
