//! Reading the public stamp once for many: requests that arrive while a read is under way wait for the next one, so
//! every answer was read after its question was asked, and a thousand questions cost a handful of reads.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tokio::sync::{Mutex, oneshot};

use crate::error::StoreError;

type Answer = Result<i64, String>;

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<oneshot::Sender<Answer>>,
    reading: bool,
}

pub(crate) struct Stamp {
    reader: DatabaseConnection,
    queue: Mutex<Queue>,
}

impl Stamp {
    pub(crate) fn new(reader: DatabaseConnection) -> Self {
        Self { reader, queue: Mutex::new(Queue::default()) }
    }

    pub(crate) async fn read(self: &std::sync::Arc<Self>) -> Result<i64, StoreError> {
        let (sender, receiver) = oneshot::channel();
        let start = {
            let mut queue = self.queue.lock().await;
            queue.waiting.push(sender);
            !std::mem::replace(&mut queue.reading, true)
        };
        if start {
            // Its own task: a reader that hangs up must not take the others' answer with it.
            tokio::spawn(self.clone().serve());
        }
        match receiver.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(text)) => Err(StoreError::Broken(text)),
            Err(_) => Err(StoreError::Broken("the stamp reader stopped".to_owned())),
        }
    }

    async fn serve(self: std::sync::Arc<Self>) {
        loop {
            let waiting = {
                let mut queue = self.queue.lock().await;
                if queue.waiting.is_empty() {
                    queue.reading = false;
                    return;
                }
                std::mem::take(&mut queue.waiting)
            };
            let answer = self.query().await.map_err(|error| error.to_string());
            for sender in waiting {
                // A receiver that is gone no longer wants its answer.
                let _gone = sender.send(answer.clone());
            }
        }
    }

    async fn query(&self) -> Result<i64, StoreError> {
        let backend = self.reader.get_database_backend();
        let statement = Statement::from_string(backend, "SELECT value FROM stamp WHERE id = 1");
        match self.reader.query_one_raw(statement).await? {
            Some(row) => Ok(row.try_get("", "value")?),
            None => Err(StoreError::Broken("the stamp row is missing".to_owned())),
        }
    }
}
