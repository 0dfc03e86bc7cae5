//! Settings resolved once: option, then environment, then file, then default.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::OnceLock;

use anyhow::{Context as _, Result};

use crate::cli::{Color, Global};
use crate::environment;
use crate::failure::{Doing, Failure, MetaTrouble, Usage};
use crate::finding::Finding;
use crate::flow::{self, Account};
use crate::hint;
use crate::interrupt::Interrupt;
use crate::platform::{Event, Platform};
use crate::sandbox::{self, Sandbox};
use crate::store::credentials::Whereabouts;
use crate::store::{AccountId, Config, Folders, Place, ProfileName, credentials};
use crate::types::{ApiUrl, Credential, PlatformName, Secret, is_older_qontak};
use crate::ui::{self, Ui};

/// The embedded sandbox: the name of its API, and of its profile where none is named.
pub const SANDBOX: &str = ProfileName::SANDBOX;

/// Meta's Graph API.
const GRAPH_URL: &str = "https://graph.facebook.com";

/// What every command starts from.
pub struct Context {
    pub ui: Ui,
    pub profile: ProfileName,
    pub folders: Folders,
    pub interrupt: Interrupt,
    /// Whether every confirmation is answered with yes.
    pub yes: bool,
    api_url: Option<ApiUrl>,
    platform: Option<PlatformName>,
    /// What a person chose where none was named.
    chosen: OnceLock<PlatformName>,
    use_sandbox: bool,
    /// Whether a profile could have been chosen in the configuration, and that could not be read.
    default_is_unread: bool,
    config: OnceLock<Config>,
    sandbox: OnceLock<Sandbox>,
    found: RefCell<Vec<Finding>>,
    /// What was found so far, each once.
    known: RefCell<HashSet<String>>,
}

/// Where the credentials in use come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Environment,
    Keychain,
    File,
    Sandbox,
}

impl Source {
    /// The word in `whoami`.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Environment => "environment",
            Source::Keychain => "keychain",
            Source::File => "file",
            Source::Sandbox => "sandbox",
        }
    }
}

impl Context {
    /// Resolves the options. Reads the configuration only where it may say which profile is meant; one that can't be read
    /// is an error for whoever needs it.
    pub fn new(global: &Global, ui: Ui, interrupt: Interrupt) -> Result<Self> {
        let folders = Folders::new(global.config_dir.as_deref())?;
        let mut default_is_unread = false;
        let profile = match (&global.profile, global.sandbox) {
            // The sandbox's journals never meet those of a real account.
            (None, true) => SANDBOX.parse(),
            (None, false) => Ok(match Config::load(&folders) {
                Ok(config) => config.default_profile().unwrap_or_default(),
                Err(_) => {
                    default_is_unread = true;
                    ProfileName::default()
                }
            }),
            (Some(name), _) => name.parse(),
        };
        let profile = profile.with_context(|| {
            Failure::Usage(Usage::Profile { typed: global.profile.clone().unwrap_or_default() })
        })?;
        Ok(Context {
            ui,
            profile,
            folders,
            interrupt,
            yes: global.yes,
            api_url: global.api_url.clone(),
            platform: global.platform,
            chosen: OnceLock::new(),
            use_sandbox: global.sandbox,
            default_is_unread,
            config: OnceLock::new(),
            sandbox: OnceLock::new(),
            found: RefCell::default(),
            known: RefCell::default(),
        })
    }

    /// Notes what was found, each once in a run, for the command to show.
    pub fn note(&self, found: impl IntoIterator<Item = Finding>) {
        let mut known = self.known.borrow_mut();
        self.found.borrow_mut().extend(found.into_iter().filter(|finding| known.insert(finding.to_string())));
    }

    /// What was found since this was last asked for.
    pub fn take_found(&self) -> Vec<Finding> {
        self.found.take()
    }

    /// Whether the embedded sandbox is used.
    pub fn is_sandbox(&self) -> bool {
        self.use_sandbox
    }

    /// Which platform: the profile's. Another one that was asked for is an error which names both.
    pub fn platform(&self) -> Result<PlatformName> {
        if self.use_sandbox {
            return Ok(self.platform.unwrap_or(PlatformName::Socialchat));
        }
        let own = match self.config() {
            Ok(config) => config.profile(&self.profile).platform,
            // The API is named, so the file is needed for nothing else. Stored credentials say what they are for.
            Err(_) if self.api_url.is_some() => None,
            Err(error) => return Err(error),
        };
        match (self.platform, own) {
            (Some(asked), Some(own)) if asked != own => Err(self.other_platform(own, asked)),
            (asked, own) => {
                Ok(asked.or(own).or(self.chosen.get().copied()).unwrap_or(PlatformName::Socialchat))
            }
        }
    }

    /// Works on this platform from here on, where neither the command line nor the profile names one.
    pub fn choose(&self, platform: PlatformName) {
        let _ = self.chosen.set(platform);
    }

