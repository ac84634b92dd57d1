//! Folders that are searched.

use super::command::{BAD, GOOD, folder};

#[test]
fn what_looks_like_a_definition_is_checked() {
    let folder = folder(&[
        ("a.asl.json", GOOD),
        ("deep/er/b.json", BAD),
        ("deep/c.yml", "# comment\nStartAt: A\nStates:\n  A: {Type: Succeed, Nonsense: 1}\n"),
        ("package.json", r#"{"name": "x", "description": "States and StartAt"}"#),
        ("broken.json", "{,"),
        ("values.yaml", "a: 1\nb: [\n"),
        (".hidden/d.asl.json", BAD),
        ("node_modules/e.asl.json", BAD),
    ]);
    let told = folder.check(&["."]);
    let places: Vec<_> =
        told.stdout.lines().filter_map(|line| line.split_once(": error").map(|(place, _)| place)).collect();
    assert_eq!(places, ["deep/c.yml:4:22", "deep/er/b.json:3:19"], "{}", told.stdout);
    assert!(told.stdout.ends_with("3 definitions: 2 errors\n"), "{}", told.stdout);
    assert_eq!(told.status, Some(1));
    let named = folder.check(&["broken.json"]);
    assert_eq!(named.status, Some(1), "what is named is checked whatever it looks like");
}

#[test]
fn the_answer_does_not_depend_on_who_is_done_first() {
    let files: Vec<(String, String)> = (0..120)
        .map(|n| (format!("{:02}/{n}.asl.json", n % 7), if n % 3 == 0 { BAD.to_owned() } else { GOOD.to_owned() }))
        .collect();
    let folder = folder(&files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    let first = folder.check(&[".", "--format", "json"]);
    assert_eq!(first.stdout, folder.check(&[".", "--format", "json"]).stdout);
    let answer: serde_json::Value = serde_json::from_str(&first.stdout).expect("JSON");
    let names: Vec<_> =
        answer.as_array().expect("an array").iter().map(|one| one["file"].as_str().unwrap_or("")).collect();
    assert!(names.len() == 120 && names.is_sorted(), "{names:?}");
    assert!(first.stderr.ends_with("120 definitions: 40 errors\n"), "{}", first.stderr);
}

#[test]
fn a_folder_without_definitions_is_no_success() {
    let folder = folder(&[("readme.md", "x")]);
    let told = folder.check(&["."]);
    assert_eq!(told.status, Some(2));
    assert!(told.stdout.contains(".: error: no definition was found in this folder"), "{}", told.stdout);
}

const TEMPLATE: &str = "Resources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      \
    DefinitionUri: machines/flow.asl.json\n      DefinitionSubstitutions: {Seconds: \"5\"}\n";

#[test]
fn what_a_template_was_read_with_is_checked_once() {
    let faulty = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Nxt": "B", "End": true}}}"#;
    let folder = folder(&[("template.yaml", TEMPLATE), ("machines/flow.asl.json", faulty), ("other.asl.json", GOOD)]);
    let told = folder.check(&["."]);
    assert_eq!(told.stdout.matches("Field 'Nxt' is not supported").count(), 1, "{}", told.stdout);
    assert!(told.stdout.contains("flow.asl.json:1") && told.stdout.contains("in Flow"), "{}", told.stdout);
    assert!(told.stdout.contains("2 definitions"), "{}", told.stdout);
    // Who names it wants to hear of it.
    let told = folder.check(&["template.yaml", "machines/flow.asl.json"]);
    assert_eq!(told.stdout.matches("Field 'Nxt' is not supported").count(), 2, "{}", told.stdout);
}

#[cfg(unix)]
#[test]
fn folders_and_files_that_cannot_be_read_are_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("a.asl.json", GOOD), ("locked/b.asl.json", GOOD), ("c.asl.json", GOOD)]);
    symlink(folder.root(), folder.path("up")).expect("a link");
    let lock = |name: &str, mode| {
        std::fs::set_permissions(folder.path(name), std::fs::Permissions::from_mode(mode)).expect("permissions");
    };
    lock("locked", 0o000);
    lock("c.asl.json", 0o000);
    let told = folder.check(&["."]);
    // Who may read everything, as the superuser, is kept from nothing.
    if std::fs::read(folder.path("c.asl.json")).is_err() {
        assert_eq!(told.status, Some(2));
        assert!(told.stdout.contains("locked: error: cannot read locked: "), "{}", told.stdout);
        assert!(told.stdout.contains("c.asl.json: error: cannot read c.asl.json: "), "{}", told.stdout);
    } else {
        assert_eq!((told.status, told.stdout.as_str()), (Some(0), "3 definitions: no problems\n"));
    }
    lock("locked", 0o700);
}
