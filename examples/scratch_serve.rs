use asldb::api::{Api, Operation, Request};
use asldb::runtime::mock::{MockFile, Mocks};
use asldb::service::{Service, ServiceConfig};
use asldb::value::{self, Value};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let get = |n: &str| args.iter().position(|a| a == n).map(|i| args[i + 1].clone());
    let mut config =
        ServiceConfig { account: get("--account").unwrap(), region: get("--region").unwrap(), ..Default::default() };
    config.skip_waits = args.iter().any(|a| a == "--skip-waits");
    config.store = get("--store").map(Into::into);
    if let Some(f) = get("--mocks") {
        let t = std::fs::read_to_string(&f).unwrap();
        config.mocks = Some(Mocks::new(MockFile::read(&f, &t).unwrap()));
    }
    let port: u16 = get("--port").unwrap().parse().unwrap();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let service = Arc::new(Service::open(config).await.unwrap());
        let l = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        loop {
            let (s, _) = l.accept().await.unwrap();
            s.set_nodelay(true).unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                let (r, mut w) = s.into_split();
                let mut r = BufReader::new(r);
                loop {
                    let (mut op, mut len) = (String::new(), 0usize);
                    loop {
                        let mut line = String::new();
                        if r.read_line(&mut line).await.unwrap_or(0) == 0 { return; }
                        let line = line.trim_end();
                        if line.is_empty() { break; }
                        let low = line.to_lowercase();
                        if let Some(v) = low.strip_prefix("content-length:") { len = v.trim().parse().unwrap(); }
                        if low.starts_with("x-amz-target:") { op = line.rsplit('.').next().unwrap().to_owned(); }
                    }
                    let mut body = vec![0; len];
                    if r.read_exact(&mut body).await.is_err() { return; }
                    let parameters = value::read(std::str::from_utf8(&body).unwrap()).unwrap_or(Value::empty_object());
                    let (status, text) = match Operation::named(&op) {
                        None => (400, "{\"__type\":\"UnknownOperationException\"}".to_owned()),
                        Some(operation) => match service.call(Request { operation, parameters, trace_header: None }).await {
                            Ok(v) => (200, v.to_json()),
                            Err(e) => (400, Value::Object([("__type", Value::from(e.name)), ("message", e.message.into())].into_iter().collect()).to_json()),
                        },
                    };
                    let out = format!("HTTP/1.1 {status} OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\n\r\n{text}", text.len());
                    if w.write_all(out.as_bytes()).await.is_err() { return; }
                }
            });
        }
    });
}
