//! The table of errors in `docs/reference/interfaces.md` says what the crate says.

use runtime::WireError;

const PAGE: &str = include_str!("../../../docs/reference/interfaces.md");

#[test]
fn every_error_has_its_row() {
    let (_, section) = PAGE.split_once("\n## Errors\n").expect("the heading");
    let rows = section.lines().skip_while(|line| !line.starts_with('|')).skip(2);
    let rows: Vec<Vec<&str>> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect();
    assert_eq!(rows.len(), WireError::ALL.len());
    for (error, row) in WireError::ALL.iter().zip(rows) {
        assert_eq!(row[..2], [error.number().to_string(), format!("{error:?}")]);
    }
}
