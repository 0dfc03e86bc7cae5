//! A carried OpenAPI file, as it is served.

/// The text with this one server in the place of those that it names.
pub fn described(text: &str, url: &str) -> String {
    let mut is_server = false;
    let mut described = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "servers:" {
            is_server = true;
            described += &format!("servers:\n  - url: {url}\n");
        } else if is_server && !line.starts_with([' ', '#', '\n', '\r', '-']) {
            is_server = false;
        }
        if !is_server {
            described += line;
        }
    }
    described
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_servers_are_others() {
        let text =
            "info:\n  a: b\nservers:\n  - url: https://{host}/x\n    variables: {}\n\nsecurity:\n  - c: []\n";
        let expected = "info:\n  a: b\nservers:\n  - url: http://127.0.0.1:1/x\nsecurity:\n  - c: []\n";
        assert_eq!(described(text, "http://127.0.0.1:1/x"), expected);
    }
}
