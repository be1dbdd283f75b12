#!/usr/bin/env python3
"""Fails when a room of src/ includes what it may not, or when a core room touches the outside world.

The arrows are those of room(NAME ... MAY_USE ...) in src/*/CMakeLists.txt; a folder without room() is the app, which
may include everything and which nobody may include.

usage: check_layers.py [--stamp FILE] [project folder]
"""

import pathlib
import re
import sys

# Rooms that must not know one another, whatever their MAY_USE says: secure_p2p carries secrets between them.
STRANGERS = [
    {"tls_channel_manager", "hybrid_kex", "double_ratchet", "application_cipher"},
]
OUTER_ROOMS = {"shell", "app", "process_protection"}
OUTER_FOLDERS = {"backends", "isolation"}
OUTER_FILES = {
    "base/guarded_memory.cpp",
    "base/secret_pages_linux.cpp",
    "base/secret_pages_posix.cpp",
    "base/secret_pages_macos.cpp",
    "base/secret_pages_windows.cpp",
    "crypto/system_rng.cpp",
}

# Tests may use the libraries as well: to compare with what others compute.
CRYPTO_LIBRARY_ROOMS = {"crypto", "ca_services", "tls_channel_manager"}
CRYPTO_LIBRARY_FILES = {"quantcrypt/mlkem1024.cpp", "base/guarded_memory.cpp", "base/wipe.cpp"}
CRYPTO_LIBRARIES = re.compile(r"^(openssl/|sodium)")
PLATFORM_LIBRARIES = re.compile(r"^(p11-kit/|tss2/|libsecret/|gio/|glib)")
PLATFORM_FILE = re.compile(r"_(linux|posix|unix|windows|macos)(_test)?$")
PLATFORM_MACRO = re.compile(
    r"^\s*#\s*(?:if|elif|ifdef|ifndef)\b.*\b(_WIN32|_WIN64|__linux__|__APPLE__|__unix__|__FreeBSD__|__MACH__)\b"
)

FORBIDDEN_HEADERS = re.compile(
    r"^(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token|random"
    r"|fstream|filesystem|iostream|cstdio|csignal"
    r"|stdio\.h|signal\.h|threads\.h|unistd\.h|fcntl\.h|poll\.h|pthread\.h|netdb\.h|termios\.h|dirent\.h"
    r"|windows\.h|winsock2?\.h|ws2tcpip\.h|bcrypt\.h|(?:sys|netinet|arpa|net|linux|mach)/.*)$"
)
FORBIDDEN_CALLS = re.compile(
    r"\b(?:std::)?(getenv|secure_getenv|setenv|fopen|freopen|socket|gettimeofday|clock_gettime|getrandom|getentropy"
    r"|arc4random\w*|randombytes_\w+|RAND_(?:priv_)?bytes\w*|srand|rand|pthread_\w+)\s*\("
    r"|\b(\w*clock\w*::now)\s*\(|\b(std::random_device|std::thread|std::jthread|std::mutex|std::async|std::cout|std::cerr)\b"
    r"|\b(?:std::)?((?:time|ftime)\s*\(\s*(?:nullptr|NULL|0|&))"
)

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# Literals first, so that "//" inside one is no comment.
NOT_CODE = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def strip_comments(text, keep_strings):
    def blank(match):
        part = match.group(0)
        if keep_strings and not part.startswith("/"):
            return part
        return "\n" * part.count("\n")

    return NOT_CODE.sub(blank, text)


def parse_room(text):
    """The NAME and the set MAY_USE of the file's room() call, or None."""
    text = re.sub(r"#[^\n]*", "", text)
    call = re.search(r"^\s*room\(([^)]*)\)", text, re.MULTILINE)
    if not call:
        return None
    name, allowed, word_of = None, set(), None
    for word in call.group(1).split():
        if re.fullmatch(r"[A-Z_]+", word):
            word_of = word
        elif word_of == "NAME":
            name = word
        elif word_of == "MAY_USE":
            allowed.add(word)
    return name, allowed


