//! The check of a login (`check_login`), with a Confluence Cloud behind a proxy and a Data Center on this machine.

use conductorone_emulator::{
    Confluence, ConfluenceAccount, ConfluenceOptions, ConfluenceProduct, ConfluenceSite,
    SpaceRoleMode,
};
use serde_json::{Value, json};

use crate::closed_port::ClosedPort;
use crate::proxy::{Protocol, Proxy};
use crate::scene::{CLOUD, DATA_CENTER, SELF_HOSTED, Scene, config, with};
use crate::terraform::{Outcome, Run, Workspace};

const EMAIL: &str = "svc@acme.example";
const TOKEN: &str = "MARKER-confluence-token";
const WRONG: &str = "MARKER-confluence-wrong";
/// The secret in a configuration. Terraform shows the line of an error, so the line must not contain the secret.
const SECRET: &str = "${var.secret}";

const WRONG_API_TOKEN: &str = "Wrong email address or API token";
const WRONG_LOGIN: &str = "Wrong Confluence login";
const NO_CONFLUENCE: &str = "No Confluence at this address";
const NOT_ADMINISTRATOR: &str = "Account is not an administrator";
const NOT_CHECKED: &str = "Login was not checked";

/// A tenant, a Confluence of each product, and a proxy to the one in the cloud.
struct Checked {
    scene: Scene,
    cloud: Confluence,
    data_center: Confluence,
    proxy: Proxy,
}

/// Starts a Confluence with an administrator.
async fn start(scene: &Scene, product: ConfluenceProduct, context_path: &str) -> Confluence {
    let site = ConfluenceSite {
        context_path: context_path.to_owned(),
        ..healthy(product)
    };
    let confluence = scene.emulator.start_confluence(ConfluenceOptions {
        site,
        host_names: vec!["acme.atlassian.net".to_owned()],
        port: None,
    });
    confluence.await.expect("Confluence starts")
}

fn healthy(product: ConfluenceProduct) -> ConfluenceSite {
    ConfluenceSite {
        product,
        accounts: vec![ConfluenceAccount::administrator(EMAIL, TOKEN)],
        groups: vec!["site-admins".to_owned()],
        space_roles: SpaceRoleMode::Roles,
        ..ConfluenceSite::default()
    }
}

impl Checked {
    async fn new() -> Option<Self> {
        let mut scene = Scene::new().await?;
        let cloud = start(&scene, ConfluenceProduct::Cloud, "").await;
        let data_center = start(&scene, ConfluenceProduct::DataCenter, "/confluence").await;
        let proxy = Proxy::to(cloud.port(), Protocol::Http, None).await;
        let url = format!("http://{}", proxy.address);
        scene.workspace.env("HTTPS_PROXY", &url);
        Some(Self {
            scene,
            cloud,
            data_center,
            proxy,
        })
    }

    fn workspace(&self) -> &Workspace {
        &self.scene.workspace
    }

    /// The attributes of a connector whose login is checked, with these changes.
    fn attributes(&self, address: &str, changes: &Value) -> Value {
        let login = if address == DATA_CENTER {
            let hostname = self.data_center.url();
            json!({"check_login": true, "hostname": hostname, "access_token": SECRET})
        } else {
            json!({"check_login": true, "username": EMAIL, "api_key": SECRET})
        };
        with(&with(&self.scene.attributes(address), &login), changes)
    }

    /// Writes the configuration of a connector with this secret.
    fn write(&self, address: &str, secret: &str, changes: &Value) {
        let attributes = self.attributes(address, changes);
        self.write_config(config(&[(address, &attributes)]), secret);
    }

    fn write_config(&self, mut config: Value, secret: &str) {
        config["variable"] = json!({"secret": {"type": "string", "sensitive": true}});
        self.workspace().write(&config);
        let values = json!({"secret": secret}).to_string();
        let path = self.workspace().path("terraform.tfvars.json");
        std::fs::write(path, values).expect("a file");
    }

    /// Plans, which must fail with this error at this attribute.
    async fn assert_refused(&self, title: &str, attribute: &str) -> Run {
        let (outcome, run) = self.workspace().plan().await;
        assert_eq!(outcome, Outcome::Error, "{title}: {run}");
        assert_shows(&run, &format!("Error: {title}"), attribute);
        run
    }

    /// Plans, which must succeed with this warning at this attribute.
    async fn assert_warned(&self, title: &str, attribute: &str) -> Run {
        let (outcome, run) = self.workspace().plan().await;
        assert_eq!(outcome, Outcome::Changes, "{title}: {run}");
        assert_shows(&run, &format!("Warning: {title}"), attribute);
        run
    }

