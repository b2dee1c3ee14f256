//! The twelve digits that name an AWS account.

use std::fmt;

/// An account's number; shown with twelve digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl AccountId {
    /// The account of a server without another setting.
    pub const DEFAULT: Self = Self(0);

    /// The account whose text is `text`: exactly twelve digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = <[u8; 12]>::try_from(text.as_bytes()).ok()?;
        let mut number = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = 10 * number + u64::from(digit - b'0');
        }
        Some(Self(number))
    }

    /// The id of topiq's user in this account, as AWS shows it in a message's `SenderId`: `AIDA` and 17 more characters
    /// of Base32, always the same for an account.
    pub fn user_id(self) -> String {
        const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        // An odd multiplier spreads neighbouring accounts over all 85 bits; the mapping stays one to one.
        let mut bits =
            u128::from(self.0 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let mut id = String::from("AIDA");
        for _ in 0..17 {
            id.push(char::from(BASE32[(bits >> 123) as usize]));
            bits <<= 5;
        }
        id
    }
}

impl Default for AccountId {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Much faster than a format with padding: it is in every ARN.
        let mut digits = [b'0'; 12];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(rest % 10).expect("a digit");
            rest /= 10;
        }
        f.write_str(str::from_utf8(&digits).expect("digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_twelve_digits_are_an_account() {
        let account = AccountId::parse("000000000042").expect("twelve digits");
        assert_eq!(account.to_string(), "000000000042");
        for wrong in [
            "",
            "42",
            "1234567890123",
            "12345678901a",
            "+12345678901",
            "AKIAIOSFODNN",
        ] {
            assert_eq!(AccountId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn user_ids_are_shaped_like_awss_and_differ() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|n| AccountId(n).user_id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(
            ids.iter()
                .all(|id| id.len() == 21 && id.starts_with("AIDA"))
        );
    }
}
