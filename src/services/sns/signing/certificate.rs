//! The certificate by which subscribers verify signatures: X.509, self-signed, in PEM.
//!
//! It is a handful of DER structures (RFC 5280) around one key, so it is written here rather than by a library.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use super::rsa::{DigestPrefix, PUBLIC_EXPONENT, PrivateKey};

/// What SNS's own certificates are issued for.
const COMMON_NAME: &str = "sns.amazonaws.com";

/// Some validators want an issuer that names Amazon.
const ORGANIZATION: &str = "topiq (emulates Amazon SNS)";

/// Whoever verifies asks his own clock, so the range is as wide as the format's years of two digits allow.
const NOT_BEFORE: &str = "200101000000Z";
const NOT_AFTER: &str = "491231235959Z";

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_ID: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// The `n`th alternative of a structure.
const fn context(n: u8) -> u8 {
    0xa0 | n
}

const NULL: &[u8] = &[0x05, 0x00];
const RSA_ENCRYPTION: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const SHA256_WITH_RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const COMMON_NAME_ID: &[u8] = b"\x55\x04\x03";
const ORGANIZATION_ID: &[u8] = b"\x55\x04\x0a";
const SUBJECT_ALT_NAME: &[u8] = b"\x55\x1d\x11";

/// The certificate of `key`, signed by itself, with this serial number.
pub(super) fn pem(key: &PrivateKey, serial: u128) -> String {
    let to_be_signed = to_be_signed(key, serial);
    let signature = key.sign(DigestPrefix::SHA256, &Sha256::digest(&to_be_signed));
    let certificate = der(
        SEQUENCE,
        &[
            &to_be_signed,
            &algorithm(SHA256_WITH_RSA),
            &bit_string(&signature),
        ],
    );
    let base64 = BASE64.encode(certificate);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in base64.as_bytes().chunks(64) {
        pem.extend(line.iter().map(|&byte| char::from(byte)));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

fn to_be_signed(key: &PrivateKey, serial: u128) -> Vec<u8> {
    let version_3 = der(context(0), &[&der(INTEGER, &[&[2]])]);
    let validity = [NOT_BEFORE, NOT_AFTER].map(|date| der(UTC_TIME, &[date.as_bytes()]));
    let name = name();
    der(
        SEQUENCE,
        &[
            &version_3,
            &unsigned(&serial.to_be_bytes()),
            &algorithm(SHA256_WITH_RSA),
            &name,
            &der(SEQUENCE, &[&validity.concat()]),
            &name,
            &public_key(key),
            &der(context(3), &[&extensions()]),
        ],
    )
}

/// The organisation and the common name, of issuer and subject.
fn name() -> Vec<u8> {
    let part = |id: &[u8], value: &str| {
        let id = der(OBJECT_ID, &[id]);
        let value = der(UTF8_STRING, &[value.as_bytes()]);
        der(SET, &[&der(SEQUENCE, &[&id, &value])])
    };
    der(
        SEQUENCE,
        &[
            &part(ORGANIZATION_ID, ORGANIZATION),
            &part(COMMON_NAME_ID, COMMON_NAME),
        ],
    )
}

fn public_key(key: &PrivateKey) -> Vec<u8> {
    let modulus = unsigned(&key.modulus());
    let exponent = unsigned(&PUBLIC_EXPONENT.to_be_bytes());
    let numbers = der(SEQUENCE, &[&modulus, &exponent]);
    der(
        SEQUENCE,
        &[&algorithm(RSA_ENCRYPTION), &bit_string(&numbers)],
    )
}

/// The name once more, where newer verifiers look for it.
fn extensions() -> Vec<u8> {
    const DNS_NAME: u8 = 0x82;
    let names = der(SEQUENCE, &[&der(DNS_NAME, &[COMMON_NAME.as_bytes()])]);
    let id = der(OBJECT_ID, &[SUBJECT_ALT_NAME]);
    let extension = der(SEQUENCE, &[&id, &der(OCTET_STRING, &[&names])]);
    der(SEQUENCE, &[&extension])
}

fn algorithm(id: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[&der(OBJECT_ID, &[id]), NULL])
}

/// Whole bytes as a string of bits: none of the last byte's bits is unused.
fn bit_string(bytes: &[u8]) -> Vec<u8> {
    der(BIT_STRING, &[&[0], bytes])
}

/// A number that is not negative: in as few bytes as possible, but with its highest bit clear.
fn unsigned(big_endian: &[u8]) -> Vec<u8> {
    let zeros = big_endian.iter().take_while(|&&byte| byte == 0).count();
    let significant = &big_endian[zeros..];
    let needs_sign = significant.first().is_none_or(|&byte| byte >= 0x80);
    let sign: &[u8] = if needs_sign { &[0] } else { &[] };
    der(INTEGER, &[sign, significant])
}

/// A tag, the length of the content, the content.
fn der(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let length: usize = content.iter().map(|part| part.len()).sum();
    let mut bytes = vec![tag];
    match u16::try_from(length)
        .expect("a certificate is small")
        .to_be_bytes()
    {
        [0, length @ 0..0x80] => bytes.push(length),
        [0, length] => bytes.extend([0x81, length]),
        [high, low] => bytes.extend([0x82, high, low]),
    }
    bytes.extend(content.concat());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_not_negative() {
        assert_eq!(unsigned(&[0]), [INTEGER, 1, 0]);
        assert_eq!(unsigned(&[0, 0, 5]), [INTEGER, 1, 5]);
        assert_eq!(unsigned(&[0x80]), [INTEGER, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0x01, 0x00, 0x01]), [INTEGER, 3, 1, 0, 1]);
    }

    #[test]
    fn lengths_take_as_many_bytes_as_they_need() {
        let opening = |length: usize| der(SEQUENCE, &[&vec![0; length]])[..4].to_vec();
        assert_eq!(opening(2), [SEQUENCE, 2, 0, 0]);
        assert_eq!(opening(127), [SEQUENCE, 127, 0, 0]);
        assert_eq!(opening(128), [SEQUENCE, 0x81, 128, 0]);
        assert_eq!(opening(255), [SEQUENCE, 0x81, 255, 0]);
        assert_eq!(opening(256), [SEQUENCE, 0x82, 1, 0]);
    }
}
