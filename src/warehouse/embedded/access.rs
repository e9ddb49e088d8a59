//! Where an engine answers and the account that it gives to Recap; anybody else on the machine gets none.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

use secrecy::{ExposeSecret, SecretString};

use crate::config;

/// The account of an engine without a users file of somebody's own.
pub(super) const USER: &str = "recap";

/// Who may ask an engine: the engine's own session is `default`, cannot have a password, and may do no more than its
/// start needs. It is there before the HTTP interface is and takes the only place, so that nobody else is `default`.
/// Recap's account has what `recap sample` and a person who looks around need, and no way to files or other servers.
const USERS: &str = "<clickhouse>
  <profiles>
    <default/>
    <engine>
      <max_sessions_for_user>1</max_sessions_for_user>
      <constraints><max_sessions_for_user><const/></max_sessions_for_user></constraints>
    </engine>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password/><networks><ip>127.0.0.1</ip></networks><profile>engine</profile><quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT SELECT ON system.numbers</query>
      </grants>
    </default>
    <recap>
      <password>PASSWORD</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
      <grants>
        <query>GRANT SHOW, SELECT, INSERT, CREATE DATABASE, CREATE TABLE, DROP, ALTER, TRUNCATE, OPTIMIZE ON *.*</query>
        <query>GRANT TABLE ENGINE ON MergeTree</query>
      </grants>
    </recap>
  </users>
</clickhouse>
";

/// An engine's address and the account to ask it with.
#[derive(Debug, Clone)]
pub struct Access {
    /// The address of the HTTP interface.
    pub url: String,
    /// The account's name.
    pub user: String,
    /// Empty where a users file of somebody's own is used.
    pub password: SecretString,
}

impl Access {
    /// The same settings with this account in place of theirs, which is a server's.
    #[must_use]
    pub fn within(&self, settings: &config::ClickHouse) -> config::ClickHouse {
        config::ClickHouse { user: self.user.clone(), password: self.password.clone(), ..settings.clone() }
    }
}

/// 128 bits of the system's, as hexadecimal digits.
pub(super) fn new_password() -> io::Result<SecretString> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text.into())
}

/// The users file in which Recap's account has this password.
pub(super) fn users(password: &SecretString) -> String {
    USERS.replace("PASSWORD", &xml_text(password.expose_secret()))
}

/// `text` as XML has it between two tags.
pub(super) fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_password_is_new_long_and_not_shown() {
        let (one, other) = (new_password().unwrap(), new_password().unwrap());
        assert_eq!(one.expose_secret().len(), 32);
        assert_ne!(one.expose_secret(), other.expose_secret());
        let access = Access { url: "http://127.0.0.1:1".into(), user: USER.into(), password: one };
        let shown = format!("{access:?}");
        assert!(!shown.contains(access.password.expose_secret()), "{shown}");
    }

    #[test]
    fn a_password_cannot_end_its_tag() {
        assert!(users(&"a</password>&".into()).contains("<password>a&lt;/password&gt;&amp;</password>"));
    }
}
