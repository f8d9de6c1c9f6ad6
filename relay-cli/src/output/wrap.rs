//! Running text within the width of the terminal.

use console::measure_text_width;

/// Breaks text between words, with later lines indented. Without a width, it stays one line.
pub(crate) fn wrap(text: &str, width: Option<usize>, indent: usize) -> String {
    let Some(room) = width.map(|width| width.saturating_sub(indent).max(20)) else { return text.to_owned() };
    let mut wrapped = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let length = measure_text_width(word);
        if used > 0 && used + 1 + length > room {
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(indent));
            used = 0;
        } else if used > 0 {
            wrapped.push(' ');
            used += 1;
        }
        wrapped.push_str(word);
        used += length;
    }
    wrapped
}
