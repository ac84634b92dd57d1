//! What commands say without calling anything.

use super::program::Home;

const USAGE: &str = "\nusage: asldb [options] <command> [parameters]\nTo see help text, you can run:\n\n  asldb --help\n  \
                     asldb <command> help\n\nasldb: error: ";

#[test]
fn usage_errors_have_the_usage_above() {
    for (arguments, message) in [
        (&["start-execution"][..], "the following arguments are required: --state-machine-arn"),
        (&["stepfunctions"], "the following arguments are required: operation"),
        (&["list-activities", "--nope"], "Unknown options: --nope"),
    ] {
        Home::empty().run(arguments).failed(252, &format!("{USAGE}{message}\n"));
    }
    let done = Home::empty().run(&["stepfunctions", "begin"]);
    assert!(
        done.err.contains("argument operation: Invalid choice, valid choices are:\n\ncreate-activity"),
        "{}",
        done.err
    );
    assert_eq!(done.status, 252);
}

#[test]
fn parameters_are_checked_before_anything_is_called() {
    Home::empty().run(&["start-execution", "--state-machine-arn", "a", "--name", ""]).failed(
        252,
        "\nParameter validation failed:\nInvalid length for parameter name, value: 0, valid min length: 1\n",
    );
    Home::empty()
        .run(&["start-execution", "--cli-input-json", "{}"])
        .failed(252, "\nParameter validation failed:\nMissing required parameter in input: \"stateMachineArn\"\n");
    Home::empty()
        .run(&["list-executions", "--max-results", "x"])
        .failed(255, "\ninvalid literal for int() with base 10: 'x'\n");
    Home::empty().run(&["list-executions", "--no-paginate", "--max-items", "1"]).failed(
        252,
        "\nError during pagination: Cannot specify --no-paginate along with pagination arguments: --max-items\n",
    );
    let query = Home::empty().run(&["list-executions", "--query", "a["]);
    assert!(query.status == 252 && query.err.starts_with("\nBad value for --query a[: "), "{query:?}");
}

#[test]
fn skeletons_are_printed() {
    let home = Home::empty();
    let json = "{\n    \"resourceArn\": \"\",\n    \"tagKeys\": [\n        \"\"\n    ]\n}\n";
    assert_eq!(home.run(&["untag-resource", "--generate-cli-skeleton"]).printed(), json);
    assert_eq!(home.run(&["untag-resource", "--generate-cli-skeleton", "input"]).printed(), json);
    let yaml = home.run(&["untag-resource", "--generate-cli-skeleton", "yaml-input"]).printed();
    assert!(yaml.starts_with("resourceArn: ''  # [REQUIRED] "), "{yaml}");
    let arn = ["stop-execution", "--execution-arn", "a", "--generate-cli-skeleton", "output"];
    assert_eq!(home.run(&arn).printed(), "{\n    \"stopDate\": \"1970-01-01T00:00:00\"\n}\n");
    assert_eq!(home.run(&[&arn[..], &["--output", "text"]].concat()).printed(), "1970-01-01T00:00:00\n");
    assert_eq!(home.run(&[&arn[..], &["--query", "stopDate"]].concat()).printed(), "\"1970-01-01T00:00:00\"\n");
}

#[test]
fn skeletons_can_be_filled_in_and_used() {
    let home = Home::empty();
    let yaml = home.run(&["tag-resource", "--generate-cli-skeleton", "yaml-input"]).printed();
    std::fs::write(home.path().join("in.yaml"), yaml.replace("resourceArn: ''", "resourceArn: a")).expect("a file");
    let done = home.run(&["tag-resource", "--cli-input-yaml", "file://in.yaml"]);
    done.failed(
        252,
        "\nParameter validation failed:\nInvalid length for parameter tags[0].key, value: 0, valid min length: 1\n",
    );
}

#[test]
fn help_is_there() {
    let home = Home::empty();
    assert!(home.run(&["stepfunctions", "help"]).printed().contains("\n  redrive-execution "));
    let help = home.run(&["start-execution", "help"]).printed();
    assert!(help.contains("--state-machine-arn <TEXT>") && help.contains("ExecutionAlreadyExists"), "{help}");
    assert_eq!(home.run(&["start-execution", "--help"]).status, 0);
    assert!(home.run(&["--help"]).printed().contains("asldb stepfunctions help"));
}
