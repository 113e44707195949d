# Needs Python 3.11 or newer, make and git; everything else comes into .venv.

PORT = 8000

.PHONY: help run code test check content bench coverage format lock

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run:  ## the platform with a demo study, on PORT (8000)
	@bin/venv run
	@exec env DEMO=true STAFF_MFA=required SITE_URL=http://localhost:$(PORT) .venv/bin/python manage.py demo --port $(PORT)

code:  ## the second code that the demonstration's staff need at signing in
	@env DEMO=true .venv/bin/python manage.py demo_code

test:  ## all tests, on PostgreSQL and on SQLite
	@bin/venv dev
	@bin/browser
	@bin/nginx
	@bin/test

check:  ## format, faults, types, imports, course folder, migrations, deployment
	@bin/venv dev
	@bin/check

content:  ## the recordings and videos whose scripts changed, built anew; sets up what that needs
	@bin/content

bench:  ## how fast mail goes out, beside a peer and a limit (ROWS="speed memory" for some)
	@bin/venv bench
	@.venv/bin/python -m bench $(ROWS)

coverage:  ## the lines that no test runs
	@bin/venv dev
	@.venv/bin/coverage run -m pytest -q --numprocesses auto
	@.venv/bin/coverage combine -q
	@.venv/bin/coverage report

format:  ## put the code in the project's form
	@bin/venv dev
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

lock:  ## write requirements/*.lock anew from pyproject.toml
	@bin/venv dev
	@bin/lock
