//! The pages, one for each code, from `pages/`.

use composer_syntax::Code;

/// By code, in ascending order.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page that explains `code`, in Markdown: what it means, an example that is wrong, and the same put
/// right. A test holds that every code has one.
pub fn explain(code: Code) -> Option<&'static str> {
    let name = code.to_string();
    PAGES.iter().find(|(page, _)| *page == name).map(|(_, text)| *text)
}

/// The codes that the pages are named after.
#[cfg(test)]
fn named() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(page, _)| *page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page() {
        let missing: Vec<String> =
            Code::ALL.iter().filter(|code| explain(**code).is_none()).map(Code::to_string).collect();
        assert!(missing.is_empty(), "write composer/diagnostics/pages/CODE.md for {}", missing.join(", "));
    }

    #[test]
    fn every_page_has_a_code() {
        for page in named() {
            let code = Code::find(page).unwrap_or_else(|| panic!("no code is called {page}"));
            assert_eq!(code.to_string(), page);
        }
    }

    #[test]
    fn pages_begin_with_code_and_title() {
        for &code in Code::ALL {
            let Some(page) = explain(code) else { continue };
            let heading = format!("# {code}: {}", code.title());
            assert_eq!(page.lines().next(), Some(heading.as_str()));
        }
    }
}
