//! The ARNs of the service: what they name, and what is wrong with those that name nothing.

use std::fmt;

use crate::api::Exception;

/// An ARN, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Everything before the resource: `arn:aws:states:REGION:ACCOUNT`.
    pub prefix: &'a str,
    /// What it names.
    pub resource: Resource<'a>,
}

/// What an ARN names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// `stateMachine:NAME`, `stateMachine:NAME:VERSION`, `stateMachine:NAME:ALIAS`
    StateMachine {
        /// Its name.
        name: &'a str,
        /// A version or an alias of it.
        qualifier: Option<Qualifier<'a>>,
    },
    /// `stateMachine:NAME/LABEL`: the item processor of a distributed Map.
    Labelled {
        /// The state machine.
        name: &'a str,
        /// The label of the Map state.
        label: &'a str,
    },
    /// `execution:MACHINE:NAME`; the machine of a child of a map run has a label.
    Execution {
        /// The state machine.
        machine: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// `express:MACHINE:NAME:UUID`
    Express {
        /// The state machine.
        machine: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// `mapRun:MACHINE/LABEL:UUID`
    MapRun {
        /// The state machine.
        machine: &'a str,
        /// The label of the Map state.
        label: &'a str,
    },
    /// `activity:NAME`
    Activity {
        /// Its name.
        name: &'a str,
    },
}

/// What may follow the name of a state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier<'a> {
    /// A version.
    Version(u32),
    /// An alias.
    Alias(&'a str),
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.prefix)?;
        match self.resource {
            Resource::StateMachine { name, qualifier: None } => write!(f, "stateMachine:{name}"),
            Resource::StateMachine { name, qualifier: Some(Qualifier::Version(version)) } => {
                write!(f, "stateMachine:{name}:{version}")
            }
            Resource::StateMachine { name, qualifier: Some(Qualifier::Alias(alias)) } => {
                write!(f, "stateMachine:{name}:{alias}")
            }
            Resource::Labelled { name, label } => write!(f, "stateMachine:{name}/{label}"),
            Resource::Execution { machine, name } => write!(f, "execution:{machine}:{name}"),
            Resource::Express { machine, name } => write!(f, "express:{machine}:{name}"),
            Resource::MapRun { machine, label } => write!(f, "mapRun:{machine}/{label}"),
            Resource::Activity { name } => write!(f, "activity:{name}"),
        }
    }
}

/// `InvalidArn` (the wording around the reason is recorded).
#[must_use]
pub fn invalid(reason: impl fmt::Display) -> Exception {
    Exception::new("InvalidArn", format!("Invalid Arn: '{reason}'"))
}

/// An ARN of another kind than the operation takes (recorded for `express`).
#[must_use]
pub fn misplaced(kind: &str) -> Exception {
    invalid(format_args!("Resource type not valid in this context: {kind}"))
}

impl<'a> Arn<'a> {
    /// Takes `text` apart.
    ///
    /// # Errors
    /// `InvalidArn`: it is no ARN (recorded), or none of this service.
    pub fn parse(text: &'a str) -> Result<Self, Exception> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        if next() != Some("arn") {
            return Err(invalid(format_args!("Invalid ARN prefix: {text}")));
        }
        let (Some(_), service, Some(_), Some(_), Some(resource)) = (next(), next(), next(), next(), next()) else {
            return Err(invalid(format_args!("Invalid ARN: {text}")));
        };
        if service != Some("states") {
            return Err(invalid(format_args!("Invalid ARN service: {text}")));
        }
        let prefix = text.strip_suffix(resource).and_then(|prefix| prefix.strip_suffix(':')).unwrap_or(text);
        Ok(Self { prefix, resource: Resource::parse(resource, text)? })
    }

    /// The name of what it is, as ARNs have it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.resource {
            Resource::StateMachine { .. } | Resource::Labelled { .. } => "stateMachine",
            Resource::Execution { .. } => "execution",
            Resource::Express { .. } => "express",
            Resource::MapRun { .. } => "mapRun",
            Resource::Activity { .. } => "activity",
        }
    }
}

