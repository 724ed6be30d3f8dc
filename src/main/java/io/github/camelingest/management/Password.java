package io.github.camelingest.management;

import com.sun.net.httpserver.BasicAuthenticator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Asks for a password, by HTTP basic authentication. Thread-safe. */
final class Password extends BasicAuthenticator {

  static final String USER = "camel-ingest";

  private final byte[] password;

  Password(String password) {
    super("camel-ingest");
    this.password = bytes(password);
  }

  @Override
  public boolean checkCredentials(String user, String given) {
    // Takes as long for a wrong one, however much of it is right.
    return MessageDigest.isEqual(password, bytes(given)) && user.equals(USER);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
