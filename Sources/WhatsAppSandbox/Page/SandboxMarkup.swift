enum SandboxMarkup {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Wharf sandbox</title>
        <link rel="stylesheet" href="/sandbox.css">
        <script src="/sandbox.js" type="module"></script>
        </head>
        <body>
        <header>
        <h1>Wharf sandbox</h1>
        <p>A WhatsApp-like server with simulated phones. Nothing here reaches the real service.</p>
        <dl id="server" aria-label="Server"></dl>
        <p><a href="/sandbox/certificate" download="sandbox.pem">Certificate for TLS</a></p>
        </header>
        <main>
        <section aria-labelledby="phones-title">
        <h2 id="phones-title">Phones</h2>
        <p id="message" role="status" aria-live="polite"></p>
        <ul id="phones"></ul>
        <p id="empty" hidden>There is no phone yet. Add one to scan a QR code with it.</p>
        <p id="more" hidden></p>
        </section>
        <section aria-labelledby="add-title">
        <h2 id="add-title">Add a phone</h2>
        <form id="add">
        <label>Number <input name="number" inputmode="numeric" autocomplete="off" required pattern="[1-9][0-9]{6,14}"
          placeholder="15550001111" title="7 to 15 digits, not starting with 0"></label>
        <label>Name <input name="name" autocomplete="off" maxlength="60" placeholder="Ada"></label>
        <label>Platform <select name="platform">
        <option value="android">Android</option><option value="iphone">iPhone</option>
        <option value="smba">Business, Android</option><option value="smbi">Business, iOS</option>
        </select></label>
        <label class="check"><input type="checkbox" name="passkey"> Linking demands a passkey</label>
        <button>Add phone</button>
        </form>
        </section>
        </main>
        <noscript><p class="notice">This page needs JavaScript; the same can be done with the control API under /sandbox.</p></noscript>
        <template id="phone">
        <li class="phone">
        <div class="title"><h3></h3><span class="number"></span><button class="quiet remove">Remove</button></div>
        <p class="state"></p>
        <details class="devices">
        <summary></summary>
        <table><thead><tr><th>Device</th><th>Linked as</th><th>State</th><th>Pre-keys</th><th></th></tr></thead><tbody></tbody></table>
        <form class="link">
        <label>QR string or pairing code <textarea name="text" rows="2" required spellcheck="false" autocomplete="off"></textarea></label>
        <button>Link</button>
        </form>
        </details>
        <ol class="messages" tabindex="0"></ol>
        <p class="none">No messages yet.</p>
        <form class="write">
        <label>To <input name="to" list="people" required autocomplete="off" placeholder="Number or group"></label>
        <label>Message <input name="text" required autocomplete="off" maxlength="4000"></label>
        <button>Send</button>
        </form>
        </li>
        </template>
        <template id="post">
        <li><p class="who"><span class="people"></span> <time></time></p><p class="what"></p><p class="fate"></p></li>
        </template>
        <datalist id="people"></datalist>
        <template id="device">
        <tr><td class="id"></td><td class="name"></td><td class="online"></td><td class="keys"></td>
        <td><button class="quiet">Unlink</button></td></tr>
        </template>
        </body>
        </html>
        """
}
