# The collector as a container image. docs/deployment.md says how it is built and run.
# Any Debian-based image that has Python 3.11 or newer with venv will do as the base.
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
# Behind a company's certificate: /run/secrets/company_ca, with that file given as a build secret of this name
# (docs/deployment.md). Nothing of it stays in the image.
ARG PIP_CERT
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python3 -m venv tools

# Wheels only, each checked against its locked hash: a base without a compiler must not begin to compile.
COPY requirements/postgres.txt requirements/
RUN --mount=type=secret,id=company_ca \
    tools/bin/pip download --quiet --only-binary :all: --require-hashes --dest wheels -r requirements/postgres.txt

COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY connectors connectors
COPY collector collector
# From here on nothing is fetched. What only the building needs stays in this stage.
RUN tools/bin/pip install --quiet --no-index --find-links wheels hatchling \
    && tools/bin/pip wheel --quiet --no-index --no-deps --no-build-isolation --wheel-dir wheels . \
    && python3 -m venv --without-pip /opt/collector \
    && tools/bin/pip --python /opt/collector/bin/python install --quiet --no-index --find-links wheels 'collector[alerts,postgres,reports]'


FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="collector" \
      org.opencontainers.image.description="Self-hosted collector of social-media figures for small public offices" \
      org.opencontainers.image.licenses="MIT"
# A fixed number, so that files of a volume or a secret can be given to this user on any host.
RUN groupadd --gid 10001 collector \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin collector \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/collector /opt/collector
# The program's folder belongs to root and was compiled above: there is nothing to write beside it.
ENV PATH="/opt/collector/bin:${PATH}" \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    COLLECTOR_HOME=/data \
    COLLECTOR_KEY_FILE=/run/secrets/collector_key
# As numbers: whoever starts the container can see that it is not root without asking its /etc/passwd.
USER 10001:10001
# After /data has its owner and mode: a new volume takes both over.
VOLUME ["/data"]
WORKDIR /data
# Ctrl-C's signal: the program ends a snapshot in order, also where it is the container's first process.
STOPSIGNAL SIGINT
# Whether the service holds the home and gives signs of life; no platform is asked. Docker knows 0 and 1 only, hence
# the "exit 1".
HEALTHCHECK --interval=2m --timeout=30s --start-period=1m --retries=3 \
    CMD collector service status --json > /dev/null || exit 1
ENTRYPOINT ["collector"]
CMD ["serve"]
