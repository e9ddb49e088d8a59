//! What is said: numbers and names, before any words. Pure and `Serialize`; the field names are what templates see.

mod daily;

pub use daily::{
    Average, Change, ChartDay, DailyDigest, DailyFacts, DailyOptions, Label, Measure, ModelShare, Period, Ranked,
    Sections, Streak,
};
