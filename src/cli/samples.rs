//! The samples that come with the program.

use std::path::{Path, PathBuf};

macro_rules! samples {
    ($($file:literal),* $(,)?) => {
        /// Name and content of each file.
        const FILES: &[(&str, &str)] = &[$(($file, include_str!(concat!("../../samples/", $file)))),*];
    };
}

samples! {
    "hello.asl.json", "hello.input.json",
    "choice.asl.json", "choice.input.json",
    "data-flow.asl.json", "data-flow.input.json", "data-flow.mock.json",
    "variables.asl.json", "variables.input.json", "variables.mock.json",
    "jsonata.asl.json", "jsonata.input.json", "jsonata.mock.json",
    "retry-and-catch.asl.json", "retry-and-catch.input.json", "retry-and-catch.mock.json",
    "loop.asl.json", "loop.input.json", "loop.mock.json",
    "wait.asl.yaml", "wait.input.json", "wait.mock.json",
    "parallel.asl.json", "parallel.input.json", "parallel.mock.json",
    "map.asl.json", "map.input.json", "map.mock.json",
    "callback.asl.json", "callback.input.json", "callback.mock.json",
    "order.asl.json", "order.input.json", "order.mock.json",
    "template.yaml",
}

/// Puts the samples into `folder`, where they can be edited; files that are there stay as they are. Name, what it
/// teaches, and place of each definition.
#[must_use]
pub fn unpack(folder: &Path) -> Vec<(String, String, PathBuf)> {
    if std::fs::create_dir_all(folder).is_err() {
        return Vec::new();
    }
    let mut offers = Vec::new();
    for (name, text) in FILES {
        let path = folder.join(name);
        if !path.exists() && std::fs::write(&path, text).is_err() {
            continue;
        }
        if *name == "template.yaml" {
            let about = "State machines in a SAM template, with placeholders and their values";
            offers.push(("sample template".to_owned(), about.to_owned(), path));
        } else if let Some(sample) = name.split(".asl.").next().filter(|_| name.contains(".asl.")) {
            offers.push((format!("sample {sample}"), comment(name, text), path));
        }
    }
    offers
}

/// What a definition says about itself.
fn comment(name: &str, text: &str) -> String {
    let definition = crate::asl::Definition::read(name, text);
    let comment = definition.machine.as_ref().and_then(|machine| machine.comment.clone());
    comment.map_or_else(String::new, |comment| comment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_loads_and_says_what_it_teaches() {
        let folder = tempfile::tempdir().expect("a folder");
        let offers = unpack(folder.path());
        assert!(offers.len() >= 8, "{}", offers.len());
        for (name, about, path) in offers {
            assert!(about.len() > 20 && path.exists(), "{name}");
        }
    }
}
