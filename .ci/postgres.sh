# Sets TEST_DATABASE_URL to a Postgres: the one on 127.0.0.1:5432 when it answers, else one of our own from Debian's packages.
# Defines stop_postgres, which ends our own again.

stop_postgres() { :; }

postgres_answers() {
  node --input-type=module -e "
    import pg from 'pg'
    const client = new pg.Client({ connectionString: '$1', connectionTimeoutMillis: 3000 })
    await client.connect(); await client.query('select 1'); await client.end()
  " 2>/dev/null
}

start_own_postgres() {
  local bin data port=54329
  as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
  if ! ls -d /usr/lib/postgresql/*/bin >/dev/null 2>&1; then
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
  fi
  bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  data=$(mktemp -d)
  # Postgres refuses to run as root.
  local as=()
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$data"
    as=(setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups --)
  fi
  (cd / && "${as[@]}" "$bin/initdb" -D "$data/db" -U postgres -A trust --encoding=UTF8 --locale=C >/dev/null)
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$data/db" -l "$data/log" -w -o "-p $port -c listen_addresses=127.0.0.1 -k $data" start >/dev/null)
  eval "stop_postgres() { (cd / && ${as[*]} $bin/pg_ctl -D $data/db -m fast stop >/dev/null) || true; rm -rf $data; }"
  TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$port/postgres"
}

if [ -z "${TEST_DATABASE_URL:-}" ]; then
  TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres
  postgres_answers "$TEST_DATABASE_URL" || start_own_postgres
fi
export TEST_DATABASE_URL
echo "tests on Postgres use $TEST_DATABASE_URL"