    /// Whether somebody has chosen the platform.
    pub fn has_chosen(&self) -> bool {
        self.chosen.get().is_some()
    }

    /// Whether there are credentials, as far as that can be told without a keychain.
    pub fn has_credentials(&self) -> bool {
        let stored = || credentials::whereabouts(&self.folders, &self.profile);
        self.is_sandbox()
            || self.platform().and_then(environment::credential).is_ok_and(|found| found.is_some())
            || stored().is_ok_and(|stored| stored.found.is_some())
    }

    /// The platform that was asked for by an option or the environment.
    pub fn asked_platform(&self) -> Option<PlatformName> {
        self.platform
    }

    fn other_platform(&self, own: PlatformName, asked: PlatformName) -> anyhow::Error {
        Failure::Usage(Usage::OtherPlatform { profile: self.profile.to_string(), own, asked }).into()
    }

    /// The API's address: option or environment, then the profile's, then the vendor's. The sandbox is started for it.
    pub fn api_url(&self) -> Result<ApiUrl> {
        let platform = self.platform()?;
        match self.environments(platform) {
            Ok(Some(credential)) => self.api_url_of(&credential),
            _ => self.api_url_or(platform.api_url(), |_| false),
        }
    }

    /// The environment's credentials, of several those for the API whose address is given.
    fn environments(&self, platform: PlatformName) -> Result<Option<Credential>> {
        let asked = self.api_url.as_ref().map(ApiUrl::as_given);
        environment::credential_for(platform, asked.is_some_and(|url| is_older_qontak(&url)))
    }

    /// Likewise with these credentials, those of a login just now for one: they say which generation it is, of a vendor
    /// that serves each at a place of its own.
    pub fn api_url_of(&self, credential: &Credential) -> Result<ApiUrl> {
        self.api_url_or(credential.api_url(), |noted| credential.is_of_other_generation(noted))
    }

    /// The profile's unless it is `outdated`: a login of another generation noted it.
    fn api_url_or(&self, vendors: &str, outdated: impl Fn(&str) -> bool) -> Result<ApiUrl> {
        if self.use_sandbox {
            return Ok(self.sandbox()?.api_url().parse()?);
        }
        if let Some(url) = &self.api_url {
            return Ok(url.clone());
        }
        let config = self.config()?;
        let Some(text) = config.profile(&self.profile).api_url.filter(|text| !outdated(text)) else {
            return Ok(vendors.parse()?);
        };
        text.parse().with_context(|| {
            let (profile, path) = (self.profile.to_string(), self.folders.config_file());
            Failure::Usage(Usage::ApiUrl { profile, path })
        })
    }

    /// The Graph API's address, without a version: the variable's, else Meta's. The sandbox of 10darts has one.
    pub fn graph_url(&self) -> Result<ApiUrl> {
        if self.use_sandbox {
            let url = self.sandbox()?.graph_url();
            return Ok(url.ok_or(Failure::Meta(MetaTrouble::NoGraph))?.parse()?);
        }
        let url = environment::variable("SOCIALCHAT_GRAPH_URL");
        let url = url.as_ref().map_or(GRAPH_URL, |url| url.expose());
        url.parse().context(Failure::Meta(MetaTrouble::GraphUrl))
    }

    /// A Page's token, where the environment or the sandbox has one.
    pub fn page_token(&self) -> Result<Option<Secret>> {
        match self.use_sandbox {
            true => self.graph_url().and_then(|_| self.sandbox_variable("META_PAGE_TOKEN")),
            false => Ok(environment::variable("META_PAGE_TOKEN")),
        }
    }

    /// The id and the secret of an app at Meta, likewise.
    pub fn meta_app(&self) -> Result<Option<(String, Secret)>> {
        let pair = match self.use_sandbox {
            true => self.sandbox_variable("META_APP_ID")?.zip(self.sandbox_variable("META_APP_SECRET")?),
            false => environment::pair("META_APP_ID", "META_APP_SECRET")?,
        };
        Ok(pair.map(|(id, secret)| (id.expose().to_owned(), secret)))
    }

    fn sandbox_variable(&self, name: &str) -> Result<Option<Secret>> {
        let all = self.sandbox()?.environment();
        Ok(all.into_iter().find(|(known, _)| *known == name).map(|(_, value)| Secret::new(value)))
    }

    /// Tells people what a client does.
    pub fn watch(&self) -> impl Fn(Event<'_>) + Send + Sync + use<> {
        let ui = self.ui.clone();
        move |event| show(&ui, &event)
    }

    /// What journals and records call the API: its URL, or [`SANDBOX`], which is started on another port each time.
    pub fn api_name(&self) -> Result<String> {
        if self.use_sandbox { Ok(SANDBOX.to_owned()) } else { Ok(self.api_url()?.to_string()) }
    }

