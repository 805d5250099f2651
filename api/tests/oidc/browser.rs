//! A browser, as far as providers need one: it keeps cookies, follows redirects, and sends a form.

use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

/// What a person does at a provider.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AtProvider<'a> {
    /// Signs in as the person with this id.
    SignIn(&'a str),
    /// Goes back without.
    Cancel,
}

/// A browser of its own, with cookies.
pub(crate) struct Browser(pub(crate) Client);

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).timeout(Duration::from_secs(30));
        Self(client.build().unwrap())
    }

    /// Goes to a provider, and does there what a person would, until it sends the browser to a callback: the address of that.
    pub(crate) async fn visit(&self, address: &str, deed: AtProvider<'_>) -> Url {
        let mut url: Url = address.parse().unwrap();
        let mut response = self.0.get(url.clone()).send().await.unwrap();
        for _ in 0..10 {
            url = match location(&url, &response) {
                Some(next) if next.path().starts_with("/sign-in/callback/") => return next,
                Some(next) => next,
                None => {
                    assert!(url.path().starts_with("/interaction/"), "{url}: {}: {}", response.status(), response.text().await.unwrap());
                    let form = match deed {
                        AtProvider::SignIn(id) => ("login", id),
                        AtProvider::Cancel => ("cancel", "1"),
                    };
                    let sent = Url::parse_with_params("http://form", [form]).unwrap();
                    let form = self.0.post(url.clone()).header("content-type", "application/x-www-form-urlencoded");
                    response = form.body(sent.query().unwrap().to_owned()).send().await.unwrap();
                    location(&url, &response).expect("a form is followed by a redirect")
                }
            };
            response = self.0.get(url.clone()).send().await.unwrap();
        }
        panic!("the provider goes round in circles");
    }
}

/// Where a response sends the browser.
pub(crate) fn location(from: &Url, response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().unwrap();
    Some(from.join(location).unwrap())
}
