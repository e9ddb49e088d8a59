//! Somebody in front of the page: signs in, follows links, fills forms.

use super::{Door, TOKEN, header};
use reqwest::{RequestBuilder, Response};

/// A session.
pub struct Browser<'a> {
    door: &'a Door,
    pub cookie: String,
}

impl<'a> Browser<'a> {
    pub async fn signed_in(door: &'a Door) -> Self {
        Self::with(door, TOKEN).await
    }

    pub async fn with(door: &'a Door, token: &str) -> Self {
        let answer = sign_in(door, token).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "location")), (303, "/admin"));
        let cookie = header(&answer, "set-cookie").split(';').next().unwrap().to_owned();
        Self { door, cookie }
    }

    fn with_cookie(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("cookie", &self.cookie)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.with_cookie(self.door.client.get(self.door.url(path))).send().await.unwrap()
    }

    /// The page, which must be there; slashes need no escape and have one.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap().replace("&#x2f;", "/")
    }

    /// What the forms of this session carry.
    pub async fn csrf(&self) -> String {
        let page = self.page("/admin/teams").await;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// Sends a form as a page of this session does.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let csrf = self.csrf().await;
        let all: Vec<_> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.send_bare(path, &all).await
    }

    pub async fn send_bare(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.with_cookie(form(self.door, path, fields)).send().await.unwrap()
    }

    /// Sends a form, and reads the page that it leads to.
    pub async fn send_and_follow(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.send(path, fields).await;
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        self.page(header(&answer, "location")).await
    }
}

pub async fn sign_in(door: &Door, token: &str) -> Response {
    form(door, "/admin/sign-in", &[("token", token)]).send().await.unwrap()
}

pub fn form(door: &Door, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = door.client.post(door.url(path)).header("content-type", "application/x-www-form-urlencoded");
    request.body(body)
}
