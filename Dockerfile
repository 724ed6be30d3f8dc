# Two images: ingest, the application; local, the S3 and SQS of the profile local.

FROM eclipse-temurin:17.0.19_10-jdk-noble AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml LICENSE ./
COPY src src
COPY local local
COPY bench/src bench/src
COPY routes routes
COPY sql sql
RUN ./mvnw -q -B package -DskipTests -Dspotless.check.skip=true
# The local stack is made of what tests have.
RUN mkdir -p /local/lib \
  && tr ':' '\n' <target/local.classpath | xargs cp -t /local/lib \
  && cp -r target/classes target/test-classes /local/

FROM eclipse-temurin:17.0.19_10-jre-noble AS local
# The S3 server keeps objects as files, whose names follow the locale.
ENV LC_ALL=C.UTF-8
RUN useradd --system --uid 10001 --user-group --no-create-home ingest && install -d -o ingest -g ingest /data
COPY --from=build /local /opt/local
COPY deploy/compose/local.sh /opt/local/
USER 10001:10001
ENTRYPOINT ["bash", "/opt/local/local.sh"]
CMD ["serve"]

FROM eclipse-temurin:17.0.19_10-jre-noble AS ingest
RUN useradd --system --uid 10001 --user-group --no-create-home ingest
WORKDIR /opt/camel-ingest
COPY --from=build /build/target/camel-ingest.jar ./
COPY deploy/jvm.options ./
USER 10001:10001
ENTRYPOINT ["java", "@/opt/camel-ingest/jvm.options", "-jar", "/opt/camel-ingest/camel-ingest.jar"]
CMD ["run"]
