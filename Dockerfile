FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /src/
RUN pip install --require-hashes -r /src/requirements.lock
COPY pyproject.toml README.md LICENSE /src/
COPY bot /src/bot
RUN pip install --no-deps --no-build-isolation /src

WORKDIR /app
# A new named volume takes its owner from here, so the bot can write to it without being root.
RUN useradd --system --home-dir /app paperboy && mkdir data && chown paperboy data
USER paperboy
VOLUME /app/data
HEALTHCHECK --interval=5m --timeout=1m --start-period=1m CMD ["paperboy", "doctor", "--quiet"]
ENTRYPOINT ["paperboy"]
CMD ["run"]
