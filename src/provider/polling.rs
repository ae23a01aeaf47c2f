//! Waiting until ConductorOne shows an accepted change. Reads may be minutes behind writes.

use std::time::Duration;

use tokio::time::Instant;

use crate::conductorone::{Client, Error};

/// The first wait. Each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The result of one request.
#[derive(Debug)]
pub(super) enum Poll<T> {
    /// The expected result.
    Ready(T),
    /// The result is not there yet. The text names what is missing, for example `the connector to show`.
    Pending(String),
}

/// Polls with growing pauses until the result is ready or the time of `api`'s operation is over. The error then names what was
/// missing last.
pub(super) async fn poll_until_ready<T, F>(api: &Client, look: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<Poll<T>, Error>>,
{
    let mut backoff = Backoff::new(api);
    let mut awaited: Option<String> = None;
    loop {
        let looked = match &awaited {
            Some(awaited) => look().await.map_err(|error| error.awaiting(awaited))?,
            None => look().await?,
        };
        match looked {
            Poll::Ready(found) => return Ok(found),
            Poll::Pending(what) => backoff.pause(awaited.insert(what)).await?,
        }
    }
}

/// Polls until an object exists.
pub(super) async fn poll_until_found<T, F>(
    api: &Client,
    what: &str,
    look: impl Fn() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<Option<T>, Error>>,
{
    let look = || async {
        let found = look().await?;
        Ok(found.map_or_else(|| Poll::Pending(what.to_owned()), Poll::Ready))
    };
    poll_until_ready(api, look).await
}

/// The pauses between polls.
#[derive(Debug)]
pub(super) struct Backoff<'a> {
    api: &'a Client,
    began: Instant,
    wait: Duration,
}

impl<'a> Backoff<'a> {
    /// Starts a backoff that ends with the operation of `api`.
    pub(super) fn new(api: &'a Client) -> Self {
        Self {
            api,
            began: Instant::now(),
            wait: FIRST_WAIT,
        }
    }

    /// Returns how long the wait has lasted.
    pub(super) fn waited(&self) -> Duration {
        self.began.elapsed()
    }

    /// Pauses before the next poll, and logs it. An error means that the operation is over.
    pub(super) async fn pause(&mut self, what: &str) -> Result<(), Error> {
        let next_look_ms = u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX);
        let waited_s = self.waited().as_secs();
        let left_s = self.api.time_left().map(|left| left.as_secs());
        tracing::info!(waited_s, left_s, next_look_ms, "waiting for {what}");
        let pause = self.api.pause(self.wait).await;
        pause.map_err(|error| error.awaiting(what))?;
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::error::Error;

    use secrecy::SecretString;
    use tokio_util::sync::CancellationToken;

    use crate::conductorone::test_support::log_capture::LogCapture;
    use crate::conductorone::{BaseUrl, ClientSettings, Credentials, Purpose};
    use crate::provider::api_errors::diagnose;

    use super::*;

    fn client() -> Result<Client, Box<dyn Error>> {
        let client = Client::new(ClientSettings {
            base_url: BaseUrl::from_tenant_domain("acme")?,
            credentials: Credentials::AccessToken(SecretString::from("ready-token")),
            user_agent: "tests".to_owned(),
            max_retries: 0,
            request_timeout: Duration::from_secs(30),
            max_concurrent_requests: Some(1),
            proxy: None,
        })?;
        let deadline = Instant::now() + Duration::from_mins(20);
        Ok(client.within(CancellationToken::new(), deadline))
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_says_what_it_waits_for_and_how_long_it_will() -> Result<(), Box<dyn Error>> {
        let (heard, client) = (LogCapture::start(), client()?);
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            std::future::ready(Ok((looks.get() > 8).then_some(())))
        };
        poll_until_found(&client, "the owners to show", look).await?;
        let expected = [
            (0, 1200),
            (0, 1199),
            (1, 1198),
            (3, 1196),
            (7, 1192),
            (15, 1184),
            (25, 1174),
            (35, 1164),
        ];
        let expected = expected.map(|(waited, left)| {
            format!("waiting for the owners to show waited_s={waited} left_s={left}")
        });
        assert_eq!(heard.waits(), expected);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_over_says_what_for_and_what_to_raise() -> Result<(), Box<dyn Error>> {
        let limit = crate::conductorone::TimeLimit {
            setting: "timeouts.update",
            time: Duration::from_mins(20),
        };
        let client = client()?.limited_by(limit).meant_for(Purpose::Change);
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            std::future::ready(Ok(Poll::<()>::Pending(format!("answer {}", looks.get()))))
        };
        let error = poll_until_ready(&client, look)
            .await
            .err()
            .ok_or("no error")?;
        let said = diagnose(&error);
        let expected = format!(
            "The provider waited for answer {}, but the operation did not end within 20m, the limit in timeouts.update. To \
             wait longer, raise timeouts.update, for example timeouts = {{ update = \"40m\" }}. The next apply continues \
             from what the state records.",
            looks.get()
        );
        assert_eq!(said.detail(), expected);
        assert_eq!(said.attribute.to_string(), "timeouts");
        Ok(())
    }
}
