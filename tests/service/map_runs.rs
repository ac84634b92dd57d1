//! Map runs and their children.

use asldb::value::Value;

use crate::support::{object, text, told, with_service};

/// A distributed Map over the input, of which `work` is the only state.
fn map(work: &str) -> String {
    format!(
        "M: {{Type: Map, Label: L, MaxConcurrency: 2, End: true, ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: STANDARD}}, StartAt: W, States: {{{work}}}}}}}"
    )
}

fn names(page: &Value, list: &str, name: &str) -> Vec<String> {
    page.get(list).and_then(Value::as_array).expect("a list").iter().map(|item| text(item, name)).collect()
}

#[test]
fn a_map_run_and_its_children_are_known() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", &map("W: {Type: Pass, End: true}")).await;
        let execution = f.start(&machine, "[1,2,3,4,5]").await;
        f.ended(&execution).await;
        let runs = f.ok("ListMapRuns", &object(&[("executionArn", execution.as_str().into())])).await;
        let run = names(&runs, "mapRuns", "mapRunArn").pop().expect("a map run");
        assert!(run.starts_with(&machine.replace(":stateMachine:", ":mapRun:")), "{run}");
        assert_eq!(names(&runs, "mapRuns", "stateMachineArn"), [format!("{machine}/L")]);
        let described = f.ok("DescribeMapRun", &object(&[("mapRunArn", run.as_str().into())])).await;
        assert_eq!((text(&described, "status"), text(&described, "executionArn")), ("SUCCEEDED".to_owned(), execution));
        let counts = described.get("executionCounts").expect("counts");
        assert_eq!((counts.get("total"), counts.get("succeeded")), (Some(&5.into()), Some(&5.into())));

        let children =
            |more: Value| object(&[("mapRunArn", run.as_str().into()), ("maxResults", 2.into()), ("nextToken", more)]);
        let mut found = Vec::new();
        let mut next = Value::Null;
        loop {
            let page = f.ok("ListExecutions", &children(next)).await;
            found.extend(names(&page, "executions", "executionArn"));
            next = page.get("nextToken").cloned().unwrap_or_default();
            if next.is_null() {
                break;
            }
        }
        assert_eq!(found.len(), 5);
        for (n, child) in found.iter().rev().enumerate() {
            let described = f.describe(child).await;
            assert_eq!((text(&described, "input"), text(&described, "mapRunArn")), ((n + 1).to_string(), run.clone()));
            assert_eq!(f.types(child).await.len(), 4);
        }
        // Those of the state machine itself are others.
        let own = f.ok("ListExecutions", &object(&[("stateMachineArn", machine.into())])).await;
        assert_eq!(names(&own, "executions", "name").len(), 1);
        let update = object(&[("mapRunArn", run.as_str().into()), ("maxConcurrency", 1.into())]);
        let error = f.error("UpdateMapRun", &update).await;
        assert_eq!((error.name, error.reason), ("ValidationException", Some("CANNOT_UPDATE_COMPLETED_MAP_RUN")));
        let missing = object(&[("mapRunArn", run.replace(":mapRun:m", ":mapRun:x").into())]);
        let error = f.error("DescribeMapRun", &missing).await;
        assert_eq!(told(&error), ("ResourceNotFound", "Request references a resource that does not exist."));
    });
}

#[test]
fn children_are_seen_while_they_run() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", &map("W: {Type: Wait, SecondsPath: $, End: true}")).await;
        let execution = f.start(&machine, "[0,1000,1000]").await;
        let run = loop {
            let runs = f.ok("ListMapRuns", &object(&[("executionArn", execution.as_str().into())])).await;
            match names(&runs, "mapRuns", "mapRunArn").pop() {
                Some(run) => break run,
                None => tokio::task::yield_now().await,
            }
        };
        let list = object(&[("mapRunArn", run.as_str().into())]);
        let statuses = loop {
            let page = f.ok("ListExecutions", &list).await;
            let found = names(&page, "executions", "status");
            if found.len() == 3 {
                break found;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(statuses, ["RUNNING", "RUNNING", "SUCCEEDED"]);
        let page = f.ok("ListExecutions", &list).await;
        let child = names(&page, "executions", "executionArn").swap_remove(0);
        assert_eq!(text(&f.describe(&child).await, "status"), "RUNNING");
        assert_eq!(f.types(&child).await, ["ExecutionStarted", "WaitStateEntered"]);
        assert_eq!(text(&f.ok("DescribeMapRun", &list).await, "status"), "RUNNING");
        f.ok("StopExecution", &object(&[("executionArn", execution.as_str().into())])).await;
        assert_eq!(text(&f.describe(&child).await, "status"), "ABORTED");
        assert_eq!(text(&f.ok("DescribeMapRun", &list).await, "status"), "ABORTED");
    });
}

