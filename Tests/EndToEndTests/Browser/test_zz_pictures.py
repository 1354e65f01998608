"""Comes after all others, by its name: every picture that pictures.json promises was taken."""
import os
import unittest

from walks import ARTIFACTS, ERRORS, ROUTES


class PictureTests(unittest.TestCase):
    def test_every_page_was_seen(self):
        taken = set(os.listdir(ARTIFACTS))
        missing = [
            f"{name}-{width}-{scheme}.png"
            for name in sorted(ERRORS | set(ROUTES)) for width in (390, 1440) for scheme in ("light", "dark")
            if f"{name}-{width}-{scheme}.png" not in taken
        ]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
