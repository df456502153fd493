//! The way out: a mail server, or a folder. Deliberately absent: waiting and trying again, which the outbox does.

use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::sync::RwLock;
use tokio::time::timeout;

use super::folder::Folder;
use crate::config::{ConfigFault, Smtp};

type Pool = AsyncSmtpTransport<Tokio1Executor>;
type Builder = lettre::transport::smtp::AsyncSmtpTransportBuilder;

/// For one connection to stand.
const CONNECT: Duration = Duration::from_secs(10);
/// For one letter to be taken, connection included.
pub const SEND: Duration = Duration::from_secs(60);
/// Connections at once: what a small relay allows one client.
pub const CONNECTIONS: u32 = 4;
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// How letters leave.
#[expect(clippy::large_enum_variant, reason = "there is one of it in the whole program")]
pub enum Transport {
    Smtp(SmtpTransport),
    Files(Folder),
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Taken,
    /// Worth trying again: the server is away, busy or does not let us in.
    Later(String),
    /// The server will never take this letter.
    Never(String),
}

impl Transport {
    /// # Errors
    /// When the address of the server cannot be used.
    pub fn smtp(smtp: &Smtp) -> Result<Self, ConfigFault> {
        SmtpTransport::new(smtp, SEND).map(Self::Smtp)
    }

    /// Hands one letter over; ends within [`SEND`].
    pub async fn send(&self, message: &Message) -> Delivery {
        match self {
            Self::Smtp(smtp) => smtp.send(message).await,
            Self::Files(folder) => match folder.keep(message).await {
                Ok(()) => Delivery::Taken,
                Err(fault) => Delivery::Later(format!("the folder for letters: {fault}")),
            },
        }
    }
}

/// A pool of connections to one server.
pub struct SmtpTransport {
    builder: Builder,
    pool: RwLock<Pool>,
    longest: Duration,
}

impl SmtpTransport {
    /// `longest` bounds one letter.
    ///
    /// # Errors
    /// When the address of the server cannot be used.
    pub fn new(smtp: &Smtp, longest: Duration) -> Result<Self, ConfigFault> {
        let builder = Pool::from_url(smtp.url.reveal())
            .map_err(|fault| ConfigFault::new("SMTP_URL", format!("cannot be used: {fault}")))?
            .timeout(Some(CONNECT))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE));
        let pool = RwLock::new(builder.clone().build());
        Ok(Self { builder, pool, longest })
    }

    async fn send(&self, message: &Message) -> Delivery {
        let pool = self.pool.read().await.clone();
        match timeout(self.longest, pool.send(message.clone())).await {
            Ok(Ok(_response)) => Delivery::Taken,
            Ok(Err(fault)) => judge(&fault),
            Err(_elapsed) => {
                // The pool takes a connection back that was left in mid-sentence. Its late answers would be read as
                // answers to the next letter, so the whole pool goes.
                let old = std::mem::replace(&mut *self.pool.write().await, self.builder.clone().build());
                old.shutdown().await;
                Delivery::Later("the mail server did not answer in time".to_owned())
            }
        }
    }
}

/// A permanent answer condemns the letter, unless it is about us: authentication, encryption, policy of the moment.
fn judge(fault: &lettre::transport::smtp::Error) -> Delivery {
    let words = with_causes(fault);
    let code = fault.status().map(u16::from);
    let is_about_us = matches!(code, Some(530 | 534 | 535 | 538 | 502 | 503));
    if fault.is_permanent() && !is_about_us { Delivery::Never(words) } else { Delivery::Later(words) }
}

fn with_causes(fault: &dyn std::error::Error) -> String {
    let mut words = fault.to_string();
    let mut cause = fault.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = inner.source();
    }
    words
}
