//! A stand-in Slack for the demo and the tests.
