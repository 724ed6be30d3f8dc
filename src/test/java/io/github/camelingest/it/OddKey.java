package io.github.camelingest.it;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Keys of visits that Amazon's S3 takes as they are, and software stumbles over. */
enum OddKey {
  SPACES("visits/ a  b .jsonl"),
  PLUS("visits/a+b.jsonl"),
  PERCENT("visits/100%.jsonl"),
  ENCODED_PLUS("visits/%2B.jsonl"),
  ENCODED_SLASH("visits/a%2Fb.jsonl"),
  UNICODE("visits/über/日本.jsonl"),
  OUTSIDE_THE_BASIC_PLANE("visits/😀.jsonl"),
  COMPOSED("visits/\u00e9.jsonl"),
  DECOMPOSED("visits/e\u0301.jsonl"),
  EXPRESSION("visits/${body}.jsonl"),
  PLACEHOLDER("visits/{{ingest.bucket}}.jsonl"),
  QUOTES("visits/a'b\"c.jsonl"),
  MARKUP("visits/<a>&amp;.jsonl"),
  QUERY("visits/a?b=c&d;e#f.jsonl"),
  BACKSLASH("visits/a\\b.jsonl"),
  WILDCARDS("visits/*:|.jsonl"),
  LINE_BREAK("visits/a\nb.jsonl"),
  UPPER_CASE("visits/CASE.jsonl"),
  LOWER_CASE("visits/case.jsonl"),
  TWO_DOTS("visits/a..b.jsonl"),
  LONGEST("visits/" + "123456789/".repeat(101) + "1234567"),
  LONGEST_IN_LETTERS_OF_TWO_BYTES("visits/" + "üöä/".repeat(145) + "aa"),
  LONGEST_WITHOUT_FOLDERS("visits/" + "a".repeat(1017), Server.LOCAL),
  NAMELESS_FOLDER("visits//a.jsonl", Server.LOCAL),
  NAMELESS_FOLDERS("visits/a///b.jsonl", Server.LOCAL),
  THIS_FOLDER("visits/./a.jsonl", Server.LOCAL),
  FOLDER_ABOVE("visits/a/../b.jsonl", Server.LOCAL),
  NOTHING_BUT_FOLDER_ABOVE("visits/..", Server.LOCAL),
  OBJECT("visits/object"),
  BELOW_AN_OBJECT("visits/object/a.jsonl", Server.LOCAL);

  private final String key;
  private final Set<Server> refusing;

  /**
   * @param refusing the servers that do not keep an object under this key
   */
  OddKey(String key, Server... refusing) {
    this.key = key;
    this.refusing = Set.of(refusing);
  }

  String key() {
    return key;
  }

  /** The keys that a server keeps as they are. */
  static List<String> on(Server server) {
    return Arrays.stream(values())
        .filter(odd -> !odd.refusing.contains(server))
        .map(OddKey::key)
        .toList();
  }
}
