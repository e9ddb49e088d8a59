//! The invitation to a channel: shown first, then posted.

use super::{form::Form, layout::link, visit::Visit};
use crate::{
    admin::{AdminError, Triggered},
    message::html,
    model::ChannelId,
};
use axum::{
    body::Body,
    extract::RawQuery,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use minijinja::{Value, context};

pub(super) async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let channel = query.text("channel");
    if channel.is_empty() {
        return Ok(visit.page("invitation.html", context! { here => "invitation" }));
    }
    match visit.office.invitation(&visit.actor(), &ChannelId(channel.to_owned())).await {
        Ok(invitation) => Ok(visit.page(
            "invitation.html",
            context! {
                here => "invitation", channel,
                channel_name => invitation.channel_name,
                posted => invitation.posted, posted_today => invitation.posted_today,
                message => Value::from_safe_string(html::fragment(&invitation.message)),
                text => invitation.message.text,
            },
        )),
        Err(error) => Err(refused(&visit, channel, error)),
    }
}

/// A channel that cannot have it is told beside the field.
fn refused(visit: &Visit, channel: &str, error: AdminError) -> Response {
    let (status, fault) = match &error {
        AdminError::Invalid(faults) => {
            let faults: Vec<_> = faults.iter().map(|fault| super::visit::sentence(&fault.reason)).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, faults.join(" "))
        }
        AdminError::NotAllowed(_) | AdminError::Halted => (StatusCode::CONFLICT, error.words()),
        _ => return visit.failure(error),
    };
    visit.page_with("invitation.html", status, context! { here => "invitation", channel, fault })
}

pub(super) async fn post(visit: Visit, headers: HeaderMap, body: Body) -> Result<Response, Response> {
    let form = Form::read(&visit, &headers, body).await?;
    let channel = form.text("channel");
    match visit.office.invite(&visit.actor(), &ChannelId(channel.to_owned())).await {
        Ok(Triggered { delivery, again }) => {
            let words = if again {
                "It was already posted today. Nothing more is posted."
            } else {
                "The invitation goes out now. Its outcome stands here after a moment."
            };
            Ok(visit.done(&link("/admin/delivery", &[("id", &delivery.0)]), words))
        }
        Err(error) => Err(refused(&visit, channel, error)),
    }
}
