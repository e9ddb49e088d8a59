//! Slack's Web API: client, directory, posting.
