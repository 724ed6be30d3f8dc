package io.github.camelingest.management;

import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.RejectedGroup;
import io.github.camelingest.ledger.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;

/** A status as sections of a page, each of a fixed height. */
final class StatusMarkup {

  private final Status status;
  private final List<Instance> instances;

  /**
   * @param self what the instance that shows it is at, which may be newer than what the ledger
   *     knows
   */
  StatusMarkup(Status status, Instance self) {
    this.status = status;
    this.instances =
        Stream.concat(
                Stream.of(self.seen(status.at())),
                status.instances().stream().filter(other -> !other.id().equals(self.id())))
            .toList();
  }

  Markup all() {
    return Markup.all(
        Stream.of(
            datasets(),
            loading(),
            Throughput.of(status),
            unloaded(),
            rejected(),
            instances(),
            routes(instances)));
  }

  private Markup datasets() {
    return section(
        "datasets",
        "Datasets",
        """
        <th scope="col" class="name">Dataset<th scope="col" class="number">Waiting<th scope="col" class="number">Loading\
        <th scope="col" class="number">Loaded<th scope="col" class="number">Failed<th scope="col" class="number">Rows\
        <th scope="col" class="number">Rejected<th scope="col" class="number">Rows/s<th scope="col" class="short">Oldest\
        <th scope="col">Last file""",
        status.datasets(),
        dataset -> {
          DatasetStatus counts = dataset.counts();
          return Markup.of(
              """
              <th scope="row"><bdi>%s</bdi>%s%s%s%s%s%s%s<td>%s<td>%s""",
              counts.dataset(),
              number(counts.waiting()),
              number(counts.loading()),
              number(counts.loaded()),
              counts.failed() == 0
                  ? number(0)
                  : Markup.of("<td class=\"number bad\">%s", "%,d".formatted(counts.failed())),
              number(counts.rows()),
              number(counts.rejected()),
              number(Math.round(dataset.rowsPerSecond())),
              dataset.oldest() == null ? "" : since(dataset.oldest()),
              dataset.last() == null
                  ? "none"
                  : Markup.of(
                      "<bdi>%s</bdi> <span class=\"faint\">%s ago</span>",
                      dataset.last().location(), since(dataset.last().at())));
        });
  }

  private Markup loading() {
    return section(
        "loading",
        "Being loaded",
        """
        <th scope="col">Object<th scope="col" class="short">Progress<th scope="col" class="number">Rows\
        <th scope="col" class="number">Rows/s<th scope="col" class="number">Since""",
        status.loading(),
        object ->
            Markup.of(
                "<th scope=\"row\"><bdi>%s</bdi><td>%s%s%s<td class=\"number\">%s",
                object.location(),
                progress(object),
                number(object.rows()),
                object.rowsPerSecond() < 0
                    ? Markup.of("<td class=\"number\">")
                    : number(Math.round(object.rowsPerSecond())),
                since(object.since())));
  }

  private static Markup progress(Status.LoadingObject object) {
    int percent = (int) (100 * object.share());
    return percent < 0
        ? Markup.of("not known")
        : Markup.of(
            "<progress max=\"100\" value=\"%s\" aria-label=\"%s\"></progress> %s %%",
            percent, object.location(), percent);
  }

  private Markup unloaded() {
    return section(
        "errors",
        "Not loaded",
        """
        <th scope="col">Object<th scope="col" class="name">State<th scope="col" class="number">Tries\
        <th scope="col">Error""",
        Stream.concat(status.failed().some().stream(), status.waiting().some().stream()).toList(),
        object ->
            Markup.of(
                "<th scope=\"row\"><bdi>%s</bdi><td>%s%s<td><bdi>%s</bdi>",
                object.location(),
                object.next() == null
                    ? Markup.of("<span class=\"bad\">failed</span>")
                    : object.next().isAfter(status.at())
                        ? Markup.of("tried again in %s", until(object.next()))
                        : Markup.of("tried again now"),
                number(object.attempts()),
                object.error()));
  }

