//! Applications: made, refused, deleted, and listed with their secrets.

use super::*;

#[test]
fn what_is_wrong_with_each_field_is_said_at_once() {
    let mut bench = Bench::new();
    let token = "sandbox-page-token";
    let required = "This field is required.";
    for (body, wrong) in [
        (json!({}), json!({ "name": [required], "platform": [required] })),
        (
            json!({ "name": " ", "platform": null }),
            json!({
                "name": ["This field may not be blank."],
                "platform": ["This field may not be null."],
            }),
        ),
        (
            json!({ "name": 7, "platform": "messenger" }),
            json!({
                "name": ["Not a valid string."],
                "platform": ["\"messenger\" is not a valid choice."],
            }),
        ),
        (json!({ "name": "a", "platform": "MESSENGER" }), json!({ "page_access_token": [required] })),
        (
            json!({ "name": "a", "platform": "APNS", "platform_credential": "x" }),
            json!({ "platform_principal": [required] }),
        ),
        (
            json!({ "name": "kopi-senja", "platform": "MESSENGER", "page_access_token": token }),
            json!({ "name": ["application with this name already exists."] }),
        ),
        (json!([]), json!({ "non_field_errors": ["Invalid data. Expected a dictionary."] })),
    ] {
        assert_eq!(bench.create(&body), (400, wrong), "{body}");
    }
    for name in ["my shop", "caf\u{e9}", "a/b", "a\nb", "Toko+"] {
        let (status, body) =
            bench.create(&json!({ "name": name, "platform": "MESSENGER", "page_access_token": token }));
        assert_eq!(status, 400, "{name}");
        assert!(body["name"][0].as_str().unwrap().starts_with("Enter a valid name"), "{body}");
    }
    let (status, body) = bench.create(&json!({ "name": "a".repeat(256), "platform": "WEB" }));
    assert!(status == 400 && body["name"][0].as_str().unwrap().contains("255"), "{body}");
    for end in ["-expired", "-password", "-user", "-nothing"] {
        let token = format!("{token}{end}");
        let (status, body) =
            bench.create(&json!({ "name": "a", "platform": "MESSENGER", "page_access_token": token }));
        assert_eq!(status, 400, "{token}");
        assert!(body["page_access_token"][0].is_string() && !body.to_string().contains(&token), "{body}");
    }
    let answer = bench.send("POST", "/api/v1/applications/", TOKEN, "{");
    assert!(answer.status == 400 && told(&answer).1["detail"].as_str().unwrap().starts_with("JSON parse"));
    assert!(!bench.turn.is_changed(), "nothing of it was done");
}

#[test]
fn creating_answers_200_with_the_record_and_a_deleted_name_is_free_again() {
    let mut bench = Bench::new();
    let body =
        json!({ "name": "Toko_2.b-c", "platform": "MESSENGER", "page_access_token": "sandbox-page-token" });
    let (status, made) = bench.create(&body);
    assert_eq!((status, &made["id"], &made["name"]), (200, &json!(5), &json!("Toko_2.b-c")));
    assert_eq!(bench.create(&body).0, 400);
    let listed = bench.get("/api/v1/applications/").1["results"][4].clone();
    assert_eq!(listed, made);
    let mut delete = |id: &str| {
        let answer = bench.send("DELETE", &format!("/api/v1/applications/{id}/"), TOKEN, "");
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    assert_eq!(delete("5"), (204, String::new()));
    for gone in ["5", "99", "99999999999999999999999"] {
        assert_eq!(delete(gone), (404, r#"{"detail":"Not found."}"#.to_owned()), "{gone}");
    }
    assert_eq!(bench.create(&body).1["id"], 6, "no id is used twice");
}

#[test]
fn a_plan_has_its_limit() {
    let mut bench = Bench::new();
    bench.options.limit = Some(5);
    assert_eq!(bench.create(&json!({ "name": "a", "platform": "WEB" })).0, 200);
    let (status, body) = bench.create(&json!({ "name": "b", "platform": "WEB" }));
    assert!(status == 400 && body["non_field_errors"][0].is_string(), "{body}");
}

#[test]
fn the_token_that_was_given_is_kept_nowhere_and_canaries_are_shown() {
    let mut bench = Bench::new();
    let own = "sandbox-page-token-no-messaging";
    bench.create(&json!({ "name": "a", "platform": "MESSENGER", "page_access_token": own }));
    bench.create(&json!({ "name": "b", "platform": "GCM", "platform_credential": "MINE" }));
    assert!(!serde_json::to_string(bench.turn.world()).unwrap().contains("no-messaging"));
    let (_, listed) = bench.get("/api/v1/applications/");
    let text = listed.to_string();
    assert!(!text.contains(own) && !text.contains("MINE"), "{text}");
    for application in listed["results"].as_array().unwrap() {
        let secrets = ["platform_principal", "platform_credential", "page_access_token"];
        let shown = secrets.iter().filter_map(|name| application[name].as_str()).collect::<Vec<_>>();
        assert!(shown.iter().all(|secret| secret.contains("CANARY")), "{application}");
        assert_eq!(shown.is_empty(), application["platform"] == "WEB", "{application}");
    }
}
