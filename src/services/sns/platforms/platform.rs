//! The push services that SNS knows.

use std::fmt;

/// A push service; `GCM` is Firebase Cloud Messaging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Platform {
    Adm,
    Apns,
    ApnsSandbox,
    ApnsVoip,
    ApnsVoipSandbox,
    Macos,
    MacosSandbox,
    Baidu,
    Gcm,
    Mpns,
    Wns,
}

const ALL: [Platform; 11] = [
    Platform::Adm,
    Platform::Apns,
    Platform::ApnsSandbox,
    Platform::ApnsVoip,
    Platform::ApnsVoipSandbox,
    Platform::Macos,
    Platform::MacosSandbox,
    Platform::Baidu,
    Platform::Gcm,
    Platform::Mpns,
    Platform::Wns,
];

impl Platform {
    /// The platform of this name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|platform| platform.as_str() == name)
    }

    /// Its name, which is also its key in messages of structure `json`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Adm => "ADM",
            Self::Apns => "APNS",
            Self::ApnsSandbox => "APNS_SANDBOX",
            Self::ApnsVoip => "APNS_VOIP",
            Self::ApnsVoipSandbox => "APNS_VOIP_SANDBOX",
            Self::Macos => "MACOS",
            Self::MacosSandbox => "MACOS_SANDBOX",
            Self::Baidu => "BAIDU",
            Self::Gcm => "GCM",
            Self::Mpns => "MPNS",
            Self::Wns => "WNS",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_their_own_and_case_sensitive() {
        for platform in ALL {
            assert_eq!(Platform::parse(platform.as_str()), Some(platform));
        }
        assert_eq!(Platform::parse("apns"), None);
        assert_eq!(Platform::parse("FCM"), None);
    }
}
