//! Finds each recipient's row in an answer that is ordered by e-mail, holding one row at a time.

use crate::{
    model::MemberEmail,
    warehouse::{ActiveDays, Answered, MemberActivity, MemberSkills, Rows, WarehouseError},
};

/// A row of one person.
pub trait OfPerson {
    /// The address that the answer is ordered by.
    fn email(&self) -> &str;
}

macro_rules! of_person {
    ($($row:ty),+) => {
        $(impl OfPerson for $row {
            fn email(&self) -> &str {
                &self.email
            }
        })+
    };
}

of_person!(MemberActivity, MemberSkills, ActiveDays);

/// An answer and the row that was read from it last.
#[derive(Debug)]
pub struct Merge<T: Answered> {
    rows: Rows<T>,
    row: Option<T>,
    started: bool,
}

impl<T: Answered + OfPerson> Merge<T> {
    pub fn of(rows: Rows<T>) -> Self {
        Self { rows, row: None, started: false }
    }

    /// The row of `email`, which must be greater than the one asked for before.
    pub async fn row_of(&mut self, email: &str) -> Result<Option<&T>, WarehouseError> {
        while !self.started || self.row.as_ref().is_some_and(|row| row.email() < email) {
            self.started = true;
            self.row = self.rows.next().await?;
        }
        Ok(self.row.as_ref().filter(|row| row.email() == email))
    }
}

/// The row of `email` in an answer that may not have been asked for.
pub async fn row_of<'a, T: Answered + OfPerson>(
    answer: &'a mut Option<Merge<T>>,
    email: &MemberEmail,
) -> Result<Option<&'a T>, WarehouseError> {
    match answer {
        Some(answer) => answer.row_of(email.as_str()).await,
        None => Ok(None),
    }
}
