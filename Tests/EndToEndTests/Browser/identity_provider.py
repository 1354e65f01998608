"""An OpenID Connect provider that somebody else wrote, as a process of its own."""
import json
import os
import subprocess
import sys
import time
import urllib.request

from server import free_port

PEOPLE = [
    {"sub": "grace", "email": "grace@example.com", "email_verified": True, "name": "Grace Hopper"},
    {"sub": "mallory", "email": "mallory@example.com", "email_verified": False, "name": "Mallory"},
    {"sub": "newcomer", "email": "newcomer@example.com", "email_verified": True, "name": "Nell"},
    {"sub": "ada-elsewhere", "email": "ada@example.com", "email_verified": True, "name": "Ada"},
]


class IdentityProvider:
    def __init__(self):
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"

    def settings(self):
        return {
            "WHARF_OIDC_ISSUER": self.issuer,
            "WHARF_OIDC_CLIENT_ID": "wharf",
            "WHARF_OIDC_CLIENT_SECRET": "a-secret-of-the-test",
            "WHARF_OIDC_NAME": "Harbour ID",
        }

    def start(self):
        people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(self.port), "--require-nonce", "true", *people],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "NO_PROXY": "127.0.0.1"},
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(self.issuer + "/.well-known/openid-configuration", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the identity provider did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=15)