    /// Applies, which must fail with this error.
    async fn assert_apply_refused(&self, title: &str) {
        let run = self.workspace().apply(&[]).await.failed();
        assert!(run.text().contains(title), "{title}: {run}");
    }

    /// Destroys everything. `-refresh=false` avoids the plan that would check the login in the configuration.
    async fn clean_up(&self) {
        let destroy = ["destroy", "-no-color", "-input=false", "-auto-approve"];
        let arguments = [&destroy[..], &["-refresh=false"]].concat();
        self.workspace().run(&arguments).await.succeeded();
        assert_eq!(self.scene.connectors().len(), 0);
        self.cloud.clear_requests();
        self.data_center.clear_requests();
    }

    /// Returns how often the provider signed in.
    fn sign_ins(&self) -> usize {
        let requests = [self.cloud.requests(), self.data_center.requests()].concat();
        let is_sign_in = |target: &str| target.ends_with("/user/current");
        requests.iter().filter(|it| is_sign_in(&it.target)).count()
    }
}

/// Fails the test unless a run shows a diagnostic with this title at this attribute.
fn assert_shows(run: &Run, title: &str, attribute: &str) {
    let text = run.text();
    let shown = text.split_once(title).map(|(_, shown)| shown);
    let shown = shown.unwrap_or_else(|| panic!("no {title:?}: {run}"));
    // Terraform shows the place and the line of the configuration before the text.
    let line = format!("\"{attribute}\":");
    let place = shown.find(&line).unwrap_or(usize::MAX);
    assert!(place < 200, "{title} is not at {attribute}: {run}");
}

