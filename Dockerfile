# The site, its worker and its scheduler, from one image: compose.yaml says which command each runs.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN python3 -m venv .venv && .venv/bin/pip install -q --no-cache-dir --require-hashes -r requirements.txt
COPY manage.py pyproject.toml ./
COPY config config
COPY treaties treaties
COPY campaign campaign
COPY news news
COPY templates templates
RUN .venv/bin/pybabel -q compile -D django -d config/pages/locale
RUN SECRET_KEY=for-collecting-static-files-alone-never-for-serving-0 ALLOWED_HOSTS=localhost .venv/bin/python manage.py collectstatic --noinput -v0

FROM python:3.13-slim
# It joins the letters of Arabic in pictures to share.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libfribidi0 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --no-create-home minefree
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/media
RUN install -d -o minefree -g minefree /media
USER minefree
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--preload", "--worker-tmp-dir", "/tmp", "--no-control-socket", "--logger-class", "config.access_log.AccessLog", "--access-logfile", "-"]
