#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other, for the given time each.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-10s}

found=0
while IFS=: read -r file name; do
	found=$((found + 1))
	echo "fuzz $name in $(dirname "$file") for $time"
	go test -run='^$' -fuzz="^$name\$" -fuzztime="$time" -fuzzminimizetime=1s "./$(dirname "$file")"
done < <(git ls-files --cached --others --exclude-standard '*_test.go' |
	xargs -r grep -HoE '^func Fuzz[A-Za-z0-9_]*' | sed 's/:func /:/' | sort)
echo "$found fuzz targets, no failure"