#[tokio::test]
async fn a_wrong_login_is_refused_in_the_plan_after_one_request() {
    let checked = or_skip!(Checked::new());
    let key = json!({"api_key": null, "api_key_wo": SECRET, "api_key_wo_version": 1});
    let password = json!({"access_token": null, "username": EMAIL, "password": SECRET});
    let none = json!({});
    for (address, changes, title, attribute) in [
        (CLOUD, &none, WRONG_API_TOKEN, "api_key"),
        (CLOUD, &key, WRONG_API_TOKEN, "api_key_wo"),
        (SELF_HOSTED, &none, WRONG_API_TOKEN, "api_key"),
        (DATA_CENTER, &none, WRONG_LOGIN, "access_token"),
        (DATA_CENTER, &password, WRONG_LOGIN, "password"),
    ] {
        checked.write(address, WRONG, changes);
        checked.cloud.clear_requests();
        checked.data_center.clear_requests();
        checked.assert_refused(title, attribute).await;
        let requests = [checked.cloud.requests(), checked.data_center.requests()].concat();
        assert_eq!(requests.len(), 1, "{attribute}: {requests:?}");
        checked.assert_apply_refused(title).await;
    }
    assert_eq!(checked.scene.writes().len(), 0, "nothing was created");
    let asked = checked.proxy.asked();
    assert!(!asked.is_empty());
    assert!(
        asked.iter().all(|it| it == "acme.atlassian.net:443"),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_right_login_is_checked_in_the_plan_and_before_it_is_sent() {
    let checked = or_skip!(Checked::new());
    for (address, confluence, scheme) in [
        (CLOUD, &checked.cloud, "Basic "),
        (SELF_HOSTED, &checked.cloud, "Basic "),
        (DATA_CENTER, &checked.data_center, "Bearer "),
    ] {
        checked.write(address, TOKEN, &json!({}));
        checked.workspace().apply(&[]).await.succeeded();
        // Terraform plans in one process, and plans again and creates in another one.
        assert_eq!(checked.sign_ins(), 2, "{address}");
        checked.workspace().assert_quiet("after the apply").await;
        checked.write(address, TOKEN, &json!({"display_name": "Wiki"}));
        checked.workspace().apply(&[]).await.succeeded();
        assert_eq!(checked.sign_ins(), 2, "the login is unchanged: {address}");
        for request in confluence.requests() {
            let authorization = request.authorization.expect("a login");
            assert!(authorization.starts_with(scheme), "{address}");
            assert!(!request.headers.iter().any(|it| it == "cookie"));
        }
        checked.clean_up().await;
    }
}

#[tokio::test]
async fn a_changed_login_is_refused_in_an_update() {
    let checked = or_skip!(Checked::new());
    for (address, title, attribute) in [
        (CLOUD, WRONG_API_TOKEN, "api_key"),
        (SELF_HOSTED, WRONG_API_TOKEN, "api_key"),
        (DATA_CENTER, WRONG_LOGIN, "access_token"),
    ] {
        checked.write(address, TOKEN, &json!({}));
        checked.workspace().apply(&[]).await.succeeded();
        let before = checked.scene.writes().len();
        checked.write(address, WRONG, &json!({}));
        checked.assert_refused(title, attribute).await;
        checked.assert_apply_refused(title).await;
        assert_eq!(checked.scene.writes().len(), before, "{address}");
        // Without the check, the apply stores the login. As soon as the check is on, the plan finds out.
        checked.write(address, WRONG, &json!({"check_login": false}));
        checked.workspace().apply(&[]).await.succeeded();
        checked.write(address, WRONG, &json!({}));
        checked.assert_refused(title, attribute).await;
        checked.clean_up().await;
    }
}

#[tokio::test]
async fn a_write_only_key_is_checked_whenever_its_version_changes() {
    let checked = or_skip!(Checked::new());
    let key = |version: u32| json!({"api_key": null, "api_key_wo": SECRET, "api_key_wo_version": version});
    checked.write(CLOUD, TOKEN, &key(1));
    checked.workspace().apply(&[]).await.succeeded();
    checked.cloud.clear_requests();
    // The provider does not send this key, so it does not check it.
    checked.write(CLOUD, WRONG, &key(1));
    checked.workspace().assert_quiet("the same version").await;
    assert_eq!(checked.sign_ins(), 0);
    checked.write(CLOUD, WRONG, &key(2));
    checked.assert_refused(WRONG_API_TOKEN, "api_key_wo").await;
    assert_eq!(checked.sign_ins(), 1);
}

/// The secret, a change of the site, and the title and the attribute of the error.
type Case = (
    &'static str,
    fn(&mut ConfluenceSite),
    &'static str,
    &'static str,
);

#[tokio::test]
async fn each_reason_on_cloud_is_told_apart() {
    let checked = or_skip!(Checked::new());
    let cases: [Case; 7] = [
        (
            TOKEN,
            |site| site.accounts[0].has_access = false,
            "No access to Confluence",
            "username",
        ),
        (
            TOKEN,
            |site| site.is_missing = true,
            NO_CONFLUENCE,
            "site_domain",
        ),
        (
            TOKEN,
            |site| site.is_web_page = true,
            NO_CONFLUENCE,
            "site_domain",
        ),
        (
            WRONG,
            |site| site.anonymous_access = true,
            WRONG_API_TOKEN,
            "api_key",
        ),
        (
            TOKEN,
            |site| site.space_roles = SpaceRoleMode::NotSupported,
            "Space roles are not supported",
            "use_rbac",
        ),
        (
            TOKEN,
            |site| site.space_roles = SpaceRoleMode::PreRoles,
            "Space roles are not switched on",
            "use_rbac",
        ),
        (
            TOKEN,
            |site| site.space_roles = SpaceRoleMode::Expired,
            "Space roles are no longer available",
            "use_rbac",
        ),
    ];
    let rbac = json!({"use_rbac": true});
    for (secret, change, title, attribute) in cases {
        checked.cloud.change(|site| {
            *site = healthy(ConfluenceProduct::Cloud);
            change(site);
        });
        checked.write(CLOUD, secret, &rbac);
        checked.assert_refused(title, attribute).await;
    }
    checked
        .cloud
        .change(|site| *site = healthy(ConfluenceProduct::Cloud));
    checked.write(CLOUD, TOKEN, &rbac);
    checked.workspace().apply(&[]).await.succeeded();
}

#[tokio::test]
async fn each_reason_on_data_center_is_told_apart() {
    let checked = or_skip!(Checked::new());
    let url = checked.data_center.url();
    let hostname = json!({"hostname": url.trim_end_matches("/confluence")});
    checked.write(DATA_CENTER, TOKEN, &hostname);
    checked.assert_refused(NO_CONFLUENCE, "hostname").await;

    let parked = "https://parked.example/".to_owned();
    checked
        .data_center
        .change(|site| site.redirect = Some(parked));
    checked.write(DATA_CENTER, TOKEN, &json!({}));
    let run = checked.assert_refused(NO_CONFLUENCE, "hostname").await;
    assert!(run.text().contains("parked.example"), "{run}");

    checked.data_center.change(|site| {
        site.redirect = None;
        site.captcha_after = Some(0);
    });
    let password = json!({"access_token": null, "username": EMAIL, "password": SECRET});
    checked.write(DATA_CENTER, TOKEN, &password);
    let title = "Account must solve a captcha";
    checked.assert_refused(title, "username").await;
}

#[tokio::test]
async fn an_account_that_is_no_administrator_is_a_warning() {
    let checked = or_skip!(Checked::new());
    for confluence in [&checked.cloud, &checked.data_center] {
        confluence.change(|site| site.accounts[0].is_administrator = false);
    }
    for (address, attribute) in [(CLOUD, "username"), (DATA_CENTER, "access_token")] {
        checked.write(address, TOKEN, &json!({}));
        checked.assert_warned(NOT_ADMINISTRATOR, attribute).await;
        let run = checked.workspace().apply(&[]).await.succeeded();
        assert_eq!(run.text().matches(NOT_ADMINISTRATOR).count(), 1, "{run}");
        checked.workspace().destroy().await.succeeded();
    }
}

#[tokio::test]
async fn a_confluence_without_an_answer_is_a_warning() {
    let checked = or_skip!(Checked::new());
    let closed = ClosedPort::new();
    let nowhere = format!("https://{}", closed.address());
    checked.write(DATA_CENTER, TOKEN, &json!({"hostname": nowhere}));
    let run = checked.assert_warned(NOT_CHECKED, "hostname").await;
    assert!(run.text().contains("connection refused"), "{run}");
    checked.workspace().apply(&[]).await.succeeded();
    checked.workspace().destroy().await.succeeded();

    for (code, wait, reason) in [
        (429, Some(30), "try again after 30s"),
        (503, None, "HTTP 503"),
    ] {
        checked
            .cloud
            .change(|site| site.outage = Some((code, wait)));
        checked.write(CLOUD, TOKEN, &json!({}));
        checked.cloud.clear_requests();
        let run = checked.assert_warned(NOT_CHECKED, "site_domain").await;
        assert!(run.text().contains(reason), "{run}");
        assert_eq!(checked.cloud.requests().len(), 1, "it is not repeated");
    }
}

#[tokio::test]
async fn an_unknown_site_is_checked_in_the_apply() {
    let checked = or_skip!(Checked::new());
    let hostname = checked.data_center.url();
    for (address, title, attribute, site) in [
        (CLOUD, WRONG_API_TOKEN, "site_domain", "acme.atlassian.net"),
        (DATA_CENTER, WRONG_LOGIN, "hostname", hostname),
    ] {
        let unknown = json!({attribute: "${terraform_data.site.output}"});
        let attributes = checked.attributes(address, &unknown);
        let mut config = config(&[(address, &attributes)]);
        config["resource"]["terraform_data"] = json!({"site": {"input": site}});
        checked.write_config(config, WRONG);
        let (outcome, run) = checked.workspace().plan().await;
        assert_eq!(outcome, Outcome::Changes, "{run}");
        assert_eq!(checked.sign_ins(), 0, "{address}");
        checked.assert_apply_refused(title).await;
        assert_eq!(checked.sign_ins(), 1, "{address}");
        checked.clean_up().await;
    }
}

#[tokio::test]
async fn without_plan_checks_the_login_is_checked_before_it_is_sent() {
    let checked = or_skip!(Checked::new());
    checked.scene.without_plan_checks();
    for (address, title) in [(CLOUD, WRONG_API_TOKEN), (DATA_CENTER, WRONG_LOGIN)] {
        checked.write(address, WRONG, &json!({}));
        let (outcome, run) = checked.workspace().plan().await;
        assert_eq!(outcome, Outcome::Changes, "{run}");
        checked.assert_apply_refused(title).await;
        assert_eq!(checked.scene.writes().len(), 0, "{address}");
    }
    assert_eq!(checked.sign_ins(), 2);

    let is_administrator = |site: &mut ConfluenceSite| site.accounts[0].is_administrator = false;
    checked.cloud.change(is_administrator);
    checked.write(CLOUD, TOKEN, &json!({}));
    let run = checked.workspace().apply(&[]).await.succeeded();
    assert_eq!(run.text().matches(NOT_ADMINISTRATOR).count(), 1, "{run}");
}

#[tokio::test]
async fn a_check_at_trace_level_shows_no_secret() {
    let mut checked = or_skip!(Checked::new());
    let log = checked.workspace().path("trace.log");
    let workspace = &mut checked.scene.workspace;
    workspace.env("TF_LOG", "TRACE");
    workspace.env("TF_LOG_PATH", &log.display().to_string());
    let mut runs = Vec::new();
    for secret in [WRONG, TOKEN] {
        for address in [CLOUD, DATA_CENTER] {
            checked.write(address, secret, &json!({}));
            runs.push(checked.workspace().apply(&[]).await);
        }
    }
    let log = std::fs::read_to_string(log).expect("a log");
    for path in [
        "/wiki/rest/api/user/current",
        "/confluence/rest/api/user/current",
    ] {
        assert!(log.contains(path), "{path} is not in the log");
    }
    // With the Base64 form of the user name, with which the header begins.
    for secret in ["MARKER", "c3ZjQGFjbWUuZXhhbXBsZT"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
        for run in &runs {
            assert!(!run.text().contains(secret), "{secret}: {run}");
        }
    }
}