  private Markup rejected() {
    return section(
        "rejected",
        "Rejected lines",
        """
        <th scope="col" class="short">Dataset<th scope="col" class="name">Reason<th scope="col" class="number">Lines\
        <th scope="col" class="short">Last<th scope="col">Such as""",
        status.rejected(),
        group ->
            Markup.of(
                "<th scope=\"row\"><bdi>%s</bdi><td><bdi>%s</bdi>%s<td>%s ago<td>%s",
                group.dataset(),
                group.reason(),
                number(group.lines()),
                since(group.last()),
                Markup.all(group.examples().stream().limit(1).map(StatusMarkup::example))));
  }

  private static Markup example(RejectedGroup.Example example) {
    return Markup.of(
        "<bdi>%s</bdi> line %s: <bdi>%s</bdi>",
        example.location(), example.line(), example.message());
  }

  private Markup instances() {
    return section(
        "instances",
        "Instances",
        """
        <th scope="col" class="name">Instance<th scope="col" class="name">Version<th scope="col" class="short">Started\
        <th scope="col" class="short">Seen<th scope="col">Edits of routes and SQL""",
        instances,
        instance ->
            Markup.of(
                "<th scope=\"row\"><bdi>%s:%s</bdi><td>%s<td>%s ago<td>%s<td>%s",
                instance.host(),
                instance.pid(),
                instance.version(),
                since(instance.started()),
                status.isPresent(instance)
                    ? Markup.of("now")
                    : Markup.of("<span class=\"bad\">not for %s</span>", since(instance.seen())),
                edited(instance.edited())));
  }

  private Markup edited(Instance.Edited edited) {
    Markup taken =
        edited.taken() == null
            ? Markup.of("none taken")
            : Markup.of("last taken %s ago", since(edited.taken()));
    return edited.error() == null
        ? taken
        : Markup.of(
            "%s; <span class=\"bad\">not taken %s ago: <bdi>%s</bdi></span>",
            taken, since(edited.failed()), edited.error());
  }

  /** The routes of instances with their states. */
  static Markup routes(List<Instance> instances) {
    return section(
        "routes",
        "Routes",
        """
        <th scope="col" class="name">Route<th scope="col" class="short">State<th scope="col" class="short">Instance\
        <th scope="col">What it does""",
        instances.stream()
            .flatMap(
                instance -> instance.routes().stream().map(route -> new Placed(instance, route)))
            .toList(),
        placed ->
            Markup.of(
                "<th scope=\"row\"><bdi>%s</bdi><td>%s<td><bdi>%s:%s</bdi><td><bdi>%s</bdi>",
                placed.route().id(),
                placed.route().state().equals("started")
                    ? "started"
                    : Markup.of("<span class=\"bad\">%s</span>", placed.route().state()),
                placed.instance().host(),
                placed.instance().pid(),
                placed.route().description() == null ? "" : placed.route().description()));
  }

  private record Placed(Instance instance, Instance.Route route) {}

  /** A table that can be scrolled with the keyboard, too. */
  private static <T> Markup section(
      String id, String title, String columns, List<T> rows, Function<T, Markup> row) {
    return Markup.of(
        """
        <section aria-labelledby="%1$s">
        <h2 id="%1$s">%2$s</h2>
        <div class="scroll" id="%1$s-scroll" tabindex="0" role="group" aria-labelledby="%1$s">
        %3$s</div>
        </section>
        """,
        id,
        title,
        rows.isEmpty()
            ? Markup.of("<p class=\"faint\">None.</p>\n")
            : Markup.of(
                "<table>\n<thead><tr>%s</thead>\n<tbody>\n%s</tbody>\n</table>\n",
                new Markup(columns),
                Markup.all(rows.stream().map(one -> Markup.of("<tr>%s\n", row.apply(one))))));
  }

  private static Markup number(long number) {
    return Markup.of("<td class=\"number\">%s", "%,d".formatted(number));
  }

  private Markup since(Instant at) {
    return time(at, Duration.between(at, status.at()));
  }

  private Markup until(Instant at) {
    return time(at, Duration.between(status.at(), at));
  }

  private static Markup time(Instant at, Duration distance) {
    return Markup.of(
        "<time datetime=\"%s\">%s</time>",
        at.truncatedTo(ChronoUnit.SECONDS),
        TimeUtils.printDuration(distance.isNegative() ? Duration.ZERO : distance, false));
  }
}
