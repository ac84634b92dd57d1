//! Names on the command line and in the API.

use crate::api::Operation;

/// `stateMachineArn` and `StartExecution` as options and commands write them: `state-machine-arn`, `start-execution`.
#[must_use]
pub fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The operation of a command: `start-execution`.
#[must_use]
pub fn operation(command: &str) -> Option<Operation> {
    let is_kebab = command.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let words = command.split('-').map(|word| {
        let (first, rest) = word.split_at_checked(1)?;
        Some(first.to_ascii_uppercase() + rest)
    });
    Operation::named(&words.collect::<Option<String>>().filter(|_| is_kebab)?)
}

/// The option of a parameter, without its dashes. `output` of SendTaskSuccess would be the option for the layout; the AWS
/// CLI calls it `task-output`.
#[must_use]
pub fn option(operation: Operation, member: &str) -> String {
    match (operation, member) {
        (Operation::SendTaskSuccess, "output") => "task-output".to_owned(),
        _ => kebab(member),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_named_after_operations() {
        for found in Operation::ALL {
            assert_eq!(operation(&kebab(found.name())), Some(*found));
        }
        assert_eq!(kebab("stateMachineArn"), "state-machine-arn");
        for other in ["", "-", "startexecution", "start-execution-", "StartExecution", "run"] {
            assert_eq!(operation(other), None, "{other}");
        }
    }
}
