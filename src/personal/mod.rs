//! What a member does about themselves: their numbers, their consent, their preferences, and what becomes of their data.
//! Every surface (command, button, modal, App Home) goes through here.

mod choose;
mod consent;
mod error;
mod explain;
mod ledger;
mod member;
mod numbers;
mod past;
mod standing;
pub mod told;

pub use choose::{Pause, change_preferences, pause, resume, set_time};
pub use consent::{Found, OptedIn, Surface, delete_data, holds, look_for, name_me, opt_in, opt_out, wording};
pub use error::PersonalError;
pub use explain::why;
pub use ledger::{Absent, Ledger};
pub use member::member;
pub use numbers::{Numbers, Week, WeekDay, latest_digest, today, week};
pub use standing::{Standing, next_times, standing};

use standing::refreshed;
