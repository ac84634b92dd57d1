//! Files and inputs that cannot be used: each is told with its place and what to do, and never breaks anything.

use crate::command::{ECHO, HELLO, folder};

#[test]
fn all_faults_of_a_definition_are_told_with_their_places() {
    let machine = r#"{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Next": "B"},
    "C": {"Type": "Wate", "End": true},
    "D": {"Type": "Choice", "Choices": [], "Default": "A"},
    "E": {"Type": "Pass", "Parameters": {"a.$": "$.["}, "End": true}
  }
}"#;
    let told = folder(&[("bad.json", machine)]).run(&["bad.json"]);
    told.says(2, &["bad.json:4:", "bad.json:5:", "bad.json:6:", "bad.json:7:", "The definition has errors."]);
}

#[test]
fn warnings_do_not_keep_it_from_running() {
    let machine = r#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true,
        "Retry": [{"ErrorEquals": ["States.Timeot"]}],
        "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}]}}}"#;
    let told = folder(&[("w.json", machine)]).run(&["w.json"]);
    assert_eq!((told.status, told.stdout.as_str()), (Some(0), "[{}]\n"));
    assert!(
        told.stderr.starts_with("w.json:2:36: warning") && told.stderr.contains("States.Timeout"),
        "{}",
        told.stderr
    );
}

