//! Waiting for what ConductorOne accepted to show: reads may be behind writes, by minutes at times.

use std::time::Duration;

use tokio::time::Instant;

use crate::conductorone::{Client, Error};

/// First wait for a write to show; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What a look at ConductorOne shows.
#[derive(Debug)]
pub(super) enum Look<T> {
    /// What is waited for.
    Shows(T),
    /// Not yet. The text says what is missing, such as `the connector to show`.
    Lacks(String),
}

/// Looks again and again, ever less often, until there is something to see or the time of `api`'s operation is over. The
/// error then says what the last look lacked.
pub(super) async fn until<T, F>(api: &Client, look: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<Look<T>, Error>>,
{
    let mut pace = Pace::new(api);
    let mut awaited: Option<String> = None;
    loop {
        let looked = match &awaited {
            Some(awaited) => look().await.map_err(|error| error.awaiting(awaited))?,
            None => look().await?,
        };
        match looked {
            Look::Shows(found) => return Ok(found),
            Look::Lacks(what) => pace.pause(awaited.insert(what)).await?,
        }
    }
}

/// The same for something that is simply not there yet.
pub(super) async fn until_there<T, F>(
    api: &Client,
    what: &str,
    look: impl Fn() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<Option<T>, Error>>,
{
    let look = || async {
        let found = look().await?;
        Ok(found.map_or_else(|| Look::Lacks(what.to_owned()), Look::Shows))
    };
    until(api, look).await
}

/// The waits between looks.
#[derive(Debug)]
pub(super) struct Pace<'a> {
    api: &'a Client,
    began: Instant,
    wait: Duration,
}

impl<'a> Pace<'a> {
    /// For the operation that `api` is made for.
    pub(super) fn new(api: &'a Client) -> Self {
        Self {
            api,
            began: Instant::now(),
            wait: FIRST_WAIT,
        }
    }

    /// Waits before the next look, and says so. An error where the operation is over.
    pub(super) async fn pause(&mut self, what: &str) -> Result<(), Error> {
        let next_look_ms = u64::try_from(self.wait.as_millis()).unwrap_or(u64::MAX);
        let waited_s = self.began.elapsed().as_secs();
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

    use crate::conductorone::test_support::heard::Heard;
    use crate::conductorone::{BaseUrl, Credentials, Purpose, Settings};
    use crate::provider::diagnostics::api;

    use super::*;

    fn client() -> Result<Client, Box<dyn Error>> {
        let client = Client::new(Settings {
            base_url: BaseUrl::from_tenant_domain("acme")?,
            credentials: Credentials::AccessToken(SecretString::from("ready-token")),
            user_agent: "tests".to_owned(),
            max_retries: 0,
            request_timeout: Duration::from_secs(30),
            max_concurrent_requests: 1,
            proxy: None,
        })?;
        let deadline = Instant::now() + Duration::from_mins(20);
        Ok(client.within(CancellationToken::new(), deadline))
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_says_what_it_waits_for_and_how_long_it_will() -> Result<(), Box<dyn Error>> {
        let (heard, client) = (Heard::listen(), client()?);
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            std::future::ready(Ok((looks.get() > 8).then_some(())))
        };
        until_there(&client, "the owners to show", look).await?;
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
        let limit = crate::conductorone::Limit {
            setting: "timeouts.update",
            time: Duration::from_mins(20),
        };
        let client = client()?.limited_by(limit).meant_for(Purpose::Change);
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            std::future::ready(Ok(Look::<()>::Lacks(format!("answer {}", looks.get()))))
        };
        let error = until(&client, look).await.err().ok_or("no error")?;
        let said = api(&error);
        let expected = format!(
            "The provider waited for answer {}. The operation did not end within 20m, the limit in timeouts.update. To \
             wait longer, raise timeouts.update, for example timeouts = {{ update = \"40m\" }}. The next apply continues \
             from what the state holds.",
            looks.get()
        );
        assert_eq!(said.detail(), expected);
        assert_eq!(said.attribute.to_string(), "timeouts");
        Ok(())
    }
}
