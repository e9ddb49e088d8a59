//! stub
use crate::{clock::Clock, model::ChannelId, slack::Gate};
use std::time::Duration;
#[derive(Debug, Clone)]
pub struct Limiter;
pub struct LimiterSnapshot { pub budget_per_minute: f64, pub pauses: Vec<(&'static str, Duration)>, pub limited_total: u64 }
impl Limiter {
    pub fn new(_: Clock, _: u32) -> Self { todo!() }
    pub async fn message(&self, _: &ChannelId) { todo!() }
    pub fn snapshot(&self) -> LimiterSnapshot { todo!() }
    pub fn expected(&self, _: u64) -> Duration { todo!() }
}
#[async_trait::async_trait]
impl Gate for Limiter {
    async fn admit(&self, _: &'static str) { todo!() }
    fn limited(&self, _: &'static str, _: Option<Duration>) { todo!() }
    fn answered(&self, _: &'static str) { todo!() }
}
impl Limiter { pub fn background(&self) -> std::sync::Arc<dyn Gate> { todo!() } }
