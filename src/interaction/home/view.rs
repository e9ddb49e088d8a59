//! App Home as a whole. Pure.

use super::{
    administered::Administered,
    figures::Figures,
    mine::{Mine, privacy},
};
use crate::interaction::view::{divider, header, section};
use serde_json::{Value, json};

/// What is shown to somebody.
#[derive(Debug, Clone)]
pub(super) enum Shown {
    /// To who is no full member, or cannot be answered.
    Line(String),
    Member {
        mine: Box<Mine>,
        figures: Figures,
        administered: Box<Administered>,
    },
}

impl Shown {
    pub(super) fn view(&self) -> Value {
        let blocks = match self {
            Self::Line(words) => vec![section(words)],
            Self::Member { mine, figures, administered } => {
                let zone = mine.zone();
                let mut blocks = vec![header("Your Claude Code usage")];
                blocks.extend(figures.blocks(zone));
                blocks.push(divider());
                blocks.extend(mine.blocks());
                blocks.push(divider());
                blocks.extend(privacy());
                blocks.extend(administered.blocks(zone));
                blocks
            }
        };
        json!({ "type": "home", "callback_id": "home", "blocks": blocks })
    }
}