impl<'a> Resource<'a> {
    fn parse(resource: &'a str, text: &str) -> Result<Self, Exception> {
        let parts: Vec<&str> = resource.split(':').collect();
        let whole = parts.iter().all(|part| !part.is_empty());
        match parts.as_slice() {
            ["stateMachine", name] if whole => Ok(match name.split_once('/') {
                Some((name, label)) => Self::Labelled { name, label },
                None => Self::StateMachine { name, qualifier: None },
            }),
            ["stateMachine", name, qualifier] if whole => {
                let qualifier = qualifier.parse().map_or(Qualifier::Alias(qualifier), Qualifier::Version);
                Ok(Self::StateMachine { name, qualifier: Some(qualifier) })
            }
            ["execution", machine, name] if whole => Ok(Self::Execution { machine, name }),
            ["express", machine, name, ..] if whole => Ok(Self::Express { machine, name }),
            ["mapRun", machine, _] if whole && machine.contains('/') => {
                let (machine, label) = machine.split_once('/').unwrap_or((machine, ""));
                Ok(Self::MapRun { machine, label })
            }
            ["activity", name] if whole => Ok(Self::Activity { name }),
            ["stateMachine" | "execution" | "express" | "mapRun" | "activity", ..] => {
                Err(invalid(format_args!("Invalid ARN: {text}")))
            }
            _ => Err(invalid(format_args!("Invalid ARN resource type: {text}"))),
        }
    }
}

/// An execution ARN, for operations that only Standard executions have.
///
/// # Errors
/// `InvalidArn`: it is one of something else.
pub fn execution(text: &str) -> Result<Arn<'_>, Exception> {
    let arn = Arn::parse(text)?;
    match arn.resource {
        Resource::Execution { .. } => Ok(arn),
        _ => Err(misplaced(arn.kind())),
    }
}

/// The name in an activity ARN, and the ARN.
///
/// # Errors
/// `InvalidArn`: it is one of something else.
pub fn activity(text: &str) -> Result<(Arn<'_>, &str), Exception> {
    let arn = Arn::parse(text)?;
    match arn.resource {
        Resource::Activity { name } => Ok((arn, name)),
        _ => Err(misplaced(arn.kind())),
    }
}

/// A map run ARN.
///
/// # Errors
/// `InvalidArn`: it is one of something else.
pub fn map_run(text: &str) -> Result<Arn<'_>, Exception> {
    let arn = Arn::parse(text)?;
    match arn.resource {
        Resource::MapRun { .. } => Ok(arn),
        _ => Err(misplaced(arn.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIX: &str = "arn:aws:states:us-east-1:123456789012";

    #[test]
    fn arns_are_taken_apart_and_put_together_again() {
        let qualified = |qualifier| Resource::StateMachine { name: "m", qualifier: Some(qualifier) };
        for (text, resource) in [
            ("stateMachine:m", Resource::StateMachine { name: "m", qualifier: None }),
            ("stateMachine:m:3", qualified(Qualifier::Version(3))),
            ("stateMachine:m:PROD", qualified(Qualifier::Alias("PROD"))),
            ("stateMachine:m/label", Resource::Labelled { name: "m", label: "label" }),
            ("execution:m:run", Resource::Execution { machine: "m", name: "run" }),
            ("activity:a", Resource::Activity { name: "a" }),
        ] {
            let text = format!("{PREFIX}:{text}");
            let arn = Arn::parse(&text).expect("an ARN");
            assert_eq!((arn.prefix, arn.resource, arn.to_string()), (PREFIX, resource, text.clone()));
        }
        let express = format!("{PREFIX}:express:m:run:0123");
        assert_eq!(Arn::parse(&express).expect("an ARN").kind(), "express");
        let run = format!("{PREFIX}:mapRun:m/label:0123");
        assert!(map_run(&run).is_ok());
    }

    #[test]
    fn what_is_none_is_told() {
        let message = |text: &str| Arn::parse(text).expect_err("no ARN").message;
        assert_eq!(message("nonsense"), "Invalid Arn: 'Invalid ARN prefix: nonsense'");
        for text in ["arn:aws:states:us-east-1:1", "arn:aws:states:us-east-1:1:stateMachine", "arn:aws:s3:r:1:b"] {
            assert!(message(text).starts_with("Invalid Arn: 'Invalid ARN"), "{text}");
        }
        for text in ["stateMachine:", "stateMachine:a:b:c", "execution:m", "mapRun:m:x", "bucket:b", "activity:a:b"] {
            assert!(Arn::parse(&format!("{PREFIX}:{text}")).is_err(), "{text}");
        }
        let express = format!("{PREFIX}:express:m:run:0123");
        let error = execution(&express).expect_err("not this kind");
        assert_eq!(error.message, "Invalid Arn: 'Resource type not valid in this context: express'");
    }
}
