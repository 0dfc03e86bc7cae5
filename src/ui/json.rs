//! JSON that is safe on a terminal: serde escapes the C0 controls, this the other characters that a
//! terminal might act on. The value stays the same to whoever parses it.

use std::fmt::Write;

use serde::Serialize;

use super::{Ui, text};

impl Ui {
    /// Prints the result as one JSON document: laid out on a terminal, in one line elsewhere.
    pub fn print_json(&self, value: &impl Serialize) -> serde_json::Result<()> {
        let document = if self.stdout_is_terminal() {
            escaped(&serde_json::to_string_pretty(value)?)
        } else {
            one_line(value)?
        };
        self.write_result(&(document + "\n"), true);
        Ok(())
    }

    /// Begins a document whose one list is too long to be held: `{"field":value,"name":[item,item,...],...}`.
    pub fn json_list(&self, before: &Fields, name: &str) -> serde_json::Result<JsonList> {
        let mut begin = String::from("{");
        for (name, value) in before {
            let _ = write!(begin, "{}:{},", one_line(name)?, one_line(value)?);
        }
        self.write_result(&format!("{begin}{}:[", one_line(&name)?), false);
        Ok(JsonList { ui: self.clone(), first: true })
    }
}

/// Fields that stand beside the list of such a document.
pub type Fields = serde_json::Map<String, serde_json::Value>;

/// A document being written item by item. Without [`JsonList::end`] it stays incomplete, as it should
/// when the listing broke off.
pub struct JsonList {
    ui: Ui,
    first: bool,
}

impl JsonList {
    /// Writes one item of the list.
    pub fn item(&mut self, item: &impl Serialize) -> serde_json::Result<()> {
        let comma = if std::mem::take(&mut self.first) { "\n" } else { ",\n" };
        self.ui.write_result(&format!("{comma}{}", one_line(item)?), false);
        Ok(())
    }

    /// Ends the list and writes the fields that stand behind it.
    pub fn end(self, fields: &Fields) -> serde_json::Result<()> {
        let mut end = String::from("\n]");
        for (name, value) in fields {
            let _ = write!(end, ",{}:{}", one_line(name)?, one_line(value)?);
        }
        self.ui.write_result(&(end + "}\n"), true);
        Ok(())
    }
}

/// The value as one line, escaped.
pub(super) fn one_line(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(escaped(&serde_json::to_string(value)?))
}

/// Such characters occur inside strings only, where `\u` says the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && text::is_hostile(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_acts_on_is_escaped() {
        let name = "a\u{1b}[31m\u{9b}\u{7f}\u{202e}\u{e0041}é長";
        let json = one_line(&name).unwrap();
        assert_eq!(json, r#""a\u001b[31m\u009b\u007f\u202e\udb40\udc41é長""#);
    }

    proptest! {
        #[test]
        fn the_value_stays_the_same(value in any::<String>()) {
            let json = one_line(&value).unwrap();
            prop_assert!(!json.contains(text::is_hostile));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), value);
        }
    }
}
