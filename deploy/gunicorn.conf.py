"""How the web server runs: gunicorn --config deploy/gunicorn.conf.py.

How many processes, WEB_CONCURRENCY says.
"""

wsgi_app = "training_platform.wsgi"
bind = "0.0.0.0:8000"
# A film takes its time: a process without threads is ended in the midst of a long download.
threads = 8
# Of silence of a whole process, not of a long answer.
timeout = 120
# What is under way may end; shorter than `stop_grace_period`.
graceful_timeout = 35
# On a disk, the heartbeat of a process can wait for the writing of a film.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# Nothing here is steered while it runs.
control_socket_disable = True
