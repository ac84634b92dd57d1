//! Expressions explained, ways back of values, the playground.

use super::bench::Bench;

const ORDER: &str = r#"{
  "StartAt": "Price",
  "States": {
    "Price": {
      "Type": "Pass",
      "Parameters": {
        "total.$": "States.MathAdd($.net, States.ArrayLength($.items))",
        "first.$": "$.items[0].sku"
      },
      "ResultPath": "$.price",
      "Next": "Ship"
    },
    "Ship": { "Type": "Pass", "InputPath": "$.price", "End": true }
  }
}"#;
const INPUT: &str = r#"{"net":5,"items":[{"sku":"tea"},{"sku":"cup"}]}"#;

fn has(bench: &mut Bench, parts: &[&str]) {
    let screen = bench.screen();
    for part in parts {
        assert!(screen.contains(part), "`{part}`:\n{screen}");
    }
}

#[tokio::test]
async fn each_part_of_a_call_has_its_value() {
    let mut bench = Bench::new(ORDER, INPUT).sized(120, 40);
    bench.keys("n s 3 K").await;
    has(
        &mut bench,
        &[
            "Why: Parameters of Price",
            "Parameters/total.$  States.MathAdd",
            "$.net  = 5",
            "States.ArrayLength($.items)  = 2",
            "  = 7",
            "  = \"tea\"",
        ],
    );
    // The same at a past moment, in the source, for the one under the cursor.
    bench.keys("Esc c 1 g g / n e t Enter K").await;
    has(&mut bench, &["Why: Parameters/total.$ of Price", "$.net  = 5", "  = 7"]);
}

#[tokio::test]
async fn why_a_path_finds_nothing() {
    let text = ORDER.replace("$.items[0].sku", "$.items[0].sk");
    let mut bench = Bench::new(&text, INPUT).sized(120, 40);
    bench.keys("n s 3 K").await;
    has(&mut bench, &["at .sk", "`$.items[0]` has no key `sk`; keys there: sku"]);
}

#[tokio::test]
async fn a_value_is_followed_back_to_the_input() {
    let mut bench = Bench::new(ORDER, INPUT).sized(120, 40);
    bench.keys("c 5 / f i r s t Enter g p").await;
    has(&mut bench, &["Where from", "Parameters $.first  = $.items[0].sku", "the input of the execution", "\"tea\""]);
    bench.keys("j j j Enter").await;
    assert!(bench.screen().contains("looking back"), "{}", bench.screen());
}

#[tokio::test]
async fn a_playground_shows_results_completes_and_writes_back() {
    let mut bench = Bench::new(ORDER, INPUT).sized(120, 40);
    bench.keys("n n 1 g g / R e s u l t P a t h Enter T").await;
    has(&mut bench, &["Try: ", "Ctrl-s writes it to "]);
    bench.keys("Esc / I n p u t P a t h Enter T").await;
    has(&mut bench, &["Try: InputPath of Ship", "Ctrl-s writes it to InputPath", "\"total\": 7"]);
    bench.keys(". t Tab").await;
    has(&mut bench, &["$.price.total"]);
    bench.keys("x").await;
    has(&mut bench, &["`$.price` has no key `totalx`; keys there: total, first"]);
    bench.keys("Backspace").await;
    assert!(bench.screen().lines().any(|line| line.contains("│ 7 ")), "{}", bench.screen());
    bench.keys("Ctrl-s").await;
    let written = ORDER.replace(r#""InputPath": "$.price""#, r#""InputPath": "$.price.total""#);
    assert_eq!(bench.done.last(), Some(&format!("write x.asl.json: {written}")));
}

#[tokio::test]
async fn what_was_saved_elsewhere_meanwhile_is_kept() {
    let mut bench = Bench::new(ORDER, INPUT).sized(120, 40);
    bench.keys("n n 1 g g / I n p u t P a t h Enter T").await;
    let other = ORDER.replace('{', "{\n");
    bench.saved(&other).await;
    bench.keys(". t o t a l Ctrl-s").await;
    let written = other.replace(r#""InputPath": "$.price""#, r#""InputPath": "$.price.total""#);
    assert_eq!(bench.done.last(), Some(&format!("write x.asl.json: {written}")));
}

#[tokio::test]
async fn what_must_not_be_written_is_not() {
    let mut bench = Bench::new(ORDER, INPUT).sized(120, 40);
    bench.keys("n n 1 g g / I n p u t P a t h Enter T ( Ctrl-s").await;
    has(&mut bench, &["Not written, as it would be an error"]);
    bench.keys("Backspace").await;
    bench.saved(&ORDER.replace(r#""InputPath": "$.price""#, r#""InputPath": "$.first""#)).await;
    bench.keys("Ctrl-s").await;
    has(&mut bench, &["The file says something else there by now"]);
    // Where there is no place, it is only tried.
    bench.keys("Esc 5 T Ctrl-s").await;
    has(&mut bench, &["There is no place for it"]);
}

#[tokio::test]
async fn a_playground_of_jsonata() {
    let text = r#"{ "QueryLanguage": "JSONata", "StartAt": "A", "States": { "A": { "Type": "Pass",
        "Output": { "n": "{% $sum($states.input.list) + 1 %}" }, "End": true } } }"#;
    let mut bench = Bench::new(text, r#"{"list":[1,2]}"#).sized(120, 40);
    bench.keys("n s 3 K").await;
    has(&mut bench, &["$states.input.list  = [1,2]", "$sum($states.input.list)  = 3", "  = 4"]);
    bench.keys("Esc T").await;
    has(&mut bench, &["Try: Output", "Ctrl-s writes it to Output/n", "its parts"]);
    bench.keys("Esc c 3 g p").await;
    has(&mut bench, &["Where from: A, State output $", "computed"]);
}

#[tokio::test]
async fn what_a_playground_offers_gives_way_to_an_expression_of_ones_own() {
    let mut bench = Bench::new(ORDER, INPUT).sized(120, 40);
    bench.keys("n n 4 T").await;
    has(&mut bench, &["Try: the data in", "│ $ "]);
    bench.keys("$ . p").await;
    has(&mut bench, &["│ $.p "]);
    bench.keys("Esc T . p").await;
    has(&mut bench, &["│ $.p "]);
}
