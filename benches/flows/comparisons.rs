//! What somebody would write instead: loops of curl and jq, as good as such loops are.

use std::process::{Command, Stdio};

use super::measure::{Home, Measured};

/// Every batch with one curl and one jq, for where the next begins; at the end one jq for everything.
const LIST_PAGES: &str = r#"
n=0 next=
while [ "$next" != null ]; do
  n=$((n + 1))
  curl -sSf -H "Authorization: Bearer $SOCIALCHAT_API_KEY" -o "$(printf 'batch%04d.json' $n)" \
    "$SOCIALCHAT_API_URL/channel/messenger/account?token=$SOCIALCHAT_TOKEN${next:+&nextOffset=$next}"
  next=$(jq -r .nextOffset "$(printf 'batch%04d.json' $n)")
done
jq -r '.docs[] | [.name, .channelId] | @tsv' batch*.json
"#;

/// The number of pages is told by the first.
const LIST_CHANNELS: &str = r#"
get() {
  curl -sSf -H "Authorization: Bearer $SOCIALCHAT_API_KEY" -o "$(printf 'page%04d.json' $1)" \
    "$SOCIALCHAT_API_URL/channel?page=$1&limit=100"
}
get 1
last=$(jq .totalPages page0001.json) n=2
while [ $n -le "$last" ]; do get $n; n=$((n + 1)); done
jq -c '.docs[]' page*.json
"#;

/// Ids on stdin, one after another.
const RECONNECT: &str = r#"
while read -r id; do
  curl -sSf -o /dev/null -H "Authorization: Bearer $SOCIALCHAT_API_KEY" -H 'Content-Type: application/json' \
    -d "{\"token\":\"$SOCIALCHAT_TOKEN\"}" "$SOCIALCHAT_API_URL/channel/messenger/$id"
done
"#;

/// Ids on stdin, 16 at a time.
const RECONNECT_BY_16: &str = r#"
xargs -P16 -I{} curl -sSf -o /dev/null -H "Authorization: Bearer $SOCIALCHAT_API_KEY" \
  -H 'Content-Type: application/json' -d "{\"token\":\"$SOCIALCHAT_TOKEN\"}" \
  "$SOCIALCHAT_API_URL/channel/messenger/{}"
"#;

/// One of these loops.
#[derive(Clone, Copy)]
pub enum Loop {
    ListPages,
    ListChannels,
    Reconnect,
    ReconnectBy16,
}

impl Loop {
    fn script(self) -> &'static str {
        match self {
            Loop::ListPages => LIST_PAGES,
            Loop::ListChannels => LIST_CHANNELS,
            Loop::Reconnect => RECONNECT,
            Loop::ReconnectBy16 => RECONNECT_BY_16,
        }
    }

    fn tools(self) -> &'static [&'static str] {
        match self {
            Loop::ListPages | Loop::ListChannels => &["sh", "curl", "jq"],
            Loop::Reconnect => &["sh", "curl"],
            Loop::ReconnectBy16 => &["sh", "curl", "xargs"],
        }
    }

    /// Runs it on that API with these lines on stdin. None, and a word on stderr, where one of its tools is missing.
    pub fn run(self, home: &Home, api_url: &str, lines: &[String]) -> Option<Measured> {
        if let Some(missing) = self.tools().iter().find(|tool| !is_there(tool)) {
            eprintln!("{missing} is missing: what it would be compared with is left out");
            return None;
        }
        let input = home.path("in");
        std::fs::write(&input, lines.join("\n") + "\n").expect("a file in a temporary folder");
        let mut shell = home.with_token("sh", api_url, &["-eu", "-c", self.script()]);
        shell.stdin(std::fs::File::open(input).expect("a file that was just written"));
        Some(home.measure(&mut shell))
    }
}

fn is_there(tool: &str) -> bool {
    let mut command = Command::new("sh");
    command.args(["-c", "command -v \"$0\"", tool]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
