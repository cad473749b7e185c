//! Diagnostics as people and programs see them, compared whole.

use composer_diagnostics::{Style, human, human_all, json, summary};
use composer_syntax::{Code, Decode, Diagnostic, Diagnostics, Fields, SourceMap, Span, Value, parse};
use proptest::prelude::*;

struct Instance;

impl Decode for Instance {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Instance", found)?;
        fields.required::<String>("component");
        fields.optional::<u8>("priority");
        fields.close();
        Some(Instance)
    }
}

/// The mistakes of `text` as an instance.
fn mistakes(text: &str) -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::new();
    let file = sources.add("hello.ron", text);
    let parsed = parse(&sources, file);
    let mut found = Diagnostics::new();
    found.extend(parsed.diagnostics);
    if let Some(value) = parsed.value {
        Instance::decode(&value, &mut found);
    }
    (sources, found.into_sorted())
}

#[track_caller]
fn shows(text: &str, expected: &str) {
    let (sources, found) = mistakes(text);
    assert_eq!(human_all(&found, &sources, Style::default()), expected.trim_start_matches('\n'));
}

#[test]
fn a_fix_is_shown_as_changed_source() {
    shows(
        "Instance(\n    component: \"greeter\",\n    priorty: 20,\n)\n",
        "
error[F0101]: `Instance` has no field `priorty`
 --> hello.ron:3:5
  |
3 |     priorty: 20,
  |     ^^^^^^^ did you mean `priority`?
  |
help: write `priority`
  |
3 |     priority: 20,
  |          +

1 error; `composer explain F0101` says more
",
    );
}

#[test]
fn several_labels_and_several_mistakes() {
    shows(
        "Instance(\n    component: greeter,\n    priority: 1,\n    priority: 300,\n)\n",
        "
error[F0103]: expected a string, found `greeter`
 --> hello.ron:2:16
  |
2 |     component: greeter,
  |                ^^^^^^^ expected a string
  |
help: quote it
  |
2 -     component: greeter,
2 +     component: \"greeter\",
  |

error[F0102]: field `priority` is given twice
 --> hello.ron:4:5
  |
3 |     priority: 1,
  |     -------- first given here
4 |     priority: 300,
  |     ^^^^^^^^ given again here

2 errors; `composer explain F0103` says more
",
    );
}

#[test]
fn notes_and_helps_follow_the_source() {
    let (sources, found) = mistakes("Instance(component: \"a\", colour: 1)");
    let expected = "
error[F0101]: `Instance` has no field `colour`
 --> hello.ron:1:26
  |
1 | Instance(component: \"a\", colour: 1)
  |                          ^^^^^^ not known
  |
  = note: known here: `component`, `priority`";
    assert_eq!(human(&found[0], &sources, Style::default()), expected.trim_start());
}

#[test]
fn a_diagnostic_without_a_place() {
    let mut sources = SourceMap::new();
    let missing = sources.load("none.ron", std::path::Path::new("/nonexistent/none.ron")).unwrap_err();
    let text = human(&missing, &sources, Style::default());
    assert!(text.starts_with("error[F0901]: cannot read `none.ron`: "), "{text}");
}

#[test]
fn two_files_in_one_diagnostic() {
    let mut sources = SourceMap::new();
    let spec = sources.add("hello.ron", "wires: {\"out\": Call(\"x\")}\n");
    let manifest = sources.add("component.ron", "\n\nrequires: {\"out\": \"Console@1\"}\n");
    let diagnostic = Diagnostic::error(Code::WrongType, "the ends do not fit")
        .primary(Span::new(spec, 20, 23), "speaks another")
        .secondary(Span::new(manifest, 20, 31), "required here");
    let expected = "
error[F0103]: the ends do not fit
 --> hello.ron:1:21
  |
1 | wires: {\"out\": Call(\"x\")}
  |                     ^^^ speaks another
  |
 ::: component.ron:3:19
  |
3 | requires: {\"out\": \"Console@1\"}
  |                   ----------- required here";
    assert_eq!(human(&diagnostic, &sources, Style::default()), expected.trim_start());
}

#[test]
fn colour_only_when_asked_for() {
    let (sources, found) = mistakes("Instance(component: 1)");
    assert!(!human(&found[0], &sources, Style::default()).contains('\u{1b}'));
    assert!(human(&found[0], &sources, Style { colour: true, width: 80 }).contains("\u{1b}["));
}

#[test]
fn a_spec_cannot_write_to_the_terminal() {
    let (sources, found) =
        mistakes("Instance(component: \"a\", \"x\u{1b}[2Jy\": 1, priority: \"\u{1b}]0;t\u{7}\")");
    assert!(!found.is_empty());
    let text = human_all(&found, &sources, Style::default());
    assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
}

#[test]
fn summaries_count() {
    let warning = Diagnostic::warning(Code::UnknownName, "w");
    let error = Diagnostic::error(Code::WrongType, "e");
    assert_eq!(summary(&[]), None);
    assert_eq!(
        summary(std::slice::from_ref(&warning)).unwrap(),
        "1 warning; `composer explain F0108` says more"
    );
    let all = [warning, error.clone(), error];
    assert_eq!(summary(&all).unwrap(), "2 errors and 1 warning; `composer explain F0103` says more");
}

#[test]
fn json_holds_everything() {
    let (sources, found) = mistakes("(component: é)");
    assert_eq!(
        json(&found, &sources),
        r#"{
  "schema": 1,
  "diagnostics": [
    {
      "code": "F0103",
      "title": "value is of another type",
      "severity": "error",
      "message": "expected a string, found `é`",
      "labels": [
        {
          "primary": true,
          "text": "expected a string",
          "span": {
            "file": "hello.ron",
            "start": {
              "line": 1,
              "column": 13,
              "offset": 12
            },
            "end": {
              "line": 1,
              "column": 14,
              "offset": 14
            }
          }
        }
      ],
      "notes": [],
      "helps": [],
      "fix": {
        "message": "quote it",
        "edits": [
          {
            "span": {
              "file": "hello.ron",
              "start": {
                "line": 1,
                "column": 13,
                "offset": 12
              },
              "end": {
                "line": 1,
                "column": 14,
                "offset": 14
              }
            },
            "replacement": "\"é\""
          }
        ]
      }
    }
  ]
}
"#
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_text_rendering_does_not_panic(
        text in prop_oneof![any::<String>(), "[()\\[\\]{}:,\"' a\t\r\n=\u{e9}\u{1F600}\u{200b}]{0,60}"],
        width in 1..200usize,
    ) {
        let (sources, found) = mistakes(&text);
        human_all(&found, &sources, Style { colour: false, width });
        json(&found, &sources);
    }

    #[test]
    fn whatever_the_span_rendering_does_not_panic(
        text in any::<String>(),
        start in 0..40usize,
        end in 0..40usize,
    ) {
        let mut sources = SourceMap::new();
        let span = Span::new(sources.add("a", text), start, end);
        let diagnostic =
            Diagnostic::error(Code::WrongType, "m").primary(span, "l").fix("f", span, "x\ny").note("n");
        human(&diagnostic, &sources, Style::default());
        json(&[diagnostic], &sources);
    }
}
