//! What handlebars lacks for printing Rust: whether a list fits on one line, and aligned comments.
//!
//! Both work on the text that their block renders, and follow rustfmt as the checkout configures it.

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, Renderable, StringOutput,
};

/// The longest line.
const WIDTH: usize = 110;

/// Adds the helpers to a registry.
pub(crate) fn register(registry: &mut Handlebars<'_>) {
    registry.register_helper("fit", Box::new(Fit));
    registry.register_helper("aligned", Box::new(Aligned));
}

/// `{{#fit}} … {{/fit}}`: puts its lines on one, if that is short enough and none but the last has a
/// comment.
struct Fit;

/// `{{#aligned}} … {{/aligned}}`: aligns the comments of neighbouring lines.
struct Aligned;

macro_rules! text_helper {
    ($helper:ident, $change:path) => {
        impl handlebars::HelperDef for $helper {
            fn call<'reg: 'rc, 'rc>(
                &self,
                helper: &Helper<'rc>,
                registry: &'reg Handlebars<'reg>,
                context: &'rc Context,
                render: &mut RenderContext<'reg, 'rc>,
                out: &mut dyn Output,
            ) -> HelperResult {
                let mut inner = StringOutput::new();
                if let Some(template) = helper.template() {
                    template.render(registry, context, render, &mut inner)?;
                }
                out.write(&$change(&inner.into_string()?))?;
                Ok(())
            }
        }
    };
}

text_helper!(Fit, fit);
text_helper!(Aligned, aligned);

/// Code and trailing comment of a line.
fn comment(line: &str) -> (&str, Option<&str>) {
    if line.trim_start().starts_with("//") {
        return (line, None);
    }
    // Strings hold no `// ` that stands for a comment: what follows the last quote decides.
    let from = line.rfind('"').unwrap_or(0);
    match line[from..].find(" // ") {
        Some(at) => (line[..from + at].trim_end(), Some(&line[from + at + 1..])),
        None => (line, None),
    }
}

fn fit(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let [first, .., last] = lines[..] else { return text.to_owned() };
    let (last, note) = comment(last);
    let inner = &lines[1..lines.len() - 1];
    let noted = |line: &&str| comment(line).1.is_some() || line.trim_start().starts_with("//");
    if std::iter::once(&first).chain(inner).any(noted) {
        return text.to_owned();
    }
    // Braces keep a space inside, brackets and parentheses do not.
    let mut joined = first.trim_end().to_owned();
    for line in inner.iter().copied().chain([last]) {
        let closes = line.trim_start().starts_with(['}', ')', ']']);
        if closes && joined.ends_with(',') {
            joined.pop();
        }
        let tight = joined.ends_with(['(', '[']) || line.trim_start().starts_with([')', ']']);
        joined.push_str(if tight { "" } else { " " });
        joined.push_str(line.trim());
    }
    if joined.chars().count() > WIDTH {
        return text.to_owned();
    }
    match note {
        Some(note) => format!("{joined} {note}\n"),
        None => format!("{joined}\n"),
    }
}

fn aligned(text: &str) -> String {
    let lines: Vec<(&str, Option<&str>)> = text.lines().map(comment).collect();
    let mut result = String::new();
    let mut done = 0;
    while done < lines.len() {
        let run = lines[done..].iter().take_while(|(_, note)| note.is_some()).count().max(1);
        let width = lines[done..done + run].iter().map(|(code, _)| code.chars().count()).max().unwrap_or(0);
        for (code, note) in &lines[done..done + run] {
            match note {
                Some(note) => result += &format!("{code:width$} {note}\n"),
                None => result += &format!("{code}\n"),
            }
        }
        done += run;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stands_on_one_line() {
        let text = "    let a = Wire {\n        slot: Slot(2),\n        bits: Bits(1),\n    }; // a.ron:1\n";
        assert_eq!(fit(text), "    let a = Wire { slot: Slot(2), bits: Bits(1) }; // a.ron:1\n");
        let text = "    f(\n        a,\n        b,\n    )\n";
        assert_eq!(fit(text), "    f(a, b)\n");
    }

    #[test]
    fn what_does_not_fit_or_has_comments_stays() {
        let long = format!("f(\n    {},\n    b,\n)\n", "a".repeat(WIDTH));
        assert_eq!(fit(&long), long);
        let noted = "f(\n    a, // a.ron:1\n    b,\n)\n";
        assert_eq!(fit(noted), noted);
    }

    #[test]
    fn comments_of_neighbours_align() {
        let text = "a, // 1\nbbb, // 2\nc,\ndd, // 3\n";
        assert_eq!(aligned(text), "a,   // 1\nbbb, // 2\nc,\ndd, // 3\n");
        let text = "a, // 1\n// why\nbbb, // 2\n";
        assert_eq!(aligned(text), text);
        let text = "url: \"http:// x\", // 1\nb, // 2\n";
        assert_eq!(aligned(text), "url: \"http:// x\", // 1\nb,                // 2\n");
    }
}
