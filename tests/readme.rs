//! The README's table of keys is made from the command table: `ASLDB_BLESS=1 cargo test --test readme` writes it.

use asldb::tui::command::{COMMANDS, Chapter};
use asldb::tui::keymap::KeySequence;

const START: &str = "<!-- keys -->\n";
const END: &str = "<!-- /keys -->";

fn keys() -> String {
    let mut out = String::from("\n");
    for chapter in Chapter::ALL {
        let rows: Vec<_> = COMMANDS.iter().filter(|row| row.chapter == *chapter).collect();
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("### {}\n\n| keys | command | what it does |\n| --- | --- | --- |\n", chapter.title()));
        for row in rows {
            let mut labels: Vec<String> = Vec::new();
            for (keys, _) in row.keys {
                let label = KeySequence::parse(keys).expect("keys of the table parse").label();
                let label = format!("`{}`", label.replace('|', "\\|"));
                if !labels.contains(&label) {
                    labels.push(label);
                }
            }
            out.push_str(&format!("| {} | `{}` | {} |\n", labels.join(" "), row.name, row.doc.replace('|', "\\|")));
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_table_of_keys_is_that_of_the_program() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("README.md");
    let (before, rest) = readme.split_once(START).expect("the start mark");
    let (table, after) = rest.split_once(END).expect("the end mark");
    if std::env::var_os("ASLDB_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{START}{}{END}{after}", keys())).expect("written");
        return;
    }
    assert!(table == keys(), "README.md is stale: run `ASLDB_BLESS=1 cargo test --test readme`");
}
