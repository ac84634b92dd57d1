//! What the server tells about itself when it is ready.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

use super::machines::Machine;
use crate::api::Exception;
use crate::cli::args::ServeArgs;

/// More machines than this are counted, not listed.
const LISTED: usize = 40;

/// Prints where the server is, what it has and how to call it.
///
/// # Errors
/// The machines cannot be listed.
pub(super) fn print(
    args: &ServeArgs,
    store: Option<&Path>,
    url: &str,
    resumed: usize,
    machines: Result<Vec<Machine>, Exception>,
) -> anyhow::Result<()> {
    let text = text(args, store, url, resumed, &machines?);
    let mut stdout = std::io::stdout().lock();
    // Nobody may be reading; the server works regardless.
    drop(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
    Ok(())
}

fn text(args: &ServeArgs, store: Option<&Path>, url: &str, resumed: usize, machines: &[Machine]) -> String {
    let store = match store {
        Some(file) => format!("kept in {}", file.display()),
        None => "in memory only".to_owned(),
    };
    let mut text = format!("asldb serves the Step Functions API at {url}\n\nmachines and executions: {store}\n");
    if resumed > 0 {
        text.push_str(&format!("executions that go on where the last server left them: {resumed}\n"));
    }
    if machines.is_empty() {
        text.push_str("state machines: none yet; create some, or name definitions or a folder of them\n");
    } else {
        text.push_str("state machines:\n");
        list(&mut text, machines);
    }
    text.push_str("\nTry it:\n\n");
    text.push_str(&command(args, url, machines));
    text.push_str(PREFIX);
    text
}

/// The address as clients write it.
pub(super) fn url(address: SocketAddr) -> String {
    let mut reached = address;
    if address.ip().is_unspecified() {
        reached.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{reached}")
}

fn list(text: &mut String, machines: &[Machine]) {
    let shown = &machines[..machines.len().min(LISTED)];
    let width = shown.iter().map(|machine| machine.name.chars().count()).max().unwrap_or(0);
    for Machine { name, kind, arn } in shown {
        text.push_str(&format!("  {name:width$}  {kind:8}  {arn}\n"));
    }
    if machines.len() > LISTED {
        text.push_str(&format!("  and {} more\n", machines.len() - LISTED));
    }
}

/// A command that can be pasted into a shell.
fn command(args: &ServeArgs, url: &str, machines: &[Machine]) -> String {
    let what = match machines.first() {
        None => "list-state-machines".to_owned(),
        Some(Machine { kind, arn, .. }) => {
            let operation = if kind == "EXPRESS" { "start-sync-execution" } else { "start-execution" };
            format!("{operation} --state-machine-arn {} --input '{{}}'", quoted(arn))
        }
    };
    format!(
        "  AWS_DISABLE_HOST_PREFIX_INJECTION=true aws stepfunctions {what} \\\n      --endpoint-url {url} --region {} \
         --no-sign-request\n",
        args.region
    )
}

/// Names of machines may hold quotes.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_:./".contains(c);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// The one thing that everybody stumbles over.
const PREFIX: &str = "
AWS clients put `sync-` before the host for start-sync-execution and test-state. Switch that off:
  AWS CLI      AWS_DISABLE_HOST_PREFIX_INJECTION=true, or disable_host_prefix_injection = true in the profile
  boto3        Config(inject_host_prefix=False)
  JavaScript   new SFNClient({ disableHostPrefix: true })
or let a name resolve to this computer with and without `sync-` before it.

Ctrl-C stops it.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_that_clients_can_use() {
        for (bound, shown) in [
            ("127.0.0.1:8083", "http://127.0.0.1:8083"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:80", "http://[::1]:80"),
            ("[::1]:8083", "http://[::1]:8083"),
            ("192.168.0.7:1", "http://192.168.0.7:1"),
        ] {
            assert_eq!(url(bound.parse().expect("an address")), shown);
        }
    }

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (text, shown) in [
            ("arn:aws:states:us-east-1:123456789012:stateMachine:a-b_c.d", None),
            ("x'y", Some(r"'x'\''y'")),
            ("x(y)", Some("'x(y)'")),
        ] {
            assert_eq!(quoted(text), shown.unwrap_or(text));
        }
    }

    #[test]
    fn many_machines_are_counted() {
        let machine = |n: usize| Machine { name: format!("m{n}"), kind: "STANDARD".into(), arn: format!("arn:m{n}") };
        let machines: Vec<Machine> = (0..45).map(machine).collect();
        let mut text = String::new();
        list(&mut text, &machines);
        assert_eq!(text.lines().count(), 41);
        assert!(text.starts_with("  m0   STANDARD  arn:m0\n") && text.ends_with("  and 5 more\n"), "{text}");
    }
}
