//! What the options of a command say, beside the parameters of the operation.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;

use super::failure::Failure;
use super::query::Query;
use super::shorthand;

/// The layout of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// JSON, indented by four blanks.
    Json,
    /// A line for each object, its values separated by tabs.
    Text,
    /// A table in a frame.
    Table,
    /// One YAML document.
    Yaml,
    /// YAML, an item for each page.
    YamlStream,
}

impl Layout {
    /// The layouts and their names.
    pub const ALL: [(&'static str, Self); 5] = [
        ("json", Self::Json),
        ("text", Self::Text),
        ("table", Self::Table),
        ("yaml", Self::Yaml),
        ("yaml-stream", Self::YamlStream),
    ];

    /// The layout called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, layout)| *layout)
    }
}

/// What `--generate-cli-skeleton` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skeleton {
    /// Parameters as JSON.
    Input,
    /// Parameters as YAML.
    YamlInput,
    /// An answer.
    Output,
}

/// The options that all commands have.
#[derive(Debug, Clone)]
pub struct Options {
    /// Tell on standard error what is done.
    pub debug: bool,
    /// The layout, if the option or `AWS_DEFAULT_OUTPUT` asks for one.
    pub layout: Option<Layout>,
    /// What to take from the answer.
    pub query: Option<Query>,
    /// Whether tables are coloured; on terminals if it is not said.
    pub color: Option<bool>,
    /// Print an example instead of calling.
    pub skeleton: Option<Skeleton>,
    /// Which pages to get.
    pub pages: Pages,
    /// Where the service is.
    pub place: Place,
    /// The embedded service.
    pub local: Local,
}

/// Which pages to get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// Whether pages are put together.
    pub paginate: bool,
    /// Most results in all.
    pub max_items: Option<usize>,
    /// Results a call.
    pub page_size: Option<i64>,
    /// Where to go on, as an earlier answer gave it.
    pub starting_token: Option<String>,
}

/// Where the service is and how it is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its address instead of AWS's own.
    pub endpoint: Option<String>,
    /// The profile of the configuration files.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Do not sign; no credentials are needed.
    pub no_sign: bool,
    /// Do not check certificates.
    pub no_verify: bool,
    /// Certificates to trust instead of the system's, as PEM.
    pub ca_bundle: Option<PathBuf>,
    /// How long to wait for an answer; zero for ever.
    pub read_timeout: Option<Duration>,
    /// How long to wait for a connection; zero for ever.
    pub connect_timeout: Option<Duration>,
}

/// The embedded service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Local {
    /// The file that holds state machines and executions.
    pub store: Option<PathBuf>,
    /// Keep nothing.
    pub in_memory: bool,
    /// Answers for tasks.
    pub mocks: Option<PathBuf>,
    /// The region in ARNs.
    pub region: Option<String>,
}

impl Options {
    /// Reads the options.
    ///
    /// # Errors
    /// Options that contradict each other, numbers and queries that cannot be read.
    pub fn read(matches: &ArgMatches, is_paged: bool) -> Result<Self, Failure> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        if matches.get_flag("cli-auto-prompt") {
            let help = "it is not supported here; --generate-cli-skeleton and help show the parameters";
            return Err(Failure::Usage(format!("argument --cli-auto-prompt: {help}")));
        }
        let query = text("query").map(|query| Query::read(&query)).transpose().map_err(Failure::Parameters)?;
        Ok(Self {
            debug: matches.get_flag("debug"),
            layout: layout(text("output"))?,
            query,
            color: match text("color").as_deref() {
                Some("on") => Some(true),
                Some("off") => Some(false),
                _ => None,
            },
            skeleton: text("generate-cli-skeleton").map(|kind| match kind.as_str() {
                "output" => Skeleton::Output,
                "yaml-input" => Skeleton::YamlInput,
                _ => Skeleton::Input,
            }),
            pages: Pages::read(matches, is_paged)?,
            place: Place::read(matches)?,
            local: Local {
                store: text("store").map(PathBuf::from),
                in_memory: matches.get_flag("in-memory"),
                mocks: text("mocks").map(PathBuf::from),
                region: text("region"),
            },
        })
    }
}

/// The option, else `AWS_DEFAULT_OUTPUT`.
fn layout(option: Option<String>) -> Result<Option<Layout>, Failure> {
    let Some(name) = option.or_else(|| std::env::var("AWS_DEFAULT_OUTPUT").ok()).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    Layout::named(&name).map(Some).ok_or_else(|| Failure::Parameters(format!("Unknown output type: {name}")))
}

impl Pages {
    fn read(matches: &ArgMatches, is_paged: bool) -> Result<Self, Failure> {
        let asked = !matches.get_flag("no-paginate");
        if !is_paged {
            return Ok(Self { paginate: false, max_items: None, page_size: None, starting_token: None });
        }
        // Who pages by hand gets the pages that are asked for.
        let by_hand = matches.contains_id("max-results") || matches.contains_id("next-token");
        let paginate = asked && !by_hand;
        let options = ["starting-token", "page-size", "max-items"];
        let used: Vec<String> =
            options.iter().filter(|name| matches.contains_id(name)).map(|name| format!("--{name}")).collect();
        if !paginate && !used.is_empty() {
            let used = used.join(", ");
            let message = format!("Cannot specify --no-paginate along with pagination arguments: {used}");
            return Err(Failure::Parameters(format!("Error during pagination: {message}")));
        }
        Ok(Self {
            paginate,
            max_items: number(matches, "max-items")?.map(|n| usize::try_from(n).unwrap_or(0)),
            page_size: number(matches, "page-size")?,
            starting_token: matches.get_one::<String>("starting-token").cloned(),
        })
    }
}

impl Place {
    fn read(matches: &ArgMatches) -> Result<Self, Failure> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let seconds = |name| {
            let seconds = number(matches, name)?.map(|n| Duration::from_secs(u64::try_from(n).unwrap_or(0)));
            Ok::<_, Failure>(seconds)
        };
        Ok(Self {
            endpoint: text("endpoint-url"),
            profile: text("profile"),
            region: text("region"),
            no_sign: matches.get_flag("no-sign-request"),
            no_verify: matches.get_flag("no-verify-ssl"),
            ca_bundle: text("ca-bundle").map(PathBuf::from),
            read_timeout: seconds("cli-read-timeout")?,
            connect_timeout: seconds("cli-connect-timeout")?,
        })
    }
}

fn number(matches: &ArgMatches, name: &str) -> Result<Option<i64>, Failure> {
    let text = matches.try_get_one::<String>(name).ok().flatten();
    let number = text.map(|text| shorthand::whole(text)).transpose();
    number.map_err(|error| Failure::Usage(format!("argument --{name}: {error}")))
}
