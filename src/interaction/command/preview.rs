//! `/usage preview`: one's own next digest, sample numbers of somebody else's, a team's next summary.

use super::words::{self, Who};
use crate::{
    admin::{self, Actor, Subject, rights},
    interaction::saying::{self, Trouble, context, introduced},
    message::Message,
    personal::{self, told},
    store::MemberRecord,
    workspace::Workspace,
};

/// Shows what is wanted, where the member may see it.
pub(super) async fn preview(
    workspace: &Workspace,
    member: MemberRecord,
    wanted: words::Preview,
) -> Result<Message, Trouble> {
    match wanted {
        words::Preview::Own => own(workspace, &member).await,
        words::Preview::Of(who) => {
            let actor = Actor::Member(member);
            if !rights(workspace, &actor).await?.admin {
                admin::note_refused(workspace, &actor, "member", "only admins preview somebody else's digest").await?;
                let words = "Somebody else's digest is theirs alone. Only admins preview one, with sample numbers.";
                return Err(Trouble::Refused(words.to_owned()));
            }
            let subject = Subject::Daily { member: Some(named(workspace, who).await?) };
            Ok(shown(admin::preview(workspace, &actor, &subject).await?))
        }
        words::Preview::Weekly(name) => {
            let actor = Actor::Member(member);
            let team = team(workspace, &actor, name).await?;
            Ok(shown(admin::preview(workspace, &actor, &Subject::Weekly { team }).await?))
        }
    }
}

async fn own(workspace: &Workspace, member: &MemberRecord) -> Result<Message, Trouble> {
    let numbers = personal::latest_digest(workspace, member).await?;
    let standing = personal::standing(workspace, member).await?;
    let (zone, now) = (standing.schedule.zone, workspace.now());
    let next = standing.next.or_else(|| standing.schedule.next_occurrence(now));
    let mut intro = vec!["This is how your digest looks, with the numbers of your latest working day.".to_owned()];
    intro.extend(next.map(|next| {
        let comes = if standing.next.is_some() { "comes" } else { "would come" };
        format!("The next one {comes} on {}.", told::moment(next, zone))
    }));
    let data_to = numbers.data_to;
    let mut message = introduced(&intro, numbers.told());
    if let Some(newest) = data_to {
        message.blocks.push(context(&saying::data_to(newest, zone, now)));
    }
    Ok(message)
}

/// The address or id of who is mentioned.
async fn named(workspace: &Workspace, who: Who) -> Result<String, Trouble> {
    let name = match who {
        Who::Id(id) => return Ok(id.0),
        Who::Email(email) => return Ok(email.as_str().to_owned()),
        Who::Name(name) => name,
    };
    match workspace.store.members_called(&name).await?.as_slice() {
        [one] => Ok(one.id.0.clone()),
        [] => Err(Trouble::Refused(format!("Nobody here is called \"{name}\". Please write their e-mail address."))),
        _ => Err(Trouble::Refused(format!("Several people are called \"{name}\". Please write an e-mail address."))),
    }
}

/// The team of this name as it is written, or the only one that the actor may edit.
async fn team(workspace: &Workspace, actor: &Actor, name: Option<String>) -> Result<String, Trouble> {
    let rules = workspace.rules().await?;
    if let Some(name) = name {
        let same = |team: &&String| team.to_lowercase() == name.to_lowercase();
        return Ok(rules.teams.keys().find(same).cloned().unwrap_or(name));
    }
    let rights = rights(workspace, actor).await?;
    let editable: Vec<_> = rules.teams.keys().filter(|team| rights.may_edit(team)).collect();
    match editable.as_slice() {
        [team] => Ok((*team).clone()),
        [] => {
            if !rights.admin {
                admin::note_refused(workspace, actor, "teams", "only admins and owners preview a summary").await?;
            }
            Err(Trouble::Refused("A team's next summary is previewed by its owners and admins.".to_owned()))
        }
        _ => {
            let command = &workspace.settings.slack.command;
            Err(Trouble::Refused(format!(
                "Of which team? Write for example \"{command} preview weekly {}\".",
                editable[0]
            )))
        }
    }
}

/// A preview as an answer: what it is, the message without its buttons, and when the next ones come.
fn shown(preview: admin::Preview) -> Message {
    let mut intro = Vec::new();
    if preview.sample {
        intro.push("This is how it looks, with sample numbers.".to_owned());
    } else {
        intro.push("This is how it looks.".to_owned());
    }
    intro.extend(preview.notes);
    let times: Vec<_> = preview.next.iter().map(|next| told::moment(*next, preview.zone)).collect();
    if !times.is_empty() {
        let times = times.join("; ");
        intro.push(match preview.why_not {
            None => format!("By its schedule it comes on {times}."),
            Some(why) => format!("{why} By its schedule it would come on {times}."),
        });
    }
    introduced(&intro, preview.message)
}
