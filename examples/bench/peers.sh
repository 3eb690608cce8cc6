#!/usr/bin/env bash
# Installs what bench compares the library with, on Debian, as root:
#
#	peers.sh [DIR]
#
# ripgrep, jq, igzip, gzip and zstd come from Debian; DuckDB as a Go module,
# with a small program round it; ClickHouse from npm, with another. The programs
# duckdb-tsv and clickhouse-tsv go to DIR, /usr/local/bin by default: each runs
# one SQL text and prints its rows with tabs between the columns. What cannot be
# installed is named, and left out by bench.
set -uo pipefail
dir=$(mkdir -p "${1:-/usr/local/bin}" && cd "${1:-/usr/local/bin}" && pwd)
failed=()

debian() {
	apt-get update -q && apt-get install -qy ripgrep jq isal gzip zstd findutils gcc g++ libc6-dev
}

duckdb() (
	set -e
	build=$(mktemp -d)
	trap 'rm -rf "$build"' EXIT
	cd "$build"
	cat >go.mod <<-'MOD'
		module duckdb-tsv

		go 1.26.0

		require github.com/duckdb/duckdb-go/v2 v2.10506.0
	MOD
	cat >main.go <<-'GO'
		// Duckdb-tsv runs one SQL text and prints its rows.
		package main

		import (
			"bufio"
			"database/sql"
			"fmt"
			"log"
			"os"

			_ "github.com/duckdb/duckdb-go/v2"
		)

		func main() {
			if err := run(os.Args[1]); err != nil {
				log.Fatal(err)
			}
		}

		func run(text string) error {
			db, err := sql.Open("duckdb", "")
			if err != nil {
				return err
			}
			defer db.Close()
			rows, err := db.Query(text)
			if err != nil {
				return err
			}
			defer rows.Close()
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			out := bufio.NewWriter(os.Stdout)
			for rows.Next() {
				if err := rows.Scan(into...); err != nil {
					return err
				}
				for i, v := range values {
					if i > 0 {
						out.WriteByte('\t')
					}
					if v != nil {
						fmt.Fprint(out, v)
					}
				}
				out.WriteByte('\n')
			}
			if err := rows.Err(); err != nil {
				return err
			}
			return out.Flush()
		}
	GO
	GOFLAGS=-mod=mod GOWORK=off CGO_ENABLED=1 go build -o "$dir/duckdb-tsv" .
	"$dir/duckdb-tsv" "SELECT version()"
)

clickhouse() (
	set -e
	lib=$dir/clickhouse-tsv.d
	mkdir -p "$lib"
	cd "$lib"
	[ -e package.json ] || npm init -y >/dev/null
	npm install --no-fund --no-audit chdb@3.4.0
	cat >main.js <<-'JS'
		const { query } = require('chdb');
		process.stdout.write(query(process.argv[2], 'TSVRaw'));
	JS
	printf '#!/bin/sh\nexec node %q "$@"\n' "$lib/main.js" >"$dir/clickhouse-tsv"
	chmod +x "$dir/clickhouse-tsv"
	"$dir/clickhouse-tsv" "SELECT version()"
)

for peer in debian duckdb clickhouse; do
	"$peer" || failed+=("$peer")
done
if [ ${#failed[@]} -gt 0 ]; then
	echo "not installed: ${failed[*]}" >&2
	exit 1
fi
