//! Integrations, the page on which a person connects and disconnects.

use serde_json::Value;

use super::{Qontak, application};

const WARNING: &str = "Are you sure? Disconnecting this channel will also delete this channel";

fn id(integration: &Value) -> &str {
    integration["id"].as_str().unwrap()
}

#[test]
fn connect_with_facebook_makes_an_integration_of_the_page_that_is_chosen() {
    let qontak = Qontak::new();
    let before = qontak.all();
    let page = qontak.send("GET", "/integrations", "", "");
    assert!(
        page.body.contains("Connect with Facebook") && page.body.contains("Kopi Senja Bandung"),
        "{}",
        page.body
    );
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert!(!page.body.contains("CANARY"), "a person sees no secrets");
    let choice = qontak.send("GET", "/integrations/facebook", "", "");
    assert!(choice.body.contains("Bengkel Jaya Motor"), "{}", choice.body);
    assert_eq!(qontak.all(), before, "looking changes nothing");

    let done = qontak.post_form("/integrations/facebook", "page=111407365829164");
    assert_eq!((done.status, done.header("location")), (303, Some("/integrations")));
    let all = qontak.all();
    assert_eq!(all[1..], before, "one more, and it is the newest");
    assert_eq!((&all[0]["target_channel"], &all[0]["is_active"]), (&"fb".into(), &true.into()));
    assert_eq!(all[0]["settings"]["account_name"], "Bengkel Jaya Motor");
    qontak.post_form("/integrations/facebook", "page=111407365829164");
    assert_eq!(qontak.all(), all, "a Page is connected once");
    let choice = qontak.send("GET", "/integrations/facebook", "", "");
    assert!(choice.body.contains("111407365829164\" required disabled"), "{}", choice.body);
}

#[test]
fn a_page_that_is_inactive_becomes_active_again() {
    let qontak = Qontak::new();
    let inactive = qontak.named("Batik Sekar Arum");
    assert_eq!(inactive["is_active"], false);
    let count = qontak.all().len();
    qontak.post_form("/integrations/facebook", "page=106215480937742");
    assert_eq!(qontak.named("Batik Sekar Arum")["is_active"], true);
    assert_eq!(qontak.named("Batik Sekar Arum")["id"], inactive["id"], "it is the same");
    assert_eq!(qontak.all().len(), count);
}

#[test]
fn other_kinds_are_connected_as_well() {
    let qontak = Qontak::new();
    let count = qontak.all().len();
    for kind in ["ig", "telegram", "wa_cloud", "web_chat"] {
        assert_eq!(qontak.post_form("/integrations/channel", &format!("target_channel={kind}")).status, 303);
        assert_eq!(qontak.all()[0]["target_channel"], kind);
    }
    assert_eq!(qontak.post_form("/integrations/channel", "target_channel=nonsense").status, 409);
    assert_eq!(qontak.all().len(), count + 4);
}

#[test]
fn disconnect_warns_word_for_word_and_deletes() {
    let qontak = Qontak::new();
    let own = qontak.named("Kopi Senja Bandung");
    let path = format!("/integrations/{}/disconnect", id(&own));
    let before = qontak.all();
    assert!(qontak.send("GET", "/integrations", "", "").body.contains(&path));
    let question = qontak.send("GET", &path, "", "");
    assert!(
        question.body.contains(WARNING) && question.body.contains("Kopi Senja Bandung"),
        "{}",
        question.body
    );
    assert!(
        question.body.contains(">Disconnect<") && question.body.contains(">Cancel<"),
        "{}",
        question.body
    );
    assert_eq!(qontak.all(), before, "it only asked");
    let done = qontak.post_form(&path, "");
    assert_eq!((done.status, done.header("location")), (303, Some("/integrations")));
    let left: Vec<Value> = before.into_iter().filter(|other| other["id"] != own["id"]).collect();
    assert_eq!(qontak.all(), left);
    assert_eq!(application(&qontak.get(&format!("/integrations/{}", id(&own)))).0, 404);
    for method in ["GET", "POST"] {
        assert_eq!(qontak.send(method, &path, "", "").status, 404, "{method}");
    }
}

#[test]
fn with_an_order_what_is_disconnected_stays_and_is_inactive() {
    let qontak = Qontak::with(&["--disconnecting", "deactivate"]);
    let own = qontak.named("Kopi Senja Bandung");
    let count = qontak.all().len();
    let act = |what: &str| qontak.post_form(&format!("/integrations/{}/{what}", id(&own)), "").status;
    assert_eq!(act("disconnect"), 303);
    let one = super::json(&qontak.get(&format!("/integrations/{}", id(&own))));
    assert_eq!((&one["data"]["is_active"], qontak.all().len()), (&false.into(), count));
    assert_eq!(act("reconnect"), 303);
    assert_eq!(qontak.named("Kopi Senja Bandung"), own, "as it was");
}

#[test]
fn a_page_of_somebody_elses_account_is_refused() {
    let qontak = Qontak::with(&["--pages", "5", "--channels", "2", "--foreign", "2"]);
    let choice = qontak.send("GET", "/integrations/facebook", "", "").body;
    let ids: Vec<&str> =
        choice.split("name=\"page\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.len(), 5);
    for (id, status) in ids.iter().zip([303, 303, 303, 409, 409]) {
        assert_eq!(qontak.post_form("/integrations/facebook", &format!("page={id}")).status, status, "{id}");
    }
    assert_eq!(qontak.post_form("/integrations/facebook", "page=1").status, 400);
    assert_eq!(qontak.all().len(), 3);
}

#[test]
fn only_this_machine_and_no_other_site_may_use_the_page() {
    let qontak = Qontak::new();
    let before = qontak.all();
    let port = qontak.origin().rsplit(':').next().unwrap();
    let path = format!("/integrations/{}/disconnect", id(&before[0]));
    assert_eq!(qontak.send("POST", &path, "Sec-Fetch-Site: cross-site\r\n", "").status, 403);
    let mut stream = std::net::TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: qontak.example:{port}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let answer = std::io::read_to_string(stream).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(qontak.all(), before);
}

#[test]
fn more_than_anybody_reads_are_searched_by_name() {
    let qontak = Qontak::with(&["--pages", "900", "--channels", "500"]);
    let page = qontak.send("GET", "/integrations", "", "").body;
    assert!(page.contains("and 300 more: search for them by name"), "{page}");
    let name = "Warung Senja Semarang";
    let own = qontak.named(name);
    let found = qontak.send("GET", "/integrations?query=warung+senja+semarang", "", "").body;
    assert!(found.contains(name) && found.contains(&format!("{}/disconnect", id(&own))), "{found}");
    assert_eq!(found.matches("/disconnect").count(), 1);
    let none = qontak.send("GET", "/integrations?query=%3Cb%3E", "", "").body;
    assert!(none.contains("No channel is connected") && !none.contains("<b>\""), "{none}");
    let pages = qontak.send("GET", "/integrations/facebook", "", "").body;
    assert!(pages.contains("and 700 more"), "{pages}");
}

#[test]
fn what_the_older_generation_cant_show_is_said() {
    let qontak = Qontak::with(&["--generation", "token", "--disconnecting", "deactivate"]);
    let says = |log: Vec<String>| log.iter().any(|line| line.contains("can't be noticed"));
    assert!(says(qontak.served.log()));
    assert!(!says(Qontak::with(&["--disconnecting", "deactivate"]).served.log()));
}
