//! Budgets can be kept: each fits into its period, and all of them into the core.

use composer_syntax::{Code, Diagnostic, Diagnostics, Duration, Spanned};

use crate::draft::Draft;
use crate::spec::BudgetText;

/// Ticks in the longest period: what the decrementer holds.
const LONGEST: u64 = u32::MAX as u64;

pub(super) fn check(draft: &Draft<'_>, found: &mut Diagnostics) {
    let mut kept = vec![];
    for (index, domain) in draft.domains.iter().enumerate() {
        let stated = domain.instances.iter().find_map(|&one| draft.instances[one].text.budget.given());
        let Some(budget) = stated else { continue };
        match problem(draft, &budget.value) {
            Some(problem) => found.push(problem),
            None => kept.push((index, budget)),
        }
    }
    found.extend(overcommitted(draft, &kept));
}

fn problem(draft: &Draft<'_>, budget: &BudgetText) -> Option<Diagnostic> {
    let BudgetText { time, period } = budget;
    for (what, duration) in [("time", time), ("period", period)] {
        if let Some(problem) = too_short(draft, what, duration) {
            return Some(problem);
        }
    }
    if let Some(problem) = too_long(draft, period) {
        return Some(problem);
    }
    (time.value >= period.value).then(|| {
        let message = format!("a budget of {} in {} bounds nothing", time.value, period.value);
        Diagnostic::error(Code::BadBudget, message)
            .primary(time.span, "not shorter than the period")
            .secondary(period.span, "the period")
            .help("leave `budget` out for a domain that may use all the time that its priority gets")
    })
}

fn too_long(draft: &Draft<'_>, period: &Spanned<Duration>) -> Option<Diagnostic> {
    let frequency = draft.board?.time_base;
    (period.value.ticks(frequency) > LONGEST).then(|| {
        Diagnostic::error(Code::BadBudget, "the budget's period is longer than the kernel can count")
            .primary(period.span, format!("{} are {} ticks", period.value, period.value.ticks(frequency)))
            .note(format!("at most {LONGEST} ticks; the board's time base has {frequency} in a second"))
    })
}

fn too_short(draft: &Draft<'_>, what: &str, duration: &Spanned<Duration>) -> Option<Diagnostic> {
    let frequency = draft.board?.time_base;
    (duration.value.ticks(frequency) == 0).then(|| {
        let message = format!("the budget's {what} is shorter than a tick");
        Diagnostic::error(Code::BadBudget, message)
            .primary(duration.span, "cannot be counted")
            .note(format!("the board's time base has {frequency} ticks in a second"))
    })
}

/// Thousandths of the core.
fn share(budget: &BudgetText) -> u128 {
    u128::from(budget.time.value.0) * 1000 / u128::from(budget.period.value.0.max(1))
}

fn overcommitted(draft: &Draft<'_>, budgets: &[(usize, &Spanned<BudgetText>)]) -> Option<Diagnostic> {
    let sum: u128 = budgets.iter().map(|(_, budget)| share(&budget.value)).sum();
    if sum <= 1000 {
        return None;
    }
    let percent = |share: u128| format!("{}.{} %", share / 10, share % 10);
    let message = format!("the budgets add up to {} of the core", percent(sum));
    let mut diagnostic = Diagnostic::warning(Code::Overcommitted, message)
        .note("a budget is a bound, and no promise: those of lower priority may get less")
        .help("make the budgets smaller, so that each domain can have what the spec says");
    for (index, (domain, budget)) in budgets.iter().enumerate() {
        let name = &draft.domains[*domain].name.value;
        let label = format!("`{name}` may use {}", percent(share(&budget.value)));
        diagnostic = match index {
            0 => diagnostic.primary(budget.span, label),
            _ => diagnostic.secondary(budget.span, label),
        };
    }
    Some(diagnostic)
}
