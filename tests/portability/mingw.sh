#!/usr/bin/env bash
# Compiles for 64-bit Windows with mingw-w64.
#   mingw.sh windows COMPILER   every src/**/*_windows.cpp, warnings as errors
#   mingw.sh neutral COMPILER   every source of src/ that is for no platform in particular, against the headers of this machine's
#                               header-only libraries, libsodium and OpenSSL
# Nothing is linked or run: that takes Windows builds of the libraries.
set -eu
export LC_ALL=C

what=$1
compiler=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
# At a place that stays, so that ccache knows a file again.
work=build/portability/$what
mkdir -p "$work/include"
cache=$(command -v ccache || true)
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

options=(-std=c++20 -D_WIN32_WINNT=0x0A00 '-DCHAT_VERSION="0"' -Isrc -isystem "$work/include")
if [ "$what" = windows ]; then
    options+=(-c -O1 -o "$work/object" -Werror -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
        -Wold-style-cast -Wcast-qual -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Wundef -Wextra-semi
        -Wsuggest-override -Wlogical-op -Wduplicated-cond)
else
    options+=(-fsyntax-only)
fi

# Never all of /usr/include: the C library's headers of this machine are not those of Windows.
for library in sodium sodium.h asio asio.hpp qrencode.h CLI spdlog fmt nlohmann toml++; do
    if [ -e "/usr/include/$library" ]; then ln -sfn "/usr/include/$library" "$work/include/$library"; fi
done
for openssl in "${OPENSSL_HEADERS:-}" /usr/include/openssl; do
    if [ -e "$openssl/ssl.h" ]; then ln -sfn "$openssl" "$work/include/openssl" && break; fi
done

case $what in
    windows) mapfile -t files < <(find src -name '*_windows.cpp' | sort) ;;
    neutral)
        mapfile -t files < <(find src -name '*.cpp' ! -name '*_test.cpp' ! -name '*_linux.cpp' ! -name '*_posix.cpp' \
            ! -name '*_macos.cpp' ! -name '*_windows.cpp' | sort)
        ;;
    *) echo "mingw.sh: windows or neutral?" >&2 && exit 2 ;;
esac

# Those that can't compile yet, each with its reason; one that can is a failure, too, so that the list stays true.
mapfile -t known < <(sed -n 's/^\(src[^ ]*\) .*/\1/p' tests/portability/not_yet.txt)
is_known() {
    local each
    for each in "${known[@]}"; do [ "$each" != "$1" ] || return 0; done
    return 1
}

failed=0
for file in "${files[@]}"; do
    if $cache "$compiler" "${options[@]}" "$file" 2>"$work/errors"; then
        if is_known "$file"; then echo "$file compiles now: take it out of not_yet.txt" && failed=1; fi
    elif ! is_known "$file"; then
        echo "$file does not compile:" && head -20 "$work/errors" && failed=1
    fi
done
if [ "${#files[@]}" -lt 5 ]; then echo "only ${#files[@]} files were found" && failed=1; fi
echo "${#files[@]} files"
exit $failed
