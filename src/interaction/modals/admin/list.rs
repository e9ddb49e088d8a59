//! The list of teams, where App Home cannot show them all: the first ones, and a search by name.

use super::{
    super::waiting::{Place, open as open_waiting},
    actor,
};
use crate::{
    admin::{self, AdminError, TeamOverview},
    interaction::{
        Choice, Suggestion, home,
        view::{Modal, actions, button, context, external, option, section, valued},
    },
    message::figures::{foreign, full},
    personal,
    store::MemberRecord,
    workspace::Workspace,
};
use serde_json::{Value, json};

/// The search.
pub(in crate::interaction::modals) const FIND: &str = "admin_find";
/// How the buttons of the teams begin.
pub(super) const OPEN: &str = "admin_open_team_";
const CALLBACK: &str = "admin_teams";
const TITLE: &str = "Teams";
const MOST_SHOWN: usize = 90;
const MOST_FOUND: usize = 100;
/// The longest value of an option.
const LONGEST_VALUE: usize = 75;

/// Opens it, to be filled with the teams that the member may edit.
pub(in crate::interaction) async fn open(workspace: &Workspace, member: &MemberRecord, trigger: &str) {
    let words = (TITLE, "Looking for your teams…");
    let Some(waiting) = open_waiting(workspace, Some(trigger), Place::Alone, words).await else { return };
    let teams = async {
        let teams = admin::team_overview(workspace, &actor(member)).await?;
        if teams.is_empty() {
            admin::editable_teams(workspace, &actor(member)).await?;
        }
        Ok::<_, AdminError>(teams)
    };
    match teams.await {
        Ok(teams) => {
            waiting.fill(&view(&teams)).await;
        }
        Err(error) => {
            home::log_admin(&error);
            waiting.say(TITLE, &error.words()).await;
        }
    }
}

fn view(teams: &[TeamOverview]) -> Value {
    let modal = Modal::new(CALLBACK, TITLE);
    if teams.is_empty() {
        return modal.block(section("There is no team that you may edit.")).json();
    }
    let mut find = external("Type a part of its name", None);
    find["action_id"] = json!(FIND);
    let rows = teams.iter().take(MOST_SHOWN).enumerate().map(|(index, team)| {
        let mut row = section(&format!("{}\n{}", foreign(&team.name), home::status(team)));
        row["accessory"] = valued(button(&format!("{OPEN}{index}"), "Edit"), &team.name);
        row
    });
    let more = teams.len().saturating_sub(MOST_SHOWN) as u64;
    let more = (more > 0).then(|| context(&format!("and {} more, to be found above", full(more))));
    modal.block(actions(vec![find])).blocks(rows).blocks(more).json()
}

/// The member's teams whose names hold what was typed.
pub(in crate::interaction::modals) async fn found(workspace: &Workspace, suggestion: &Suggestion) -> Vec<Choice> {
    let Ok(member) = personal::member(workspace, &suggestion.by.member).await else { return Vec::new() };
    match admin::editable_teams(workspace, &actor(&member)).await {
        Ok(teams) => matching(teams.iter().map(String::as_str), &suggestion.typed),
        Err(error) => {
            home::log_admin(&error);
            Vec::new()
        }
    }
}

fn matching<'a>(names: impl Iterator<Item = &'a str>, typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let fits = |name: &&str| name.to_lowercase().contains(&typed) && name.chars().count() <= LONGEST_VALUE;
    let mut found: Vec<_> = names.filter(fits).collect();
    found.sort_by_key(|name| (!name.to_lowercase().starts_with(&typed), *name));
    found.into_iter().take(MOST_FOUND).map(|name| option(&foreign(name), name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teams_are_found_by_any_part_of_their_name_the_beginning_first() {
        let names = ["Data Platform", "Platform", "plat", "Design", &"p".repeat(80)];
        let found: Vec<_> = matching(names.into_iter(), " PLAT ").into_iter().map(|choice| choice.value).collect();
        assert_eq!(found, ["Platform", "plat", "Data Platform"]);
        let many: Vec<_> = (0..500).map(|index| format!("team {index}")).collect();
        assert_eq!(matching(many.iter().map(String::as_str), "").len(), 100);
    }
}