class Checker:
    def __init__(self, root):
        self.src = pathlib.Path(root) / "src"
        self.problems = []
        self.rooms = {}  # folder -> rooms it may include; None: all of them
        for folder in sorted(self.src.iterdir()):
            if folder.is_dir():
                self.read_room(folder)

    def read_room(self, folder):
        cmake = folder / "CMakeLists.txt"
        room = parse_room(cmake.read_text()) if cmake.exists() else None
        if room is None:
            if folder.name != "app" and any(folder.rglob("*.?pp")):
                self.problem(folder, 0, "has no room(NAME ... MAY_USE ...) in its CMakeLists.txt")
            self.rooms[folder.name] = None if folder.name == "app" else set()
            return
        name, allowed = room
        if name != folder.name:
            self.problem(cmake, 0, f"room({name}) must bear the name of its folder")
        self.rooms[folder.name] = allowed | {folder.name, "base"}

    def problem(self, path, line, text):
        where = path.relative_to(self.src.parent) if path.is_relative_to(self.src.parent) else path
        self.problems.append(f"{where}:{line}: {text}" if line else f"{where}: {text}")

    def check_table(self):
        for room, allowed in self.rooms.items():
            for other in sorted((allowed or set()) - {room}):
                if other not in self.rooms:
                    self.problem(self.src / room, 0, f"MAY_USE names '{other}', which is no room")
                if other == "app":
                    self.problem(self.src / room, 0, "nothing may include app")
                if any({room, other} <= group for group in STRANGERS):
                    self.problem(self.src / room, 0, f"{room} and {other} must not know one another")
        for room in self.rooms:
            if self.reaches(room, room, set()):
                self.problem(self.src / room, 0, "its arrows lead back to itself")

    def reaches(self, start, goal, seen):
        for other in (self.rooms.get(start) or set()) - {start}:
            if other == goal:
                return True
            if other not in seen:
                seen.add(other)
                if self.reaches(other, goal, seen):
                    return True
        return False

    def check_file(self, path):
        inside = path.relative_to(self.src).as_posix()
        room = inside.split("/")[0]
        if "/" not in inside or room not in self.rooms:
            self.problem(path, 0, "stands in no room")
            return
        text = path.read_text(encoding="utf-8")
        is_test = path.stem.endswith("_test")
        is_core = not (
            room in OUTER_ROOMS or OUTER_FOLDERS & set(inside.split("/")[1:-1]) or inside in OUTER_FILES or is_test
        )
        code = strip_comments(text, keep_strings=True)
        for match in INCLUDE.finditer(code):
            line = code.count("\n", 0, match.start(2)) + 1
            self.check_include(path, inside, room, line, match.group(2), is_core)
        self.check_macros(path, code)
        if is_core:
            self.check_calls(path, strip_comments(text, keep_strings=False))

    def check_include(self, path, inside, room, line, header, is_core):
        target = header.split("/")[0]
        if "/" in header and target in self.rooms:
            allowed = self.rooms[room]
            if allowed is not None and target not in allowed:
                self.problem(path, line, f"{room} may not include {target} (\"{header}\")")
            if target == "app" and room != "app":
                self.problem(path, line, "nothing may include app")
            return
        if CRYPTO_LIBRARIES.match(header) and not self.may_use_crypto_library(path, inside, room):
            self.problem(path, line, f"<{header}> belongs in the .cpp files of {', '.join(sorted(CRYPTO_LIBRARY_ROOMS))}")
        if re.match(r"asio(/|\.hpp$)", header) and room != "shell":
            self.problem(path, line, f"<{header}> belongs in shell")
        if PLATFORM_LIBRARIES.match(header) and "backends" not in inside.split("/"):
            self.problem(path, line, f"<{header}> belongs in a folder backends/")
        if is_core and FORBIDDEN_HEADERS.match(header):
            self.problem(path, line, f"core room {room} may not include <{header}>")

    @staticmethod
    def may_use_crypto_library(path, inside, room):
        if path.suffix != ".cpp":
            return False
        return path.stem.endswith("_test") or room in CRYPTO_LIBRARY_ROOMS or inside in CRYPTO_LIBRARY_FILES

    def check_macros(self, path, code):
        if PLATFORM_FILE.search(path.stem):
            return
        for number, line in enumerate(code.split("\n"), 1):
            match = PLATFORM_MACRO.match(line)
            if match:
                self.problem(path, number, f"{match.group(1)} is asked only in files named *_linux, _posix, _windows or _macos")

    def check_calls(self, path, code):
        for match in FORBIDDEN_CALLS.finditer(code):
            what = next(group for group in match.groups() if group)
            self.problem(path, code.count("\n", 0, match.start()) + 1, f"core code may not use {what}")

    def run(self):
        self.check_table()
        for path in sorted(self.src.rglob("*.?pp")):
            self.check_file(path)
        return self.problems


def main(arguments):
    stamp = None
    if arguments[:1] == ["--stamp"]:
        stamp, arguments = arguments[1], arguments[2:]
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent
    problems = Checker(root).run()
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    if stamp:
        pathlib.Path(stamp).touch()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
