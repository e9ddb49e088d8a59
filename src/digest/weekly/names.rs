//! Whom a team message may name, and how.

use crate::model::MemberEmail;
use std::collections::BTreeMap;

/// The names of those who agreed to be named; nobody else's is known here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub BTreeMap<MemberEmail, String>);
