# Linnet as one image: every role is the same program with another argument.
#
#   docker build -t linnet .
#   docker run -p 8000:8000 -v linnet:/data -e LINNET_PUBLIC_URL=http://127.0.0.1:8000 linnet
#
# The second command runs everything in one container, with engines of its own in the volume. On a cluster give each
# container LINNET_DATABASE_URL, LINNET_VALKEY_URL, JWT_SECRET and a role: `api`, `worker`, `scheduler`.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /build && /build/bin/pip install "hatchling>=1.27,<2" \
 && python -m venv /opt/linnet
# What is installed is what the lock names, and only if its hash is right. This layer is made anew only with the lock.
COPY requirements-server.lock ./
RUN /opt/linnet/bin/pip install --require-hashes --only-binary :all: -r requirements-server.lock \
 && rm -f /opt/linnet/lib/python3.11/site-packages/imageio_ffmpeg/binaries/ffmpeg-*
COPY pyproject.toml README.md LICENSE ./
COPY migrations ./migrations
COPY src ./src
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/linnet/bin/pip install --no-deps /wheels/linnet-*.whl \
 && /opt/linnet/bin/pip uninstall --yes pip setuptools \
 && /opt/linnet/bin/python -m compileall -q /opt/linnet/lib/python3.11/site-packages/linnet

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Linnet" \
      org.opencontainers.image.description="A Twitter-class social network server that speaks the Mastodon client API" \
      org.opencontainers.image.licenses="Apache-2.0"
# A user without a shell or a password; the number is fixed, so that volumes and Kubernetes' runAsUser agree.
RUN groupadd --system --gid 10001 linnet \
 && useradd --system --uid 10001 --gid linnet --home-dir /data --no-create-home --shell /usr/sbin/nologin linnet \
 && install --directory --owner=linnet --group=linnet --mode=0700 /data
# Debian's ffmpeg, whose source Debian offers, in place of the wheel's (GPL): docs/decisions/0035.
RUN apt-get update && apt-get install --yes --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/linnet /opt/linnet
ENV PATH=/opt/linnet/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LINNET_HOST=0.0.0.0 \
    LINNET_PORT=8000 \
    LINNET_DATA_DIR=/data \
    LINNET_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
# The only place that is written to, besides /tmp: run it with --read-only and --tmpfs /tmp if you like.
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of processes without a port, such as workers, ask nothing: run those with --no-healthcheck.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['LINNET_PORT']}/health/ready\", timeout=4)"]
ENTRYPOINT ["linnet"]
CMD ["serve"]
