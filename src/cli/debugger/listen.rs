//! `--listen`: the Step Functions API beside the debugger. What others start there stops at its breakpoints.

use std::future::pending;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, anyhow};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::api::Api;
use crate::asl::Definition;
use crate::cli::args::Kind;
use crate::cli::serve::json_text;
use crate::debug::{Run, SharedBreakpoints};
use crate::endpoint::{Endpoint, Limits, Policy};
use crate::runtime::mock::{MockTasks, Mocks};
use crate::runtime::{Start, Tasks};
use crate::service::{About, Launched, Launcher, Service, ServiceConfig};
use crate::tui::app::Setup;
use crate::tui::run::{Listening, Register};

/// Starts the service and its endpoint on `port`.
///
/// # Errors
/// The port is taken, or the mock case cannot be used.
pub(super) async fn start(port: u16, setup: &Setup) -> anyhow::Result<Listening> {
    let kind = if setup.is_express { Kind::Express } else { Kind::Standard };
    let endpoint = bind(port).await?;
    let address = endpoint.address();
    let (sender, arrivals) = unbounded_channel();
    let launcher =
        Arc::new(Adopting { runs: sender, breakpoints: setup.shared_breakpoints.clone(), shown: Mutex::default() });
    let config = ServiceConfig {
        mocks: setup.mocks.as_ref().map(|choice| choice.mocks.clone()),
        tasks: tasks(setup)?,
        launcher: launcher.clone(),
        ..ServiceConfig::default()
    };
    let service = Arc::new(Service::open(config).await.context("cannot start the service")?);
    let name = setup.machine_name.clone();
    let greeting = greeting(&service, &launcher, &name, kind, setup, address).await;
    let api: Arc<dyn Api> = service.clone();
    tokio::spawn(endpoint.serve(api, Policy::new(address.ip()), Limits::default(), pending()));
    Ok(Listening { greeting, arrivals, register: registering(service, launcher, name, kind) })
}

async fn bind(port: u16) -> anyhow::Result<Endpoint> {
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    let bound = Endpoint::bind(address).await;
    bound.map_err(|error| {
        anyhow!("--listen: port {port} cannot be used: {error}; choose another one, 0 is any free one")
    })
}

/// The mock case that was chosen, and the user for what it does not list.
fn tasks(setup: &Setup) -> anyhow::Result<Arc<dyn Tasks>> {
    let asking: Arc<dyn Tasks> = setup.asking.clone();
    let Some(choice) = &setup.mocks else { return Ok(asking) };
    let mocks: Arc<Mocks> = choice.mocks.clone();
    let tasks = MockTasks::new(mocks, &choice.machine, &choice.case, asking);
    Ok(Arc::new(tasks.with_context(|| choice.path.display().to_string())?))
}

async fn greeting(
    service: &Service,
    launcher: &Adopting,
    name: &str,
    kind: Kind,
    setup: &Setup,
    address: SocketAddr,
) -> String {
    let listens = format!("Listening at http://{address}");
    let Some(definition) = &setup.definition else { return listens };
    match register(service, launcher, name, kind, definition).await {
        Ok(arn) => format!("{listens}: {arn}"),
        Err(why) => format!("{listens}; {why}"),
    }
}

/// Registers each definition that is read, and says what is wrong with those that are refused.
fn registering(service: Arc<Service>, launcher: Arc<Adopting>, name: String, kind: Kind) -> Register {
    Box::new(move |definition| {
        let (sender, answers) = unbounded_channel();
        let (service, launcher, name) = (service.clone(), launcher.clone(), name.clone());
        let definition = definition.clone();
        tokio::spawn(async move {
            if let Err(why) = register(&service, &launcher, &name, kind, &definition).await {
                drop(sender.send(why));
            }
        });
        answers
    })
}

async fn register(
    service: &Service,
    launcher: &Adopting,
    name: &str,
    kind: Kind,
    definition: &Arc<Definition>,
) -> Result<String, String> {
    if definition.has_errors() {
        return Err(format!("{name} is not registered: the definition has errors"));
    }
    let text = json_text(definition);
    launcher.show(&text, definition);
    let registered = service.register(name, &text, kind == Kind::Express).await;
    registered.map_err(|exception| format!("{name} is not registered: {exception}"))
}

/// Puts executions under the debugger.
struct Adopting {
    runs: UnboundedSender<Run>,
    breakpoints: SharedBreakpoints,
    /// The definition of the file, and how it was registered: its runs show the file itself.
    shown: Mutex<Option<(String, Arc<Definition>)>>,
}

impl Adopting {
    fn show(&self, text: &str, definition: &Arc<Definition>) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some((text.to_owned(), definition.clone()));
    }

    fn definition(&self, text: &str) -> Arc<Definition> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match &*shown {
            Some((known, definition)) if known == text && &*definition.text == text => definition.clone(),
            _ => Arc::new(Definition::read("definition.json", text)),
        }
    }
}

impl Launcher for Adopting {
    fn records_stages(&self) -> bool {
        true
    }

    fn launch(&self, start: Start, about: &About) -> Launched {
        let (run, driver) = Run::adopt(start, self.definition(&about.definition), &self.breakpoints);
        let handle = run.handle().clone();
        drop(self.runs.send(run));
        Launched::new(driver, handle)
    }
}