    /// The configuration as it was when it was first asked for; what is odd about it is noted then.
    pub fn config(&self) -> Result<&Config> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = Config::load(&self.folders)?;
        config.refuse_unknown(&self.profile)?;
        self.note(config.remarks(&self.profile).map(Finding::File));
        Ok(self.config.get_or_init(|| config))
    }

    /// The credentials and where they come from: the environment's, else the stored ones, which are given out for no
    /// other API than the one they were stored for.
    pub async fn credential(&self) -> Result<(Credential, Source)> {
        let platform = self.platform()?;
        if self.use_sandbox {
            return Ok((Sandbox::credentials(platform), Source::Sandbox));
        }
        if let Some(credential) = self.environments(platform)? {
            return Ok((credential, Source::Environment));
        }
        if self.default_is_unread {
            // Another profile may be meant.
            self.config()?;
        }
        let profile = self.profile.to_string();
        let whereabouts = credentials::whereabouts(&self.folders, &self.profile)?;
        // Reading it once more would not tell: what others could read is tightened by now.
        self.note(whereabouts.remarks.into_iter().map(Finding::File));
        let Some(Whereabouts { api_url: stored, platform: own, .. }) = whereabouts.found else {
            return Err(Failure::NoCredentials { profile, platform }.into());
        };
        if let Some(own) = own.filter(|own| *own != platform) {
            return Err(self.other_platform(own, platform));
        }
        let asked = self.api_url()?.to_string();
        if stored != asked {
            // They are not even taken out of the keychain.
            return Err(Failure::OtherHost { profile, stored, asked }.into());
        }
        let (folders, name) = (self.folders.clone(), self.profile.clone());
        // A keychain may take its time, and Ctrl-C shall not wait for it.
        let loaded = tokio::task::spawn_blocking(move || credentials::load(&folders, &name)).await??;
        self.note(loaded.remarks.into_iter().map(Finding::File));
        let Some(stored) = loaded.found else {
            return Err(Failure::NoCredentials { profile, platform }.into());
        };
        if stored.api_url != asked {
            return Err(Failure::OtherHost { profile, stored: stored.api_url, asked }.into());
        }
        let source = match stored.place {
            Place::Keychain => Source::Keychain,
            Place::File => Source::File,
        };
        let credential = match flow::has_expired(&stored.credential) {
            true => flow::refreshed(&self.account(&stored.credential)?).await?,
            false => stored.credential,
        };
        Ok((credential, source))
    }

    /// The account to work on, with given credentials.
    pub fn account(&self, credential: &Credential) -> Result<Account> {
        let url = self.api_url_of(credential)?;
        hint::works_on(credential);
        let api = Platform::new(credential.platform(), &url, credential, self.watch());
        Ok(Account {
            api,
            api_name: self.api_name()?,
            id: self.account_id(credential)?,
            profile: self.profile.clone(),
            folders: self.folders.clone(),
            interrupt: self.interrupt.clone(),
        })
    }

    /// Which account these credentials open. The sandbox is another one for each file that holds its state.
    fn account_id(&self, credential: &Credential) -> Result<AccountId> {
        if self.use_sandbox {
            return Ok(AccountId::of(credential, &self.folders.sandbox_file().display().to_string()));
        }
        Ok(AccountId::of(credential, &self.api_name()?))
    }

    /// The embedded sandbox, which runs from the first call on.
    pub fn sandbox(&self) -> Result<&Sandbox> {
        if let Some(sandbox) = self.sandbox.get() {
            return Ok(sandbox);
        }
        self.folders.make_state()?;
        let platform = self.platform()?;
        let options = sandbox::Options::of(platform, self.folders.state().join(sandbox::file_name(platform)));
        let sandbox = Sandbox::start(options, |_| {}).context(Doing::StartingSandbox)?;
        Ok(self.sandbox.get_or_init(|| sandbox))
    }
}

/// The options that concern the terminal.
pub fn ui_options(global: &Global) -> ui::Options {
    ui::Options {
        interactive: !global.no_input && !environment::switches_on("CI"),
        quiet: global.quiet,
        verbose: global.verbose,
        color: match global.color {
            Color::Auto => ui::Color::Auto,
            Color::Always => ui::Color::Always,
            Color::Never => ui::Color::Never,
        },
        json: global.json,
        yes: global.yes,
    }
}

/// The options, each with its value, that belong into every command that is told to be typed.
pub fn repeated_options(global: &Global) -> Vec<String> {
    let sandbox = global.sandbox.then(|| match global.platform {
        Some(platform) => format!("--sandbox --platform {platform}"),
        None => "--sandbox".to_owned(),
    });
    let profile = global.profile.as_ref().map(|name| format!("--profile {name}"));
    sandbox.into_iter().chain(profile).collect()
}

/// What the API client does, for people.
fn show(ui: &Ui, event: &Event<'_>) {
    match event {
        Event::Answered { .. } | Event::Failed { .. } => ui.detail(&event.to_string()),
        Event::Paced { .. } => ui.say(&event.to_string()),
        Event::Waiting { .. } | Event::LeftOut { .. } | Event::BundledRoots { .. } => {
            ui.warn(&event.to_string());
        }
    }
}
