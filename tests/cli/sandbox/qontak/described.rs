//! Every operation of the contract, called well and badly in both generations: each answer is as the file says.

use serde_json::json;

use super::super::contract::Contract;
use super::{NEWER, OLDER, Qontak, ago, headers, now};
use crate::support::Answer;

const CARRIED: &str = include_str!("../../../../src/sandbox/qontak/openapi.yaml");

const LIST: &str = "/integrations";
const SHOW: &str = "/integrations/{id}";
const TOKEN: &str = "/oauth/token";

/// The file as it is served: as it is carried, but for the servers.
fn contract(qontak: &Qontak) -> Contract {
    // The older generation's tokens are asked for beside its base.
    let carried =
        CARRIED.replace("url: https://service-chat.qontak.com\n", &format!("url: {}\n", qontak.origin()));
    assert_ne!(carried, CARRIED);
    Contract::served(qontak.origin(), &qontak.served.api_url, &carried)
}

#[test]
fn every_answer_is_as_the_contract_describes() {
    for generation in ["hmac", "token"] {
        let qontak = Qontak::with(&["--generation", generation, "--fault", "GET /forbidden=403"]);
        let contract = contract(&qontak);
        // The older generation counts in its messages.
        let counts = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];
        let missing: &[&str] = if qontak.is_newer { &[] } else { &counts };
        let check = |path: &str, answer: &Answer| contract.check_but(missing, "GET", path, answer);
        let base = if qontak.is_newer { NEWER } else { OLDER };
        for query in
            ["", "?all=true", "?target_channel=fb&limit=2&offset=2", "?limit=0", "?order_by=x", "?x=y"]
        {
            check(LIST, &qontak.get(&format!("/integrations{query}")));
        }
        check(LIST, &qontak.send("GET", &format!("{base}/integrations"), "", ""));
        check(LIST, &qontak.ask("DELETE", "/integrations"));
        for own in qontak.all() {
            check(SHOW, &qontak.get(&format!("/integrations/{}", own["id"].as_str().unwrap())));
        }
        let nowhere = "/integrations/3b241101-e2bb-4255-8caf-4136c566a962";
        check(SHOW, &qontak.get(nowhere));
        check(SHOW, &qontak.ask("DELETE", nowhere));
        let target = format!("{base}{nowhere}");
        check(SHOW, &qontak.send("GET", &target, &headers(&ago(900), "GET", &target), ""));
        check(SHOW, &qontak.send("GET", &target, &headers(&now(), "GET", "/"), ""));
        // Nobody is forbidden anything here, but on order.
        let forbidden = qontak.send("GET", "/forbidden", "", "");
        let busy = Qontak::with(&["--generation", generation, "--throttle"]);
        let mut answers = (0..60).map(|_| busy.get("/integrations?limit=1"));
        let refused = answers.find(|answer| answer.status == 429).expect("more than ten a second");
        for path in [LIST, SHOW] {
            check(path, &forbidden);
            check(path, &refused);
            contract.is_met("GET", path, &[]);
        }
    }
}

#[test]
fn the_token_endpoint_answers_as_the_contract_describes() {
    let qontak = Qontak::with(&["--generation", "token", "--fault", "POST /oauth/token=429@every 7"]);
    let contract = contract(&qontak);
    let check = |answer: &Answer| contract.check_but(&["X-RateLimit-Reset"], "POST", TOKEN, answer);
    let mut password =
        json!({ "grant_type": "password", "username": "demo@example.com", "password": "sandbox-password" });
    check(&qontak.post_token(&password));
    (password["client_id"], password["client_secret"]) = (json!("sandbox-client"), json!("wrong"));
    check(&qontak.post_token(&password));
    password["client_secret"] = json!("sandbox-client-secret");
    check(&qontak.post_token(&password));
    password["password"] = json!("wrong");
    check(&qontak.post_token(&password));
    check(&qontak.post_form("/oauth/token", "grant_type=password"));
    for _ in 0..2 {
        check(&qontak.post_token(&json!({ "grant_type": "x" })));
    }
    // 201 is what some servers may answer; this one answers 200.
    contract.is_met("POST", TOKEN, &[201]);
}

#[test]
fn the_file_names_no_server_but_the_one_that_serves_it() {
    for qontak in [Qontak::new(), Qontak::older()] {
        contract(&qontak);
        let served = qontak.send("GET", "/openapi.yaml", "", "").body;
        assert!(!served.contains("qontak.com") && !served.contains("mekari.com"), "{served}");
    }
}
