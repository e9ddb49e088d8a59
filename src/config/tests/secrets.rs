//! Secrets come from where they should and go nowhere.

use super::Given;
use crate::config::PREFIX;
use secrecy::ExposeSecret;

const SECRETS: [&str; 4] = ["slack.bot_token", "slack.signing_secret", "slack.app_token", "clickhouse.password"];

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

#[test]
fn secrets_are_never_shown() {
    let mut given = Given::nothing()
        .variable("RECAP__STORE__URL", "postgres://recap:hunter2@db/recap")
        .variable("RECAP__OPS__HEARTBEAT_URL", "https://beat.example/hunter2")
        .variable("RECAP__HTTP__ADMIN_TOKENS__ADA", "hunter2");
    for key in SECRETS {
        given = given.variable(&variable(key), "hunter2");
    }
    let shown = format!("{:?}", given.load().unwrap());
    assert!(shown.contains("REDACTED") && !shown.contains("hunter2"), "{shown}");

    let faults = given.variable("RECAP__LOG__LEVEL", "loud").faults().join("\n");
    assert!(!faults.contains("hunter2"), "{faults}");
}

#[test]
fn a_secret_may_stand_in_a_file_and_the_later_layer_wins() {
    let given = Given::nothing();
    let secret = given.with("secret", "from-a-file\r\n");
    let path = secret.to_str().unwrap();
    let bot_token = |given: &Given| {
        let settings = given.load().unwrap();
        settings.slack.require_bot_token().unwrap().expose_secret().to_owned()
    };

    let named = Given::file(&format!("[slack]\nbot_token_file = '{path}'"));
    assert_eq!(bot_token(&named), "from-a-file");
    let named = named.variable("RECAP__SLACK__BOT_TOKEN", "from-a-variable");
    assert_eq!(bot_token(&named), "from-a-variable");
    let given = Given::file("[slack]\nbot_token = 'as-it-is'").variable("RECAP__SLACK__BOT_TOKEN_FILE", path);
    assert_eq!(bot_token(&given), "from-a-file");

    let tokens = Given::file("[http.admin_tokens]\nAda = 'old'").variable("RECAP__HTTP__ADMIN_TOKENS__ADA_FILE", path);
    let tokens = tokens.load().unwrap().http.admin_tokens;
    assert_eq!(
        tokens.iter().map(|(name, token)| (name.as_str(), token.expose_secret())).collect::<Vec<_>>(),
        [("Ada", "from-a-file")]
    );
}

#[test]
fn a_secret_s_file_that_does_not_serve_is_a_fault_that_quotes_nothing() {
    let given = Given::nothing();
    let empty = given.with("empty", "\n");
    for (path, expected) in
        [(empty.to_str().unwrap(), "names a file that is empty"), ("xoxb-1", "names a file that cannot be read: ")]
    {
        let faults = Given::nothing().variable("RECAP__SLACK__BOT_TOKEN_FILE", path).faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains(expected) && !faults[0].contains("xoxb"), "{}", faults[0]);
    }
    let both = Given::file("[slack]\nbot_token = 'a'\nbot_token_file = 'b'").faults();
    assert_eq!(
        both,
        ["`slack.bot_token_file` (file `recap.toml`): cannot stand beside `bot_token`; keep one of the two"]
    );
}
