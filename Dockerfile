# The release workflow builds the image from the executables that it compiled. To build it here:
#
#   make dist/x86_64-unknown-linux-gnu && docker build -t livestream .
ARG TARGETARCH

FROM scratch AS executable-amd64
COPY --chmod=755 dist/livestream-x86_64-unknown-linux-gnu /livestream

FROM scratch AS executable-arm64
COPY --chmod=755 dist/livestream-aarch64-unknown-linux-gnu /livestream

FROM executable-${TARGETARCH} AS executable

FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --groups video,audio --home-dir /data livestream \
 && install --directory --owner=livestream --group=livestream /data
COPY --from=executable /livestream /usr/local/bin/livestream
USER livestream
ENV LIVESTREAM_DATA=/data/livestream.db
VOLUME /data
EXPOSE 8081
# ffmpeg is the only HTTP client in the image. It accepts a self-signed certificate.
HEALTHCHECK --start-period=30s --timeout=10s CMD ffmpeg -v error -f data \
  -i "http${LIVESTREAM_TLS:+s}${LIVESTREAM_CERT:+s}://127.0.0.1:${LIVESTREAM_PORT:-8081}${LIVESTREAM_BASE_PATH}/healthz" \
  -map 0 -f null - || exit 1
ENTRYPOINT ["livestream"]
