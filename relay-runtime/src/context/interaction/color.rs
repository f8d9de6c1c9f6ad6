//! Colours.

use std::fmt;
use std::str::FromStr;

/// The colour of an LED: how bright its red, green and blue parts are.
///
/// ```
/// use relay_runtime::Color;
///
/// let amber: Color = "#ffbf00".parse()?;
/// assert_eq!(amber, Color::rgb(255, 191, 0));
/// assert_eq!("Orange".parse::<Color>()?, Color::ORANGE);
/// assert_eq!(Color::RED.to_string(), "FF0000");
/// # Ok::<(), relay_runtime::ParseColorError>(())
/// ```
///
/// Written as Relay wants it: six hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// The red part.
    pub red: u8,
    /// The green part.
    pub green: u8,
    /// The blue part.
    pub blue: u8,
}

macro_rules! colors {
    ($($name:ident $word:literal $rgb:literal;)*) => {
        impl Color {
            $(
                #[doc = concat!("`", stringify!($rgb), "`.")]
                pub const $name: Self = Self::hex($rgb);
            )*

            const NAMED: &'static [(&'static str, Self)] = &[$(($word, Self::$name)),*];
        }
    };
}

colors! {
    BLACK "black" 0x000000;
    WHITE "white" 0xffffff;
    RED "red" 0xff0000;
    ORANGE "orange" 0xffa500;
    YELLOW "yellow" 0xffff00;
    GREEN "green" 0x00ff00;
    CYAN "cyan" 0x00ffff;
    BLUE "blue" 0x0000ff;
    PURPLE "purple" 0x800080;
    MAGENTA "magenta" 0xff00ff;
    PINK "pink" 0xffc0cb;
}

impl Color {
    /// A colour from its parts.
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// A colour from its lowest 24 bits: `Color::hex(0xffbf00)`.
    pub const fn hex(rgb: u32) -> Self {
        Self { red: (rgb >> 16) as u8, green: (rgb >> 8) as u8, blue: rgb as u8 }
    }
}

/// `FF0000`
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}{:02X}{:02X}", self.red, self.green, self.blue)
    }
}

/// `#rrggbb`, with or without `#`, or the name of one of the constants; in any case.
impl FromStr for Color {
    type Err = ParseColorError;

    fn from_str(text: &str) -> Result<Self, ParseColorError> {
        let named = Self::NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        if let Some((_, color)) = named {
            return Ok(*color);
        }
        let digits = text.strip_prefix('#').unwrap_or(text);
        let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(rgb) if is_hex => Ok(Self::hex(rgb)),
            _ => Err(ParseColorError { text: text.to_owned() }),
        }
    }
}

/// A text that is no colour.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseColorError {
    /// The text.
    pub text: String,
}

impl fmt::Display for ParseColorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no colour: give `#rrggbb`, or one of", self.text)?;
        let mut names = Color::NAMED.iter().map(|(name, _)| name);
        names.try_for_each(|name| write!(f, " {name}"))
    }
}

impl std::error::Error for ParseColorError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_with_and_without_a_hash_and_by_name() {
        for text in ["#FF0000", "ff0000", "red", "RED"] {
            assert_eq!(text.parse(), Ok(Color::RED), "{text}");
        }
    }

    #[test]
    fn what_is_no_colour_says_what_would_be_one() {
        for text in ["", "#", "#fff", "#12345g", "+12345", "rred", "#1234567", "ffé00"] {
            assert!(text.parse::<Color>().is_err(), "{text}");
        }
        let error = "beige".parse::<Color>().unwrap_err();
        assert!(error.to_string().starts_with("\"beige\" is no colour: give `#rrggbb`, or one of black"));
    }
}
