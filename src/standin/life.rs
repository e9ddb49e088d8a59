//! What happens to the workspace, with the event that tells the app of it.

use super::{
    Standin,
    app::Answered,
    state::State,
    workspace::{BOT_USER, Channel, Person},
};
use crate::standin::methods::users;
use serde_json::{Value, json};

impl Standin {
    /// A channel is archived.
    pub async fn archives(&self, channel: &str) -> Vec<Answered> {
        self.archive(channel);
        self.tell_of(channel, ["channel_archive", "group_archive"], json!({ "user": "U0SOMEBODY" })).await
    }

    /// A channel is brought back.
    pub async fn unarchives(&self, channel: &str) -> Vec<Answered> {
        self.alter(channel, |channel| channel.is_archived = false);
        self.tell_of(channel, ["channel_unarchive", "group_unarchive"], json!({ "user": "U0SOMEBODY" })).await
    }

    /// A channel gets another name.
    pub async fn renames(&self, channel: &str, name: &str) -> Vec<Answered> {
        let id = self.channel_id(channel);
        self.alter(channel, |channel| name.clone_into(&mut channel.name));
        let renamed = json!({ "channel": { "id": id, "name": name, "created": 1_700_000_000 } });
        self.tell_of(&id, ["channel_rename", "group_rename"], renamed).await
    }

    /// A channel is shared with another workspace.
    pub async fn shares(&self, channel: &str) -> Vec<Answered> {
        self.share(channel);
        self.tell_of(channel, ["channel_shared", "channel_shared"], json!({ "connected_team_id": "T0OTHER" })).await
    }

    /// A channel is deleted for good.
    pub async fn deletes(&self, channel: &str) -> Vec<Answered> {
        let id = self.channel_id(channel);
        self.delete_channel(channel);
        self.tell_of(&id, ["channel_deleted", "group_deleted"], json!({})).await
    }

    /// Recap is removed from a channel.
    pub async fn removes_recap(&self, channel: &str) -> Vec<Answered> {
        self.remove_from(channel);
        let left = json!({ "user": BOT_USER, "channel_type": "C" });
        self.tell_of(channel, ["member_left_channel", "member_left_channel"], left).await
    }

    /// A person is deactivated.
    pub async fn deactivates(&self, user: &str) -> Vec<Answered> {
        self.changes_person(user, |person| person.deleted = true).await
    }

    /// Something about a person changes: their zone, their address, whether they are an admin.
    pub async fn changes_person(&self, user: &str, change: impl Fn(&mut Person)) -> Vec<Answered> {
        self.change(|workspace| workspace.people.iter_mut().filter(|person| person.id == user).for_each(&change));
        let user = self.person_shown(user);
        self.event(json!({ "type": "user_change", "user": user, "cache_ts": 1_700_000_000 })).await
    }

    /// Somebody joins the workspace.
    pub async fn joins(&self, person: Person) -> Vec<Answered> {
        let id = person.id.clone();
        self.change(|workspace| workspace.people.push(person));
        let user = self.person_shown(&id);
        self.event(json!({ "type": "team_join", "user": user, "cache_ts": 1_700_000_000 })).await
    }

    /// The app's tokens are revoked.
    pub async fn revokes_tokens(&self) -> Vec<Answered> {
        self.change(|workspace| workspace.revoked = Some("token_revoked"));
        self.event(json!({ "type": "tokens_revoked", "tokens": { "oauth": [], "bot": [BOT_USER] } })).await
    }

    /// The app is uninstalled: Slack tells of the tokens and of that.
    pub async fn uninstalls(&self) -> Vec<Answered> {
        let mut answers = self.revokes_tokens().await;
        self.change(|workspace| workspace.revoked = Some("account_inactive"));
        answers.extend(self.event(json!({ "type": "app_uninstalled" })).await);
        answers
    }

    fn alter(&self, channel: &str, change: impl Fn(&mut Channel)) {
        self.change(|workspace| workspace.channels.iter_mut().filter(|known| known.is(channel)).for_each(&change));
    }

    fn channel_id(&self, channel: &str) -> String {
        self.site.lock().channel(channel).map_or_else(|| channel.to_owned(), |channel| channel.id.clone())
    }

    /// Tells of a channel, by the event's name for public and for private ones.
    async fn tell_of(&self, channel: &str, names: [&str; 2], more: Value) -> Vec<Answered> {
        let id = self.channel_id(channel);
        let private = self.site.lock().channel(&id).is_some_and(|channel| channel.is_private);
        let mut event = json!({ "type": names[usize::from(private)], "channel": id });
        if let (Some(event), Value::Object(more)) = (event.as_object_mut(), more) {
            event.extend(more);
        }
        self.event(event).await
    }

    fn person_shown(&self, id: &str) -> Value {
        let state = self.site.lock();
        let shown = |state: &State, person: &Person| users::shown(state, person, true);
        state.person(id).map_or(Value::Null, |person| shown(&state, person))
    }
}
