#!/usr/bin/env bash
# The production example on one machine: PostgreSQL, web server and worker as separate processes
# that read one environment file. Starts everything, fetches the start page and a static file as
# a proxy would, sees the worker ready, and stops it all again.
#
#   deploy/example.sh [POSTGRES-URL]      default: postgres://postgres@127.0.0.1:5432/postgres
#
# Needs .venv (dev.py run or test makes it) and a PostgreSQL role that may create databases.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
python="$root/.venv/bin/python"
server="${1:-postgres://postgres@127.0.0.1:5432/postgres}"
port="${PATENWERK_EXAMPLE_PORT:-8765}"
folder="$(mktemp -d)"
name="patenwerk_example_$$"
started=()

sql() { "$python" -c 'import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as server:
    server.execute(sys.argv[2])' "$server" "$1"; }

stop() {
  code=$?
  trap - EXIT INT TERM
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  for process in "${started[@]}"; do wait "$process" 2>/dev/null || true; done
  if [ "$code" -ne 0 ]; then
    for log in "$folder"/*.log; do
      [ -f "$log" ] && { echo "--- $(basename "$log")"; tail -n 40 "$log"; }
    done
  fi
  sql "DROP DATABASE IF EXISTS $name WITH (FORCE)" || true
  rm -rf "$folder"
  exit "$code"
}
trap stop EXIT
trap 'exit 130' INT TERM

# The example's own lines, with this machine's database, folder and no outgoing mail.
sed -e "s#^PATENWERK_DATABASE_URL=.*#PATENWERK_DATABASE_URL=${server%/*}/$name#" \
    -e "s#^PATENWERK_DATA=.*#PATENWERK_DATA=$folder/data#" \
    -e "s#^PATENWERK_MAIL_HOST=.*#PATENWERK_MAIL_HOST=#" \
    -e "s#^PYTHONPATH=.*#PYTHONPATH=$root/src#" \
    "$root/deploy/patenwerk.env.example" > "$folder/patenwerk.env"
set -a
# shellcheck source=/dev/null
. "$folder/patenwerk.env"
set +a
export PYTHONUNBUFFERED=1
mkdir "$folder/data"

echo "  database $name"
sql "CREATE DATABASE $name"
echo "  tables, translations, static files"
"$root/deploy/prepare" > "$folder/prepare.log" 2>&1

echo "  web server and worker"
"$python" -m granian --interface wsgi --no-ws --host 127.0.0.1 --port "$port" --workers 2 \
  --blocking-threads 4 --log-level warning patenwerk.config.wsgi:application \
  > "$folder/web.log" 2>&1 &
started+=($!)
"$python" -m django worker > "$folder/worker.log" 2>&1 &
started+=($!)

"$python" - "$port" <<'PYTHON'
"""Fetch the start page and what it needs, as the proxy in front would."""

import http.client
import re
import sys
import time

PORT = int(sys.argv[1])


def fetch(path, host="patenwerk.example.org", proto="https"):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": proto})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode("utf-8", "replace")


def wanted(true, words):
    if not true:
        sys.exit(f"  not as wanted: {words}")
    print(f"  {words}")


for _ in range(100):
    try:
        status, headers, page = fetch("/")
        break
    except OSError:
        time.sleep(0.2)
else:
    sys.exit("  the web server does not answer")
wanted(status == 200 and "<html" in page, f"start page: {status}, {len(page)} characters")
wanted("Content-Security-Policy" in headers, "content security policy is set")
wanted("Strict-Transport-Security" in headers, "only over TLS")
sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
wanted(sheets and re.search(r"\.[0-9a-f]{12}\.css$", sheets[0]), "static files have hashed names")
status, headers, _ = fetch(sheets[0])
wanted(status == 200 and "immutable" in headers.get("Cache-Control", ""), "and are kept for ever")
login = re.search(r'href="(/[^"?]*(?:login|anmelden)[^"?]*)', page)
wanted(login, "the start page leads to the login")
status, headers, _ = fetch(login[1])
cookies = headers.get_all("Set-Cookie") or []
wanted(status == 200 and cookies, "the login page sets a cookie")
wanted(all("Secure" in cookie for cookie in cookies), "every cookie is secure")
wanted(fetch("/", host="elsewhere.example")[0] == 400, "a foreign host name is refused")
status, _, page = fetch("/there-is-no-such-page/")
wanted(status == 404 and "Traceback" not in page and "DEBUG" not in page, "404 says no more than that")
PYTHON

for process in "${started[@]}"; do kill -0 "$process"; done
for _ in $(seq 50); do
  grep -q "worker is ready" "$folder/worker.log" && break
  sleep 0.2
done
grep -q "worker is ready" "$folder/worker.log" && echo "  the worker is ready"
echo "  stopping"
for process in "${started[@]}"; do kill "$process"; wait "$process" 2>/dev/null || true; done
started=()
echo "the production example runs"