#[test]
fn files_that_cannot_be_read() {
    let folder = folder(&[("echo.json", ECHO)]);
    std::fs::create_dir(folder.path("dir.json")).expect("a folder");
    folder.run(&["none.json"]).says(2, &["cannot read none.json"]);
    folder.run(&["dir.json"]).says(2, &["dir.json is a folder"]);
    folder.run(&["echo.json", "--input", "@none.json"]).says(2, &["cannot read none.json"]);
    folder.run(&["echo.json", "--input", "@dir.json"]).says(2, &["cannot read dir.json"]);
    folder.run(&["echo.json", "--input", "@"]).says(2, &["cannot read"]);
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end() {
    let folder = folder(&[("echo.json", ECHO)]);
    folder.run(&["/dev/zero"]).says(2, &["/dev/zero"]);
    folder.run(&["echo.json", "--input", "@/dev/zero"]).says(2, &["/dev/zero", "32 MiB"]);
    folder.run(&["/dev/null"]).says(2, &["/dev/null:1:1: error"]);
}

#[test]
fn json_that_is_cut_off() {
    let folder = folder(&[("echo.json", ECHO)]);
    folder.write("cut.json", &HELLO.as_bytes()[..60]);
    folder.run(&["cut.json"]).says(2, &["cut.json:1:61: error", "cut off"]);
    folder.write("in.json", b"{\"a\": [1,\n2");
    folder.run(&["echo.json", "--input", "@in.json"]).says(2, &["in.json:2:2: no JSON"]);
    folder.run(&["echo.json", "--input", "{\"a\""]).says(2, &["input:1:5: no JSON"]);
    folder.run(&["echo.json", "--input", ""]).says(2, &["input:1:1: no JSON"]);
    folder.run_with_stdin(&["echo.json", "--input", "-"], b"[1").says(2, &["standard input:1:3: no JSON"]);
}

/// Little-endian with its mark, as some editors save "Unicode".
fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn other_encodings() {
    let folder = folder(&[("echo.json", ECHO), ("hello.json", HELLO)]);
    let latin1 = b"{\"name\": \"Jos\xE9\"}";
    folder.write("utf16.json", &utf16(HELLO));
    folder.write(
        "latin1.json",
        &HELLO.replace("hello", "ol\u{1}").bytes().map(|b| if b == 1 { 0xE9 } else { b }).collect::<Vec<_>>(),
    );
    folder.write("in16.json", &utf16("{}"));
    folder.write("in1.json", latin1);
    folder.run(&["utf16.json"]).says(2, &["utf16.json", "UTF-16", "save the file as UTF-8"]);
    folder.run(&["latin1.json"]).says(2, &["latin1.json:1:", "0xE9", "save the file as UTF-8"]);
    for (args, name) in
        [(["echo.json", "--input", "@in16.json"], "in16.json"), (["echo.json", "--mocks", "in16.json"], "in16.json")]
    {
        folder.run(&args).says(2, &[name, "UTF-16", "save it as UTF-8"]);
    }
    folder.run(&["echo.json", "--input", "@in1.json"]).says(2, &["in1.json", "0xE9 at offset 13", "save it as UTF-8"]);
    folder.run_with_stdin(&["echo.json", "--input", "-"], latin1).says(2, &["standard input", "0xE9"]);
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let folder = folder(&[("hello.json", &format!("\u{feff}{HELLO}")), ("in.json", "\u{feff}{\"name\": \"é\"}")]);
    folder.run(&["hello.json", "--input", "@in.json"]).puts_out(r#"{"hello":"é"}"#);
    folder
        .run_with_stdin(&["hello.json", "--input", "-"], "\u{feff}{\"name\":1}".as_bytes())
        .puts_out(r#"{"hello":1}"#);
}

#[test]
fn ten_thousand_levels() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let folder = folder(&[("echo.json", ECHO), ("deep.json", &deep), ("deep.yaml", &deep)]);
    folder.write(
        "states.json",
        ECHO.replace("\"Succeed\"", &format!("\"Pass\", \"Result\": {deep}, \"End\": true")).as_bytes(),
    );
    folder.run(&["deep.json"]).says(2, &["deep.json:1:"]);
    folder.run(&["deep.yaml"]).says(2, &["deep.yaml:1:"]);
    folder.run(&["states.json"]).says(2, &["states.json:1:"]);
    folder.run(&["echo.json", "--input", "@deep.json"]).says(2, &["deep.json:1:"]);
    folder.run(&["echo.json", "--mocks", "deep.json"]).says(2, &["deep.json:1:"]);
    folder.run_with_stdin(&["echo.json", "--input", "-"], deep.as_bytes()).says(2, &["standard input:1:"]);
    // What is just within the limit is taken.
    let deepest = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    folder.run(&["echo.json", "--input", &deepest]).puts_out(&deepest);
}

#[test]
fn fifty_megabytes() {
    let folder = folder(&[("echo.json", ECHO)]);
    let long = format!("{{\"a\": [{}0]}}", "1, ".repeat(50 * 1024 * 1024 / 3));
    folder.write("long.json", long.as_bytes());
    folder.write("long.yaml", long.as_bytes());
    folder.run(&["long.json"]).says(2, &["long.json", "1048576 at most"]);
    folder.run(&["long.yaml"]).says(2, &["long.yaml", "1048576 at most"]);
    folder.run(&["echo.json", "--input", "@long.json"]).says(2, &["long.json", "32 MiB"]);
    folder.run(&["echo.json", "--mocks", "long.json"]).says(2, &["long.json", "32 MiB"]);
    folder.run_with_stdin(&["echo.json", "--input", "-"], long.as_bytes()).says(2, &["standard input", "32 MiB"]);
}

#[test]
fn an_input_over_the_limit_of_payloads() {
    let folder = folder(&[("echo.json", ECHO)]);
    // Blanks do not count.
    let fits = format!("\"{}\"{}", "x".repeat(262_142), " ".repeat(1000));
    folder.write("fits.json", fits.as_bytes());
    folder.run(&["echo.json", "--input", "@fits.json"]).puts_out(fits.trim_end());
    folder.write("over.json", fits.replace('x', "xx").as_bytes());
    folder.run(&["echo.json", "--input", "@over.json"]).says(2, &["over.json", "524286 bytes", "262144 at most"]);
}

#[test]
fn whoever_reads_the_output_may_have_enough() {
    let folder = folder(&[("echo.json", ECHO)]);
    let mut child =
        folder.command(&["run", "echo.json"]).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
