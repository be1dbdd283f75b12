#!/usr/bin/env python3
"""Tests of check_layers.py on small trees made for the purpose: a sound one passes, each kind of mistake is named."""

import pathlib
import tempfile
import unittest

import check_layers

SOUND = {
    "base/CMakeLists.txt": "room(NAME base LINK PkgConfig::SODIUM)\n",
    "base/guarded_memory.cpp": '#include <sodium.h>\n#include <sys/mman.h>\n#include "base/bytes.hpp"\n',
    "base/bytes.hpp": "#include <span>\n",
    "crypto/CMakeLists.txt": "room(NAME crypto MAY_USE base LINK OpenSSL::Crypto)\n",
    "crypto/hash.hpp": '#include "base/bytes.hpp"\n// getenv("HOME") in a comment is no call\n',
    "crypto/hash.cpp": '#include "crypto/hash.hpp"\n#include <openssl/evp.h>\nconst char* s = "time // getenv(";\n',
    "hybrid_kex/CMakeLists.txt": "room(NAME hybrid_kex MAY_USE base\n     crypto)  # a remark\n",
    "hybrid_kex/states.hpp": '#include "crypto/hash.hpp"\n',
    "double_ratchet/CMakeLists.txt": "room(NAME double_ratchet MAY_USE base crypto)\n",
    "double_ratchet/ratchet_test.cpp": '#include <fstream>\n#include <openssl/bn.h>\n#include "crypto/hash.hpp"\n',
    "shell/CMakeLists.txt": "room(NAME shell MAY_USE base crypto hybrid_kex)\n",
    "shell/loop.cpp": "#include <asio.hpp>\n#include <thread>\n",
    "shell/signals_posix.cpp": "#ifdef __linux__\n#endif\n",
    "app/CMakeLists.txt": "add_executable(secure-p2p main.cpp)\n",
    "app/main.cpp": '#include "shell/loop.hpp"\n#include "hybrid_kex/states.hpp"\n',
}


class CheckLayers(unittest.TestCase):
    def check(self, **changed):
        """What the tool says about the sound tree with some files added or replaced ('__' stands for '/')."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**SOUND, **changed.pop("files", {})}.items():
                path = pathlib.Path(folder) / "src" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return check_layers.Checker(folder).run()

    def assert_named(self, files, *words):
        problems = self.check(files=files)
        self.assertEqual(len(problems), 1, problems)
        for word in words:
            self.assertIn(word, problems[0])

    def test_a_sound_tree_passes(self):
        self.assertEqual(self.check(), [])

    def test_an_upward_arrow_fails_with_file_and_line(self):
        text = '#include <span>\n#include "crypto/hash.hpp"\n'
        self.assert_named({"base/bytes.hpp": text}, "src/base/bytes.hpp:2", "base may not include crypto")

    def test_an_upward_arrow_of_a_test_fails(self):
        self.assert_named({"crypto/hash_test.cpp": '#include "hybrid_kex/states.hpp"\n'}, "crypto may not include")

    def test_strangers_stay_strangers_even_when_declared(self):
        room = "room(NAME double_ratchet MAY_USE base crypto hybrid_kex)\n"
        self.assert_named({"double_ratchet/CMakeLists.txt": room}, "double_ratchet and hybrid_kex")

    def test_nothing_includes_app(self):
        problems = self.check(files={"shell/loop.cpp": '#include "app/options.hpp"\n'})
        self.assertTrue(any("nothing may include app" in problem for problem in problems), problems)

    def test_arrows_in_a_circle_fail(self):
        problems = self.check(files={"crypto/CMakeLists.txt": "room(NAME crypto MAY_USE base shell)\n"})
        self.assertTrue(any("lead back to itself" in problem for problem in problems), problems)

    def test_a_folder_without_room_fails(self):
        problems = self.check(files={"stray/a.cpp": "int a;\n"})
        self.assertTrue(any("has no room" in problem for problem in problems), problems)

    def test_core_code_keeps_away_from_the_world(self):
        for line in [
            "#include <thread>",
            "#include <sys/socket.h>",
            "#include <fstream>",
            'auto home = std::getenv("HOME");',
            "auto now = std::chrono::steady_clock::now();",
            "std::random_device random;",
            "auto t = std::time(nullptr);",
        ]:
            with self.subTest(line):
                self.assert_named({"hybrid_kex/states.hpp": line + "\n"}, "src/hybrid_kex/states.hpp:1")

    def test_crypto_libraries_stay_in_their_files(self):
        for file in ["crypto/hash.hpp", "hybrid_kex/states.cpp"]:
            with self.subTest(file):
                self.assert_named({file: "#include <openssl/evp.h>\n"}, file, "openssl/evp.h")

    def test_asio_stays_in_the_shell(self):
        self.assert_named({"app/main.cpp": "#include <asio/io_context.hpp>\n"}, "belongs in shell")

    def test_platform_questions_stay_in_platform_files(self):
        self.assert_named({"shell/loop.cpp": "\n#if defined(_WIN32)\n#endif\n"}, "shell/loop.cpp:2", "_WIN32")


if __name__ == "__main__":
    unittest.main()
