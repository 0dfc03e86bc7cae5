//! Who a token belongs to, and whether it works.

use super::*;

#[test]
fn a_token_is_told_by_what_me_answers() {
    let mut bench = Bench::new();
    assert_eq!(bench.get("/me", PAGE_TOKEN), json!({ "id": PAGE, "name": "Kopi Senja Bandung" }));
    let page = bench.get("/me?fields=id,name,category", PAGE_TOKEN);
    assert_eq!(page["category"], "Local business");
    assert_eq!(bench.get("/me?fields=id,name", USER)["name"], "Sari Wulandari");
    assert_eq!(bench.refused("GET", "/me?fields=id,name,category", USER, ""), (400, 100, None));
    let said = bench.message("GET", "/me?fields=id,name,category", USER, "");
    assert_eq!(said, "(#100) Tried accessing nonexisting field (category) on node type (User)");
    assert_eq!(bench.refused("GET", "/me?fields=nonsense", PAGE_TOKEN, ""), (400, 100, None));
    assert_eq!(bench.refused("GET", "/me", APP, ""), (400, 2500, None));
    assert_eq!(bench.get("/me", "sandbox-page-token-no-messaging")["id"], PAGE);
    for (token, subcode) in [
        ("sandbox-page-token-expired", Some(463)),
        ("sandbox-page-token-password", Some(460)),
        ("sandbox-page-token-nothing", None),
        ("1000000000000001|wrong", None),
        ("nonsense", None),
    ] {
        assert_eq!(bench.refused("GET", "/me", token, ""), (400, 190, subcode), "{token}");
    }
    assert_eq!(bench.refused("GET", "/me", "", ""), (400, 104, None));
    let as_parameter = format!("/me?access_token={PAGE_TOKEN}");
    assert_eq!(bench.get(&as_parameter, "")["id"], PAGE);
    assert_eq!(bench.get(&as_parameter, "nonsense")["id"], PAGE, "the parameter counts");
}

#[test]
fn debug_token_answers_200_for_a_dead_token_as_well() {
    let mut bench = Bench::new();
    let told = bench.get(&format!("/debug_token?input_token={PAGE_TOKEN}"), APP)["data"].clone();
    assert_eq!((&told["type"], &told["is_valid"]), (&json!("PAGE"), &json!(true)));
    assert_eq!((&told["expires_at"], &told["profile_id"]), (&json!(0), &json!(PAGE)));
    let messaging = json!({ "scope": "pages_messaging", "target_ids": [PAGE] });
    assert!(told["granular_scopes"].as_array().unwrap().contains(&messaging), "{told}");
    // As a form, which shows the token to nobody.
    let form = "method=GET&input_token=sandbox-page-token-expired";
    let dead = bench.call("POST", "/debug_token", USER, form)["data"].clone();
    assert_eq!((&dead["is_valid"], &dead["error"]["code"]), (&json!(false), &json!(190)));
    assert_eq!((&dead["error"]["subcode"], &dead["scopes"]), (&json!(463), &json!([])));
    assert!(dead["error"]["message"].is_string());
    let unknown = bench.get("/debug_token?input_token=nonsense", APP)["data"].clone();
    assert_eq!((&unknown["is_valid"], &unknown["type"]), (&json!(false), &Value::Null));
    let lacks = bench.get("/debug_token?input_token=sandbox-page-token-no-messaging", APP);
    assert!(!lacks.to_string().contains("pages_messaging"), "{lacks}");
    let user = bench.get(&format!("/debug_token?input_token={USER}"), APP)["data"].clone();
    assert_eq!((&user["type"], &user["profile_id"]), (&json!("USER"), &Value::Null));
    assert!(user["granular_scopes"][0]["target_ids"].is_null(), "for all");
    assert!(user["expires_at"].as_u64().unwrap() > time::now() / 1000);
    assert_eq!(
        bench.get(&format!("/debug_token?input_token={}", APP.replace('|', "%7C")), APP)["data"]["type"],
        "APP"
    );
    assert_eq!(bench.refused("GET", "/debug_token", APP, ""), (400, 100, None));
    let by_page = format!("/debug_token?input_token={PAGE_TOKEN}");
    assert_eq!(bench.refused("GET", &by_page, PAGE_TOKEN, ""), (400, 100, None));
}

#[test]
fn a_short_token_is_exchanged_and_an_app_gets_its_own() {
    let mut bench = Bench::new();
    let app = "client_id=1000000000000001&client_secret=sandbox-app-secret";
    let long = bench
        .get(&format!("/oauth/access_token?grant_type=fb_exchange_token&{app}&fb_exchange_token={USER}"), "");
    assert_eq!((&long["expires_in"], &long["token_type"]), (&json!(5_184_000), &json!("bearer")));
    assert_eq!(bench.get("/me", long["access_token"].as_str().unwrap())["name"], "Sari Wulandari");
    let own = bench.get(&format!("/oauth/access_token?grant_type=client_credentials&{app}"), "");
    assert_eq!(own["access_token"], APP);
    for query in [
        "grant_type=client_credentials&client_id=1000000000000001&client_secret=wrong".to_owned(),
        format!("grant_type=fb_exchange_token&{app}&fb_exchange_token={PAGE_TOKEN}"),
        format!("grant_type=fb_exchange_token&{app}"),
        format!("grant_type=password&{app}"),
        app.to_owned(),
    ] {
        assert_eq!(bench.refused("GET", &format!("/oauth/access_token?{query}"), "", "").0, 400, "{query}");
    }
}

#[test]
fn a_proof_is_looked_at_and_demanded_where_the_app_demands_it() {
    let mut bench = Bench::new();
    let proof = |text: &str| call::proof_of(text);
    assert_eq!(bench.get(&format!("/me?appsecret_proof={}", proof(PAGE_TOKEN)), PAGE_TOKEN)["id"], PAGE);
    for wrong in ["0", &proof(USER), &proof(PAGE_TOKEN).to_uppercase()] {
        let path = format!("/me?appsecret_proof={wrong}");
        assert_eq!(bench.refused("GET", &path, PAGE_TOKEN, ""), (400, 100, None), "{wrong}");
    }
    bench.world.requires_proof = true;
    let said = bench.message("GET", "/me", PAGE_TOKEN, "");
    assert!(said.contains("require an appsecret_proof"), "{said}");
    let path = format!("/{PAGE}/subscribed_apps");
    let form = "subscribed_fields=messages";
    assert_eq!(bench.refused("POST", &path, PAGE_TOKEN, form), (400, 100, None));
    assert!(bench.world.subscribed.is_empty());
    bench.call("POST", &path, PAGE_TOKEN, &format!("{form}&appsecret_proof={}", proof(PAGE_TOKEN)));
    bench.get("/1000000000000001/subscriptions", APP);
}
