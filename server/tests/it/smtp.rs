//! A mail server on a port of its own that does what its script says: the protocol is a crate's, the faults are ours.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mailin::{Action, Handler, Response, SessionBuilder, response};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What happens to one letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// This answer to the recipient.
    Answer(u16),
    /// The letter is taken, and the connection ends before the answer.
    DropAfterDot,
    /// The letter is taken, and the answer comes this much later.
    Slow(Duration),
}

#[derive(Default)]
struct State {
    script: VecDeque<Fault>,
    taken: Vec<Vec<u8>>,
}

/// Runs until dropped.
pub struct SmtpServer {
    pub addr: SocketAddr,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

impl SmtpServer {
    /// `script` has one entry per letter; after its end every letter is taken.
    pub async fn start(script: &[Fault]) -> Self {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), script).await
    }

    pub async fn start_at(addr: SocketAddr, script: &[Fault]) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let state =
            Arc::new(Mutex::new(State { script: script.iter().copied().collect(), ..State::default() }));
        let shared = state.clone();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _peer)) = listener.accept().await {
                // A client that goes away in mid-sentence is part of the tests.
                tokio::spawn(talk(stream, shared.clone()));
            }
        });
        Self { addr, state, listening }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// Every letter whose final dot arrived, in order.
    pub fn taken(&self) -> Vec<Vec<u8>> {
        self.state.lock().unwrap().taken.clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

struct Mailbox {
    state: Arc<Mutex<State>>,
    fault: Arc<Mutex<Fault>>,
    data: Vec<u8>,
}

impl Handler for Mailbox {
    fn mail(&mut self, _ip: std::net::IpAddr, _domain: &str, _from: &str) -> Response {
        *self.fault.lock().unwrap() = self.state.lock().unwrap().script.pop_front().unwrap_or(Fault::None);
        self.data.clear();
        response::OK
    }

    fn rcpt(&mut self, _to: &str) -> Response {
        match *self.fault.lock().unwrap() {
            Fault::Answer(code) => Response::custom(code, "as the script says".to_owned()),
            _ => response::OK,
        }
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.data.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.state.lock().unwrap().taken.push(std::mem::take(&mut self.data));
        response::OK
    }
}

async fn talk(stream: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let fault = Arc::new(Mutex::new(Fault::None));
    let handler = Mailbox { state: state.clone(), fault: fault.clone(), data: Vec::new() };
    let mut session = SessionBuilder::new("mail.test").build(Ipv4Addr::LOCALHOST.into(), handler);
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading);
    writing.write_all(&session.greeting().buffer()?).await?;
    loop {
        let mut line = Vec::new();
        if reading.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let before = state.lock().unwrap().taken.len();
        let answer = session.process(&line);
        if state.lock().unwrap().taken.len() > before {
            let fault = *fault.lock().unwrap();
            match fault {
                Fault::DropAfterDot => return Ok(()),
                Fault::Slow(by) => tokio::time::sleep(by).await,
                _ => {}
            }
        }
        match answer.action {
            Action::NoReply => {}
            Action::Close => return writing.write_all(&answer.buffer()?).await,
            _ => writing.write_all(&answer.buffer()?).await?,
        }
    }
}
