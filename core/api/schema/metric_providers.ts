/** Where metrics come from: one object for each provider. */
import { jobSpec } from "./job.ts";
import { metadata } from "./common.ts";
import type { Field, Kit, Shape } from "../../../sdk/fields/kit.ts";

export function providers(kit: Kit): Field {
  return kit.object(
    () => ({
      prometheus: prometheus(kit),
      web: web(kit),
      job: kit.object(
        () => ({
          metadata: metadata(kit, "Labels and annotations of the Job."),
          spec: kit.object(() => jobSpec(kit), "The Job.", { required: true }),
        }),
        "A Kubernetes Job: its success is the measurement.",
      ),
      datadog: datadog(kit),
      kayenta: kayenta(kit),
      newRelic: kit.object(
        () => ({
          query: kit.text("Query in NRQL.", { required: true }),
          profile: kit.text("Secret with the account.", { default: "newrelic" }),
          timeout: kit.long("Time for an answer.", { unit: "seconds" }),
        }),
        "New Relic.",
      ),
      cloudWatch: cloudWatch(kit),
      wavefront: kit.object(
        () => ({ address: address(kit), query: kit.text("The query.") }),
        "Wavefront.",
      ),
      graphite: kit.object(
        () => ({ address: address(kit), query: kit.text("The target.") }),
        "Graphite.",
      ),
      influxdb: kit.object(
        () => ({
          query: kit.text("Query in Flux."),
          profile: kit.text("Secret with address and token.", { default: "influxdb" }),
        }),
        "InfluxDB.",
      ),
      skywalking: kit.object(
        () => ({
          address: address(kit),
          query: kit.text("Query in GraphQL."),
          interval: kit.text("Time that is looked at, such as `5m`.", { default: "5m" }),
        }),
        "Apache SkyWalking.",
      ),
      plugin: kit.open("A provider that is a plugin, by name, with what it is told."),
    }),
    "Where the value comes from: exactly one.",
    { required: true },
  );
}

function address(kit: Kit): Field {
  return kit.text("URL of the server.");
}

function headers(kit: Kit): Field {
  return kit.list(
    () => ({
      key: kit.text("Name of the header.", { required: true }),
      value: kit.text("Its value.", { required: true }),
    }),
    "Headers of the request.",
  );
}

function authentication(kit: Kit): Field {
  return kit.object(
    () => ({
      basicAuth: kit.object(
        () => ({ username: kit.text("Name."), password: kit.text("Password.") }),
        "Name and password.",
      ),
      oauth2: kit.object(
        () => ({
          tokenUrl: kit.text("Where tokens are given."),
          clientId: kit.text("Name of the client."),
          clientSecret: kit.text("Its secret."),
          scopes: kit.texts("What is asked for."),
        }),
        "OAuth 2 with client credentials.",
      ),
      sigv4: kit.object(
        () => ({
          region: kit.text("Region of the service."),
          profile: kit.text("Profile of the credentials."),
          roleArn: kit.text("Role that is taken on."),
        }),
        "AWS Signature Version 4.",
      ),
    }),
    "How the server is told who asks.",
  );
}

function prometheus(kit: Kit): Field {
  return kit.object(
    () => ({
      address: address(kit),
      query: kit.text("Query in PromQL."),
      rangeQuery: kit.object(
        () => ({
          start: kit.text('Expression for the start, such as `now() - duration("1h")`.'),
          end: kit.text("Expression for the end."),
          step: kit.text("Time between two points, such as `1m`."),
        }),
        "Asks for a range of time instead of a moment.",
      ),
      timeout: kit.long("Time for an answer.", { unit: "seconds", default: 30 }),
      insecure: kit.flag("Whether any certificate will do.", { default: false }),
      headers: headers(kit),
      authentication: authentication(kit),
    }),
    "Prometheus.",
  );
}

