# Recap with its embedded ClickHouse. Needs BuildKit for the cache mounts.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked && cp target/release/recap /recap

# The engine is recorded for x86_64; elsewhere the image has none and needs `clickhouse.url`.
FROM node:22-bookworm-slim AS engine
WORKDIR /engine
COPY .ci/engine .ci/engine
RUN if [ "$(uname -m)" = x86_64 ]; then .ci/engine; else mkdir -p .engine/package; fi

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/recap --shell /usr/sbin/nologin recap \
    && install -d -o recap -g recap -m 0700 /var/lib/recap/data
COPY --from=engine /engine/.engine/package /var/lib/recap/.engine/package
COPY --from=build /recap /usr/local/bin/recap
# The defaults name `.engine` and `data` from here.
WORKDIR /var/lib/recap
VOLUME /var/lib/recap/data
USER recap
# A container's loopback is its own; what is published decides who reaches these.
ENV RECAP__HTTP__LISTEN=0.0.0.0:8080 RECAP__HTTP__OPS_LISTEN=0.0.0.0:8081
EXPOSE 8080 8081
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["recap", "healthcheck"]
ENTRYPOINT ["recap"]
CMD ["serve"]
