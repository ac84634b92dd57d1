//! What is found out: expressions explained, ways back of values, the playground.

use super::{BLAND, SOUP, pressed, shots};
use crate::tui::app::tests::bench::Bench;

const BREAD: &str = r#"{
  "StartAt": "Weigh",
  "States": {
    "Weigh": {
      "Type": "Pass",
      "Parameters": {
        "grams.$": "States.MathAdd($.flour, States.ArrayLength($.seeds))",
        "first.$": "$.seeds[0].sort",
        "label.$": "States.Format('{} g of dough with {}', $.flour, $.seeds[1].sort)"
      },
      "ResultPath": "$.dough",
      "Next": "Bake"
    },
    "Bake": { "Type": "Pass", "InputPath": "$.dough", "End": true }
  }
}"#;
const FLOUR: &str = r#"{"flour":500,"seeds":[{"sort":"poppy"},{"sort":"linseed"}]}"#;

const SUMS: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Total",
  "States": {
    "Total": {
      "Type": "Pass",
      "Output": {
        "sum": "{% $sum($states.input.rows.(price * count)) %}",
        "names": "{% $join($states.input.rows[count > 1].name, ', ') %}"
      },
      "Assign": { "rows": "{% $count($states.input.rows) %}" },
      "End": true
    }
  }
}"#;
const ROWS: &str = r#"{"rows":[{"name":"cup","price":4.5,"count":6},{"name":"pot","price":30,"count":1}]}"#;

fn bread() -> Bench {
    Bench::new(BREAD, FLOUR)
}

fn sums() -> Bench {
    Bench::new(SUMS, ROWS)
}

#[tokio::test]
async fn why() {
    pressed("why-template", bread, "n s 3 K").await;
    pressed("why-choice", || Bench::new(SOUP, BLAND), "n n s 3 K").await;
    let text = BREAD.replace("seeds[0].sort", "seeds[0].sorte");
    pressed("why-nothing", || Bench::new(&text, FLOUR), "n s 3 K").await;
    pressed("why-jsonata", sums, "n s s 3 K").await;
}

#[tokio::test]
async fn why_it_was_caught_or_not() {
    let failing = || Bench::sample("order");
    let keys = "g m N o C a r Enter c 2 g g / F u l f i l Enter Enter";
    pressed("why-caught", failing, &format!("{keys} 3")).await;
    pressed("why-caught-parts", failing, &format!("{keys} K")).await;
    let keys = "g m B u s y Enter n n n n n 3";
    pressed("why-retry", failing, keys).await;
    let uncaught = r#"{ "StartAt": "Fetch", "States": { "Fetch": { "Type": "Task",
        "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:Fetch",
        "Retry": [ { "ErrorEquals": [ "Shop.Full" ], "MaxAttempts": 2 } ],
        "Catch": [ { "ErrorEquals": [ "Shop.Closed", "States.Timeout" ], "Next": "Rest" } ], "Next": "Rest" },
        "Rest": { "Type": "Succeed" } } }"#;
    shots(
        "why-uncaught",
        || Bench::new(uncaught, "{}"),
        async |bench: &mut Bench| {
            bench.keys("c").await;
            bench.line("answer error Shop.Gone it moved to another town, and nobody knows where").await;
            bench.keys("x").await;
        },
    )
    .await;
}

#[tokio::test]
async fn where_from() {
    pressed("where-from", bread, "c 5 / l a b e l Enter g p").await;
    pressed("where-from-task", || Bench::sample("order"), "c 5 / t r a c k i n g Enter g p").await;
}

#[tokio::test]
async fn the_playground() {
    pressed("try-result", bread, "n n 1 g g / I n p u t P a t h Enter T . f i r s t").await;
    pressed("try-error", bread, "n n 1 g g / I n p u t P a t h Enter T . g r a m").await;
    pressed("try-completion", bread, "n n 4 T . Tab").await;
    pressed("try-syntax", bread, "n n 4 T [ ?").await;
    pressed("try-jsonata", sums, "n s 3 T").await;
    pressed("try-refused", bread, "n n 5 T Ctrl-s").await;
}
