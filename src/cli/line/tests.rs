use super::*;

fn next(line: &str) -> Next {
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    Line::read(&words).next
}

fn words(line: &str) -> Vec<String> {
    match next(line) {
        Next::Words(words) => words.into_iter().map(|word| word.text).collect(),
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn commands_and_kinds_come_after_what_stands_before_them() {
    assert_eq!(words("conn"), ["connect"]);
    assert_eq!(words("--profile x -qy --json re"), ["reconnect"]);
    assert_eq!(words("connect i"), ["instagram"]);
    assert_eq!(words("fb"), Vec::<String>::new());
    assert_eq!(words("channel li"), ["list"]);
    assert!(words("").contains(&"help".to_owned()) && !words("").contains(&"__complete".to_owned()));
    assert_eq!(words("help exit"), ["exit-codes"]);
    assert_eq!(words("help connect tele"), ["telegram"]);
}

#[test]
fn options_come_before_and_after_the_command_with_the_global_ones() {
    assert_eq!(words("--prof"), ["--profile"]);
    assert_eq!(words("channels list --prof"), ["--profile"]);
    assert_eq!(words("connect messenger --pag"), ["--page", "--page-token-stdin"]);
    assert_eq!(words("connect messenger -- --pag"), Vec::<String>::new());
    // Its own first.
    let all = words("channels list --");
    assert!(all.iter().position(|word| word == "--kind") < all.iter().position(|word| word == "--json"));
}

#[test]
fn what_was_typed_or_contradicts_it_is_not_offered_again() {
    assert_eq!(words("channels list --disconnected --connect"), Vec::<String>::new());
    assert_eq!(words("channels list --json --jso"), Vec::<String>::new());
    assert_eq!(words("channels list --kind telegram --kin"), ["--kind"]);
    assert_eq!(words("--quiet channels --verb"), ["--verbose"]);
}

#[test]
fn values_come_after_their_option_and_after_its_equals_sign() {
    assert_eq!(words("channels list --kind whatsapp-u"), ["whatsapp-unofficial"]);
    assert_eq!(words("channels list --kind=mess"), ["--kind=messenger"]);
    assert_eq!(words("connect messenger --if-connected sk"), ["skip"]);
    assert_eq!(words("completions z"), ["zsh"]);
    assert!(matches!(next("sandbox serve --fault-file "), Next::Files));
    assert!(matches!(next("man "), Next::Folders));
}

#[test]
fn ids_are_those_of_the_commands_kind() {
    let what = |line: &str| match next(line) {
        Next::Known(known) => known.what,
        other => panic!("{line}: {other:?}"),
    };
    assert_eq!(what("--profile "), What::Profile);
    assert_eq!(what("whoami --profile=a"), What::Profile);
    assert_eq!(what("channels show "), What::Channel(None));
    assert_eq!(what("rm 1 "), What::Channel(None));
    assert_eq!(what("reconnect ig "), What::Channel(Some(ChannelKind::Instagram)));
    assert_eq!(what("connect fb --page "), What::Page(SignInKind::Messenger));
    assert_eq!(words("channels show 1 "), words("channels show 1 --"));
}

#[test]
fn global_options_are_read_wherever_they_stand() {
    let line = Line::read(&["--profile=a", "whoami", "--sandbox", ""].map(str::to_owned));
    let global = line.global.unwrap();
    assert_eq!((global.profile.as_deref(), global.sandbox), (Some("a"), true));
    assert!(Line::read(&["-q", "-v", ""].map(str::to_owned)).global.is_none());
}
