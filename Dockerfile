# The controller. Needs release/sluice-controller-linux-x64 and -arm64 (deno task compile), which are
# compiled to need little memory.
#
#   docker buildx build --platform linux/amd64,linux/arm64 -t IMAGE .
FROM --platform=$BUILDPLATFORM busybox:1.37 AS layout
ARG TARGETARCH
COPY release/sluice-controller-linux-* /release/
# rollouts-controller is what Argo Rollouts' image starts: a Deployment may name it.
RUN set -eu; \
    case "$TARGETARCH" in amd64) from=x64 ;; *) from="$TARGETARCH" ;; esac; \
    mkdir -p /layout/bin; \
    cp "/release/sluice-controller-linux-$from" /layout/bin/sluice; \
    chmod 0755 /layout/bin/sluice; \
    ln -s sluice /layout/bin/rollouts-controller; \
    ln -s sluice /layout/bin/kubectl-argo-rollouts

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=layout /layout/bin/ /bin/
COPY LICENSE core/cli/licences.txt /licenses/
# By number, so that runAsNonRoot can be checked. Nothing is written outside of /tmp.
USER 65532:65532
ENV NO_COLOR=1 DENO_NO_UPDATE_CHECK=1
EXPOSE 8080 8090
ENTRYPOINT ["/bin/rollouts-controller"]
