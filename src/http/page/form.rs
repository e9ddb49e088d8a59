//! What a form sent.

use super::visit::Visit;
use crate::http::api::body;
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

/// Fields in the order in which they were sent.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// With a page that says why it cannot be read, or that it does not come from a page of ours.
    pub async fn read(visit: &Visit, headers: &HeaderMap, body: Body) -> Result<Self, Response> {
        let form = Self::parse(&raw(headers, body).await.map_err(|(status, words)| visit.refusal(status, words))?);
        if is_foreign(headers) || !visit.visitor.sent(form.text("csrf")) {
            let words = "This form is not from a page of this session. Nothing was changed; please try again.";
            return Err(visit.refusal(StatusCode::FORBIDDEN, words));
        }
        Ok(form)
    }

    pub fn parse(bytes: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The field without the spaces around it; empty where it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// The words of a field that holds a list: by lines, commas or spaces.
    pub fn words(&self, name: &str) -> Vec<String> {
        let separates = |letter: char| letter.is_whitespace() || letter == ',' || letter == ';';
        self.text(name).split(separates).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }
}

/// The body of a form.
pub(super) async fn raw(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, (StatusCode, &'static str)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is not a form that Recap knows."));
    }
    let read = body::read(headers, body).await;
    read.map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "The form is too large, or ended before it was complete."))
}

/// Whether the browser says that another site sent it.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_read_by_name() {
        let form = Form::parse(b"a=+x+&day=mon&day=tue&list=ada%40example.com%0D%0Agrace%40example.com%2C+linus");
        assert_eq!((form.text("a"), form.text("b")), ("x", ""));
        assert_eq!(form.all("day").collect::<Vec<_>>(), ["mon", "tue"]);
        assert_eq!(form.words("list"), ["ada@example.com", "grace@example.com", "linus"]);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let form = Form::parse(&bytes);
            prop_assert!(form.text("csrf").len() <= bytes.len() * 3);
        }
    }
}
