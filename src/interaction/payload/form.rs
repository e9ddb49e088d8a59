//! HTML forms (`application/x-www-form-urlencoded`), read strictly: what a lenient reader would guess at is refused.

use super::Malformed;
use std::borrow::Cow;

/// No form of Slack's has more fields.
const MOST_FIELDS: usize = 64;

/// The fields of a form, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Form<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// When an escape is cut off or stands for no text.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Vec::with_capacity(16);
        for pair in body.split(|letter| *letter == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == MOST_FIELDS {
                return Err(Malformed::Form);
            }
            let end = pair.iter().position(|letter| *letter == b'=');
            let (name, value) = end.map_or((pair, &pair[..0]), |end| (&pair[..end], &pair[end + 1..]));
            fields.push((decoded(name)?, decoded(value)?));
        }
        Ok(Self(fields))
    }

    /// The first field of this name, where it is not empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }
}

fn decoded(text: &[u8]) -> Result<Cow<'_, str>, Malformed> {
    if !text.iter().any(|letter| matches!(letter, b'%' | b'+')) {
        return std::str::from_utf8(text).map(Cow::Borrowed).map_err(|_| Malformed::Form);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(letter) = rest.next() {
        bytes.push(match letter {
            b'+' => b' ',
            b'%' => digit(rest.next())? << 4 | digit(rest.next())?,
            letter => *letter,
        });
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Malformed::Form)
}

fn digit(letter: Option<&u8>) -> Result<u8, Malformed> {
    let digit = letter.and_then(|letter| char::from(*letter).to_digit(16));
    digit.and_then(|digit| u8::try_from(digit).ok()).ok_or(Malformed::Form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_read_as_slack_writes_them() {
        let form = Form::read(b"command=%2Fusage&text=help+me+%C3%A4&user_id=U1&empty=&bare&&user_id=U2").unwrap();
        assert_eq!(form.field("command"), Some("/usage"));
        assert_eq!(form.field("text"), Some("help me ä"));
        assert_eq!(form.field("user_id"), Some("U1"));
        for name in ["empty", "bare", "absent", ""] {
            assert_eq!(form.field(name), None, "{name}");
        }
    }

    #[test]
    fn a_broken_escape_is_refused() {
        for body in ["a=%", "a=%2", "a=%zz", "%g0=1", "a=%ff", "a=%C3", "a=%+1", "a=\u{e4}%"] {
            assert_eq!(Form::read(body.as_bytes()), Err(Malformed::Form), "{body}");
        }
        assert_eq!(Form::read(b"a=\xff"), Err(Malformed::Form));
        assert_eq!(Form::read("a=1&".repeat(MOST_FIELDS + 1).as_bytes()), Err(Malformed::Form));
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_read_again(fields in prop::collection::vec(("[a-z_]{1,9}", ".+"), 1..9)) {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let form = Form::read(body.as_bytes()).unwrap();
            for (name, _) in &fields {
                let first = fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
                prop_assert_eq!(form.field(name), first);
            }
        }

        #[test]
        fn hostile_bytes_are_read_or_refused(body: Vec<u8>) {
            let _ = Form::read(&body);
        }
    }
}
