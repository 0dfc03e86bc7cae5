//! The configuration as people write it, and as it is changed.

use super::*;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn home() -> (tempfile::TempDir, Folders) {
    let home = tempfile::tempdir().unwrap();
    let folders = Folders::new(Some(home.path())).unwrap();
    (home, folders)
}

fn name(text: &str) -> ProfileName {
    text.parse().unwrap()
}

#[test]
fn a_missing_file_is_empty_and_stays_missing() {
    let (_home, folders) = home();
    let config = Config::load(&folders).unwrap();
    assert_eq!(config.profile(&name("default")), Profile::default());
    assert!(!folders.config_file().exists());
}

#[test]
fn what_is_set_is_there_in_the_plain_form() {
    let (_home, folders) = home();
    Config::change(&folders, |config| {
        config.set_api_url(&name("acme"), "https://api.example/partner");
        config.set_last_callback(&name("acme"), SignInKind::Messenger, "https://app.example/m");
    })
    .unwrap();
    assert_eq!(
        fs::read_to_string(folders.config_file()).unwrap(),
        "[profile.acme]\napi-url = \"https://api.example/partner\"\n\n\
             [profile.acme.callback]\nmessenger = \"https://app.example/m\"\n"
    );
    let profile = Config::load(&folders).unwrap().profile(&name("acme"));
    assert_eq!(profile.api_url.as_deref(), Some("https://api.example/partner"));
    assert_eq!(profile.last_callback(SignInKind::Messenger), Some("https://app.example/m"));
    assert_eq!(profile.last_callback(SignInKind::Instagram), None);
}

