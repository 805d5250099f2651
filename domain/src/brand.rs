//! How an account shows itself on pages for signing in and in mails: a logo and a color.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::text_enum::text_enum;

/// The longest file of a logo, in bytes.
pub const MAX_LOGO_BYTES: usize = 64 * 1024;

/// The widest and highest logo, in pixels.
const MAX_LOGO_SIDE: u32 = 2_000;

text_enum!(
    /// The kinds of images that a logo may be. None of them can contain a script or refer to anything.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    LogoType {
        /// PNG.
        #[serde(rename = "image/png")]
        Png = "image/png",
        /// JPEG.
        #[serde(rename = "image/jpeg")]
        Jpeg = "image/jpeg",
        /// WebP.
        #[serde(rename = "image/webp")]
        Webp = "image/webp",
    }
);

/// The SHA-256 of the file of a logo, as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LogoDigest(String);

/// A logo, without the bytes of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Identifies the file.
    pub digest: LogoDigest,
    /// What it is, by its content.
    pub media_type: LogoType,
    /// The length of the file.
    pub bytes: u32,
}

/// A file that cannot be a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a logo is a PNG, JPEG or WebP image of at most 2,000 × 2,000 pixels")]
pub struct InvalidLogo;

/// A color, as `#` and six lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct BrandColor(String);

/// A text that is no color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a color is # and six hexadecimal digits, such as #1864ab")]
pub struct InvalidColor;

impl LogoType {
    /// Finds out by its first bytes what a file is, whatever it is called.
    ///
    /// # Errors
    /// When it is not one of these images, or larger than a logo may be.
    pub fn of(file: &[u8]) -> Result<Self, InvalidLogo> {
        let kind = match imagesize::image_type(file).map_err(|_| InvalidLogo)? {
            imagesize::ImageType::Png => Self::Png,
            imagesize::ImageType::Jpeg => Self::Jpeg,
            imagesize::ImageType::Webp => Self::Webp,
            _ => return Err(InvalidLogo),
        };
        let size = imagesize::blob_size(file).map_err(|_| InvalidLogo)?;
        let is_fit = |side: usize| u32::try_from(side).is_ok_and(|side| (1..=MAX_LOGO_SIDE).contains(&side));
        if is_fit(size.width) && is_fit(size.height) { Ok(kind) } else { Err(InvalidLogo) }
    }
}

impl LogoDigest {
    /// The digest with these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        use fmt::Write;
        let mut text = String::with_capacity(64);
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// Reads a digest.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == 64 && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl BrandColor {
    /// Reads a color such as `#1864ab`.
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, InvalidColor> {
        let digits = text.strip_prefix('#').ok_or(InvalidColor)?;
        let is_color = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_color { Ok(Self(text.to_ascii_lowercase())) } else { Err(InvalidColor) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The color of text on this color: black or white, whichever is easier to read. One of them always has a contrast of at least 4.5.
    #[must_use]
    pub fn text_color(&self) -> &'static str {
        if self.contrast_with(0.0) >= self.contrast_with(1.0) { "#000000" } else { "#ffffff" }
    }

    /// The contrast with a color of this luminance, as WCAG 2 defines it.
    fn contrast_with(&self, other: f64) -> f64 {
        let own = self.luminance();
        (own.max(other) + 0.05) / (own.min(other) + 0.05)
    }

    fn luminance(&self) -> f64 {
        let part = |index: usize| {
            let value = u8::from_str_radix(&self.0[index..index + 2], 16).unwrap_or_default();
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126f64.mul_add(part(1), 0.7152f64.mul_add(part(3), 0.0722 * part(5)))
    }
}

impl<'de> Deserialize<'de> for LogoDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| serde::de::Error::custom("a digest has 64 hexadecimal digits"))
    }
}

impl<'de> Deserialize<'de> for BrandColor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        file.extend(width.to_be_bytes());
        file.extend(height.to_be_bytes());
        file.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        file
    }

    /// The beginning of a JPEG of this size.
    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut file = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08".to_vec();
        file.extend(height.to_be_bytes());
        file.extend(width.to_be_bytes());
        file.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        file
    }

    /// The beginning of a WebP of this size.
    fn webp(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        file.extend(&(width - 1).to_le_bytes()[..3]);
        file.extend(&(height - 1).to_le_bytes()[..3]);
        file
    }

    #[test]
    fn a_logo_is_known_by_its_content() {
        assert_eq!(LogoType::of(&png(1, 2_000)), Ok(LogoType::Png));
        assert_eq!(LogoType::of(&jpeg(2_000, 1)), Ok(LogoType::Jpeg));
        assert_eq!(LogoType::of(&webp(300, 80)), Ok(LogoType::Webp));
        for file in [png(2_001, 1), png(0, 1), png(1, 0), png(u32::MAX, 1), jpeg(1, 2_001), webp(2_001, 1)] {
            assert_eq!(LogoType::of(&file), Err(InvalidLogo));
        }
        for file in [
            &b""[..],
            b"x",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"<!doctype html><script>alert(1)</script>",
            b"GIF89a\x01\0\x01\0\0\0\0;",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"RIFF\0\0\0\0WEBP",
            b"%PDF-1.7",
        ] {
            assert_eq!(LogoType::of(file), Err(InvalidLogo), "{file:?}");
        }
    }

    #[test]
    fn a_file_that_ends_early_is_no_logo_and_nothing_breaks() {
        for file in [png(10, 10), jpeg(10, 10), webp(10, 10)] {
            for end in 0..file.len() {
                let _ = LogoType::of(&file[..end]);
            }
        }
    }

    #[test]
    fn a_color_has_six_digits() {
        for text in ["#1864ab", "#FFFFFF", "#000000"] {
            assert_eq!(BrandColor::parse(text).map(|color| color.as_str().to_owned()), Ok(text.to_lowercase()));
        }
        for text in ["", "#", "1864ab", "#1864a", "#1864abc", "#18 4ab", "#ëë12", "red", "#12345g", "#123456;", "＃1864ab"] {
            assert_eq!(BrandColor::parse(text), Err(InvalidColor), "{text}");
        }
    }

    #[test]
    fn text_on_every_color_can_be_read() {
        let steps = [0u8, 30, 60, 90, 110, 117, 118, 119, 120, 130, 160, 190, 220, 255];
        for index in 0..steps.len().pow(3) {
            let step = |place: u32| steps[index / steps.len().pow(place) % steps.len()];
            let (red, green, blue) = (step(0), step(1), step(2));
            let color = BrandColor::parse(&format!("#{red:02x}{green:02x}{blue:02x}")).unwrap();
            let text = if color.text_color() == "#ffffff" { 1.0 } else { 0.0 };
            assert!(color.contrast_with(text) >= 4.5, "{color:?}");
        }
    }

    #[test]
    fn a_digest_has_64_digits() {
        let digest = LogoDigest::new([0xab; 32]);
        assert_eq!(LogoDigest::parse(digest.as_str()), Some(digest));
        for text in ["", "ab", &"AB".repeat(32), &"ab".repeat(33), &"xy".repeat(32)] {
            assert_eq!(LogoDigest::parse(text), None, "{text}");
        }
    }
}
