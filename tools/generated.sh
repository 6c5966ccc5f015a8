#!/usr/bin/env bash
# Fails, and shows the difference, if `go generate ./...` changes a file that git does not ignore.
# What is compared is the work tree before and after, so uncommitted work is no hindrance.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! git rev-parse --git-dir >/dev/null 2>&1; then
	echo "notice: not a git checkout; generated files are not compared"
	exit 0
fi

index=$(mktemp)
trap 'rm -f "$index"' EXIT

tree() {
	rm -f "$index"
	GIT_INDEX_FILE=$index git add --all >/dev/null
	GIT_INDEX_FILE=$index git write-tree
}

before=$(tree)
go generate ./...
after=$(tree)
if [ "$before" != "$after" ]; then
	git --no-pager diff --stat -p "$before" "$after"
	echo "go generate ./... changed the files above: commit what it writes" >&2
	exit 1
fi
