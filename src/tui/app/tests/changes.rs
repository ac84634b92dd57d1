//! Runs changed by hand, other runs made of them, definitions that change under them, runs side by side.

use super::bench::Bench;

const SOUP: &str = r#"{
  "StartAt": "Cut",
  "States": {
    "Cut": { "Type": "Pass", "Result": "cut", "ResultPath": "$.how", "Next": "Salted" },
    "Salted": {
      "Type": "Choice",
      "Choices": [ { "Variable": "$.salt", "BooleanEquals": true, "Next": "Serve" } ],
      "Default": "Complain"
    },
    "Complain": { "Type": "Fail", "Error": "Soup.Bland", "Cause": "no salt" },
    "Serve": { "Type": "Pass", "OutputPath": "$.how", "End": true }
  }
}"#;

#[tokio::test]
async fn the_data_of_a_run_that_stands_is_edited_and_it_goes_on() {
    let mut bench = Bench::new(SOUP, r#"{"salt":false}"#);
    bench.keys("n n E").await;
    assert!(bench.screen().contains("The run goes on with this"), "{}", bench.screen());
    bench.write(r#"{"salt":true,"how":"by hand"}"#).await;
    bench.keys("Ctrl-s").await;
    assert!(bench.screen().contains("The data in Salted was changed"), "{}", bench.screen());
    bench.keys("3").await;
    assert!(bench.screen().contains("by hand"), "{}", bench.screen());
    bench.keys("c").await;
    assert!(bench.screen().contains("run 1 ✓ SUCCEEDED"), "{}", bench.screen());
}

#[tokio::test]
async fn what_is_no_json_stays_in_the_editor() {
    let mut bench = Bench::new(SOUP, r#"{"salt":false}"#);
    bench.keys("n n E").await;
    bench.write(r#"{"salt":tru"#).await;
    bench.keys("Ctrl-s").await;
    assert!(bench.screen().contains("no JSON") && bench.screen().contains("Data in Salted"), "{}", bench.screen());
}

#[tokio::test]
async fn a_change_is_taken_back_in_another_run() {
    let mut bench = Bench::new(SOUP, r#"{"salt":false}"#);
    bench.keys("n n E").await;
    bench.write(r#"{"salt":true}"#).await;
    bench.keys("Ctrl-s g u").await;
    assert!(bench.screen().contains("run 2 of 2"), "{}", bench.screen());
    bench.keys("c").await;
    assert!(bench.screen().contains("run 2 of 2 ✗ FAILED"), "{}", bench.screen());
}

#[tokio::test]
async fn what_if_from_the_past_and_compare() {
    let mut bench = Bench::new(SOUP, r#"{"salt":false}"#).sized(120, 40);
    bench.keys("c").await;
    assert!(bench.screen().contains("run 1 ✗ FAILED"), "{}", bench.screen());
    bench.keys("N N E").await;
    bench.write(r#"{"salt":true,"how":"cut"}"#).await;
    bench.keys("Ctrl-s c").await;
    assert!(bench.screen().contains("run 2 of 2 ✓ SUCCEEDED"), "{}", bench.screen());
    bench.keys("g =").await;
    let screen = bench.screen();
    for part in ["Run 1 and run 2", "run 1 FAILED", "- Complain", "+ Serve", "~ $.salt  false → true"] {
        assert!(screen.contains(part), "`{part}`:\n{screen}");
    }
    bench.keys("G Enter").await;
    assert!(bench.screen().contains("looking back at Serve"), "{}", bench.screen());
}

#[tokio::test]
async fn a_failed_run_goes_on_after_the_definition_was_mended() {
    let mut bench = Bench::new(SOUP, r#"{"salt":false}"#).sized(120, 40);
    bench.keys("c").await;
    bench
        .saved(&SOUP.replace(
            r#""Type": "Fail", "Error": "Soup.Bland", "Cause": "no salt""#,
            r#""Type": "Pass", "Next": "Serve""#,
        ))
        .await;
    assert!(bench.screen().contains("F goes on"), "{}", bench.screen());
    bench.keys("F").await;
    let screen = bench.screen();
    for part in ["~ Complain: Type, Next, Error, Cause", "The run stands in Complain, which changed"] {
        assert!(screen.contains(part), "`{part}`:\n{screen}");
    }
    bench.keys("Enter c").await;
    assert!(bench.screen().contains("run 2 of 2 ✓ SUCCEEDED"), "{}", bench.screen());
}

#[tokio::test]
async fn a_standing_run_goes_on_with_states_that_were_added_or_is_told_why_not() {
    let mut bench = Bench::new(SOUP, r#"{"salt":true}"#).sized(120, 40);
    bench.keys("n n").await;
    let added = SOUP.replace(r#""Next": "Serve" }"#, r#""Next": "Taste" }"#).replace(
        r#""Complain":"#,
        r#""Taste": { "Type": "Pass", "Result": "good", "ResultPath": "$.how", "Next": "Serve" }, "Complain":"#,
    );
    bench.saved(&added).await;
    bench.keys("F").await;
    for part in ["~ Salted: Choices", "+ Taste", "it is done again from its input"] {
        assert!(bench.screen().contains(part), "`{part}`:\n{}", bench.screen());
    }
    bench.keys("Enter c").await;
    assert!(bench.screen().contains("✓ SUCCEEDED") && bench.screen().contains("Taste"), "{}", bench.screen());
    // Another one stands in a state that is gone.
    let mut bench = Bench::new(SOUP, r#"{"salt":true}"#).sized(120, 40);
    bench.keys("n n").await;
    bench.saved(r#"{ "StartAt": "Serve", "States": { "Serve": { "Type": "Pass", "End": true } } }"#).await;
    bench.keys("F").await;
    assert!(bench.screen().contains("which is gone"), "{}", bench.screen());
    bench.keys("Enter").await;
    assert!(bench.screen().contains("Not possible"), "{}", bench.screen());
}

#[tokio::test]
async fn states_are_skipped_and_jumped_to() {
    let mut bench = Bench::new(SOUP, r#"{"salt":false}"#);
    bench.keys("n n n g n Ctrl-s").await;
    assert!(bench.screen().contains("names no state that follows"), "{}", bench.screen());
    bench.keys("Esc @ S e r v e Enter g j c").await;
    assert!(bench.screen().contains("✓ SUCCEEDED"), "{}", bench.screen());
}
