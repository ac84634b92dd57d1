//! The AWS SDK for Rust as a client.

use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_sfn::config::{BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents};
use aws_sdk_sfn::error::{BoxError, ProvideErrorMetadata};
use aws_sdk_sfn::operation::RequestId;
use aws_sdk_sfn::types::{ExecutionStatus, HistoryEventType, StateMachineType, SyncExecutionStatus};

use crate::program::{PASS, Program, ROLE, folder};

/// Takes away what the SDK puts before the host for some operations; it has no switch for that.
#[derive(Debug)]
struct NoHostPrefix;

impl Intercept for NoHostPrefix {
    fn name(&self) -> &'static str {
        "NoHostPrefix"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let address = request.uri().replace("://sync-", "://");
        request.set_uri(address)?;
        Ok(())
    }
}

fn client(program: &Program) -> Client {
    let config = aws_sdk_sfn::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .interceptor(NoHostPrefix)
        .endpoint_url(program.url())
        .build();
    Client::from_conf(config)
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), work).await.expect("in time") })
}

async fn create(client: &Client, name: &str, kind: StateMachineType, definition: &str) -> String {
    let made = client.create_state_machine().name(name).r#type(kind).role_arn(ROLE).definition(definition).send().await;
    made.expect("created").state_machine_arn
}

#[test]
fn an_execution_from_its_start_to_its_history() {
    let program = folder(&[]).serve(&[]);
    block_on(async {
        let client = client(&program);
        let machine = create(&client, "m", StateMachineType::Standard, PASS).await;
        let input = r#"{ "a": [1.0, "é", 12345678901234567890] }"#;
        let started = client.start_execution().state_machine_arn(&machine).name("one").input(input).send().await;
        let execution = started.expect("started").execution_arn;
        assert_eq!(execution, "arn:aws:states:us-east-1:123456789012:execution:m:one");
        let ended = loop {
            let described = client.describe_execution().execution_arn(&execution).send().await.expect("described");
            if described.status != ExecutionStatus::Running {
                break described;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        assert_eq!((ended.status, ended.input.as_deref()), (ExecutionStatus::Succeeded, Some(input)));
        let (start, stop) = (ended.start_date.as_secs_f64(), ended.stop_date.expect("ended").as_secs_f64());
        assert!(start > 1.7e9 && stop >= start, "{start} {stop}");
        let history = client.get_execution_history().execution_arn(&execution).send().await.expect("a history");
        let types: Vec<HistoryEventType> = history.events.into_iter().map(|event| event.r#type).collect();
        assert_eq!(
            types,
            [
                HistoryEventType::ExecutionStarted,
                HistoryEventType::PassStateEntered,
                HistoryEventType::PassStateExited,
                HistoryEventType::ExecutionSucceeded
            ]
        );
    });
}

#[test]
fn a_synchronous_execution() {
    let program = folder(&[]).serve(&[]);
    block_on(async {
        let client = client(&program);
        let machine = create(&client, "x", StateMachineType::Express, PASS).await;
        let ran =
            client.start_sync_execution().state_machine_arn(&machine).input(r#"{"n":1}"#).send().await.expect("ran");
        assert_eq!((ran.status, ran.output.as_deref()), (SyncExecutionStatus::Succeeded, Some(r#"{"n":1}"#)));
        assert_eq!(ran.billing_details.expect("billing").billed_memory_used_in_mb, 64);
    });
}

#[test]
fn lists_in_pages() {
    let program = folder(&[]).serve(&[]);
    block_on(async {
        let client = client(&program);
        for n in 0..7 {
            create(&client, &format!("m{n}"), StateMachineType::Standard, PASS).await;
        }
        let pages = client.list_state_machines().max_results(3).into_paginator().items().send();
        let mut names: Vec<String> =
            pages.collect::<Result<Vec<_>, _>>().await.expect("pages").into_iter().map(|m| m.name).collect();
        names.sort();
        assert_eq!(names, ["m0", "m1", "m2", "m3", "m4", "m5", "m6"]);
    });
}

#[test]
fn an_activity_and_its_worker() {
    let program = folder(&[]).serve(&[]);
    block_on(async {
        let client = client(&program);
        let activity = client.create_activity().name("act").send().await.expect("created").activity_arn;
        let definition =
            format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{activity}","End":true}}}}}}"#);
        let machine = create(&client, "m", StateMachineType::Standard, &definition).await;
        let poll = client.get_activity_task().activity_arn(&activity).worker_name("w");
        let (task, started) =
            tokio::join!(poll.send(), client.start_execution().state_machine_arn(&machine).input("[7]").send());
        let task = task.expect("a task");
        assert_eq!(task.input(), Some("[7]"));
        let token = task.task_token().expect("a token");
        client.send_task_heartbeat().task_token(token).send().await.expect("taken");
        client.send_task_success().task_token(token).output("8").send().await.expect("taken");
        let execution = started.expect("started").execution_arn;
        loop {
            let described = client.describe_execution().execution_arn(&execution).send().await.expect("described");
            if described.status == ExecutionStatus::Succeeded {
                break assert_eq!(described.output(), Some("8"));
            }
            assert_eq!(described.status, ExecutionStatus::Running);
        }
        let again =
            client.send_task_success().task_token(token).output("8").send().await.expect_err("the task has ended");
        assert!(again.into_service_error().is_task_timed_out());
    });
}

#[test]
fn errors_arrive_as_their_types() {
    let program = folder(&[]).serve(&[]);
    block_on(async {
        let client = client(&program);
        let machine = create(&client, "m", StateMachineType::Standard, PASS).await;
        let missing = format!("{machine}x");
        let error = client.describe_state_machine().state_machine_arn(&missing).send().await.expect_err("no machine");
        assert!(error.request_id().is_some());
        let error = error.into_service_error();
        assert!(error.is_state_machine_does_not_exist());
        assert_eq!(error.message(), Some(&*format!("State Machine Does Not Exist: '{missing}'")));
        let error = client.start_sync_execution().state_machine_arn(&machine).send().await.expect_err("not express");
        assert!(error.into_service_error().is_state_machine_type_not_supported());
        let error = client.list_state_machines().max_results(1001).send().await.expect_err("too many");
        assert_eq!(error.code(), Some("ValidationException"));
    });
}

#[test]
fn an_execution_is_stopped() {
    let program = folder(&[]).serve(&[]);
    block_on(async {
        let client = client(&program);
        let wait = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1000,"End":true}}}"#;
        let machine = create(&client, "w", StateMachineType::Standard, wait).await;
        let execution =
            client.start_execution().state_machine_arn(&machine).send().await.expect("started").execution_arn;
        client.stop_execution().execution_arn(&execution).error("E").cause("C").send().await.expect("stopped");
        let described = client.describe_execution().execution_arn(&execution).send().await.expect("described");
        assert_eq!((described.status, described.error.as_deref()), (ExecutionStatus::Aborted, Some("E")));
    });
}
