//! The stand-in's directory: everybody in the sample, and two to whom nothing can be sent.

use crate::{
    sample::Member,
    standin::{Channel, Person, Workspace},
};

/// The stand-in's token; it opens nothing else.
pub(super) const TOKEN: &str = "xoxb-demo";

/// A workspace with `members`, the first of them an admin, somebody who left and a bot.
pub(super) fn workspace(members: &[Member]) -> Workspace {
    let people = members.iter().map(|member| {
        Person::new(format!("U0DEMO{:05}", member.index), &member.real_name)
            .email(address(member))
            .tz(member.zone.name())
    });
    // Somebody has to show what an admin can do.
    let people = people.enumerate().map(|(index, person)| if index == 0 { person.admin() } else { person });
    Workspace::new("T0DEMO", TOKEN)
        .people(people)
        .channel(Channel::new(super::team::CHANNEL, super::team::NAME))
        .person(Person::new("U0DEMOLEFT", "Walter Gone").email("walter.gone@example.com").deactivated())
        .person(Person { is_bot: true, ..Person::new("U0DEMOBOT", "Build Bot") })
}

/// The address in Slack; somebody may have one there whose client tells none.
fn address(member: &Member) -> String {
    match &member.email {
        Some(email) => email.to_lowercase(),
        None => format!("{}@example.com", member.real_name.to_lowercase().replace(' ', ".")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::MemberEmail,
        sample::{Options, Usage},
    };
    use chrono::DateTime;

    #[test]
    fn everybody_has_an_address_a_zone_and_an_id_of_their_own() {
        let options = Options { members: 40, days: 5, seed: 1, end: DateTime::UNIX_EPOCH, events_target: None };
        let members = Usage::new(options).members();
        let workspace = workspace(&members);
        let people: Vec<_> = workspace.people.iter().filter(|person| !person.is_bot && !person.deleted).collect();
        assert_eq!(people.len(), 40);
        assert_eq!(people.iter().position(|person| person.is_admin), Some(0));
        assert_eq!(people.iter().filter(|person| person.is_admin).count(), 1);
        for (person, member) in people.iter().zip(&members) {
            let email = person.email.as_deref().unwrap();
            assert_eq!(MemberEmail::parse(email).unwrap().as_str(), email);
            assert!(member.email.iter().all(|told| told.eq_ignore_ascii_case(email)));
            assert_eq!(person.tz.as_deref(), Some(member.zone.name()));
            assert_eq!(people.iter().filter(|other| other.id == person.id || other.email == person.email).count(), 1);
        }
        assert_eq!(workspace.people.len(), 42);
    }
}
