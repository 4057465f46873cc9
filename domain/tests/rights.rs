//! SECURITY.md shows the table of rights as it is in code.

const BEGIN: &str = "<!-- rights:begin -->\n";
const END: &str = "<!-- rights:end -->";

#[test]
fn the_printed_table_is_the_one_in_code() {
    let page = include_str!("../../SECURITY.md");
    let printed = page.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map(|(table, _)| table.trim());
    assert_eq!(printed, Some(domain::access::table().trim()), "copy the right-hand side between the two marks");
}