#[test]
fn a_change_keeps_comments_order_and_unknown_keys() {
    let (_home, folders) = home();
    let before = "\
# Ours.
colour = \"blue\" # later versions

[profile.b] # the second
# where it is
api-url = \"https://old.example\"  # production
note = 'mine'

[profile.a]
callback = { instagram = \"https://i.example\" }
";
    fs::write(folders.config_file(), before).unwrap();
    let config = Config::change(&folders, |config| {
        config.set_api_url(&name("b"), "https://new.example");
        config.set_last_callback(&name("a"), SignInKind::Instagram, "https://j.example");
    })
    .unwrap();
    let after = before.replace("old.example", "new.example").replace("i.example", "j.example");
    assert_eq!(fs::read_to_string(folders.config_file()).unwrap(), after);
    let note = Remark::UnknownKey { path: folders.config_file(), line: 7, key: "profile.b.note".into() };
    assert_eq!(config.remarks(&name("a")).collect::<Vec<_>>(), [note]);
    // That one is of another profile; what stands above all is read for each.
    let error = config.refuse_unknown(&name("a")).unwrap_err().to_string();
    assert!(error.ends_with(":2:1: unknown key colour"), "{error}");
}

#[test]
fn a_misspelt_key_is_refused_with_the_one_that_was_meant() {
    let (_home, folders) = home();
    for (text, said) in [
        ("[profile.x]\napi_url = 'u'", ":2:1: unknown key profile.x.api_url; did you mean api-url?"),
        ("[profile.x]\nurl = 'u'", ":2:1: unknown key profile.x.url; did you mean api-url?"),
        ("[profile.x]\nAPI-URL = 'u'", ":2:1: unknown key profile.x.API-URL; did you mean api-url?"),
        ("[profiles.x]\napi-url = 'u'", ":1:2: unknown key profiles; did you mean profile?"),
        ("default_profile = 'x'", ":1:1: unknown key default_profile; did you mean default-profile?"),
        (
            "[profile.x.callback]\nmesenger = 'u'",
            ":2:1: unknown key profile.x.callback.mesenger; did you mean messenger?",
        ),
        ("[profile.x]\ncolour = 'u'", ":2:1: unknown key profile.x.colour"),
    ] {
        fs::write(folders.config_file(), text).unwrap();
        let config = Config::load(&folders).unwrap();
        let error = config.refuse_unknown(&name("x")).unwrap_err().to_string();
        assert!(error.ends_with(said), "{error}");
        assert_eq!(config.refuse_unknown(&name("y")).is_ok(), text.starts_with("[profile.x"), "{text}");
    }
}

#[test]
fn the_default_profile_is_chosen_and_goes_with_its_profile() {
    let (_home, folders) = home();
    fs::write(folders.config_file(), "[profile.a] # kept\napi-url = 'u'\n[profile.b]\n").unwrap();
    Config::change(&folders, |config| config.set_default_profile(&name("b"))).unwrap();
    let text = fs::read_to_string(folders.config_file()).unwrap();
    assert!(text.contains("default-profile = \"b\"") && text.contains("[profile.a] # kept"), "{text}");
    let config = Config::load(&folders).unwrap();
    assert_eq!((config.default_profile(), config.profile_names().len()), (Some(name("b")), 2));
    let config = Config::change(&folders, |config| config.remove(&name("b"))).unwrap();
    assert_eq!((config.default_profile(), config.profile_names()), (None, vec![name("a")]));
}

#[test]
fn a_corrupt_file_is_placed_and_left_alone() {
    let (_home, folders) = home();
    for (text, place, what) in [
        ("a = 1\n[profile.x\n", ":2:11: ", "unclosed table"),
        ("a = 1\na = 2\n", ":2:1: ", "duplicate key"),
        ("[profile.x]\napi-url = 7\n", ":2:1: ", "api-url must be text in quotation marks, not integer"),
        ("[profile.x]\n callback = 'u'\n", ":2:2: ", "callback must be a table, not string"),
        (
            "[profile.x.callback]\nmessenger = []\n",
            ":2:1: ",
            "messenger must be text in quotation marks, not array",
        ),
        ("[[profile]]\n", ":1:3: ", "profile must be a table, not array of tables"),
        ("profile.x = 1\n", ":1:9: ", "x must be a table, not integer"),
        ("[profile.'a/b']\n", ":1:10: ", "a profile name contains only letters"),
        ("default-profile = 'a/b'\n", ":1:1: ", "a profile name contains only letters"),
        ("default-profile = 7\n", ":1:1: ", "default-profile must be text in quotation marks, not integer"),
    ] {
        fs::write(folders.config_file(), text).unwrap();
        let wanted = format!("{}{place}", folders.config_file().display());
        let loaded = Config::load(&folders).unwrap_err().to_string();
        assert!(loaded.starts_with(&wanted) && loaded.contains(what), "{text:?}: {loaded}");
        let changed = Config::change(&folders, |config| config.set_api_url(&name("x"), "u"));
        assert_eq!(changed.unwrap_err().to_string(), loaded);
        assert_eq!(fs::read_to_string(folders.config_file()).unwrap(), text);
    }
}

#[test]
fn other_ways_to_write_the_same_are_understood() {
    let (_home, folders) = home();
    for text in [
        "profile.x.api-url = 'u'\nprofile.x.callback.instagram = 'c'",
        "profile = { x = { api-url = 'u', callback = { instagram = 'c' } } }",
        "\u{feff}[profile.x]\r\napi-url = \"\"\"u\"\"\"\r\ncallback.instagram = 'c'\r\n",
    ] {
        fs::write(folders.config_file(), text).unwrap();
        let profile = Config::load(&folders).unwrap().profile(&name("x"));
        assert_eq!(profile.api_url.as_deref(), Some("u"), "{text}");
        assert_eq!(profile.last_callback(SignInKind::Instagram), Some("c"), "{text}");
        Config::change(&folders, |config| config.set_last_callback(&name("x"), SignInKind::Messenger, "m"))
            .unwrap();
        Config::change(&folders, |config| config.set_api_url(&name("y"), "v")).unwrap();
        let config = Config::load(&folders).unwrap();
        assert_eq!(config.profile(&name("x")).last_callback(SignInKind::Messenger), Some("m"), "{text}");
        assert_eq!(config.profile(&name("x")).last_callback(SignInKind::Instagram), Some("c"), "{text}");
        assert_eq!(config.profile(&name("y")).api_url.as_deref(), Some("v"), "{text}");
    }
}

/// Text that often is nearly a configuration.
fn nearly_toml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[profile.x]\n".to_owned()),
        Just("[profile".to_owned()),
        Just("api-url = ".to_owned()),
        Just("callback".to_owned()),
        Just(".messenger=".to_owned()),
        Just("\"u\"\n".to_owned()),
        Just("{ ".to_owned()),
        Just(" }\n".to_owned()),
        Just("[[".to_owned()),
        Just("]]\n".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_can_be_changed_when_read(text in nearly_toml()) {
        if let Ok(mut config) = parse(Path::new("config.toml"), &text) {
            config.set_api_url(&name("x"), "u");
            config.set_last_callback(&name("x"), SignInKind::Instagram, "c");
            let again = parse(Path::new("config.toml"), &config.document.to_string()).unwrap();
            let profile = again.profile(&name("x"));
            prop_assert_eq!(profile.api_url.as_deref(), Some("u"));
            prop_assert_eq!(profile.last_callback(SignInKind::Instagram), Some("c"));
        }
    }

    #[test]
    fn what_is_saved_is_what_is_loaded(
        entries in proptest::collection::btree_map("[A-Za-z0-9_-]{1,12}", (any::<String>(), any::<String>()), 1..5)
    ) {
        let (_home, folders) = home();
        let entries: Vec<_> = entries
            .into_iter()
            .filter_map(|(profile, values)| Some((profile.parse::<ProfileName>().ok()?, values)))
            .collect();
        Config::change(&folders, |config| {
            for (profile, (url, callback)) in &entries {
                config.set_api_url(profile, url);
                config.set_last_callback(profile, SignInKind::Messenger, callback);
            }
        })
        .unwrap();
        let config = Config::load(&folders).unwrap();
        for (profile, (url, callback)) in &entries {
            let found = config.profile(profile);
            prop_assert_eq!(found.api_url.as_ref(), Some(url));
            prop_assert_eq!(found.last_callback(SignInKind::Messenger), Some(callback.as_str()));
        }
    }
}
