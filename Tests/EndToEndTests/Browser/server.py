"""A Wharf of its own for a browser test: fresh data folder, sandbox in the same process, free ports."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PHONE = "15550001111"
ADMINISTRATOR = "root@example.com"
PASSWORD = "harbour crane at dawn"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(method, url, body=None, headers=None, timeout=20):
    """The status and the decoded JSON of an answer, whatever the status."""
    data = None if body is None else json.dumps(body).encode()
    given = {"content-type": "application/json"} if data is not None else {}
    request = urllib.request.Request(url, data=data, method=method, headers={**given, **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        text = error.read()
        status = error.code
    try:
        return status, json.loads(text or b"null")
    except json.JSONDecodeError:
        return status, text.decode(errors="replace")


class Server:
    def __init__(self, artifacts):
        self.port = free_port()
        self.sandbox_port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.sandbox = f"http://127.0.0.1:{self.sandbox_port}"
        # The database's own user must be able to reach its folder.
        self.data = tempfile.mkdtemp(prefix="wharf-browser-")
        os.chmod(self.data, 0o755)
        self.log = open(pathlib.Path(artifacts) / "browser-server.log", "ab")

    def start(self, settings=None):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WHARF_")}
        environment["WHARF_GENERATOR_ATTEMPTS_PER_HOUR"] = "100"
        environment["WHARF_GENERATOR_ATTEMPTS_AT_ONCE"] = "50"
        # A walk through every page calls more often than a person within a minute.
        environment["WHARF_LOGINS_PER_MINUTE"] = "100"
        environment["WHARF_API_CALLS_PER_MINUTE"] = "10000"
        environment["WHARF_API_WRITES_PER_MINUTE"] = "1000"
        environment.update(settings or {})
        self.process = subprocess.Popen(
            [
                os.environ["BROWSER_TEST_WHARF"], "serve", "--sandbox",
                "--host", "127.0.0.1", "--port", str(self.port), "--sandbox-port", str(self.sandbox_port),
                "--data", self.data, "--share", os.environ["BROWSER_TEST_SHARE"],
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )
        self.wait_until_ready()
        status, _ = call("POST", self.sandbox + "/sandbox/phones", {"number": PHONE, "name": "Ada"})
        assert status in (200, 201, 409), status

    def wait_until_ready(self, limit=60):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with status {self.process.returncode}; see browser-server.log")
            try:
                if call("GET", self.base + "/ready", timeout=2)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError("the server is not ready after a minute; see browser-server.log")

    def set_up_link(self):
        """The path of the link that the server has printed for its first administrator."""
        said = pathlib.Path(self.log.name).read_text(errors="replace")
        return re.findall(re.escape(self.base) + r"(/setup/[\w-]+)", said)[-1]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.log.close()
            shutil.rmtree(self.data, ignore_errors=True)
        assert status == 0, status
