package io.memberlist.testing;

import java.nio.file.Path;

/**
 * What a program reads to use TLS, as PEM files.
 *
 * @param certificate the certificate of a member
 * @param key its private key, in PKCS #8 without a password
 * @param authority the certificate of the authority
 */
public record PemFiles(Path certificate, Path key, Path authority) {}
