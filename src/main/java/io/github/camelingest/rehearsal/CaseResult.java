package io.github.camelingest.rehearsal;

import java.util.List;

/**
 * How a case of a test file came out.
 *
 * @param place where its name stands
 * @param differences none if it came out as it says
 */
public record CaseResult(String dataset, String name, Place place, List<Difference> differences) {

  public boolean isOk() {
    return differences.isEmpty();
  }
}
