//! The crate against real OpenID Connect providers, and one that lies. The whole program signs people in, in `api/tests/oidc`.

mod answers;
mod lies;
mod settings;
mod visit;