function web(kit: Kit): Field {
  return kit.object(
    () => ({
      url: kit.text("Address of the request.", { required: true }),
      method: kit.text("`GET`, `POST` or `PUT`.", { default: "GET" }),
      headers: headers(kit),
      body: kit.text("Body of the request."),
      jsonBody: kit.open("Body of the request as JSON, instead."),
      jsonPath: kit.text("Where the value stands in the answer, such as `{$.data.ok}`."),
      timeoutSeconds: kit.long("Time for an answer.", { unit: "seconds", default: 10 }),
      insecure: kit.flag("Whether any certificate will do.", { default: false }),
      authentication: authentication(kit),
    }),
    "Any HTTP service that answers with JSON.",
  );
}

function datadog(kit: Kit): Field {
  const aggregators = ["avg", "min", "max", "sum", "last", "percentile", "mean", "l2norm", "area"];
  return kit.object(
    () => ({
      apiVersion: kit.choice(["v1", "v2"], "Version of the API.", { stored: "v1" }),
      interval: kit.text("Time that is looked at.", { stored: "5m" }),
      query: kit.text("The query."),
      queries: kit.textMap("Several queries by name, for `formula`; version 2 only."),
      formula: kit.text("What is made of them; version 2 only."),
      aggregator: kit.choice(aggregators, "How the points become one value; version 2 only."),
      requestTimeout: kit.text("Time for an answer.", { stored: "10s" }),
      secretRef: kit.object(
        () => ({
          name: kit.text("Name of the Secret."),
          namespaced: kit.flag("Whether it is in the run's namespace.", { default: false }),
        }),
        "Secret with address and keys.",
      ),
    }),
    "Datadog.",
  );
}

function kayenta(kit: Kit): Field {
  const name = (meaning: string) => kit.text(meaning, { required: true });
  const score = (meaning: string) =>
    kit.long(meaning, { required: true, unit: "points", range: "0 to 100" });
  return kit.object(
    () => ({
      address: name("URL of the server."),
      application: name("The application."),
      canaryConfigName: name("Configuration of the judgement."),
      configurationAccountName: name("Account of the configuration."),
      metricsAccountName: name("Account of the metrics."),
      storageAccountName: name("Account of the storage."),
      threshold: kit.object(
        () => ({ pass: score("Enough to succeed."), marginal: score("Enough not to fail.") }),
        "Scores that decide.",
        { required: true },
      ),
      lookback: kit.flag("Whether each run looks back to the beginning.", { default: false }),
      scopes: kit.list(
        () => ({
          name: name("Name of the scope."),
          controlScope: kit.object(() => scope(kit), "What it is compared with.", {
            required: true,
          }),
          experimentScope: kit.object(() => scope(kit), "What is judged.", { required: true }),
        }),
        "What is compared.",
        { required: true },
      ),
    }),
    "Kayenta.",
  );
}

function scope(kit: Kit): Shape {
  return {
    scope: kit.text("The scope, such as a hash of pods.", { required: true }),
    region: kit.text("The region.", { required: true }),
    step: kit.long("Time between two points.", { required: true, unit: "seconds" }),
    start: kit.text("Start of the time that is looked at."),
    end: kit.text("End of it."),
  };
}

function cloudWatch(kit: Kit): Field {
  return kit.object(
    () => ({
      interval: kit.text("Time that is looked at.", { default: "5m" }),
      metricDataQueries: kit.list(
        () => ({
          id: kit.text("Name of the query."),
          expression: kit.text("Expression over other queries."),
          label: kit.text("Label of the result."),
          period: kit.wholeOrText("Length of a point.", { unit: "seconds" }),
          returnData: kit.flag("Whether the result is returned."),
          metricStat: kit.object(
            () => ({
              metric: kit.object(
                () => ({
                  namespace: kit.text("Namespace of the metric."),
                  metricName: kit.text("Its name."),
                  dimensions: kit.list(
                    () => ({
                      name: kit.text("Name of the dimension."),
                      value: kit.text("Its value."),
                    }),
                    "What it is narrowed to.",
                  ),
                }),
                "The metric.",
              ),
              period: kit.wholeOrText("Length of a point.", { unit: "seconds" }),
              stat: kit.text("The statistic, such as `Sum`."),
              unit: kit.text("The unit."),
            }),
            "A metric and what is made of it, instead of an expression.",
          ),
        }),
        "The queries.",
        { required: true },
      ),
    }),
    "AWS CloudWatch.",
  );
}
