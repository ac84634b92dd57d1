//! The program is killed at any moment, and keeps what it acknowledged.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use asldb::value::Value;

use crate::program::{Folder, Program, ROLE, folder, json, text};
use crate::random::Random;
use crate::wire::{Client, request};

const KILLS: usize = 50;
const CLIENTS: usize = 3;
const ARGS: [&str; 2] = ["--store", "steps.db"];

/// What clients were told, and what they asked for without being told.
#[derive(Default)]
struct Told {
    machines: BTreeMap<String, Machine>,
    executions: BTreeMap<String, Execution>,
    /// Tokens of tasks that nobody has answered, and the names of their executions.
    tokens: Vec<(String, String)>,
}

#[derive(Clone)]
struct Machine {
    definition: String,
    /// An update that may have been made.
    asked: Option<String>,
    round: usize,
}

#[derive(Clone, Default)]
struct Execution {
    input: String,
    start: Option<Value>,
    /// How it was described when it had ended.
    ended: Option<Value>,
    /// An end was acknowledged: by a stop, or by the answer to its task.
    must_end: bool,
    /// A stop was asked for.
    may_be_stopped: bool,
    events: Vec<Value>,
    round: usize,
}

/// Definitions of different lengths; `mark` makes each one different.
fn definition(kind: usize, mark: &str) -> String {
    let activity = "arn:aws:states:us-east-1:123456789012:activity:work";
    let states = match kind {
        0 => r#""A":{"Type":"Pass","End":true}"#.to_owned(),
        1 => r#""A":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{"Type":"Pass","Result":{"b":[1,2]},"End":true}"#
            .to_owned(),
        2 => {
            let next = |n: usize| if n == 19 { "\"End\":true".to_owned() } else { format!("\"Next\":\"S{}\"", n + 1) };
            let states: Vec<String> = (0..20).map(|n| format!(r#""S{n}":{{"Type":"Pass",{}}}"#, next(n))).collect();
            return format!(r#"{{"Comment":"{mark}","StartAt":"S0","States":{{{}}}}}"#, states.join(","));
        }
        _ => format!(r#""A":{{"Type":"Task","Resource":"{activity}","Next":"B"}},"B":{{"Type":"Succeed"}}"#),
    };
    format!(r#"{{"Comment":"{mark}","StartAt":"A","States":{{{states}}}}}"#)
}

/// A client that does this and that until the server is gone.
struct Worker<'t> {
    client: Client,
    random: Random,
    told: &'t Mutex<Told>,
    name: String,
    round: usize,
    count: usize,
}

/// The server is gone.
struct Gone;

impl Worker<'_> {
    fn run(mut self) {
        while self.step().is_ok() {}
    }

    fn step(&mut self) -> Result<(), Gone> {
        self.count += 1;
        match self.random.below(10) {
            0 | 1 => self.create(),
            2 => self.update(),
            3..=5 => self.start(),
            6 => self.stop(),
            7 => self.answer(),
            _ => self.look(),
        }
    }

    /// Calls; `None` is an exception.
    fn call(&mut self, operation: &str, parameters: &str) -> Result<Option<Value>, Gone> {
        self.client.try_send(request(operation, parameters).as_bytes()).map_err(|_| Gone)?;
        let answer = self.client.receive().ok_or(Gone)?;
        Ok((answer.status == 200).then(|| answer.json()))
    }

    fn told<T>(&self, change: impl FnOnce(&mut Told) -> T) -> T {
        change(&mut self.told.lock().expect("not poisoned"))
    }

    fn pick(&mut self, of: impl Fn(&Told) -> Vec<String>) -> Option<String> {
        let all = self.told(|told| of(told));
        (!all.is_empty()).then(|| self.random.pick(&all).clone())
    }

    fn create(&mut self) -> Result<(), Gone> {
        let kind = self.random.below(4);
        let name = format!("{}-{}-{}-k{kind}", self.name, self.round, self.count);
        let definition = definition(kind, &name);
        let parameters = format!(
            r#"{{"name":"{name}","roleArn":"{ROLE}","definition":{}}}"#,
            Value::from(definition.as_str()).to_json()
        );
        let made = self.call("CreateStateMachine", &parameters)?.expect("a new machine");
        let machine = Machine { definition, asked: None, round: self.round };
        self.told(|told| told.machines.insert(text(&made, "stateMachineArn"), machine));
        Ok(())
    }

    fn update(&mut self) -> Result<(), Gone> {
        // Each client changes its own machines: of two changes at a time nobody knows which is the later.
        let own = format!(":{}-", self.name);
        let of = |told: &Told| told.machines.keys().filter(|arn| arn.contains(&own)).cloned().collect();
        let Some(arn) = self.pick(of) else { return Ok(()) };
        let kind = arn.rsplit('k').next().and_then(|kind| kind.parse().ok()).expect("the kind is in the name");
        let changed = definition(kind, &format!("{}-{}-changed", self.round, self.count));
        self.told(|told| told.machines.get_mut(&arn).expect("known").asked = Some(changed.clone()));
        let parameters =
            format!(r#"{{"stateMachineArn":"{arn}","definition":{}}}"#, Value::from(changed.as_str()).to_json());
        self.call("UpdateStateMachine", &parameters)?.expect("an update");
        let machine = Machine { definition: changed, asked: None, round: self.round };
        self.told(|told| told.machines.insert(arn, machine));
        Ok(())
    }

    fn start(&mut self) -> Result<(), Gone> {
        let Some(machine) = self.pick(|told| told.machines.keys().cloned().collect()) else { return Ok(()) };
        let name = format!("{}-{}-{}", self.name, self.round, self.count);
        let input = format!(r#"{{"name": "{name}", "text": "{}"}}"#, "é".repeat(self.random.below(300)));
        let parameters = format!(
            r#"{{"stateMachineArn":"{machine}","name":"{name}","input":{}}}"#,
            Value::from(input.as_str()).to_json()
        );
        let started = self.call("StartExecution", &parameters)?.expect("a new execution");
        let start = started.get("startDate").cloned();
        let execution = Execution { input, start, round: self.round, ..Execution::default() };
        self.told(|told| told.executions.insert(text(&started, "executionArn"), execution));
        Ok(())
    }

    fn stop(&mut self) -> Result<(), Gone> {
        let Some(arn) = self.pick(|told| told.executions.keys().cloned().collect()) else { return Ok(()) };
        if self.random.below(4) > 0 {
            return Ok(());
        }
        self.told(|told| told.executions.get_mut(&arn).expect("known").may_be_stopped = true);
        self.call("StopExecution", &format!(r#"{{"executionArn":"{arn}"}}"#))?.expect("a stop");
        self.told(|told| told.executions.get_mut(&arn).expect("known").must_end = true);
        Ok(())
    }

    /// Takes a task, or answers one.
    fn answer(&mut self) -> Result<(), Gone> {
        if let Some((token, name)) = self.told(|told| told.tokens.pop()) {
            return self.succeed(&token, &name);
        }
        let waits =
            |told: &mut Told| told.executions.iter().any(|(arn, run)| arn.contains("-k3:") && run.ended.is_none());
        if !self.told(waits) {
            return Ok(());
        }
        let poll = r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:work"}"#;
        let Some(task) = self.poll(poll)? else { return Ok(()) };
        if let Some(token) = task.get("taskToken").and_then(Value::as_str) {
            let name = text(&json(&text(&task, "input")), "name");
            self.told(|told| told.tokens.push((token.to_owned(), name)));
        }
        Ok(())
    }

    /// A poll that gives up soon.
    fn poll(&mut self, parameters: &str) -> Result<Option<Value>, Gone> {
        let mut client = Client::try_connect(self.client.stream().peer_addr().map_err(|_| Gone)?).ok_or(Gone)?;
        drop(client.stream().set_read_timeout(Some(Duration::from_millis(60))));
        client.try_send(request("GetActivityTask", parameters).as_bytes()).map_err(|_| Gone)?;
        Ok(client.receive().filter(|answer| answer.status == 200).map(|answer| answer.json()))
    }

    fn succeed(&mut self, token: &str, name: &str) -> Result<(), Gone> {
        let parameters = format!(r#"{{"taskToken":"{token}","output":"{{}}"}}"#);
        let taken = self.call("SendTaskSuccess", &parameters)?.is_some();
        self.told(|told| {
            // A start that was not acknowledged has a task all the same.
            let execution = told.executions.iter_mut().find(|(arn, _)| arn.ends_with(&format!(":{name}")));
            if let Some((arn, execution)) = execution {
                assert!(taken || execution.may_be_stopped, "the task of {arn} cannot be answered");
                execution.must_end = true;
            }
        });
        Ok(())
    }

    /// Remembers what there is to see of an execution.
    fn look(&mut self) -> Result<(), Gone> {
        let Some(arn) = self.pick(|told| told.executions.keys().cloned().collect()) else { return Ok(()) };
        let parameters = format!(r#"{{"executionArn":"{arn}","maxResults":1000}}"#);
        let described =
            self.call("DescribeExecution", &format!(r#"{{"executionArn":"{arn}"}}"#))?.expect("an execution");
        let history = self.call("GetExecutionHistory", &parameters)?.expect("a history");
        let events = events(&history);
        self.told(|told| {
            let known = told.executions.get_mut(&arn).expect("known");
            if text(&described, "status") != "RUNNING" {
                known.ended = Some(described);
            }
            if events.len() > known.events.len() {
                known.events = events;
            }
        });
        Ok(())
    }
}

fn events(history: &Value) -> Vec<Value> {
    history.get("events").and_then(Value::as_array).expect("events").to_vec()
}

/// Kills the server at a random moment while clients are at work.
fn load(program: &mut Program, told: &Mutex<Told>, round: usize, random: &mut Random) {
    let address = program.address;
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let client = Client::connect(address);
            let random = Random::new((round * CLIENTS + number) as u64 + 1);
            let worker = Worker { client, random, told, name: format!("c{number}"), round, count: 0 };
            scope.spawn(move || worker.run());
        }
        thread::sleep(Duration::from_millis(10 + random.below(300) as u64));
        program.kill();
    });
}

/// Checks the machines and executions that `is_due`.
fn check(program: &Program, told: &mut Told, mut is_due: impl FnMut(usize) -> bool) {
    let mut client = program.client();
    for (arn, machine) in
        told.machines.iter_mut().filter(|(_, machine)| machine.asked.is_some() || is_due(machine.round))
    {
        let answer = client.call("DescribeStateMachine", &format!(r#"{{"stateMachineArn":"{arn}"}}"#));
        assert_eq!(answer.status, 200, "{arn}: {}", answer.body);
        let found = text(&answer.json(), "definition");
        assert!(found == machine.definition || machine.asked.as_ref() == Some(&found), "{arn}: {found}");
        // From now on it is what it is.
        (machine.definition, machine.asked) = (found, None);
    }
    for (arn, known) in told.executions.iter_mut().filter(|(_, execution)| is_due(execution.round)) {
        check_execution(&mut client, arn, known);
    }
}

fn check_execution(client: &mut Client, arn: &str, known: &mut Execution) {
    let answer = client.call("DescribeExecution", &format!(r#"{{"executionArn":"{arn}"}}"#));
    assert_eq!(answer.status, 200, "{arn}: {}", answer.body);
    let described = answer.json();
    assert_eq!(
        (described.get("input").and_then(Value::as_str), described.get("startDate")),
        (Some(&*known.input), known.start.as_ref())
    );
    let is_running = text(&described, "status") == "RUNNING";
    assert!(!(known.must_end && is_running), "{arn} was stopped: {described}");
    if let Some(ended) = &known.ended {
        assert_eq!(ended, &described, "{arn} had ended");
    }
    let history = client.call("GetExecutionHistory", &format!(r#"{{"executionArn":"{arn}","maxResults":1000}}"#));
    assert_eq!(history.status, 200, "{arn}: {}", history.body);
    let events = events(&history.json());
    let kept = events.get(..known.events.len()).unwrap_or(&events);
    assert_eq!(kept, known.events, "{arn}: events that were seen");
    if known.ended.is_some() {
        assert_eq!(events.len(), known.events.len(), "{arn} had ended");
    } else if !is_running {
        known.ended = Some(described);
    }
    known.events = events;
}

/// Kills a server that has hardly begun to start.
fn kill_early(folder: &Folder, random: &mut Random) {
    let mut command = folder.command(&[&["--port", "0"], &ARGS[..]].concat());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    thread::sleep(Duration::from_millis(random.below(60) as u64));
    child.kill().expect("a child");
    child.wait().expect("a child");
}

/// Answers all tasks, and waits until nothing runs.
fn finish(program: &Program, told: &Told) {
    let mut client = program.client();
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut running: Vec<&String> = told.executions.keys().collect();
    while !running.is_empty() {
        running.retain(|arn| {
            let described = client.call("DescribeExecution", &format!(r#"{{"executionArn":"{arn}"}}"#)).json();
            if text(&described, "status") != "RUNNING" {
                return false;
            }
            // Tasks that a client took with it into its grave: nobody has their tokens.
            if arn.contains("-k3:") {
                client.call("StopExecution", &format!(r#"{{"executionArn":"{arn}"}}"#));
            }
            true
        });
        assert!(Instant::now() < deadline, "still running: {running:?}");
    }
    for (arn, known) in &told.executions {
        let described = client.call("DescribeExecution", &format!(r#"{{"executionArn":"{arn}"}}"#)).json();
        let status = text(&described, "status");
        let may_abort = known.may_be_stopped || arn.contains("-k3:");
        assert!(status == "SUCCEEDED" || may_abort && status == "ABORTED", "{arn}: {described}");
    }
}

#[test]
fn what_was_acknowledged_is_still_there() {
    let folder = folder(&[]);
    let told = Mutex::new(Told::default());
    let mut random = Random::new(20);
    let mut program = folder.serve(&ARGS);
    program.call("CreateActivity", r#"{"name":"work"}"#);
    for round in 0..KILLS {
        load(&mut program, &told, round, &mut random);
        if random.below(4) == 0 {
            kill_early(&folder, &mut random);
        }
        program = folder.serve(&ARGS);
        assert_eq!(program.stderr(), "");
        let mut told = told.lock().expect("not poisoned");
        check(&program, &mut told, |made| made == round || random.below(20) == 0);
    }
    let mut told = told.into_inner().expect("not poisoned");
    assert!(told.executions.len() > KILLS && told.machines.len() > KILLS, "there was hardly any load");
    check(&program, &mut told, |_| true);
    finish(&program, &told);
    assert_eq!(program.stderr(), "", "nothing panicked");
}
