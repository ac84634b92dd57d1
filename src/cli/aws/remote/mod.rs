//! Calls over the network: AWS JSON 1.0, signed with Signature Version 4.
//!
//! Configuration, credentials, signatures and connections are the AWS SDK's; requests and answers are made from the table of
//! the API.

mod config;
mod connection;
mod endpoint;
mod reply;

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use connection::{Connection, Sent};
use endpoint::Address;

use super::failure::Failure;
use super::options::{Layout, Options};
use crate::api::Operation;
use crate::cli::complain;
use crate::runtime::names::new_seed;
use crate::value::Value;

/// A service that is reached over the network.
pub struct Remote {
    connection: Connection,
    address: Address,
    region: String,
    /// None where requests are not signed.
    credentials: Option<SharedCredentialsProvider>,
    attempts: u32,
    debug: bool,
    /// The layout of answers that the profile asks for.
    pub layout: Option<Layout>,
}

impl Remote {
    /// The service that the options name; none if they name none.
    ///
    /// # Errors
    /// No region, no credentials, no such profile, an address or a certificate that cannot be used.
    pub async fn open(operation: Operation, options: &Options) -> Result<Option<Self>, Failure> {
        config::open(operation, options).await
    }

    /// Performs a call; repeats it where the AWS CLI does.
    ///
    /// # Errors
    /// The exception, or why there is no answer.
    pub async fn call(&self, operation: Operation, parameters: &Value) -> Result<Value, Failure> {
        let body = parameters.to_json();
        let mut retries = 0;
        loop {
            let sent = self.attempt(operation, &body).await?;
            let is_last = retries + 1 >= self.attempts;
            match sent {
                Sent::Answer(answer) => {
                    let result = reply::read(operation, &answer);
                    match result {
                        Err(Failure::Service { operation, code, message, .. })
                            if reply::is_transient(answer.status, &code) =>
                        {
                            if is_last {
                                return Err(Failure::Service { operation, code, message, retries });
                            }
                            self.tell(&format!("{code}: again"));
                        }
                        other => return other,
                    }
                }
                // What listens on this computer is there or not.
                Sent::Lost(why) if is_last || self.address.is_loopback => return Err(Failure::Other(why)),
                Sent::Lost(why) => self.tell(&format!("{why}: again")),
            }
            tokio::time::sleep(pause(retries)).await;
            retries += 1;
        }
    }

    async fn attempt(&self, operation: Operation, body: &str) -> Result<Sent, Failure> {
        let uri = self.address.uri(operation);
        let mut request = connection::request(&uri, operation, body)?;
        if let Some(provider) = &self.credentials {
            let credentials =
                provider.provide_credentials().await.map_err(|error| config::credentials_fault(&error))?;
            connection::sign(&mut request, body, credentials, &self.region, SystemTime::now())?;
        }
        self.tell(&format!("POST {uri} {} {body}", operation.name()));
        let sent = self.connection.send(request, &uri).await?;
        if let Sent::Answer(answer) = &sent {
            self.tell(&format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)));
        }
        Ok(sent)
    }

    fn tell(&self, text: &str) {
        if self.debug {
            complain(&format!("asldb: {text}"));
        }
    }
}

/// How long to wait before the next attempt: some part of 1, 2, 4 … seconds, 20 at most.
fn pause(retries: u32) -> Duration {
    let most = 1000_u64.saturating_mul(1 << retries.min(10)).min(20_000);
    Duration::from_millis(new_seed() % (most + 1))
}
