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
    let Some((last, before)) = lines.split_last() else { return text.to_owned() };
    let (last, note) = comment(last);
    let noted = |line: &&str| comment(line).1.is_some() || line.trim_start().starts_with("//");
    if before.iter().any(noted) {
        return text.to_owned();
    }
    // Braces keep a space inside, brackets and parentheses do not.
    let mut parts = before.iter().copied().chain([last]);
    let mut joined = parts.next().unwrap_or_default().trim_end().to_owned();
    for line in parts {
        let closes = line.trim_start().starts_with(['}', ')', ']']);
        if closes && joined.ends_with(',') {
            joined.pop();
        }
        let tight = joined.ends_with(['(', '[']) || line.trim_start().starts_with([')', ']']);
        joined.push_str(if tight { "" } else { " " });
        joined.push_str(line.trim());
    }
    let note = note.map(|note| format!(" {note}")).unwrap_or_default();
    if width(&joined) <= WIDTH {
        return format!("{joined}{note}\n");
    }
    // A declaration breaks behind its `=` before its value breaks.
    let indent = joined.len() - joined.trim_start().len() + 4;
    let declares = ["let ", "const "].iter().any(|word| joined.trim_start().starts_with(word));
    match joined.split_once(" = ").filter(|_| declares) {
        Some((name, value)) if indent + width(value) <= WIDTH => {
            format!("{name} =\n{:indent$}{value}{note}\n", "")
        }
        _ => text.to_owned(),
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn aligned(text: &str) -> String {
    let lines: Vec<(&str, Option<&str>)> = text.lines().map(comment).collect();
    let mut result = String::new();
    let mut column = None;
    for (index, &(code, note)) in lines.iter().enumerate() {
        let Some(note) = note else {
            column = None;
            result += &format!("{code}\n");
            continue;
        };
        let last = index + 1 == lines.len();
        let wanted = || if last { None } else { Some(column_of(&lines[index..])) };
        let padding = |column: Option<usize>| column.map_or(0, |column| column.saturating_sub(width(code)));
        column = column.or_else(wanted);
        if width(code) + padding(column) + 1 + width(note) > WIDTH {
            column = wanted();
        }
        result += &format!("{code}{:1$} {note}\n", "", padding(column));
    }
    result
}

/// The width of code behind which the comments of the first lines stand. As in rustfmt, a line joins only
/// if it, and the whole first line, together are short enough.
fn column_of(lines: &[(&str, Option<&str>)]) -> usize {
    let (first, note) = lines[0];
    let whole = width(first) + note.map_or(0, width);
    let joins = |line: &&(&str, Option<&str>)| {
        // rustfmt counts neither indentation nor comma of the lines that join.
        line.1.is_some() && width(line.0.trim_start()).saturating_sub(1) + whole <= WIDTH
    };
    let joined = lines[1..].iter().take_while(joins).map(|line| width(line.0));
    joined.chain([width(first)]).max().unwrap_or(0)
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
    fn a_declaration_breaks_behind_its_equals_sign_first() {
        let value = "a".repeat(WIDTH - 8);
        let text = format!("    let b = A {{\n        {value},\n    }};\n");
        assert_eq!(fit(&text), text, "it is too long for that as well");
        let value = "a".repeat(WIDTH - 15);
        let text = format!("    let b = A {{\n        {value},\n    }}; // a.ron:1\n");
        assert_eq!(fit(&text), format!("    let b =\n        A {{ {value} }}; // a.ron:1\n"));
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
