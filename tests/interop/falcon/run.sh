#!/usr/bin/env bash
# usage: run.sh PEER FOLDER: installs the packages of package-lock.json into FOLDER and runs interop.mjs against the program PEER.
# Exit status 77 means skipped.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
peer=$1 folder=$2

skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

command -v node >/dev/null && command -v npm >/dev/null ||
    skip 'no Node.js here (version 20 or newer, with npm; ./setup or the system'"'"'s package manager installs it)'
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || skip "Node.js $major is too old, 20 is the oldest that the packages run on"

mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/installed-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$folder/"
    (cd "$folder" && npm ci --loglevel=error) || skip 'npm could not install the packages (no network?)'
    cp "$here/package-lock.json" "$folder/installed-lock.json"
fi
cp "$here/interop.mjs" "$folder/"
exec node "$folder/interop.mjs" "$peer"
