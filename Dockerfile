# The production image: web server, workers and clock are the same image with different commands,
# see docker-compose.yml. No database and no Redis inside.
FROM python:3.13-slim AS packages
COPY requirements.txt requirements-stats.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: \
       -r requirements.txt -r requirements-stats.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tomoni \
    && install -d -o tomoni -g tomoni /data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    GLIBC_TUNABLES=glibc.malloc.hugetlb=1 \
    TOMONI_ENV=production \
    STATE_DIR=/data \
    MEDIA_ROOT=/data/media \
    STATIC_ROOT=/app/static
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
RUN python manage.py collectstatic --noinput && python -m compileall -q .
USER tomoni
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "lms.wsgi", "--bind=0.0.0.0:8000", "--worker-class=lms.patience.PatientWorker", "--preload", \
     "--workers=4", "--threads=8", "--timeout=60", "--limit-request-line=8190", "--worker-tmp-dir=/dev/shm", \
     "--no-control-socket", "--forwarded-allow-ips=*"]
