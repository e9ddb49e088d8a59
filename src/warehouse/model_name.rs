//! Model names as people say them: `claude-sonnet-4-5`, wherever it was rented and whenever it was released.

/// Prefixes of regions and vendors, as Bedrock and others put before the name.
const PREFIXES: [&str; 8] = ["global.", "us.", "eu.", "apac.", "jp.", "au.", "us-gov.", "anthropic."];

/// Strips `[1m]`-like suffixes, region and vendor prefixes, dates and versions: both
/// `us.anthropic.claude-opus-4-1-20250805-v1:0` and `claude-opus-4-1@20250805` are `claude-opus-4-1`.
pub(super) fn model_name(raw: &str) -> String {
    let mut name = raw.trim();
    name = name.rsplit('/').next().unwrap_or(name);
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = rest;
    }
    if let Some((bare, rest)) = name.split_once('[')
        && rest.ends_with(']')
    {
        name = bare;
    }
    name = without_version(name);
    name = name.strip_suffix("-latest").unwrap_or(name);
    name = without_date(name);
    if name.is_empty() { raw.trim().to_owned() } else { name.to_owned() }
}

/// `-v1:0`, `-v2` and `:0` at the end.
fn without_version(name: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let name = match name.rsplit_once(':') {
        Some((bare, revision)) if digits(revision) => bare,
        _ => name,
    };
    match name.rsplit_once("-v") {
        Some((bare, version)) if digits(version) => bare,
        _ => name,
    }
}

/// `-20250929`, `@20250929` or `-2025-09-29` at the end.
fn without_date(name: &str) -> &str {
    let is_date =
        |text: &str| text.len() == 8 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((bare, date)) = name.rsplit_once(['-', '@'])
        && is_date(date)
    {
        return bare;
    }
    let cut = name.len().saturating_sub("-2025-09-29".len());
    match name.get(cut..) {
        Some(tail)
            if tail.starts_with("-20") && is_date(&tail[1..].replace('-', "")) && tail.matches('-').count() == 3 =>
        {
            &name[..cut]
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_model_has_one_name() {
        for (raw, name) in [
            ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5[1m]", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5"),
            ("us.anthropic.claude-opus-4-1-20250805-v1:0", "claude-opus-4-1"),
            ("global.anthropic.claude-opus-4-1-20250805-v1:0[1m]", "claude-opus-4-1"),
            ("claude-3-5-haiku@20241022", "claude-3-5-haiku"),
            ("claude-3-5-haiku-latest", "claude-3-5-haiku"),
            ("anthropic/claude-haiku-4.5", "claude-haiku-4.5"),
            ("gpt-4o-2024-08-06", "gpt-4o"),
            ("claude-opus-4-1-20250805-v1", "claude-opus-4-1"),
            ("", ""),
            ("[1m]", "[1m]"),
            ("modèle-é", "modèle-é"),
        ] {
            assert_eq!(model_name(raw), name, "{raw}");
        }
    }
}
