#!/usr/bin/env python3
"""Gets a session ID as a person does: opens /generate in Chromium, scans with a simulated phone, reveals and copies.

    generate.py qr|code|nojs --base URL --sandbox URL --artifacts FOLDER

Prints one line of JSON: the session ID, what the clipboard holds, and what the page said. Exits with 1 when a step fails.
"""
import argparse
import json
import os
import sys
import urllib.error
import urllib.request

from playwright.sync_api import expect, sync_playwright

PHONE = "15550001111"


def control(sandbox, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {} if data is None else {"content-type": "application/json"}
    request = urllib.request.Request(sandbox + path, data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read() or b"null")


def picture(page, folder, name):
    page.screenshot(path=os.path.join(folder, name + ".png"), full_page=True)


def with_qr(page, options):
    page.get_by_test_id("method-qr").click()
    expect(page.get_by_test_id("qr").locator("svg, img").first).to_be_visible(timeout=15_000)
    expect(page.get_by_test_id("qr-countdown")).to_be_visible()
    picture(page, options.artifacts, "generate-qr-" + options.look)
    page.get_by_test_id("sandbox-scan").click()


def with_code(page, options):
    page.get_by_test_id("phone").fill("+" + PHONE)
    page.get_by_test_id("method-code").click()
    code = page.get_by_test_id("pairing-code")
    expect(code).to_contain_text("-", timeout=15_000)
    picture(page, options.artifacts, "generate-code-" + options.look)
    control(options.sandbox, "POST", f"/sandbox/phones/{PHONE}/link", {"code": code.inner_text().strip()})


def finish(page, options):
    expect(page.get_by_test_id("result")).to_be_visible(timeout=15_000)
    field = page.get_by_test_id("session-id")
    hidden = field.input_value()
    page.get_by_test_id("copy").click()
    expect(page.get_by_test_id("wipe-ask")).to_be_visible()
    clipboard = page.evaluate("navigator.clipboard.readText()")
    page.get_by_test_id("reveal").click()
    expect(field).to_have_value(clipboard)
    picture(page, options.artifacts, "generate-done-" + options.look)
    page.get_by_test_id("decoder-input").fill(clipboard)
    expect(page.get_by_test_id("decoder-result")).to_contain_text(PHONE[-4:])
    result = {
        "sessionID": field.input_value(),
        "clipboard": clipboard,
        "hiddenFirst": hidden != clipboard,
        "who": page.get_by_test_id("result-who").inner_text(),
    }
    page.get_by_test_id("wipe").click()
    expect(page.get_by_test_id("wiped")).to_be_visible()
    result["fieldAfterWipe"] = field.input_value() if field.count() and field.is_visible() else ""
    return result


def without_script(page, options):
    page.locator("form[action='/generate'] button[value='qr'], form[action='/generate'] [type=submit]").first.click()
    page.wait_for_url("**/generate/*")
    image = page.locator("img[src*='/api/session/qr/']")
    for _ in range(10):
        if image.count():
            break
        page.wait_for_event("load", timeout=15_000)
    expect(image).to_be_visible(timeout=15_000)
    picture(page, options.artifacts, "attempt-nojs-" + options.look)
    url = options.base + image.get_attribute("src")
    text = urllib.request.Request(url, headers={"accept": "text/plain"})
    with urllib.request.urlopen(text, timeout=20) as answer:
        qr = answer.read().decode().strip()
    control(options.sandbox, "POST", f"/sandbox/phones/{PHONE}/scan", {"qr": qr})
    details = page.locator("details").filter(has=page.locator("textarea, pre, code"))
    expect(details.first).to_be_visible(timeout=30_000)
    return {"sessionID": details.first.locator("textarea, pre, code").first.text_content().strip()}


parser = argparse.ArgumentParser()
parser.add_argument("way", choices=["qr", "code", "nojs"])
parser.add_argument("--base", required=True)
parser.add_argument("--sandbox", required=True)
parser.add_argument("--artifacts", required=True)
parser.add_argument("--dark", action="store_true")
parser.add_argument("--narrow", action="store_true")
options = parser.parse_args()
options.look = ("390" if options.narrow else "1280") + ("-dark" if options.dark else "-light")
os.makedirs(options.artifacts, exist_ok=True)

try:
    control(options.sandbox, "POST", "/sandbox/phones", {"number": PHONE, "name": "Ada"})
except urllib.error.HTTPError as error:
    if error.code != 409:
        raise

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=os.environ.get("WHARF_CHROMIUM", "/usr/bin/chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    )
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if options.narrow else {"width": 1280, "height": 900},
        color_scheme="dark" if options.dark else "light",
        java_script_enabled=options.way != "nojs",
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=options.base)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(options.base + "/generate", wait_until="load")
    if options.way == "nojs":
        result = without_script(page, options)
    else:
        (with_qr if options.way == "qr" else with_code)(page, options)
        result = finish(page, options)
    result["complaints"] = complaints
    browser.close()

print(json.dumps(result))
sys.exit(0)
