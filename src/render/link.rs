//! Link targets that are safe to follow.

/// `link`, if it is an anchor, a relative path or of a scheme that runs nothing.
pub(super) fn safe_link(link: &str) -> Option<&str> {
    let link = link.trim();
    let head = link.split(['/', '?', '#']).next().unwrap_or_default();
    let safe = match head.split_once(':') {
        None => !link.is_empty(),
        Some((scheme, _)) => {
            ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
    };
    (safe && !link.chars().any(char::is_control)).then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_run_code_are_dropped() {
        for link in
            ["#posts", "posts.html#x", "../a:b/c", "./x", "https://example.org/?a=b:c", "MAILTO:a@b.c"]
        {
            assert_eq!(safe_link(link), Some(link));
        }
        for link in ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "java\nscript:x", ""] {
            assert_eq!(safe_link(link), None, "{link}");
        }
    }
}
