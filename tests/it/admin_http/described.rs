//! `/openapi.json` against the router: what is described answers, and what answers is described.

use super::{Door, TOKEN};
use recap::http::openapi;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every operation as `GET /path`.
fn operations(api: &Value) -> BTreeSet<(String, String)> {
    let paths = api["paths"].as_object().unwrap();
    let each = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    each.collect()
}

#[tokio::test]
async fn the_description_is_the_one_of_the_code_and_open_to_all() {
    let door = Door::open().await;
    let served: Value = door.client.get(door.url("/openapi.json")).send().await.unwrap().json().await.unwrap();
    assert_eq!(served, serde_json::to_value(openapi()).unwrap());
    assert_eq!(served["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[tokio::test]
async fn every_described_operation_answers_and_no_other_method_does() {
    let door = Door::open().await;
    let described = operations(&serde_json::to_value(openapi()).unwrap());
    assert_eq!(described.len(), 7);
    let paths: BTreeSet<_> = described.iter().map(|(_, path)| path.clone()).collect();
    for path in paths {
        let url = door.url(&path.replace("{team}", "design").replace("{id}", &"0".repeat(32)));
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = door.client.request(method.clone(), &url).bearer_auth(TOKEN).send().await.unwrap();
            let is_described = described.contains(&(method.to_string(), path.clone()));
            assert_eq!(answer.status() == 405, !is_described, "{method} {path}: {}", answer.status());
            assert_ne!(answer.status(), 404, "{method} {path}");
        }
    }
}

#[test]
fn every_operation_says_how_it_answers_and_refuses() {
    let api = serde_json::to_value(openapi()).unwrap();
    assert_eq!(api["components"]["securitySchemes"]["admin_token"]["scheme"], "bearer");
    assert_eq!(api["security"][0]["admin_token"], serde_json::json!([]));
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap();
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{method} {path}");
            assert!(["200", "202", "204"].iter().any(|good| answers.contains_key(*good)), "{method} {path}");
            for (status, answer) in answers.iter().filter(|(status, _)| status.as_str() >= "400") {
                let schema = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
            }
            assert!(answers.contains_key("401") && answers.contains_key("503"), "{method} {path}");
            if method == "post" {
                let reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
                let name = reference.unwrap().trim_start_matches("#/components/schemas/");
                assert_eq!(api["components"]["schemas"][name]["additionalProperties"], false, "{name}");
            }
        }
    }
}
