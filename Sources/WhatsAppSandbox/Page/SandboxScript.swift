enum SandboxScript {
    static let javaScript = #"""
        const find = (selector, root = document) => root.querySelector(selector);
        const phonesList = find("#phones");
        let drawn = "";

        async function call(method, path, body) {
          const answer = await fetch("/sandbox" + path, {
            method,
            headers: body ? { "content-type": "application/json" } : {},
            body: body ? JSON.stringify(body) : undefined,
          });
          const json = await answer.json().catch(() => ({}));
          if (!answer.ok) throw new Error(json.error ? json.error.message : "The sandbox answered " + answer.status + ".");
          return json;
        }

        function say(text, bad = false) {
          const message = find("#message");
          message.textContent = text;
          message.classList.toggle("bad", bad);
        }

        async function order(control, work) {
          control.disabled = true;
          try {
            say(await work());
          } catch (error) {
            say(error.message, true);
          }
          control.disabled = false;
          await refresh();
        }

        function linkText(text, number) {
          const value = text.trim();
          const isCode = /^[0-9A-Za-z](?:[\s-]*[0-9A-Za-z]){7}$/.test(value);
          return isCode
            ? call("POST", "/phones/" + number + "/link", { code: value })
            : call("POST", "/phones/" + number + "/scan", { qr: value });
        }

        function stateOf(phone) {
          const parts = [];
          if (phone.codeOfferedBy) parts.push(phone.codeOfferedBy + " waits for its pairing code.");
          if (phone.linking) parts.push("Linking: waiting for the companion (" + phone.linking.awaiting + ").");
          if (phone.linking && phone.linking.confirmationCode) parts.push("Code to compare: " + phone.linking.confirmationCode);
          if (phone.passkey) parts.push("Linking demands a passkey.");
          return parts.join(" ");
        }

        function fillDevices(item, phone) {
          const body = find("tbody", item);
          body.replaceChildren(...phone.devices.map((device) => {
            const row = find("#device").content.cloneNode(true);
            find(".id", row).textContent = device.device;
            find(".name", row).textContent = device.name + " (" + device.platform + ")";
            find(".online", row).textContent = device.isConnected ? "connected" : "offline";
            find(".keys", row).textContent = device.preKeys;
            find("button", row).addEventListener("click", (event) => order(event.target, async () => {
              await call("DELETE", "/phones/" + phone.number + "/devices/" + device.device);
              return "Device " + device.device + " is unlinked.";
            }));
            return row;
          }));
          find("table", item).hidden = phone.devices.length === 0;
          find(".none", item).hidden = phone.devices.length > 0;
          find(".state", item).textContent = stateOf(phone);
          find("h3", item).textContent = phone.name;
        }

        function newPhone(phone) {
          const item = find("#phone").content.cloneNode(true).firstElementChild;
          item.dataset.number = phone.number;
          find(".number", item).textContent = "+" + phone.number + " · " + phone.platform;
          find(".remove", item).addEventListener("click", (event) => order(event.target, async () => {
            await call("DELETE", "/phones/" + phone.number);
            return phone.name + " is removed.";
          }));
          find("form", item).addEventListener("submit", (event) => {
            event.preventDefault();
            const form = event.target;
            order(find("button", form), async () => {
              const result = await linkText(form.elements.text.value, phone.number);
              form.reset();
              return result.status === "linked"
                ? "Linked as device " + result.device.device + "."
                : "The companion has been asked for the account's passkey.";
            });
          });
          return item;
        }

        function draw(server, phones) {
          const facts = [["WebSocket", server.webSocketURL], ["Noise root key", server.noiseRootKey], ["Connections", server.connections]];
          find("#server").replaceChildren(...facts.flatMap(([name, value]) => {
            const term = document.createElement("dt");
            const description = document.createElement("dd");
            term.textContent = name;
            description.textContent = value;
            return [term, description];
          }));
          const shown = new Map([...phonesList.children].map((item) => [item.dataset.number, item]));
          for (const phone of phones) {
            const item = shown.get(phone.number) || phonesList.appendChild(newPhone(phone));
            shown.delete(phone.number);
            fillDevices(item, phone);
          }
          for (const item of shown.values()) item.remove();
          find("#empty").hidden = phones.length > 0;
        }

        async function refresh() {
          try {
            const [server, { phones }] = await Promise.all([call("GET", ""), call("GET", "/phones")]);
            const state = JSON.stringify([server, phones]);
            if (state !== drawn) draw(server, phones);
            drawn = state;
          } catch (error) {
            say("The sandbox does not answer: " + error.message, true);
          }
        }

        find("#add").addEventListener("submit", (event) => {
          event.preventDefault();
          const form = event.target;
          const { number, name, platform, passkey } = form.elements;
          order(find("button", form), async () => {
            await call("POST", "/phones", {
              number: number.value, name: name.value || undefined, platform: platform.value, passkey: passkey.checked,
            });
            form.reset();
            return "The phone is added.";
          });
        });

        await refresh();
        setInterval(() => { if (!document.hidden) refresh(); }, 2000);
        """#
}
