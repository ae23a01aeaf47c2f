//! The token endpoint, and the check of the tokens it issues.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;

use super::Emulated;
use crate::assertion::{self, Expected, JWT_BEARER};
use crate::emulation::Emulation;
use crate::problem::{Code, Problem, Result};
use crate::tenant::{Client, Tenant, TokenHolder};
use crate::time::Time;

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

pub(super) fn routes() -> Router<Arc<Emulation>> {
    Router::new().route("/auth/v1/token", post(token))
}

/// The OAuth error of a refused token request.
#[derive(Debug)]
struct OAuthProblem {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

impl OAuthProblem {
    fn invalid_client(description: &'static str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            description,
        }
    }

    fn bad_request(error: &'static str, description: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            description,
        }
    }
}

impl IntoResponse for OAuthProblem {
    fn into_response(self) -> Response {
        (
            self.status,
            Json(json!({"error": self.error, "error_description": self.description})),
        )
            .into_response()
    }
}

type Form = HashMap<String, String>;

fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

async fn token(
    State(emulation): Emulated,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> std::result::Result<Response, OAuthProblem> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(OAuthProblem::bad_request(
            "invalid_request",
            "the body is not a form",
        ));
    }
    let form: Form = form_urlencoded::parse(&body).into_owned().collect();
    let mut tenant = emulation.tenant();
    let holder = match field(&form, "grant_type") {
        "client_credentials" => sign_in(&mut tenant, &form, host(&uri, &headers))?,
        TOKEN_EXCHANGE => {
            check_subject_token(&tenant, &form)?;
            TokenHolder::ServicePrincipal
        }
        "" => {
            return Err(OAuthProblem::bad_request(
                "invalid_request",
                "grant_type is missing",
            ));
        }
        _ => {
            return Err(OAuthProblem::bad_request(
                "unsupported_grant_type",
                "unknown grant_type",
            ));
        }
    };
    let expires_in = tenant.switches.token_lifetime_s;
    let access_token = tenant.authentication.issue(holder, expires_in);
    let token_type = &tenant.switches.token_type;
    Ok(Json(
        json!({"access_token": access_token, "token_type": token_type, "expires_in": expires_in}),
    )
    .into_response())
}

/// Checks the secret or the assertion of the service principal or of a connector, and records the sign-in of a connector.
fn sign_in(
    tenant: &mut Tenant,
    form: &Form,
    host: &str,
) -> std::result::Result<TokenHolder, OAuthProblem> {
    let now = Time::by_clock(tenant.switches.clock_ahead_s);
    let client_id = field(form, "client_id");
    let principal = &tenant.authentication.client;
    if client_id == principal.id {
        check_client(principal, form, host, now)?;
        return Ok(TokenHolder::ServicePrincipal);
    }
    let mut credentials = tenant.credentials.iter_mut();
    let credential = credentials
        .find(|it| it.client_id == client_id)
        .ok_or_else(|| OAuthProblem::invalid_client("unknown client"))?;
    let client = credential
        .client(now)
        .map_err(OAuthProblem::invalid_client)?;
    check_client(&client, form, host, now)?;
    credential.sign_ins.push(now);
    Ok(TokenHolder::Connector)
}

fn check_client(
    client: &Client,
    form: &Form,
    host: &str,
    now: Time,
) -> std::result::Result<(), OAuthProblem> {
    let assertion = field(form, "client_assertion");
    if assertion.is_empty() {
        return match field(form, "client_secret") {
            "" => Err(OAuthProblem::bad_request(
                "invalid_request",
                "there is no assertion and no secret",
            )),
            secret if secret == client.secret.text => Ok(()),
            _ => Err(OAuthProblem::invalid_client("wrong secret")),
        };
    }
    if field(form, "client_assertion_type") != JWT_BEARER {
        return Err(OAuthProblem::bad_request(
            "invalid_request",
            "unknown client_assertion_type",
        ));
    }
    let expected = Expected {
        client_id: &client.id,
        audience: host,
        public_key: &client.secret.public_key,
        now: now.unix_seconds(),
    };
    assertion::verify(assertion, &expected).map_err(OAuthProblem::invalid_client)
}

fn check_subject_token(tenant: &Tenant, form: &Form) -> std::result::Result<(), OAuthProblem> {
    let authentication = &tenant.authentication;
    if field(form, "client_id") != authentication.federation_client_id {
        return Err(OAuthProblem::invalid_client("unknown client"));
    }
    let subject_token = field(form, "subject_token");
    if subject_token.is_empty() || field(form, "subject_token_type") != JWT {
        return Err(OAuthProblem::bad_request(
            "invalid_request",
            "there is no subject_token of a known type",
        ));
    }
    if !authentication
        .oidc_tokens
        .iter()
        .any(|known| known == subject_token)
    {
        return Err(OAuthProblem::bad_request(
            "invalid_grant",
            "the trust does not accept this subject_token",
        ));
    }
    let now = Time::by_clock(tenant.switches.clock_ahead_s).unix_seconds();
    if assertion::expiry(subject_token).is_some_and(|expiry| expiry < now) {
        return Err(OAuthProblem::bad_request(
            "invalid_grant",
            "the subject_token has expired",
        ));
    }
    Ok(())
}

/// Returns the requested host without its port.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> &'a str {
    let header = || {
        headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let authority = uri
        .authority()
        .map_or_else(header, |authority| authority.as_str());
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Accepts only requests with a valid bearer token of a service principal.
pub(super) async fn require_token(
    State(emulation): Emulated,
    request: Request,
    next: Next,
) -> Response {
    match check_bearer(&emulation, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn check_bearer(emulation: &Emulation, headers: &HeaderMap) -> Result<()> {
    let refused = |message| Problem::new(Code::Unauthenticated, message);
    let header = headers
        .get(header::AUTHORIZATION)
        .ok_or_else(|| refused("missing bearer token"))?;
    let (scheme, token) = header
        .to_str()
        .ok()
        .and_then(|it| it.split_once(' '))
        .unwrap_or_default();
    let holder = emulation.tenant().authentication.holder(token);
    match holder.filter(|_| scheme.eq_ignore_ascii_case("Bearer")) {
        Some(TokenHolder::ServicePrincipal) => Ok(()),
        // The description does not say what a connector may do here. Connectors use another API.
        Some(TokenHolder::Connector) => Err(Problem::new(
            Code::PermissionDenied,
            "the token of a connector does not allow this",
        )),
        None => Err(refused("invalid or expired bearer token")),
    }
}
