//! Exports over HTTP.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, Request};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use commands::{Context, Error, TokenHash};
use domain::export::Exported;
use domain::{AccountId, Actor};
use futures::stream;
use projections::accounts::find_account;
use tracing::{error, info};

use super::export_error::{CutOff, ExportError};
use super::places::{Place, Places};
use super::{Export, HistoryWanted, Parameters, UsersWanted};
use crate::app::{App, NotIdentified};
use crate::chain::chain;
use crate::http::ACTING_FOR_PARAMETER;
use crate::outage::is_outage;
use graphql_http::{RequestId, is_same_origin};

/// `GET /history/export` and `GET /users/export`.
pub fn routes(app: Arc<App>) -> Router {
    let exports = Arc::new(Exports { app, places: Arc::default() });
    let route = |what: Exported| {
        let exports = Arc::clone(&exports);
        any(async move |request: Request| exports.answer(what, request.into_parts().0).await.into_response())
    };
    Router::new().route("/history/export", route(Exported::History)).route("/users/export", route(Exported::Users))
}

struct Exports {
    app: Arc<App>,
    places: Arc<Places>,
}

/// An export on its way to a client. It goes on when the client has read what it has.
struct Sending {
    app: Arc<App>,
    export: Export,
    place: Place,
    token: TokenHash,
    actor: Actor,
    request_id: RequestId,
}

impl Exports {
    /// Begins an export. It is remembered before the answer begins.
    async fn answer(&self, what: Exported, parts: Parts) -> Result<Response, ExportError> {
        let request_id = RequestId::of(&parts.extensions);
        let (ctx, token, account_id) = self.who_asks(what, &parts, &request_id).await?;
        let Query(given) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|_| ExportError::Unreadable)?;
        let parameters = Parameters::new(given.into_iter().filter(|(name, _)| name != ACTING_FOR_PARAMETER).collect());
        let fault = |error: Error| ExportError::of(error, request_id.clone());
        let place = |account_id| self.places.take(account_id).map_err(ExportError::NoPlace);
        let App { commands, database, mail, .. } = &*self.app;
        let account = find_account(database, account_id).await.map_err(|error| fault(error.into()))?;
        let slug = account.ok_or_else(|| fault(Error::Unauthenticated))?.slug;
        let (export, place, content_type, ending) = match what {
            Exported::History => {
                let wanted = HistoryWanted::parse(parameters)?;
                let (content_type, ending) = content_type(wanted.is_table());
                let place = place(account_id)?;
                (wanted.begin(&ctx, commands, database, account_id).await.map_err(fault)?, place, content_type, ending)
            }
            Exported::Users => {
                let wanted = UsersWanted::parse(parameters, mail.is_some())?;
                let (content_type, ending) = content_type(true);
                let place = place(account_id)?;
                let moment = wanted.moment(&ctx, commands, database, account_id).await;
                let moment = moment.map_err(|error| ExportError::of_moment(error, request_id.clone()))?;
                (wanted.begin(&ctx, commands, account_id, moment).await.map_err(fault)?, place, content_type, ending)
            }
        };
        let file = format!("attachment; filename=\"roster-{slug}-{}-{}.{ending}\"", what.as_str(), ctx.at.format("%Y%m%dT%H%M%SZ"));
        let sending = Sending { app: Arc::clone(&self.app), export, place, token, actor: ctx.actor, request_id };
        let body = Body::from_stream(stream::try_unfold(sending, Sending::next));
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (CONTENT_DISPOSITION, HeaderValue::from_str(&file).expect("a short name is ASCII without quotes")),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        Ok((headers, body).into_response())
    }

    /// Finds out who asks, and whether they may: before anything of their request is looked at.
    async fn who_asks(
        &self,
        what: Exported,
        parts: &Parts,
        request_id: &RequestId,
    ) -> Result<(Context, TokenHash, AccountId), ExportError> {
        if parts.method != Method::GET {
            return Err(ExportError::MethodNotAllowed);
        }
        // An export is remembered, so a foreign page must not be able to ask for one with its visitor's cookie.
        if !parts.headers.contains_key(AUTHORIZATION) && !is_same_origin(&parts.headers, self.app.site.origin()) {
            return Err(ExportError::ForeignOrigin);
        }
        let claim = self.app.claim(parts);
        let fault = |error| ExportError::of(error, request_id.clone());
        let caller = self.app.identify(&claim, Some(request_id.as_str().to_owned())).await.map_err(|reason| match reason {
            NotIdentified::SessionChanged => ExportError::SessionChanged,
            NotIdentified::Failed(error) => fault(error),
        })?;
        let ctx = caller.context;
        let token = claim.token.ok_or(ExportError::Unauthenticated)?;
        let account_id = ctx.actor.account().ok_or(ExportError::Unauthenticated)?;
        self.app.commands.authorize_export(&ctx, what, account_id).map_err(fault)?;
        Ok((ctx, TokenHash::of(&token), account_id))
    }
}

const fn content_type(is_table: bool) -> (&'static str, &'static str) {
    if is_table { ("text/csv; charset=utf-8; header=present", "csv") } else { ("application/x-ndjson", "ndjson") }
}

impl Sending {
    /// The next part of the body. An error breaks the connection off, so that no client takes a part for the whole.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, CutOff> {
        match self.next_part().await {
            Ok(Some(part)) => Ok(Some((part.into(), self))),
            Ok(None) => Ok(None),
            Err(cut_off) => {
                let (request_id, count) = (self.request_id.as_str(), self.export.count());
                match &cut_off {
                    CutOff::Fault(error) if is_outage(error) => {
                        info!(request_id, count, "an export was cut off by an outage of the database");
                    }
                    CutOff::Fault(_) => error!(request_id, count, error = chain(&cut_off), "an export was cut off"),
                    CutOff::AccessEnded | CutOff::Forgotten => info!(request_id, count, why = %cut_off, "an export was cut off"),
                }
                Err(cut_off)
            }
        }
    }

    async fn next_part(&mut self) -> Result<Option<Vec<u8>>, CutOff> {
        if !self.place.is_still_held() {
            return Err(CutOff::Forgotten);
        }
        let App { commands, database, clock, .. } = &*self.app;
        let actors = commands.find_actors(std::slice::from_ref(&self.token), clock()).await?;
        if actors.get(&self.token) != Some(&self.actor) {
            return Err(CutOff::AccessEnded);
        }
        Ok(self.export.next_part(commands, database).await?)
    }
}
