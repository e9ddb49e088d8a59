//! `/usage team`: last week's summary, for who may see it.

use crate::{
    admin::{Actor, Rights, latest_summary, rights},
    config::nearest,
    interaction::saying::{self, Trouble, context, introduced},
    message::Message,
    personal::told,
    planner::Rules,
    store::MemberRecord,
    workspace::Workspace,
};

/// So many teams are listed.
const MOST_TEAMS: usize = 20;

/// The summary of the team called `name`; without a name that of the member's only team, or a list of theirs.
pub(super) async fn summary(
    workspace: &Workspace,
    member: MemberRecord,
    name: Option<&str>,
) -> Result<Message, Trouble> {
    let rules = workspace.rules().await?;
    let rights = rights(workspace, &Actor::Member(member)).await?;
    match chosen(&rules, &rights, name, &workspace.settings.slack.command) {
        Choice::Team(team) => of(workspace, &rules, &team).await,
        Choice::Words(paragraphs) => Ok(told::paragraphs(&paragraphs)),
    }
}

/// Which team is meant, or what is said in place of its summary.
#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Team(String),
    Words(Vec<String>),
}

fn chosen(rules: &Rules, rights: &Rights, name: Option<&str>, command: &str) -> Choice {
    let visible = || rules.teams.keys().filter(|team| rights.may_see(team)).map(String::as_str);
    let own: Vec<_> = visible().filter(|team| rights.on.contains(*team) || rights.owns.contains(*team)).collect();
    if let Some(name) = name {
        if let Some(team) = visible().find(|team| team.to_lowercase() == name.to_lowercase()) {
            return Choice::Team(team.to_owned());
        }
        // Whether there is such a team is not told to who may not see it.
        let mut words = vec![format!(
            "There is no team \"{name}\" whose summary you can see: that is for its members, its owners and admins."
        )];
        words.extend(nearest(name, visible()).map(|near| format!("Did you mean \"{command} team {near}\"?")));
        words.extend(list(&own, command));
        return Choice::Words(words);
    }
    match own.as_slice() {
        [team] => Choice::Team((*team).to_owned()),
        [] => {
            let all: Vec<_> = visible().collect();
            Choice::Words(list(&all, command).map_or_else(
                || vec!["You are on no team whose members Recap knows, so there is no summary to show.".to_owned()],
                |list| vec![list],
            ))
        }
        several => Choice::Words(list(several, command).into_iter().collect()),
    }
}

fn list(teams: &[&str], command: &str) -> Option<String> {
    let lines: Vec<_> = teams.iter().take(MOST_TEAMS).map(|team| format!("{command} team {team}")).collect();
    let more = teams.len().saturating_sub(MOST_TEAMS);
    let more = if more > 0 { format!("\nand {more} more") } else { String::new() };
    (!lines.is_empty()).then(|| format!("Whose summary? Write one of these:\n{}{more}", lines.join("\n")))
}

/// Last week's summary of `team`, for the eyes of one; names as those named have agreed.
async fn of(workspace: &Workspace, rules: &Rules, team: &str) -> Result<Message, Trouble> {
    let Some(weekly) = rules.weekly(team) else {
        return Err(Trouble::Refused("There is no such team any more.".to_owned()));
    };
    let Some((summary, newest)) = latest_summary(workspace, rules, team, weekly).await? else {
        return Err(Trouble::Refused("Nobody has read who is on this team yet. Please try again later.".to_owned()));
    };
    let mut message = introduced(&["Last week, as it stands now. Only you see this.".to_owned()], summary.message?);
    if let Some(newest) = newest {
        message.blocks.push(context(&saying::data_to(newest, weekly.schedule.zone, workspace.now())));
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn rules(teams: &[&str]) -> Rules {
        let members =
            |team: &&str| (format!("RECAP__TEAMS__{}__MEMBERS", team.to_uppercase()), "a@b.example".to_owned());
        Rules::of_file(&Settings::load(None, teams.iter().map(members)).unwrap())
    }

    fn rights(admin: bool, owns: &[&str], on: &[&str]) -> Rights {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Rights { admin, owns: set(owns), on: set(on) }
    }

    fn words(choice: Choice) -> String {
        match choice {
            Choice::Words(words) => words.join(" "),
            Choice::Team(team) => panic!("the team {team}"),
        }
    }

    #[test]
    fn a_team_is_shown_to_its_people_and_to_nobody_else() {
        let rules = rules(&["data", "platform", "web"]);
        let team = |name: &str| Choice::Team(name.to_owned());
        let member = rights(false, &[], &["platform"]);
        assert_eq!(chosen(&rules, &member, None, "/usage"), team("platform"));
        assert_eq!(chosen(&rules, &member, Some("PLATFORM"), "/usage"), team("platform"));
        let refused = words(chosen(&rules, &member, Some("data"), "/usage"));
        assert!(refused.contains("no team \"data\" whose summary you can see"), "{refused}");
        assert_eq!(refused.replace("data", "nope"), words(chosen(&rules, &member, Some("nope"), "/usage")));
        assert_eq!(chosen(&rules, &rights(true, &[], &[]), Some("data"), "/usage"), team("data"));
        assert_eq!(chosen(&rules, &rights(false, &["web"], &[]), None, "/usage"), team("web"));
    }

    #[test]
    fn who_has_several_teams_or_none_is_told_so() {
        let rules = rules(&["data", "platform", "web"]);
        let several = words(chosen(&rules, &rights(false, &["web"], &["data"]), None, "/stats"));
        assert!(several.ends_with("/stats team data\n/stats team web"), "{several}");
        let none = words(chosen(&rules, &rights(false, &[], &[]), None, "/usage"));
        assert!(none.starts_with("You are on no team"), "{none}");
        let admin = words(chosen(&rules, &rights(true, &[], &[]), None, "/usage"));
        assert!(admin.contains("team data") && admin.contains("team platform"), "{admin}");
        let near = words(chosen(&rules, &rights(false, &[], &["platform"]), Some("platfrom"), "/usage"));
        assert!(near.contains("Did you mean \"/usage team platform\"?"), "{near}");
    }
}
