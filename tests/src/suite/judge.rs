//! Holds a run to what is expected of it.

use composer_machine::report::Event;
use composer_machine::{End, Outcome, pattern};

use super::{Expect, Run};

/// What is wrong with a run, one complaint each; nothing if all is well.
pub fn judge(run: &Run, outcome: &Outcome) -> Vec<String> {
    let ended = match (run.until, outcome.end) {
        (Some(_), End::Matched) | (None, End::Halted(_) | End::Done { .. }) => None,
        (until, _) => Some(outcome.failure(until.is_some()).unwrap_or_else(|| "it ended early".to_owned())),
    };
    let broken = run.expects.iter().filter_map(|expect| hold(expect, outcome).err());
    ended.into_iter().chain(broken).collect()
}

fn hold(expect: &Expect, outcome: &Outcome) -> Result<(), String> {
    let text = outcome.text();
    match *expect {
        Expect::Says(said) => count(said, &text)
            .and_then(|count| check(count > 0, || format!("the console never says `{said}`"))),
        Expect::Times(times, said) => count(said, &text).and_then(|count| {
            check(count == times, || format!("the console says `{said}` {count} times and not {times}"))
        }),
        Expect::Never(said) => {
            count(said, &text).and_then(|count| check(count == 0, || format!("the console says `{said}`")))
        }
        Expect::InOrder(all) => in_order(all, &text),
        Expect::Halts(code) => {
            check(outcome.end == End::Halted(code), || format!("it ended as {:?}", outcome.end))
        }
        Expect::Done => {
            check(outcome.end == End::Done { in_order: true }, || format!("it ended as {:?}", outcome.end))
        }
        Expect::Report { name, cause, described } => report(name, cause, described, outcome),
        Expect::Reports(expected) => {
            let count = outcome.reports().count();
            check(count == expected, || format!("there are {count} reports and not {expected}"))
        }
        Expect::Counts { machine, counters } => {
            let count = |counter: &&str| outcome.counts.as_ref()?.of(machine, counter);
            let missing = counters.iter().find(|counter| count(counter).unwrap_or(0) == 0);
            missing.map_or(Ok(()), |counter| Err(format!("{machine} has not counted {counter}")))
        }
        Expect::Stopped { name, by } => {
            let stopped = Event::Stopped { name: name.to_owned(), by: by.to_owned() };
            check(outcome.events.contains(&stopped), || format!("{name} is not stopped by {by}"))
        }
        Expect::Exited { name } => {
            let exited =
                |event: &Event| matches!(event, Event::Exited { name: who, code: 1.. } if who == name);
            check(outcome.events.iter().any(exited), || format!("{name} does not end in error"))
        }
    }
}

fn check(holds: bool, complaint: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(complaint()) }
}

fn count(said: &str, text: &str) -> Result<usize, String> {
    let pattern = pattern(said).map_err(|error| error.to_string())?;
    Ok(pattern.find_iter(text.as_bytes()).count())
}

fn in_order(all: &[&str], text: &str) -> Result<(), String> {
    let mut from = 0;
    for said in all {
        let pattern = pattern(said).map_err(|error| error.to_string())?;
        let found = pattern.find_at(text.as_bytes(), from);
        from = found
            .ok_or_else(|| format!("the console does not say `{said}`, or not behind what comes before it"))?
            .end();
    }
    Ok(())
}

fn report(name: &str, cause: &str, described: &str, outcome: &Outcome) -> Result<(), String> {
    let mut fitting = outcome.reports().enumerate().filter(|(_, report)| report.name == name);
    let Some((index, found)) = fitting.next() else { return Err(format!("there is no report of {name}")) };
    check(fitting.next().is_none(), || format!("there are several reports of {name}"))?;
    check(found.cause == cause, || format!("{name} ended by {} and not by {cause}", found.cause))?;
    let lines = outcome.described.get(index).map(|lines| lines.join("\n")).unwrap_or_default();
    let says = count(described, &lines)? > 0;
    check(says, || format!("below the report of {name} nothing says `{described}`:\n{lines}"))
}

#[cfg(test)]
mod tests {
    use composer_machine::report::Parser;

    use super::*;

    const CONSOLE: &str = "alice: one\nbob: one\nalice: two\n\
        [fugue] domain-report v1\n[fugue] cause=trap name=bob\n[fugue] end\n\
        [fugue] stopped domain=1 name=alice by=reaper\n[fugue] exited domain=3 name=carol code=2\n\
        [fugue] halt code=4\n";

    fn outcome() -> Outcome {
        let events = Parser::new().feed(CONSOLE.as_bytes()).into_iter().map(|(_, event)| event).collect();
        Outcome {
            end: End::Halted(4),
            events,
            console: CONSOLE.as_bytes().to_vec(),
            described: vec![vec!["  pc 0 bob::run  src/lib.rs:9".to_owned()]],
            counts: None,
            complaints: String::new(),
        }
    }

    fn complaints(expects: &'static [Expect]) -> Vec<String> {
        judge(&Run::of("none").expecting(expects), &outcome())
    }

    #[test]
    fn what_holds_gives_no_complaint() {
        let all = complaints(&[
            Expect::Says("^alice: one$"),
            Expect::Times(2, "^alice: "),
            Expect::Never("dave"),
            Expect::InOrder(&["alice: one", "bob: one", "alice: two"]),
            Expect::Halts(4),
            Expect::Report { name: "bob", cause: "trap", described: r"src/lib\.rs:9" },
            Expect::Reports(1),
            Expect::Stopped { name: "alice", by: "reaper" },
            Expect::Exited { name: "carol" },
        ]);
        assert_eq!(all, [""; 0]);
    }

    #[test]
    fn each_expectation_can_fail() {
        let all = complaints(&[
            Expect::Says("dave"),
            Expect::Says("("),
            Expect::Times(3, "^alice: "),
            Expect::Never("bob"),
            Expect::InOrder(&["alice: two", "bob: one"]),
            Expect::Halts(0),
            Expect::Done,
            Expect::Report { name: "alice", cause: "trap", described: "" },
            Expect::Report { name: "bob", cause: "illegal", described: "" },
            Expect::Report { name: "bob", cause: "trap", described: "elsewhere" },
            Expect::Reports(0),
            Expect::Counts { machine: "vm0", counters: &["msr"] },
            Expect::Stopped { name: "bob", by: "reaper" },
            Expect::Exited { name: "bob" },
        ]);
        assert_eq!(all.len(), 14, "{all:#?}");
    }

    #[test]
    fn a_run_must_end_as_it_should() {
        let run = Run::of("none");
        assert_eq!(judge(&run.until("x"), &outcome()).len(), 1);
        assert_eq!(judge(&run, &Outcome { end: End::TimedOut, ..outcome() }).len(), 1);
        assert!(judge(&run.until("x"), &Outcome { end: End::Matched, ..outcome() }).is_empty());
    }
}