#[test]
fn all_of_many_children_are_seen_while_they_run() {
    with_service(|f| async move {
        let map = map("W: {Type: Wait, SecondsPath: $, End: true}").replace("MaxConcurrency: 2", "MaxConcurrency: 0");
        let machine = f.machine("m", "STANDARD", &map).await;
        let execution = f.start(&machine, &format!("[{}]", vec!["1000"; 900].join(","))).await;
        let run = loop {
            let runs = f.ok("ListMapRuns", &object(&[("executionArn", execution.as_str().into())])).await;
            match names(&runs, "mapRuns", "mapRunArn").pop() {
                Some(run) => break run,
                None => tokio::task::yield_now().await,
            }
        };
        let list = object(&[("mapRunArn", run.as_str().into()), ("maxResults", 1000.into())]);
        let children = loop {
            let page = f.ok("ListExecutions", &list).await;
            let found = names(&page, "executions", "executionArn");
            if found.len() == 900 {
                break found;
            }
            tokio::task::yield_now().await;
        };
        // The last ones come first.
        assert_eq!(text(&f.describe(&children[0]).await, "status"), "RUNNING");
        f.ok("StopExecution", &object(&[("executionArn", execution.as_str().into())])).await;
        assert_eq!(text(&f.describe(&children[0]).await, "status"), "ABORTED");
    });
}

#[test]
fn a_child_is_stopped_alone() {
    with_service(|f| async move {
        let map =
            map("W: {Type: Wait, SecondsPath: $, End: true}").replace("MaxConcurrency: 2", "ToleratedFailureCount: 1");
        let machine = f.machine("m", "STANDARD", &map).await;
        let execution = f.start(&machine, "[1000,1000,1000]").await;
        let (run, children) = loop {
            let runs = f.ok("ListMapRuns", &object(&[("executionArn", execution.as_str().into())])).await;
            let Some(run) = names(&runs, "mapRuns", "mapRunArn").pop() else { continue };
            let page = f.ok("ListExecutions", &object(&[("mapRunArn", run.as_str().into())])).await;
            let children = names(&page, "executions", "executionArn");
            if children.len() == 3 {
                break (run, children);
            }
        };
        let stop =
            |child: &str| object(&[("executionArn", child.into()), ("error", "E".into()), ("cause", "by hand".into())]);
        let counts = |described: &Value| {
            let counts = described.get("executionCounts").cloned().expect("counts");
            ["running", "aborted"].map(|name| counts.get(name).map(Value::to_json).unwrap_or_default())
        };
        let stopped = f.ok("StopExecution", &stop(&children[1])).await;
        let child = f.describe(&children[1]).await;
        assert_eq!(["status", "error", "cause"].map(|name| text(&child, name)), ["ABORTED", "E", "by hand"]);
        assert_eq!((child.get("stopDate"), f.types(&children[1]).await.len()), (stopped.get("stopDate"), 3));
        let of_run = object(&[("mapRunArn", run.as_str().into())]);
        let described = f.ok("DescribeMapRun", &of_run).await;
        assert_eq!((text(&described, "status"), counts(&described)), ("RUNNING".into(), ["2".into(), "1".into()]));
        // What has ended stays as it is.
        assert_eq!(f.ok("StopExecution", &stop(&children[1])).await, stopped);

        f.ok("StopExecution", &stop(&children[0])).await;
        let described = f.ended(&execution).await;
        assert_eq!(text(&described, "error"), "States.ExceedToleratedFailureThreshold");
        let described = f.ok("DescribeMapRun", &of_run).await;
        assert_eq!((text(&described, "status"), counts(&described)), ("FAILED".into(), ["0".into(), "3".into()]));
        assert_eq!(text(&f.describe(&children[0]).await, "cause"), "by hand");
        assert!(text(&f.describe(&children[2]).await, "cause").contains(&run));
        let missing = stop(&format!("{}x", children[0]));
        assert_eq!(f.error("StopExecution", &missing).await.name, "ExecutionDoesNotExist");
    });
}

#[test]
fn express_children_cannot_be_stopped() {
    with_service(|f| async move {
        let map = map("W: {Type: Wait, SecondsPath: $, End: true}").replace("STANDARD", "EXPRESS");
        let execution = f.start(&f.machine("m", "STANDARD", &map).await, "[100]").await;
        let child = loop {
            let runs = f.ok("ListMapRuns", &object(&[("executionArn", execution.as_str().into())])).await;
            let Some(run) = names(&runs, "mapRuns", "mapRunArn").pop() else { continue };
            let page = f.ok("ListExecutions", &object(&[("mapRunArn", run.into())])).await;
            if let Some(child) = names(&page, "executions", "executionArn").pop() {
                break child;
            }
        };
        let error = f.error("StopExecution", &object(&[("executionArn", child.into())])).await;
        assert_eq!(told(&error), ("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'"));
    });
}
