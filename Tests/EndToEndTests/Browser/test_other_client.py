"""A client that shares no code with this one (pyaileys) lives in the sandbox, over TLS: links, reads and writes, sends files.

pyaileys never asks for a message again, and reads the first message of a group only if its tasks happen to run in the
right order; what is checked here does not depend on that.
"""
import asyncio
import base64
import os
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import unittest
import urllib.request

import pyaileys.crypto.noise
from pyaileys.client import WhatsAppClient
from pyaileys.socket_config import SocketConfig

from server import call, free_port

ADA, BEN = "15550001111", "15550002222"
PATIENCE = 30


class OtherClientTests(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wharf-other-client-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        log = open(pathlib.Path(os.environ["BROWSER_TEST_ARTIFACTS"]) / "other-client-sandbox.log", "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [os.environ["BROWSER_TEST_WHARF"], "sandbox", "--port", str(port), "--tls-port", "0"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )
        self.addCleanup(process.wait, 15)
        self.addCleanup(process.terminate)

    async def api(self, method, path, body=None):
        status, answer = await asyncio.to_thread(call, method, self.base + "/sandbox" + path, body)
        self.assertLess(status, 300, answer)
        return answer

    async def until(self, find):
        """What `find` gives once it gives something."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    found = find()
                    found = await found if asyncio.iscoroutine(found) else found
                except OSError:
                    found = None
                if found:
                    return found
                await asyncio.sleep(0.05)

    async def phone_has(self, number, text):
        async def find():
            messages = (await self.api("GET", f"/phones/{number}/messages"))["messages"]
            return next((message for message in messages if message.get("text") == text), None)

        return await self.until(find)

    def has(self, text):
        return self.until(lambda: next((message for message in self.received if message["text"] == text), None))

    def trust(self, pem):
        file = self.folder / "authority.pem"
        file.write_text(pem)
        before = os.environ.get("SSL_CERT_FILE")
        os.environ["SSL_CERT_FILE"] = str(file)
        if before is None:
            self.addCleanup(os.environ.pop, "SSL_CERT_FILE", None)
        else:
            self.addCleanup(os.environ.__setitem__, "SSL_CERT_FILE", before)
        # What checks certificates in this process reads the file from here.
        context = ssl.create_default_context(cafile=str(file))
        urllib.request.install_opener(urllib.request.build_opener(urllib.request.HTTPSHandler(context=context)))
        self.addCleanup(urllib.request.install_opener, None)

    async def link(self, server):
        pyaileys.crypto.noise.WA_CERT_PUBLIC_KEY = bytes.fromhex(server["noiseRootKey"])
        client, state = await WhatsAppClient.from_auth_folder(
            str(self.folder / "auth"), socket=SocketConfig(ws_url=server["secureWebSocketURL"])
        )
        updates = asyncio.Queue()
        self.received = []

        async def save(_):
            saved = state.save_creds()
            if asyncio.iscoroutine(saved):
                await saved

        client.on("connection.update", updates.put_nowait)
        client.on("message.decrypted", self.received.append)
        client.on("creds.update", save)
        await client.connect()
        async with asyncio.timeout(PATIENCE):
            while not (qr := (await updates.get()).qr):
                pass
        linked = await self.api("POST", f"/phones/{ADA}/scan", {"qr": qr})
        self.assertEqual(linked["status"], "linked")
        async with asyncio.timeout(PATIENCE):
            while (await updates.get()).connection != "open":
                pass
        return client

    async def test_lives_in_the_sandbox(self):
        server = await self.until(lambda: self.api("GET", ""))
        with urllib.request.urlopen(self.base + "/sandbox/certificate") as answer:
            self.trust(answer.read().decode())
        for number, name in ((ADA, "Ada"), (BEN, "Ben")):
            await self.api("POST", "/phones", {"number": number, "name": name})
        client = await self.link(server)

        await self.api("POST", f"/phones/{BEN}/messages", {"to": ADA, "text": "hello"})
        chat = (await self.has("hello"))["chat_jid"]
        for turn in range(5):
            await client.send_text(chat, f"answer {turn}")
            await self.phone_has(BEN, f"answer {turn}")
            await self.api("POST", f"/phones/{BEN}/messages", {"to": ADA, "text": f"turn {turn}"})
            await self.has(f"turn {turn}")
        await self.phone_has(ADA, "answer 4")
        # By the other name of the same person.
        await client.send_text(f"{BEN}@s.whatsapp.net", "by number")
        await self.phone_has(BEN, "by number")
        await self.api("POST", f"/phones/{BEN}/messages", {"to": ADA, "text": "after that"})
        await self.has("after that")
        await self.api("POST", f"/phones/{ADA}/messages", {"to": BEN, "text": "from my phone"})
        await self.has("from my phone")

        group = await self.api("POST", "/groups", {"subject": "Harbour", "owner": BEN, "members": [ADA]})
        await self.api("POST", f"/phones/{BEN}/messages", {"to": group["jid"], "text": "key"})
        await client.send_text(group["jid"], "in the group")
        await self.phone_has(BEN, "in the group")
        await self.api("POST", f"/phones/{BEN}/messages", {"to": group["jid"], "text": "to all"})
        await self.has("to all")

        picture = os.urandom(30_000)
        media = {"kind": "image", "bytes": base64.b64encode(picture).decode(), "caption": "a picture"}
        await self.api("POST", f"/phones/{BEN}/messages", {"to": ADA, "media": media})
        message = await self.has("a picture")
        self.assertEqual(await client.download_message_media(message["message"]), picture)
        await client.send_image(chat, picture, caption="one of mine")
        await self.phone_has(BEN, "one of mine")

        await client.disconnect()
        await self.api("POST", f"/phones/{BEN}/messages", {"to": ADA, "text": "while away"})
        await client.connect()
        await self.has("while away")
        await client.disconnect()


if __name__ == "__main__":
    unittest.main()
