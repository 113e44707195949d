# Two images: `application` runs web, worker, beat and manage.py; `proxy` is nginx with the static
# files of the same version.

FROM python:3.11-slim-trixie AS application

# pg_dump and pg_restore, for backups: of the version of `db` in docker-compose.yml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*

# Media lie in a volume, which takes over whose folder it is.
RUN useradd --uid 10001 --create-home training \
    && install --directory --owner training --group training /srv/media

WORKDIR /srv/four-weeks
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1

COPY requirements/run.lock requirements/run.lock
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    --requirement requirements/run.lock

COPY . .
# Needs settings, and none of the true ones.
RUN SECRET_KEY=for-this-line-alone SITE_URL=https://build.invalid DATABASE_URL=sqlite:// \
    EMAIL_URL=memorymail:// python manage.py collectstatic --noinput

USER training
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py"]


FROM nginx:1.28 AS proxy

COPY deploy/nginx /etc/nginx/four-weeks
COPY deploy/nginx/http.conf /etc/nginx/conf.d/default.conf
COPY --from=application /srv/four-weeks/var/static /srv/static
