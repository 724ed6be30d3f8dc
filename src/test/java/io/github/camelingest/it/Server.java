package io.github.camelingest.it;

import java.util.function.Supplier;

/**
 * The S3 servers that tests run against, each with what its buckets can do. For tests that are to
 * hold on every server: {@code @ParameterizedTest @EnumSource void …(Server server)}.
 */
enum Server {
  /** S3Proxy, in the local stack. */
  LOCAL(Space::create),
  S3MOCK(Space::onS3Mock),
  S3MOCK_VERSIONED(Space::onS3MockVersioned);

  private final Supplier<Space> space;

  Server(Supplier<Space> space) {
    this.space = space;
  }

  /** A new bucket on this server, with a queue that hears of it and a database. */
  Space space() {
    return space.get();
  }

  /** Whether its buckets keep the versions of an object that are overwritten or deleted. */
  boolean hasVersions() {
    return this == S3MOCK_VERSIONED;
  }

  boolean hasTags() {
    return this != LOCAL;
  }
}
