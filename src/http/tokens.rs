//! Admin tokens: whose a secret is, found without telling by time how close a guess was.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};
use subtle::{ConditionallySelectable, ConstantTimeEq};

/// The hash of a secret; hashes are compared, so that not even a length can be measured.
pub(super) type Hash = [u8; 32];

pub(super) fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The admin tokens of the settings.
#[derive(Clone, Default)]
pub(super) struct Tokens(Vec<(String, Hash)>);

impl Tokens {
    pub fn of(tokens: &BTreeMap<String, SecretString>) -> Self {
        Self(tokens.iter().map(|(name, token)| (name.clone(), hash(token.expose_secret()))).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the token that `secret` is. All are compared, whichever it is.
    pub fn name_of(&self, secret: &str) -> Option<&str> {
        let offered = hash(secret);
        let mut found = u32::MAX;
        for (place, (_, token)) in (0_u32..).zip(&self.0) {
            found.conditional_assign(&place, token.ct_eq(&offered));
        }
        self.0.get(usize::try_from(found).ok()?).map(|(name, _)| name.as_str())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_all_of_its_letters() {
        let tokens = [("ada", "a long random text"), ("grace", "another one")];
        let tokens = tokens.map(|(name, token)| (name.to_owned(), SecretString::from(token)));
        let tokens = Tokens::of(&tokens.into());
        assert_eq!(tokens.name_of("a long random text"), Some("ada"));
        assert_eq!(tokens.name_of("another one"), Some("grace"));
        for wrong in ["", "a", "a long random tex", "a long random text ", "A long random text"] {
            assert_eq!(tokens.name_of(wrong), None, "{wrong}");
        }
        assert_eq!(Tokens::default().name_of(""), None);
        assert_eq!(format!("{tokens:?}"), r#"["ada", "grace"]"#);
    }
}
