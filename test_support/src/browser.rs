//! A browser, as far as providers need one: it keeps cookies, follows redirects, and sends a form.

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

use crate::TIMEOUT;

/// What a person does at a provider.
#[derive(Clone, Copy, Debug)]
pub enum AtProvider<'a> {
    /// Signs in as the person with this id.
    SignIn(&'a str),
    /// Goes back without.
    Cancel,
}

/// A browser with its own cookies.
pub struct Browser(pub Client);

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// A browser without cookies.
    #[must_use]
    pub fn new() -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).timeout(TIMEOUT);
        Self(client.build().unwrap())
    }

    /// Looks at a page.
    pub async fn get(&self, address: &str) -> Page {
        Page::of(self.0.get(address).send().await.unwrap()).await
    }

    /// Sends a form of one field, as our own pages do.
    pub async fn post(&self, address: &str, field: (&str, &str)) -> Page {
        let sent = Url::parse_with_params("http://form", [field]).unwrap();
        let form = self.0.post(address).header("content-type", "application/x-www-form-urlencoded");
        Page::of(form.body(sent.query().unwrap().to_owned()).send().await.unwrap()).await
    }

    /// The whole way, from a page of Roster to a provider and back, and what it ends with.
    pub async fn sign_in(&self, address: &str, command: AtProvider<'_>) -> Page {
        let back = self.visit(address, command).await;
        self.get(back.as_str()).await
    }

    /// Goes to a provider, and does there what a person would, until it sends the browser to a callback: the address of that.
    pub async fn visit(&self, address: &str, command: AtProvider<'_>) -> Url {
        let mut url: Url = address.parse().unwrap();
        let mut response = self.0.get(url.clone()).send().await.unwrap();
        for _ in 0..10 {
            url = match location(&url, &response) {
                Some(next) if next.path().starts_with("/sign-in/callback/") => return next,
                Some(next) => next,
                None => {
                    assert!(url.path().starts_with("/interaction/"), "{url}: {}: {}", response.status(), response.text().await.unwrap());
                    let form = match command {
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

/// A page that was answered.
#[derive(Debug)]
pub struct Page {
    /// The status of the answer.
    pub status: u16,
    /// Where it sends the browser.
    pub location: Option<String>,
    /// The body.
    pub text: String,
}

impl Page {
    /// Reads an answer.
    pub async fn of(response: Response) -> Self {
        let location = response.headers().get(LOCATION).map(|location| location.to_str().unwrap().to_owned());
        Self { status: response.status().as_u16(), location, text: response.text().await.unwrap() }
    }

    /// Why no one is signed in.
    #[must_use]
    pub fn reason(&self) -> &str {
        let after = self.text.split_once("Reason: <code>").unwrap_or_else(|| panic!("no reason: {self:?}")).1;
        after.split_once('<').unwrap().0
    }
}

/// Where a response sends the browser.
#[must_use]
pub fn location(from: &Url, response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().unwrap();
    Some(from.join(location).unwrap())
}
