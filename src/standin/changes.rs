//! What happens to channels, groups and messages while the stand-in runs, as tests say it.

use super::{Accepted, Standin, Version, workspace::Channel};

impl Standin {
    /// Archives a channel, by id or name.
    pub fn archive(&self, channel: &str) {
        self.change_channel(channel, |channel| channel.is_archived = true);
    }

    /// Removes Recap from a channel.
    pub fn remove_from(&self, channel: &str) {
        self.change_channel(channel, |channel| channel.recap_is_member = false);
    }

    /// Invites Recap to a channel.
    pub fn invite_to(&self, channel: &str) {
        self.change_channel(channel, |channel| channel.recap_is_member = true);
    }

    /// Shares a channel with another workspace.
    pub fn share(&self, channel: &str) {
        self.change_channel(channel, |channel| channel.is_ext_shared = true);
    }

    /// Removes a channel for good.
    pub fn delete_channel(&self, channel: &str) {
        self.change(|workspace| workspace.channels.retain(|known| !known.is(channel)));
    }

    /// Removes a user group for good, by its id.
    pub fn delete_group(&self, group: &str) {
        self.change(|workspace| workspace.groups.retain(|known| known.id != group));
    }

    /// Somebody leaves a user group.
    pub fn leave_group(&self, group: &str, person: &str) {
        self.change(|workspace| {
            for known in workspace.groups.iter_mut().filter(|known| known.id == group) {
                known.members.retain(|member| member != person);
            }
        });
    }

    /// Somebody joins a user group.
    pub fn join_group(&self, group: &str, person: &str) {
        self.change(|workspace| {
            for known in workspace.groups.iter_mut().filter(|known| known.id == group) {
                known.members.push(person.to_owned());
            }
        });
    }

    fn change_channel(&self, channel: &str, change: impl Fn(&mut Channel)) {
        self.change(|workspace| {
            workspace.channels.iter_mut().filter(|known| known.is(channel)).for_each(&change);
        });
    }

    /// Recap's messages in a channel, by id or name, oldest first, each as it stands now.
    pub fn messages_in(&self, channel: &str) -> Vec<Accepted> {
        let state = self.site.lock();
        let Some(channel) = state.channel(channel) else { return Vec::new() };
        state.messages.of(&channel.id).filter(|message| message.by.is_none()).cloned().collect()
    }

    /// What a message said and says, the first version first and the present one last.
    pub fn versions_of(&self, ts: &str) -> Vec<Version> {
        self.site.lock().messages.versions(ts)
    }

    /// Somebody says something in a channel; answers its `ts`. None where there is no such channel.
    pub fn say(&self, channel: &str, person: &str, text: &str) -> Option<String> {
        let mut state = self.site.lock();
        let (channel, at) = (state.channel(channel)?.id.clone(), state.now());
        let ts = state.messages.next_ts(at);
        state.messages.push(Accepted {
            by: Some(person.to_owned()),
            text: text.to_owned(),
            ..Accepted::new(channel, ts.clone(), at)
        });
        Some(ts)
    }
}
